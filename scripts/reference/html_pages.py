# SPDX-License-Identifier: MIT
"""html_pages.py: writes the reference as HTML, a page for each header, and the guides beside it."""
import html
import os
import pathlib
import re
import shutil

import declarations
import markdown
import prose

FRAME = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="stylesheet" href="{root}style.css">
</head>
<body>
<header><nav><a class="mark" href="{root}index.html">ppar <small>{release}</small></a>{menu}</nav></header>
<div class="frame">
{aside}<main>
{content}
</main>
</div>
</body>
</html>
"""


class Site:
    """What the pages have in common: names and where they are told of, guides, release."""

    def __init__(self, folder, headers, release, guides):
        self.folder, self.headers, self.release, self.guides = folder, headers, release, guides
        self.places = {}
        for header in headers:
            for page in header.pages:
                for name in page.all_names():
                    self.places[name] = f"{header.name}.html#{page.title}"

    def write(self, path, title, content, aside=""):
        depth = path.count("/")
        menu = f'<a href="{"../" * depth}index.html">Reference</a>'
        if self.guides:
            menu += f'<a href="{"../" * depth}guide/README.html">Guides</a>'
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(FRAME.format(title=html.escape(title), root="../" * depth, release=self.release, menu=menu,
                                       content=content, aside=aside), encoding="utf-8")

    def linked(self, text, here=""):
        """Escaped text in which public names, headers and `code` are marked."""
        def mark(match):
            if match[1]:
                return f"<code>{self.linked(html.unescape(match[1]), here)}</code>"
            word = match[0]
            if word in self.places and word != here:
                return f'<a href="{self.places[word]}">{word}</a>'
            if any(header.name == word for header in self.headers):
                return f'<a href="{word}.html">{word}</a>'
            return word
        return re.sub(r"`([^`]+)`|\b(?:ppar|PPAR)(?:::)?\w+\b|\b\w+\.hp?p?\b", mark, html.escape(text, quote=False))

    def blocks(self, blocks, here=""):
        out = []
        for kind, content in blocks:
            if kind == prose.PARAGRAPH:
                out.append(f"<p>{self.linked(content, here)}</p>")
            elif kind == prose.PROGRAM:
                out.append(f"<pre><code>{self.linked(content, here)}</code></pre>")
            elif kind == prose.LIST:
                out.append("<ul>" + "".join(f"<li>{self.linked(item, here)}</li>" for item in content) + "</ul>")
            else:
                out.append("<dl>" + "".join(f"<dt><code>{self.linked(term, here)}</code></dt>"
                                            f"<dd>{self.linked(text, here)}</dd>" for term, text in content) + "</dl>")
        return "\n".join(out)


def synopsis_of(site, page):
    shown = []
    for entry in page.names:
        if entry.kind == "macro":
            text = declarations.broken(entry.declaration)
        elif entry.kind == "object":
            text = f"extern {entry.declaration};"
        elif entry.fields:
            text = "\n".join(entry.with_fields("  "))
        else:
            text = declarations.broken(entry.declaration) + ";"
        if text not in shown:
            shown.append(text)
    return f"<pre class=\"synopsis\"><code>{site.linked(chr(10).join(shown), page.title)}</code></pre>"


def fields_of(site, page):
    out = []
    for entry in page.names:
        if any(comment for _, comment in entry.fields):
            out.append("<dl>" + "".join(f"<dt><code>{site.linked(field)}</code></dt><dd>{site.linked(comment)}</dd>"
                                        for field, comment in entry.fields) + "</dl>")
    return "\n".join(out)


def section_of(site, page):
    names = list(dict.fromkeys(page.all_names()))
    told, returned, mirrored = prose.parts_of(prose.without_calls(page.comment, names))
    heading = ", ".join(names[:4]) + (", ..." if len(names) > 4 else "")
    out = [f'<section id="{page.title}">', *(f'<a id="{name}"></a>' for name in names[1:]),
           f'<h2><a href="#{page.title}">{heading}</a></h2>', synopsis_of(site, page), site.blocks(told, page.title),
           fields_of(site, page)]
    if returned:
        out += ['<div class="returns">', site.blocks(returned, page.title), "</div>"]
    if mirrored:
        out += ['<div class="mirrors">', site.blocks(mirrored, page.title), "</div>"]
    return "\n".join(out + ["</section>"])


def write_header(site, header):
    told, returned, mirrored = prose.parts_of(prose.capitalized(header.comment))
    items = "".join(f'<li><a href="{page.header}.html#{page.title}">{page.title}</a></li>' for page in header.pages)
    aside = f"<aside><nav><ul>{items}</ul></nav></aside>\n"
    content = [f"<h1>{header.name}</h1>", f'<pre class="synopsis"><code>#include &lt;{header.include}&gt;</code></pre>',
               site.blocks(told + returned + mirrored)]
    content += [section_of(site, page) for page in header.pages]
    site.write(f"{header.name}.html", f"{header.name} - ppar", "\n".join(content), aside if header.pages else "")


def write_index(site):
    content = ["<h1>ppar: the reference</h1>",
               "<p>Every public name, by header. <code>#include &lt;ppar/ppar.h&gt;</code> includes them all. The same "
               "text is in the headers, and in the system's manual: <code>man ppar_parallel_for</code>, "
               "<code>man 7 ppar</code>.</p>",
               '<p><input id="find" type="search" placeholder="find a name" aria-label="find a name"></p>']
    for header in site.headers:
        content.append(f'<section class="header"><h2><a href="{header.name}.html">{header.name}</a></h2>'
                       f"<p>{site.linked(prose.first_words(header.comment))}</p><ul class=\"names\">")
        for page in header.pages:
            names = list(dict.fromkeys(page.all_names()))
            shown = ", ".join(f'<a href="{site.places[name]}">{name}</a>' for name in names)
            content.append(f"<li>{shown}<span>{site.linked(prose.first_words(page.comment, names))}</span></li>")
        content.append("</ul></section>")
    content.append("""<script>
