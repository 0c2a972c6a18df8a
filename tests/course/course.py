# SPDX-License-Identifier: MIT
"""course.py: what the checks of a lesson are written with. tests/course/lessons/03_wrong_sum.py, for example:

    from course import Lesson
    lesson = Lesson("03-wrong-sum")                                   # its text is docs/course/03-wrong-sum.md
    run = lesson.run("03_wrong_sum", "--n", 1000, env={"PPAR_NUM_THREADS": "2"})
    lesson.claim("The right sum is 500500.", run.number(r"right: (\\d+)") == 500500)
    lesson.shows(run)                                                 # a block of the text is this output
    lesson.timed("Two threads are faster than one.", lambda: ...)

A claim is a sentence of the text, verbatim, white space aside. It fails where the condition is false, and where the
sentence does not stand in the text.
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

import machine
import text

PATIENCE = 60  # seconds, for one program
PICTURE_TRIES = 100
# A claim about times may fail now and then, but not always: it is tried again after so many seconds. Where the machine
# is a guest, another guest on the same cores can make one kind of code slow for seconds, and others not.
PAUSES = (0, 0.1, 1, 3, 9)
COMPANY = 0.15  # CPUs: a time is not believed where other programs use more,
SPREAD = 1.2  # nor where the processor took so many times longer over a tenth of what it had to do again and again

HOLDS, FAILS, UNSEEN = "holds", "FAILS", "unseen"
ONE_CPU = "there is one CPU, on which threads take turns"


class Course:
    """Where things are, and what has come of the claims so far. run.py sets it up."""
    source = build = stage = None
    pictures = listings = False  # whether these are made anew
    results = []  # (lesson, outcome, sentence, reason)

    @classmethod
    def tell(cls, lesson, outcome, sentence, reason=""):
        cls.results.append((lesson, outcome, sentence, reason))
        print(f"  {outcome:<7} {sentence}" + (f" [{reason}]" if reason else ""), flush=True)


class NotBuilt(Exception):
    """A program is not there, since what it needs is not installed."""


class Run:
    """A program's run: out, err, rc (its status; below 0: the signal that ended it), seconds."""

    def __init__(self, done, seconds):
        self.out, self.err = (stream.decode(errors="replace") for stream in (done.stdout, done.stderr))
        self.rc, self.seconds, self.name = done.returncode, seconds, pathlib.Path(done.args[0]).name

    def numbers(self, pattern):
        """What the pattern's group matches in the output, each time, as numbers."""
        return [float(found) for found in re.findall(pattern, self.out, re.MULTILINE)]

    def number(self, pattern):
        """The first of these. Without one the lesson ends, and says so."""
        found = self.numbers(pattern)
        if not found:
            raise LookupError(f"the output has no {pattern!r}:\n{self.out}{self.err}")
        return found[0]


