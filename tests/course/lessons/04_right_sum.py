# SPDX-License-Identifier: MIT
from course import Lesson

lesson = Lesson("04-right-sum")
WAYS = ["serial", "critical", "atomic", "partials", "reduction"]
TWO = {"PPAR_NUM_THREADS": 2}


def best(rounds=3):
    """Of each way the shortest time of a few runs, which are middle ones already."""
    runs = [lesson.run("04_right_sum", env=TWO) for _ in range(rounds)]
    return {way: min(run.number(rf"^{way} .* ([\d.]+) ns") for run in runs) for way in WAYS}


run = lesson.run("04_right_sum", env={"PPAR_NUM_THREADS": 4})
lesson.shows(run)
right = sum(i * i % 1000 for i in range(500000))
lesson.claim("All five ways print the same sum.", run.numbers(r"^\w+ +(\d+) ") == [right] * 5)

lesson.timed("The critical section takes more than five times as long as the serial loop",
             lambda: best()["critical"] > 5 * best()["serial"], cpus=1)
lesson.timed("The atomic addition is cheaper and still slower than the serial loop.",
             lambda: (times := best())["serial"] < times["atomic"] < times["critical"], cpus=1)
lesson.timed("Only the partial sums and the reduction are faster than the serial loop on two free processors.",
             lambda: max((times := best())["partials"], times["reduction"]) < 0.8 * times["serial"])

lesson.trace("04-right-sum.svg", "04_right_sum", 3000, env={**TWO, "PPAR_TRACE_ONLY": "critical,reduction"},
             says="2 threads waited for critical sections(?!.*the work of all)")

solution = lesson.run("04_right_sum_solution")
lesson.shows(solution)
values = [i * i % 1000 + 17 for i in range(1000000)]
lesson.claim("`least` starts as a number that no value is above",
             solution.numbers(r"([\d.]+)") == [min(values), max(values), sum(values) / len(values)])
