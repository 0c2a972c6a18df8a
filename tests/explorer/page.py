#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""page.py: the explorer in headless Chromium: opened, zoomed, its sliders moved; what is drawn is looked at.

    page.py [--tap=FILE] SAMPLE PAGE

SAMPLE: the program of sample.c, which writes a page with a run in it. PAGE: web/explorer.html, without data."""

import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # nothing is written into the source tree
import browser  # noqa: E402

HELPERS = """
window.one = (selector) => document.querySelector(selector);
window.all = (selector) => [...document.querySelectorAll(selector)];
window.figure = (name) => one(`#whatif [data-figure="${name}"]`).textContent;
window.set = (node, value) => { node.value = value; node.dispatchEvent(new Event('input')); };
window.labelled = (name) => all(`#whatif input[aria-label="${name}"]`);
window.timeline = (part) => one(`#${part} svg.timeline`);
window.slots = (part) => new Set(all(`#${part} svg.timeline path.work`).map((path) => path.dataset.slot)).size;
window.shown = (part) => [Number(timeline(part).dataset.from), Number(timeline(part).dataset.to)];
window.shape = (number) => {
  const select = one('#whatif select');
  select.value = `shape ${number}`;
  select.dispatchEvent(new Event('change'));
};
window.choose = (text) => {
  const select = one('#loop');
  select.value = [...select.options].find((option) => option.text.includes(text)).value;
  select.dispatchEvent(new Event('change'));
};
window.luminance = (colour) => {
  const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const [r, g, b] = colour.match(/[0-9.]+/g).map((v) => linear(v / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
window.contrast = (a, b) => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};
true
"""

checks = []


def check(name):
    def add(function):
        checks.append((name, function))
        return function
    return add


def need(condition, what):
    if not condition:
        raise AssertionError(what)


def act(page, script):
    """Changes something of the what-if, and waits for what is shown then."""
    page.run(script)
    page.wait("one('#whatif').dataset.shown === 'yes'")


def same(found, expected, what):
    need(found == expected, f"{what}: {found!r}, expected {expected!r}")


@check("the page of a run opens without an error, and asks nothing of any network")
def opens(page, files):
    page.size(1280)
    page.open(files["run"])
    wrong = [event for event in page.events if event.get("method") in
             ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")]
    need(not wrong, f"{wrong[:1]}")
    urls = [event["params"]["request"]["url"] for event in page.events
            if event.get("method") == "Network.requestWillBeSent"]
    same([url for url in urls if not url.startswith("file:")], [], "requests")


@check("names of loops are texts, whatever they are")
def texts(page, files):
    same(page.run("all('b').length"), 0, "elements made of a name")
    need(page.run("one('#loop').textContent.includes('</script><b>contest</b>')"), "the name is not there")


@check("a row for each thread, and each thread's chunks are drawn")
def rows(page, files):
    page.run("choose('rows.c:12')")
    same(page.run("timeline('run').dataset.rows"), "4", "rows")
    same(page.run("slots('run')"), 4, "threads with chunks")
    same(page.run("new Set(all('#run svg.iterations path.owner').map((path) => path.dataset.slot)).size"), 4, "owners")
    need("main" in page.run("timeline('run').textContent"), "a thread's name")
    need("static" in page.run("one('#run .sentence').textContent"), "a sentence")


@check("waits, sleep, steals and critical sections are drawn")
def kinds(page, files):
    page.run("choose('contest')")
    for selector in ("path.hatch", "path.park", "path.critical", "path.moment", "path.there"):
        need(page.run(f"all('#run svg.timeline {selector}').length") > 0, selector)
    need("steals" in page.run("one('#run .key').textContent"), "the key")
    need("asked for" in page.run("one('#run').textContent"), "fewer threads than asked for")


@check("tens of thousands of chunks are drawn as few things")
def many(page, files):
    page.run("choose('tiny chunks')")
    need(page.run("Number(timeline('run').dataset.drawn)") < 30000, "marks")
    need(page.run("timeline('run').outerHTML.length") < 600000, "the picture's size")
    need("drawn together" in page.run("one('#run').textContent"), "what was merged is not said")
    page.run("choose('rows.c:12')")


@check("the timeline zooms and moves by keys, by buttons and by the mouse")
def zooms(page, files):
    page.run("timeline('run').focus()")
    whole = page.run("shown('run')")
    page.key("+", "Equal")
    near = page.run("shown('run')")
    need(abs((near[1] - near[0]) - (whole[1] - whole[0]) / 2) < 1, f"zoom by key: {near} of {whole}")
    page.key("ArrowRight")
    need(page.run("shown('run')")[0] > near[0], "moved by key")
    page.key("0", "Digit0")
    same(page.run("shown('run')"), whole, "the whole by key")
    page.run("one('#run button[aria-label=\"Zoom in\"]').click()")
    need(page.run("shown('run')")[1] < whole[1], "zoom by button")
    page.run("all('#run .buttons button').pop().click()")
    same(page.run("shown('run')"), whole, "the whole by button")
    page.run("timeline('run').scrollIntoView({block: 'center', behavior: 'instant'})")
    left, top = page.run("[timeline('run').getBoundingClientRect().left, timeline('run').getBoundingClientRect().top]")
    page.mouse("mousePressed", left + 300, top + 20, button="left", clickCount=1)
    page.mouse("mouseMoved", left + 500, top + 20, button="left")
    page.mouse("mouseReleased", left + 500, top + 20, button="left", clickCount=1)
    dragged = page.run("shown('run')")
    need(whole[0] < dragged[0] < dragged[1] < whole[1], f"zoom by dragging: {dragged}")
    page.key("0", "Digit0")


@check("chunks are read out, by keys and under the mouse")
def reads(page, files):
    page.run("timeline('run').focus()")
    page.key("ArrowDown")
    page.key("n")
    said = page.run("one('#run output').textContent")
    need("runs a chunk of iterations 0 to 99" in said, said)
    page.run("timeline('run').scrollIntoView({block: 'center', behavior: 'instant'})")
    left, top = page.run("[timeline('run').getBoundingClientRect().left, timeline('run').getBoundingClientRect().top]")
    page.mouse("mouseMoved", left + 150, top + 100)
    said = page.run("one('#run output').textContent")
    need("ppar-3 runs a chunk of iterations 300 to 399" in said, said)


@check("a loop of the run, looked at under other schedules: predicted beside measured")
def asks(page, files):
    act(page, "[...all('#run button')].find((button) => button.textContent.startsWith('What if')).click()")
    need(page.run("one('#whatif select').selectedOptions[0].textContent.includes('rows.c:12')"), "the loop")
    rows_ = page.run("all('#whatif table')[0].innerText")
    need("measured in this run" in rows_ and "the model of the same" in rows_, rows_)
    to_measured = page.run("Number(all('#whatif table')[0].rows[2].cells[4].textContent)")
    need(0.95 < to_measured < 1.05, f"the model of a static loop: {to_measured}")
    measured = page.run("all('#whatif table')[0].rows[1].cells[3].textContent")
    act(page, "one('#whatif input[value=turn]').click()")
    same(page.run("all('#whatif table')[0].rows[1].cells[3].textContent"), measured, "what was measured")
    need("static,4" in page.run("all('#whatif table')[0].rows[3].innerText"), "the choice")


@check("a page without data is a what-if of shapes")
def shapes(page, files):
    page.open(files["empty"])
    page.run(HELPERS)
    same(page.run("[one('#run').hidden, one('#bench').hidden]"), [True, True], "what is hidden")
    same(page.run("timeline('whatif').dataset.rows"), "4", "threads")
    same(page.run("slots('whatif')"), 4, "threads with chunks")


@check("numbers are the model's: balanced loops take what they must")
def numbers(page, files):
    act(page, "all('#whatif .overheads input').forEach((input) => set(input, 0))")
    act(page, "shape(0)")
    act(page, "set(all('#whatif input[type=number]')[0], 100); set(all('#whatif input[type=number]')[1], 1000)")
    same(page.run("figure('Time')"), "25 \u00b5s", "100 iterations of 1 us on 4 threads")
    same(page.run("figure('Speedup')"), "4", "speedup")
    same(page.run("figure('Chunks')"), "4", "chunks of static")
    act(page, "one('#whatif input[value=turn]').click(); set(labelled('Chunk, c')[1], 10)")
    same(page.run("figure('Chunks')"), "10", "chunks of static,10")
    same(page.run("figure('Time')"), "30 \u00b5s", "three turns of ten")
    same(page.run("labelled('Chunk, c')[0].value"), "3", "the slider follows the number, 2 to the power of 3")


@check("a slider is moved by keys, and the picture follows")
def slides(page, files):
    page.run("labelled('Threads, T')[0].focus()")
    for _ in range(4):
        page.key("ArrowRight")
    page.wait("one('#whatif').dataset.shown === 'yes'")
    same(page.run("labelled('Threads, T')[1].value"), "8", "the number")
    same(page.run("timeline('whatif').dataset.rows"), "8", "rows")
    same(page.run("slots('whatif')"), 8, "threads with chunks")
    same(page.run("labelled('Threads, T')[0].getAttribute('aria-valuetext')"), "8", "what is read out")
    act(page, "set(labelled('Threads, T')[1], 256)")
    same(page.run("timeline('whatif').dataset.rows"), "256", "rows")
    act(page, "set(labelled('Threads, T')[1], 5000)")
    same(page.run("timeline('whatif').dataset.rows"), "256", "rows, asked for 5000")


@check("every schedule is played; too many chunks are refused in words")
def plays(page, files):
    act(page, "set(labelled('Threads, T')[1], 3)")
    for sharing in page.run("all('#whatif input[type=radio]').map((radio) => radio.value)"):
        act(page, f"one('#whatif input[value={sharing}]').click()")
        same(page.run("slots('whatif')"), 3, sharing)
        need(page.run("figure('Time') !== '\u2013'"), sharing)
    page.wait("all('#whatif .curve-chart path.curve').length === 1")
    act(page, "shape(1)")
    act(page, "set(all('#whatif input[type=number]')[0], 1e9); one('#whatif input[value=counter]').click()")
    act(page, "set(labelled('Chunk, c')[1], 1)")
    need(page.run("Number(figure('Chunks').replaceAll(',', ''))") == 100000, "iterations are bounded")


@check("a benchmark: each row's bars, intervals and rounds are drawn; rows are found by words")
def benches(page, files):
    page.open(files["bench"])
    page.run(HELPERS)
    same(page.run("all('svg.bench-row').length"), 4, "charts")
    same(page.run("all('svg.bench-row rect.bar').length"), 11, "bars: one of 12 cells crashed")
    same(page.run("all('svg.bench-row path.whisker').length"), 11, "intervals")
    same(page.run("all('svg.bench-row circle.dot').length"), 99, "rounds")
    bars = page.run("all('svg.bench-row rect.bar').slice(0, 2).map((bar) => Number(bar.getAttribute('width')))")
    need(5 < bars[1] / bars[0] < 7, f"705 ns beside 120 ns: {bars}")
    need(page.run("one('#bench').textContent.includes('crashed')"), "an outcome in words")
    page.run("set(one('#filter'), 'dynamic')")
    same(page.run("all('svg.bench-row').filter((chart) => chart.clientWidth > 0).length"), 1, "rows with 'dynamic'")
    same(page.run("all('#whatif .overheads input')[1].value"), "141", "the model has what was measured")


@check("all that can be used has a name, and can be seen to have the focus")
def names(page, files):
    page.open(files["run"])
    page.run(HELPERS)
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    roles = ("button", "slider", "spinbutton", "radio", "combobox", "link", "image", "textbox", "region")
    nameless = [node["role"]["value"] for node in nodes
                if node.get("role", {}).get("value") in roles and not node.get("ignored")
                and not node.get("name", {}).get("value")]
    same(nameless, [], "without a name")
    page.key("Tab")
    page.key("Tab")
    same(page.run("getComputedStyle(document.activeElement).outlineStyle"), "solid", "outline of what has the focus")


@check("390 and 1280 pixels: nothing lies outside; light, dark and in print: texts have contrast")
def looks(page, files):
    for name in ("empty", "run", "bench"):
        page.open(files[name])
        page.run(HELPERS)
        for width in (390, 1280):
            page.size(width)
            need(page.run("document.documentElement.scrollWidth") <= width, f"{name} at {width}")
        grounds = [contrasts(page, name, *scheme) for scheme in (("light", ""), ("dark", ""), ("dark", "print"))]
        need(grounds[0] != grounds[1] and grounds[0] == grounds[2], f"{name}: grounds {grounds}")
        page.media()
    need(len(page.pdf_bytes()) > 20000, "a printed page")


def contrasts(page, name, scheme, media):
    """The page's ground."""
    page.media(scheme, media)
    for selector in ("body", "p.dim, span.dim, p.small", "nav a", "caption"):
        ratio = page.run(f"contrast(getComputedStyle(one('{selector}')).color, "
                         "getComputedStyle(document.body).backgroundColor)")
        need(ratio >= 4.5, f"{scheme} {media} {name}: {selector}: {ratio:.2f}")
    return page.run("getComputedStyle(document.body).backgroundColor")


def main():
    tap = next((argument[6:] for argument in sys.argv if argument.startswith("--tap=")), None)
    sample, empty = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    program = browser.find()
    if program is None:
        print("skipped: Chromium is not here")
        if tap:
            pathlib.Path(tap).write_text("1..1\nok 1 - the page # SKIP Chromium is not here\n")
        return
    failed, lines = 0, [f"1..{len(checks)}"]
    with tempfile.TemporaryDirectory() as folder:
        files = {"run": f"{folder}/run.html", "empty": empty, "bench": f"{folder}/bench.html"}
        subprocess.run([sample, files["run"]], check=True)
        bench = pathlib.Path(__file__).with_name("bench.json").read_text()
        pathlib.Path(files["bench"]).write_text(pathlib.Path(empty).read_text().replace("@DATA@", bench, 1))
        with browser.Browser(program) as page:
            for number, (name, function) in enumerate(checks, 1):
                try:
                    page.run(HELPERS)
                    function(page, files)
                    lines.append(f"ok {number} - {name}")
                except (AssertionError, RuntimeError) as wrong:
                    failed += 1
                    lines.append(f"not ok {number} - {name}")
                    print(f"{name}: {wrong}", file=sys.stderr)
    print("\n".join(lines))
    if tap:
        pathlib.Path(tap).write_text("\n".join(lines) + "\n")
    sys.exit(failed != 0)


main()