document.getElementById("find").addEventListener("input", event => {
  const words = event.target.value.toLowerCase();
  for (const header of document.querySelectorAll("section.header")) {
    let any = false;
    for (const item of header.querySelectorAll("li")) {
      item.hidden = !item.textContent.toLowerCase().includes(words);
      any = any || !item.hidden;
    }
    header.hidden = words !== "" && !any;
  }
});
</script>""")
    site.write("index.html", "ppar: the reference", "\n".join(content))


def guide_link(site, guide, target):
    """Where a guide's link leads in the HTML: to a guide, to a header's page, or to the installed file."""
    if re.match(r"[a-z]+:|#", target):
        return target
    path, _, anchor = target.partition("#")
    path = os.path.normpath(os.path.join(os.path.dirname(guide), path))
    anchor = "#" + anchor if anchor else ""
    here = pathlib.PurePosixPath("guide") / os.path.dirname(guide)
    header = re.fullmatch(r"include/ppar/(.+\.h(?:pp)?)", path)
    if header and any(known.name == header[1] for known in site.headers):
        to = f"{header[1]}.html"
    elif path in site.guides:
        to = f"guide/{path.removesuffix('.md')}.html"
    elif re.search(r"\.(svg|png|jpg)$", path):
        to = f"guide/{path}"
    elif path == "include/ppar":
        to = "index.html"
    else:
        to = f"../{path}"  # the folder in which README.md and html are installed
    return os.path.relpath(to, here) + anchor


def write_guides(site, root):
    titles = {}
    for guide in site.guides:
        text = (root / guide).read_text(encoding="utf-8")
        titles[guide] = markdown.plain(re.search(r"(?m)^# (.*)$", text)[1])
    for guide in site.guides:
        text = (root / guide).read_text(encoding="utf-8")
        here = os.path.dirname(guide)
        places = {other: os.path.relpath(other.removesuffix(".md") + ".html", here or ".") for other in site.guides}
        items = "".join(f'<li><a href="{places[other]}">{html.escape(titles[other])}</a></li>' for other in site.guides)
        aside = f"<aside><nav><ul>{items}</ul></nav></aside>\n"
        content = markdown.render(text, lambda target, guide=guide: guide_link(site, guide, target))
        site.write(f"guide/{guide.removesuffix('.md')}.html", f"{titles[guide]} - ppar", content, aside)
        for _, target in markdown.links(text):
            path = os.path.normpath(os.path.join(here, target.partition("#")[0]))
            if re.search(r"\.(svg|png|jpg)$", path) and (root / path).exists():
                (site.folder / "guide" / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(root / path, site.folder / "guide" / path)


def write(folder, headers, release, root, guides, style):
    site = Site(folder, headers, release, guides)
    folder.mkdir(parents=True)
    shutil.copy(style, folder / "style.css")
    for header in headers:
        write_header(site, header)
    write_index(site)
    write_guides(site, root)
