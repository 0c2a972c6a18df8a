# SPDX-License-Identifier: MIT
"""cases.py: how the tests of this folder tell what has held."""


def conclude(argument, cases):
    """Writes the pairs of a case and whether it holds into the file of --tap=FILE, and prints those that do not.
    Returns the status that the program ends with."""
    with open(argument.removeprefix("--tap="), "w", encoding="utf-8") as file:
        file.write(f"1..{len(cases)}\n")
        file.writelines(f"{'ok' if good else 'not ok'} - {case}\n" for case, good in cases)
    for case, good in cases:
        if not good:
            print(case)
    return 0 if all(good for _, good in cases) else 1
