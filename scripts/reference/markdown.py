# SPDX-License-Identifier: MIT
"""markdown.py: the Markdown that the project's pages are written in, as HTML; their links and anchors.

No more than these pages use: headings, paragraphs, lists, tables, code in fences or indented, quotes, pictures, links,
emphasis, comments. Names of anchors are as GitHub makes them.
"""
import html
import re

BEGIN, END = "\x01", "\x02"  # around the number of what is kept as it is
ITEM = re.compile(r"^\s{0,3}([-*+]|\d+[.)])\s+\S")
FENCE = re.compile(r"^( *)(```+|~~~+) *(\w*).*$")


def slug(heading):
    """A heading's anchor."""
    text = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", lambda match: match[1] or "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def without_code(text):
    """The text with fences, indented code, `code` and comments blanked out; lines stay."""
    lines, fence, before = [], None, ""
    for line in re.sub(r"<!--.*?-->", lambda match: "\n" * match[0].count("\n"), text, flags=re.DOTALL).split("\n"):
        match = FENCE.match(line)
        if fence:
            lines.append("")
            if match and line.strip().startswith(fence):
                fence = None
            continue
        if match:
            fence = match[2]
            lines.append("")
        elif line.startswith("    ") and not before.strip():
            lines.append("")
            continue  # and `before` stays empty: the code goes on
        else:
            lines.append(re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", lambda match: "`" * len(match[0]), line))
        before = line
    return "\n".join(lines)


def anchors(text):
    """All anchors of a page: its headings', numbered where they repeat, and those of <a id>."""
    found, seen = set(), {}
    blank = without_code(text)
    for line, raw in zip(blank.split("\n"), text_without_comments(text).split("\n")):
        if re.match(r"#{1,6} ", line):
            name = slug(raw.lstrip("#").strip())
            count = seen.get(name, 0)
            seen[name] = count + 1
            found.add(name if count == 0 else f"{name}-{count}")
    return found | set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", blank))


def text_without_comments(text):
    return re.sub(r"<!--.*?-->", lambda match: "\n" * match[0].count("\n"), text, flags=re.DOTALL)


def links(text):
    """(line, target) of every link and picture."""
    found = []
    blank = without_code(text)
    text_in_it, target, title = r"(?:[^\[\]]|\[[^\]]*\]\([^)]*\))*", r"([^()\s]+(?:\([^)]*\))?)", r"(?:\s+\"[^\"]*\")?"
    for match in re.finditer(rf"!?\[{text_in_it}\]\({target}{title}\)", blank):
        found.append((blank.count("\n", 0, match.start()) + 1, match[1]))
        found += [(line + found[-1][0] - 1, target) for line, target in links(match[0][2:match[0].rindex("](")])]
    for match in re.finditer(r"<(?:img|a|source)[^>]*\b(?:src|href|srcset)=\"([^\"]+)\"", blank):
        found.append((blank.count("\n", 0, match.start()) + 1, match[1]))
    for match in re.finditer(r"(?m)^\[[^\]]+\]:\s*(\S+)", blank):
        found.append((blank.count("\n", 0, match.start()) + 1, match[1]))
    return found


def plain(text, code=""):
    """Without links and emphasis; `code` keeps the given marks."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\*\*(.+?)\*\*", r"\1", text).replace("\\|", "|")
    return re.sub(r"`([^`]+)`", rf"{code}\1{code}", text)


def cells(row):
    """A table row's cells; a bar in `code`, or behind a backslash, is no border."""
    row = re.sub(r"`[^`]+`", lambda match: match[0].replace("|", "\0"), row.strip()).replace("\\|", "\0")
    return [cell.strip().replace("\0", "|") for cell in row.strip("|").split("|")]


def is_table(lines, number):
    below = lines[number + 1] if number + 1 < len(lines) else ""
    return "|" in lines[number] and "|" in below and re.match(r"^\s*\|?[\s:|-]*-[\s:|-]*$", below)


def tables(text):
    """All tables, each as a list of rows of cells, the heading first."""
    lines, found, number = text_without_comments(text).split("\n"), [], 0
    while number < len(lines):
        if lines[number].startswith("|") and is_table(lines, number):
            rows = [cells(lines[number])]
            number += 2
            while number < len(lines) and lines[number].startswith("|"):
                rows.append(cells(lines[number]))
                number += 1
            found.append(rows)
        number += 1
    return found


def inline(text, link):
    """A line's or paragraph's HTML. link(target) says where a link leads."""
    kept = []

    def keep(piece):
        kept.append(piece)
        return f"{BEGIN}{len(kept) - 1}{END}"

    text = re.sub(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)",
                  lambda match: keep(f"<code>{html.escape(match[2].strip())}</code>"), text, flags=re.DOTALL)
    text = html.escape(text, quote=False)
    text = re.sub(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)",
                  lambda match: keep(f'<img src="{html.escape(link(match[2]))}" alt="{html.escape(match[1])}">'), text)
    text = re.sub(r"\[([^\]]*)\]\(([^)\s]+)[^)]*\)",
                  lambda match: keep(f'<a href="{html.escape(link(match[2]))}">') + match[1] + keep("</a>"), text)
    text = re.sub(r"&lt;(https?://[^&\s]+)&gt;", lambda match: keep(f'<a href="{match[1]}">{match[1]}</a>'), text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text, flags=re.DOTALL)
    text = re.sub(r"(?<![\w*])\*(?![\s*])(.+?)(?<![\s*])\*(?![\w*])", r"<em>\1</em>", text, flags=re.DOTALL)
    text = re.sub(r"\\([\\`*_{}\[\]()#+.!|-])", r"\1", text)
    while BEGIN in text:
        text = re.sub(f"{BEGIN}(\\d+){END}", lambda match: kept[int(match[1])], text)
    return text


def goes_on(lines, number):
    """Whether a list that has begun above has this line, too."""
    line, above = lines[number], lines[number - 1]
    if line.strip():
        return ITEM.match(line) or line.startswith("  ") or above.strip()
    below = lines[number + 1] if number + 1 < len(lines) else ""
    return ITEM.match(below) or below.startswith("  ")


def list_items(lines):
    """A list's lines as (is ordered, the lines of each item)."""
    items = []
    indent = 0
    for line in lines:
        match = re.match(r"^(\s*)([-*+]|\d+[.)])\s+(.*)$", line)
        if match and (not items or len(match[1]) < indent):
            indent = len(match[1]) + len(match[2]) + 1
            items.append([match[3]])
        else:
            items[-1].append(line[indent:] if not line[:indent].strip() else line.lstrip())
    return re.match(r"\s*\d", lines[0]) is not None, items


def table(head, rows, link):
    def row(entries, tag):
        return "<tr>" + "".join(f"<{tag}>{inline(entry, link)}</{tag}>" for entry in entries) + "</tr>"
    body = "".join(row(entries, "td") for entries in rows)
    return f'<div class="wide"><table><thead>{row(head, "th")}</thead><tbody>{body}</tbody></table></div>'


def render(text, link):
    """The page's HTML."""
    return blocks(text_without_comments(text).split("\n"), link, {})


def blocks(lines, link, seen):
    out, number = [], 0
    while number < len(lines):
        line = lines[number]
        fence = FENCE.match(line)
        if not line.strip():
            number += 1
        elif fence:
            last = number + 1
            while last < len(lines) and not lines[last].strip().startswith(fence[2]):
                last += 1
            out.append(f"<pre><code>{html.escape(chr(10).join(lines[number + 1:last]))}</code></pre>")
            number = last + 1
        elif re.match(r"^#{1,6} ", line):
            level, heading = len(line) - len(line.lstrip("#")), line.lstrip("#").strip()
            name = slug(heading)
            seen[name] = seen.get(name, 0) + 1
            name += f"-{seen[name] - 1}" if seen[name] > 1 else ""
            out.append(f'<h{level} id="{name}">{inline(heading, link)}</h{level}>')
            number += 1
        elif is_table(lines, number):
            last = number + 2
            while last < len(lines) and "|" in lines[last] and lines[last].strip():
                last += 1
            head, *rows = [cells(row) for row in [line] + lines[number + 2:last]]
            out.append(table(head, rows, link))
            number = last
        elif ITEM.match(line):
            last = number + 1
            while last < len(lines) and goes_on(lines, last):
                last += 1
            ordered, items = list_items(lines[number:last])
            tag = "ol" if ordered else "ul"
            out.append(f"<{tag}>" + "".join(f"<li>{one_paragraph(blocks(entry, link, seen))}</li>" for entry in items) +
                       f"</{tag}>")
            number = last
        elif line.startswith("    "):
            last = number
            while last < len(lines) and (lines[last].startswith("    ") or not lines[last].strip()):
                last += 1
            content = "\n".join(text[4:] for text in lines[number:last]).rstrip()
            out.append(f"<pre><code>{html.escape(content)}</code></pre>")
            number = last
        elif line.startswith(">"):
            last = number
            while last < len(lines) and lines[last].startswith(">"):
                last += 1
            inner = [re.sub(r"^> ?", "", text) for text in lines[number:last]]
            out.append(f"<blockquote>{blocks(inner, link, seen)}</blockquote>")
            number = last
        elif re.match(r"^(-{3,}|\*{3,})\s*$", line):
            out.append("<hr>")
            number += 1
        elif re.match(r"^\s*</?(div|p|picture|img|details|summary|table|a|source|br|h\d)\b", line):
            out.append(re.sub(r"\b(src|srcset|href)=\"([^\"]+)\"",
                              lambda match: f'{match[1]}="{link(match[2])}"', line))
            number += 1
        else:
            last = number + 1
            while last < len(lines) and lines[last].strip() and not FENCE.match(lines[last]) and \
                    not re.match(r"^(#{1,6} |>|\|)", lines[last]) and not ITEM.match(lines[last]):
                last += 1
            content = "\n".join(lines[number:last])
            out.append(f"<p>{inline(content, link)}</p>")
            number = last
    return "\n".join(out)


def one_paragraph(content):
    """A list's item that is one paragraph has no space around it."""
    if content.startswith("<p>") and content.count("<p>") == 1:
        return content.replace("<p>", "", 1).replace("</p>", "", 1)
    return content
