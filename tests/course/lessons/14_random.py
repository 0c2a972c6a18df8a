# SPDX-License-Identifier: MIT
import re

import plot
from course import Lesson

lesson = Lesson("14-random")
ROW = r"^(serial|same seed|thread's stream|part's stream|skip ahead) +([\d.]+), ([\d.]+) times that; " \
      r"seed 7: ([\d.]+), on 4 threads ([\d.]+)$"


def tried(parts):
    """{way: (scatter, times what it should be, estimate on one thread, on four)}, and the run."""
    run = lesson.run("14_random", parts)
    return {row[0]: tuple(map(float, row[1:])) for row in re.findall(ROW, run.out, re.MULTILINE)}, run


ways, run = tried(16)
lesson.shows(run)
shown = [line for line in run.out.splitlines() if line not in lesson.text.text]
lesson.claim("All these digits are the same on every machine.", not shown)
lesson.claim("With the same seed in every part the results scatter four times as far as they should.",
             3.5 < ways["same seed"][1] < 4.5)
lesson.claim("The third way scatters as it should.", 0.8 < ways["thread's stream"][1] < 1.2)
lesson.claim("on four threads it has other digits than on one",
             ways["thread's stream"][2] != ways["thread's stream"][3])
lesson.claim("The fourth way has the same digits on one and four threads.",
             ways["part's stream"][2] == ways["part's stream"][3] and 0.8 < ways["part's stream"][1] < 1.2)
lesson.claim("The fifth has those of the serial program, on any number of threads.",
             ways["skip ahead"] == ways["serial"])


def draw(path):
    rows = {parts: tried(parts)[0] for parts in (1, 4, 16, 64)}
    curves = {words: [(parts, rows[parts][way][0]) for parts in rows] for way, words in (
        ("same seed", "the same seed in every part"), ("thread's stream", "a stream for each thread"),
        ("part's stream", "a stream for each part"), ("skip ahead", "one stream, skipped"))}
    plot.save(path, "How far 200 estimates of pi scatter", ("parts of 4000 darts", "log"), ("scatter", "log"), curves)


lesson.picture("14-scatter.svg", draw)
alone, four = tried(1)[0], tried(4)[0]
lesson.claim("for four times the darts it is half", 0.4 < four["part's stream"][0] / alone["part's stream"][0] < 0.6)
lesson.claim("With the same seed in all parts it stays where one part has it.",
             four["same seed"][0] == alone["same seed"][0] == ways["same seed"][0])

solution = lesson.run("14_random_solution")
lesson.shows(solution)
tables = [line[22:] for line in solution.out.splitlines()]
lesson.claim("All four tables are the same.", len(tables) == 4 and len(set(tables)) == 1)
