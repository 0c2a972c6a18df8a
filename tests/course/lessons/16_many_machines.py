# SPDX-License-Identifier: MIT
import pathlib
import re
import shutil
import tempfile

from course import Course, Lesson

lesson = Lesson("16-many-machines")
MPIRUN = shutil.which("mpirun")
# Tests may be run by root, in containers. Ranks that wait give their processor away.
MPI = {"OMPI_ALLOW_RUN_AS_ROOT": 1, "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": 1, "OMPI_MCA_mpi_yield_when_idle": 1,
       "OMPI_MCA_btl": "self,vader,tcp", "OMPI_MCA_btl_vader_single_copy_mechanism": "none"}


def ranks(count, threads=2, program="16_many_machines", env=None, rc=0):
    return lesson.run(MPIRUN, "--oversubscribe", "--bind-to", "none", "-n", count, lesson.path(program),
                      env={**MPI, "PPAR_NUM_THREADS": threads, **(env or {})}, rc=rc)


def why_not():
    if not MPIRUN or not lesson.path("16_many_machines").exists():
        return "no MPI is installed"
    return None if ranks(2, rc=None).rc == 0 else "mpirun starts no processes here"


UNSEEN = why_not()


def claim(sentence, condition):
    """condition is a function: without MPI it is not called."""
    if UNSEEN:
        lesson.skip(sentence, UNSEEN)
    else:
        lesson.claim(sentence, condition)


def timed(sentence, condition):
    if UNSEEN:
        lesson.skip(sentence, UNSEEN)
    else:
        lesson.timed(sentence, condition)


def digits(run, way):
    return re.search(rf"^{way} .* all digits: (\S+)", run.out, re.MULTILINE)[1]


def traced(folder):
    """The pictures of two ranks, in the order of the ranks."""
    ranks(2, env={"PPAR_TRACE": f"svg:{folder}/ranks-%p.svg"})
    found = list(pathlib.Path(folder).glob("ranks-*.svg"))
    return sorted(found, key=lambda file: "plain, rank 0" not in file.read_text(encoding="utf-8"))


def both_traced():
    with tempfile.TemporaryDirectory(dir=Course.stage) as folder:
        texts = [file.read_text(encoding="utf-8") for file in traced(folder)]
    return len(texts) == 2 and all(f"plain, rank {rank}" in text for rank, text in enumerate(texts))


def draw(rank):
    def make(path):
        with tempfile.TemporaryDirectory(dir=Course.stage) as folder:
            shutil.copy(traced(folder)[rank], path)
    return make if not UNSEEN else lambda path: None


runs = {}
if not UNSEEN:
    alone = lesson.run("16_many_machines", env={**MPI, "PPAR_NUM_THREADS": 2})
    runs = {1: alone, 2: ranks(2), 3: ranks(3), 4: ranks(4, 1)}
    lesson.shows(runs[2])
    lesson.shows(runs[3], runs[1])
claim("Rank 0 set its own one, and the others still have the 0 of the beginning.",
      lambda: "sees it: 42 0 0\n" in runs[3].out and "sees it: 42\n" in runs[1].out)
claim("three ranks end in other digits than one", lambda: digits(runs[3], "plain") != digits(runs[1], "plain"))
claim("The sum in blocks has the same digits for any number of ranks and threads.",
      lambda: len({digits(run, "in blocks") for run in runs.values()}) == 1)
claim("Each rank writes a picture of its own", both_traced)
for number in (0, 1):
    lesson.picture(f"16-rank-{number}.svg", draw(number))


def about_as_fast():
    """The shorter of the two ways' times, of a few rounds each."""
    best = {}
    for _ in range(2):
        for count, threads in ((2, 1), (1, 2)):
            time = ranks(count, threads).number(r"^in blocks .* ([\d.]+) ms$")
            best[count] = min(best.get(count, time), time)
    return 0.5 < best[1] / best[2] < 2


timed("On one machine two ranks of one thread are about as fast as one rank of two threads.", about_as_fast)

solutions = {}
if not UNSEEN:
    solutions = {count: ranks(count, program="16_many_machines_solution") for count in (1, 2, 3)}
    lesson.shows(solutions[3])
claim("The result is the same for one, two and three ranks",
      lambda: [run.numbers(r"(?:mean|deviation) ([\d.]+)") for run in solutions.values()] == [[499.5, 288.674990]] * 3)