def clean_environment(more):
    """The caller's own settings of loops are not for the lessons."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PPAR_", "OMP_"))}
    return {**kept, "COLUMNS": "80", **{name: str(value) for name, value in (more or {}).items()}}


class Lesson:
    """One lesson's text and claims. Listings, sections, links and pictures of the text are checked at once."""

    def __init__(self, name):
        self.name = name
        self.cpus = machine.cpus()  # for this process
        self.text = text.Text(Course.source, name)
        if Course.listings:
            self.text.write_listings()
        self._tell("Its sections are those of every lesson.", [*self.text.wrong_sections()])
        self._tell("Its listings are the programs' text.", [*self.text.wrong_listings()])
        self._tell("Its links and pictures are there.", [] if Course.pictures else [*self.text.wrong_links()])

    def _tell(self, sentence, wrong):
        Course.tell(self.name, FAILS if wrong else HOLDS, sentence, "; ".join(wrong))

    # --- Programs

    def path(self, program):
        """A program of examples/course by its name, or what compile() returned."""
        return pathlib.Path(program) if os.sep in str(program) else Course.build / "examples/course" / program

    def run(self, program, *arguments, env=None, rc=0):
        """Runs a program. That it ends with status rc is a claim of its own; None: any status will do."""
        path = self.path(program)
        if not path.exists():
            raise NotBuilt(path.name)
        start = time.monotonic()
        done = subprocess.run([str(path), *map(str, arguments)], env=clean_environment(env),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              cwd=Course.stage, timeout=PATIENCE, check=False)
        run = Run(done, time.monotonic() - start)
        if rc is not None and run.rc != rc:
            said = f"it ended with {run.rc}: {run.err.strip()[-2000:]}"
            Course.tell(self.name, FAILS, f"{path.name} ends with status {rc}.", said)
        return run

    def interleaved(self, rounds, runs):
        """Runs {key: (program, *arguments) or (program, *arguments, {env})} in turn, so many rounds: {key: [Run]}."""
        done = {key: [] for key in runs}
        for _ in range(rounds):
            for key, command in runs.items():
                env = command[-1] if isinstance(command[-1], dict) else None
                done[key].append(self.run(*(command[:-1] if env is not None else command), env=env))
        return done

    def compile(self, source, *arguments, compilers=("gcc", "clang", "cc")):
        """Compiles examples/course/source against the library with further arguments; the program's path, or None where
        no compiler can do it and the program it makes does not start."""
        output = Course.stage / (pathlib.Path(source).stem + "-" + "".join(filter(str.isalnum, "".join(arguments))))
        trial = Course.stage / "trial"
        trial.with_suffix(".c").write_text("int main(void) { return 0; }\n", encoding="utf-8")
        for compiler in filter(shutil.which, compilers):
            if subprocess.run([compiler, *arguments, f"{trial}.c", "-o", trial], capture_output=True,
                              check=False).returncode != 0 or \
                    subprocess.run([trial], capture_output=True, check=False).returncode != 0:
                continue
            library = [f"-L{Course.build}/lib", f"-Wl,-rpath,{Course.build}/lib", "-lppar", "-pthread", "-lm"]
            command = [compiler, "-O1", *arguments, f"-I{Course.source}/include", f"-I{Course.build}/include",
                       f"{Course.source}/examples/course/{source}", "-o", output, *library]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"{source} does not compile:\n{done.stdout}")
            return output
        return None

    # --- Claims

    def claim(self, sentence, condition, cpus=1):
        """condition: a truth value, or a function that returns one. With cpus=2 the claim is about threads that run at
        the same time: on a machine of one CPU it is not looked at."""
        if not self.text.says(sentence):
            Course.tell(self.name, FAILS, sentence, f"docs/course/{self.name}.md does not say it")
        elif self.cpus < cpus:
            Course.tell(self.name, UNSEEN, sentence, ONE_CPU if self.cpus == 1 else f"it needs {cpus} CPUs")
        else:
            holds = condition() if callable(condition) else condition
            Course.tell(self.name, HOLDS if holds else FAILS, sentence)

    def timed(self, sentence, condition, cpus=2, unsteady=None):
        """A claim about times, or about threads that meet: condition is a function that measures, best in interleaved
        rounds, and returns whether the sentence holds, by a wide margin. It gets a few tries. Where it fails in all of
        them, and other programs have used the CPUs meanwhile, or these were now fast and now slow, nothing is
        concluded. The pauses between tries are for a machine on which nothing of that is seen. unsteady: a function
        that says how far apart the tries were, where the program's code alone shows how fast the processor is."""
        if self.cpus < cpus or not self.text.says(sentence):
            self.claim(sentence, False, cpus)
            return
        company, pace = machine.Company(), machine.Pace()
        pace.look()
        for pause in PAUSES:
            if company.others() <= COMPANY and pace.spread() <= SPREAD:
                time.sleep(pause)
            if condition():
                Course.tell(self.name, HOLDS, sentence)
                return
            pace.look()
        if company.others() > COMPANY:
            Course.tell(self.name, UNSEEN, sentence, f"others used {company.others():.2f} of the CPUs meanwhile")
        elif pace.spread() > SPREAD:
            Course.tell(self.name, UNSEEN, sentence, f"the processor was {pace.spread():.2f} times slower at times")
        elif unsteady is not None and unsteady() > SPREAD:
            Course.tell(self.name, UNSEEN, sentence, f"it was {unsteady():.2f} times slower at times")
        else:
            Course.tell(self.name, FAILS, sentence,
                        f"others used {company.others():.2f} of the CPUs, its speed changed {pace.spread():.2f} times")

    def skip(self, sentence, why):
        """A claim that cannot be looked at here. It must stand in the text all the same."""
        if self.text.says(sentence):
            Course.tell(self.name, UNSEEN, sentence, why)
        else:
            self.claim(sentence, False)

    def shows(self, *runs):
        """A block of the text (```, without a language) is what the run has printed, or what these runs have, numbers
        aside."""
        printed = "".join(run.err + run.out for run in runs)
        names = " and ".join(dict.fromkeys(run.name for run in runs))
        self._tell(f"The text shows what {names} prints.", [] if self.text.shows(printed) else [printed])

    # --- Pictures, which lie in docs/course/pictures

    def picture(self, file, make):
        """make(path) makes the picture, with scripts/course --pictures. Otherwise the text must show it."""
        path = Course.source / "docs/course/pictures" / file
        if Course.pictures:
            make(path)
        wrong = [] if path.exists() else ["it is not there: scripts/course --pictures makes it"]
        wrong += [] if self.text.has_picture(f"pictures/{file}") else ["the text does not show it, with words for it"]
        self._tell(f"Picture {file} is there and shown.", wrong)

    @staticmethod
    def _wrong_lines(file):
        """Places in a picture where the program, as it is now, calls nothing of the library."""
        path = Course.source / "docs/course/pictures" / file
        shown = path.read_text(encoding="utf-8") if path.exists() else ""
        for name, number in sorted(set(re.findall(r"(\w+\.c):(\d+)", shown))):
            program = Course.source / "examples/course" / name
            lines = program.read_text(encoding="utf-8").splitlines() if program.exists() else []
            if "ppar" not in "".join(lines[int(number) - 1:int(number)]).lower():
                yield f"{name}:{number} is no call: make the picture anew"

    def trace(self, file, program, *arguments, env=None, says=""):
        """A picture that the library makes of a run. It says what the pattern matches: another run, in which a thread
        was kept away, say, is not what the text tells of, and is made again."""
        def make(path):
            path.unlink(missing_ok=True)
            self.run(program, *arguments, env={**(env or {}), "PPAR_TRACE": f"svg:{path}"})

        def is_told_of(path):
            return path.exists() and re.search(says, path.read_text(encoding="utf-8"), re.DOTALL)

        def make_as_told(path):
            for _ in range(PICTURE_TRIES):
                make(path)
                if is_told_of(path):
                    break

        self.picture(file, make_as_told)
        self._tell(f"Picture {file} says what the text tells.",
                   [] if is_told_of(Course.source / "docs/course/pictures" / file) else [f"it does not say {says!r}"])
        self._tell(f"Picture {file} names lines that the program has.", [*self._wrong_lines(file)])
        with tempfile.TemporaryDirectory(dir=Course.stage) as folder:
            if not Course.pictures:  # it is still made in the way that the text tells
                make(pathlib.Path(folder, file))
                made = pathlib.Path(folder, file).exists()
                self._tell(f"Picture {file} can be made.", [] if made else ["the run has written none"])
