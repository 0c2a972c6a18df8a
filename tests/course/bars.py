# SPDX-License-Identifier: MIT
"""bars.py: numbers as bars with words, as SVG, for lessons that make a program faster step by step.

    bars.save(path, "How many times faster", {"the integral": [("serial", 1.0), ("in parallel", 2.0)]})

Each group has a colour. The scale is logarithmic: a step that doubles the speed is as long wherever it stands.
"""

import math

from plot import COLOURS, line, text

WIDTH, LEFT, RIGHT, TOP = 760, 200, 70, 50
ROW, GAP = 28, 40  # heights of a bar with what is around it, and of a group's heading


def save(path, title, groups):
    rows = sum(len(bars) for bars in groups.values())
    height = TOP + rows * ROW + len(groups) * GAP + 20
    most = math.log10(max(value for bars in groups.values() for _, value in bars))
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
           'font-family="DejaVu Sans, Verdana, sans-serif" fill="#111">',
           f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
           text(20, 30, title, "start", 18, 'font-weight="bold"')]
    y = TOP
    for k, (group, bars) in enumerate(groups.items()):
        out.append(text(20, y + 26, group, "start", 15, 'font-weight="bold"'))
        y += GAP
        for name, value in bars:
            long = max(2.0, (WIDTH - LEFT - RIGHT) * math.log10(max(value, 1.0)) / most)
            out += [text(LEFT - 10, y + 16, name, "end"),
                    f'<rect x="{LEFT}" y="{y + 3}" width="{long:.1f}" height="{ROW - 10}" fill="{COLOURS[k]}"/>',
                    text(LEFT + long + 8, y + 16, f"{value:.1f}" if value < 10 else f"{value:.0f}", "start")]
            y += ROW
        out.append(line(LEFT, y - len(bars) * ROW, LEFT, y, "#333"))
    path.write_text("\n".join([*out, "</svg>"]) + "\n", encoding="utf-8")
