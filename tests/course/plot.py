# SPDX-License-Identifier: MIT
"""plot.py: curves as SVG, for lessons whose picture is not one of the library's.

    plot.save(path, "Time of a loop", ("iterations", "log"), ("microseconds", "log"),
              {"serial": [(1, 0.1), (10, 1.0)], "two threads": [(1, 0.3), (10, 0.7)]},
              marks=[(4, "both take the same")])

An axis is its words, and "log" or "linear". marks are vertical lines with words. A curve whose name begins with "ideal"
is drawn thin and dashed, without points.
"""

import math
import xml.sax.saxutils

WIDTH, HEIGHT = 760, 430
LEFT, RIGHT, TOP, BOTTOM = 80, 30, 60, 60
COLOURS = ["#1f6fb4", "#d9661f", "#2e8b3d", "#7a4fb3", "#b02a4c", "#6b5b4b"]  # far apart also in grey


class Axis:
    def __init__(self, words, kind, values, first, last):
        self.words, self.is_log, self.first, self.last = words, kind == "log", first, last
        self.places = sorted(set(values))
        low, high = min(values), max(values)
        if self.is_log:
            self.low, self.high = math.log10(low), math.log10(high)
            if self.high - self.low < 1:  # less than one power of ten would have no two ticks
                middle = (self.low + self.high) / 2
                self.low, self.high = min(self.low, middle - 0.5), max(self.high, middle + 0.5)
        else:
            self.low, self.high = min(0.0, low), high if high > min(0.0, low) else low + 1

    def at(self, value):
        value = math.log10(value) if self.is_log else value
        return self.first + (self.last - self.first) * (value - self.low) / (self.high - self.low)

    def ticks(self):
        if self.is_log:
            if len(self.places) < 10 and all(math.log2(value).is_integer() for value in self.places):
                return self.places  # powers of two: numbers of threads, bytes
            found = [10.0 ** k for k in range(math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9) + 1)]
            if len(found) > 8:
                found = found[::2]
            if len(found) < 3:
                found = sorted({f * 10.0 ** k for k in range(math.floor(self.low), math.ceil(self.high) + 1)
                                for f in (1, 2, 5)
                                if self.low - 1e-9 <= math.log10(f * 10.0 ** k) <= self.high + 1e-9})
            return found
        step = 10.0 ** math.floor(math.log10(self.high - self.low))
        step = next(s * step for s in (0.1, 0.2, 0.5, 1, 2) if (self.high - self.low) / (s * step) <= 8)
        return [k * step for k in range(math.ceil(self.low / step), math.floor(self.high / step + 1e-9) + 1)]


def said(value):
    """A number beside an axis."""
    return f"{value:g}" if 1e-3 <= abs(value) < 1e6 or value == 0 else f"{value:.0e}".replace("e-0", "e-").replace(
        "e+0", "e")


def text(x, y, words, anchor="middle", size=14, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" {more}>' \
           f"{xml.sax.saxutils.escape(words)}</text>"


def line(x1, y1, x2, y2, colour, more=""):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" {more}/>'


def save(path, title, x_axis, y_axis, curves, marks=()):
    points = [point for curve in curves.values() for point in curve]
    bottom = HEIGHT - BOTTOM
    legend = 24 * len(curves)
    height = HEIGHT + legend
    x = Axis(*x_axis, [p[0] for p in points], LEFT, WIDTH - RIGHT)
    y = Axis(*y_axis, [p[1] for p in points], bottom, TOP)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
           'font-family="DejaVu Sans, Verdana, sans-serif" fill="#111">',
           f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>', text(LEFT, 30, title, "start", 18,
                                                                          'font-weight="bold"')]
    for value in x.ticks():
        out += [line(x.at(value), TOP, x.at(value), bottom, "#ddd"), text(x.at(value), bottom + 20, said(value))]
    for value in y.ticks():
        out += [line(LEFT, y.at(value), WIDTH - RIGHT, y.at(value), "#ddd"),
                text(LEFT - 8, y.at(value) + 5, said(value), "end")]
    out += [line(LEFT, bottom, WIDTH - RIGHT, bottom, "#333"), line(LEFT, TOP, LEFT, bottom, "#333"),
            text((LEFT + WIDTH - RIGHT) / 2, bottom + 44, x.words),
            text(20, (TOP + bottom) / 2, y.words, more=f'transform="rotate(-90 20 {(TOP + bottom) / 2:.1f})"')]
    for value, words in marks:
        is_right = x.at(value) > (LEFT + WIDTH - RIGHT) / 2
        out += [line(x.at(value), TOP, x.at(value), bottom, "#333", 'stroke-dasharray="4 4"'),
                text(x.at(value) + (-8 if is_right else 8), TOP + 16, words, "end" if is_right else "start")]
    for k, (name, curve) in enumerate(curves.items()):
        colour, is_ideal = COLOURS[k % len(COLOURS)], name.startswith("ideal")
        style = 'stroke-dasharray="6 5" stroke-width="1.5"' if is_ideal else 'stroke-width="2.5"'
        places = " ".join(f"{x.at(a):.1f},{y.at(b):.1f}" for a, b in sorted(curve))
        out.append(f'<polyline points="{places}" fill="none" stroke="{colour}" {style}/>')
        if not is_ideal:
            out += [f'<circle cx="{x.at(a):.1f}" cy="{y.at(b):.1f}" r="4" fill="{colour}"><title>{said(a)}: {b:.3g}'
                    "</title></circle>" for a, b in curve]
        at = HEIGHT + 8 + 24 * k
        out += [line(LEFT, at - 5, LEFT + 36, at - 5, colour, style), text(LEFT + 46, at, name, "start")]
    path.write_text("\n".join([*out, "</svg>"]) + "\n", encoding="utf-8")
