"""Plain Markdown: a page with its front matter, links between pages, tables and lists; text in, text out."""

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SPECIAL = "\\`*_{}[]#"


@dataclass(frozen=True)
class Page:
    """One page: its path from the root, title, body, tags, weight in the search, and whether it is wide."""

    path: str
    title: str
    body: str
    tags: tuple[str, ...] = ()
    boost: float = 1
    searched: bool = True
    wide: bool = False


def write_page(page: Page) -> bytes:
    """Return the page as a Markdown file with its front matter."""
    head = [f"title: {quote(page.title)}"]
    if page.tags:
        head += ["tags:", *(f"  - {quote(tag)}" for tag in page.tags)]
    if not page.searched:
        head += ["search:", "  exclude: true"]
    elif page.boost != 1:
        head += ["search:", f"  boost: {page.boost}"]
    if page.wide:
        head += ["hide:", "  - navigation", "  - toc"]
    return "\n".join(["---", *head, "---", "", f"# {mark(page.title)}", "", page.body.strip(), ""]).encode()


def quote(text: str) -> str:
    """Return a text as a YAML string."""
    return "'" + text.replace("'", "''") + "'"


def mark(text: str) -> str:
    """Return text in which Markdown sees no markup, on one line."""
    one = " ".join(text.split())
    escaped = "".join(f"\\{sign}" if sign in SPECIAL else sign for sign in one)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "&#124;")


def link(text: str, target: str, *, here: str) -> str:
    """Return a link from the page ``here`` to the page or file ``target``, both from the root of the pages."""
    return f"[{mark(text)}]({relative(target, here=here)})"


def relative(target: str, *, here: str) -> str:
    """Return the way from one page to another; an anchor stays."""
    path, sign, anchor = target.partition("#")
    way = posixpath.relpath(path, posixpath.dirname(here) or ".") if path else ""
    return f"{way}{sign}{anchor}"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already; nothing where there are no rows."""
    lines = [f"| {' | '.join(cell or ' ' for cell in row)} |" for row in rows]
    head = f"| {' | '.join(headings)} |"
    return "\n".join([head, f"|{'---|' * len(headings)}", *lines]) + "\n" if lines else ""


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Return a table of labels and what is said of them; what is empty is left out."""
    return table(["项目", "内容"], ((label, value) for label, value in rows if value))


def section(title: str, body: str, *, level: int = 2, anchor: str = "", searched: bool = True) -> str:
    """Return a titled section; nothing where its body is empty. What other pages say as well is not searched."""
    marks = [f"#{anchor}"] * bool(anchor) + ["data-search-exclude"] * (not searched)
    tail = f" {{{' '.join(marks)}}}" if marks else ""
    return f"{'#' * level} {mark(title)}{tail}\n\n{body.strip()}\n" if body.strip() else ""


def items(lines: Iterable[str]) -> str:
    """Return a list; its lines are Markdown already."""
    return "\n".join(f"- {line}" for line in lines)


def join(*parts: str) -> str:
    """Return the parts that say something, a blank line between them."""
    return "\n\n".join(part.strip() for part in parts if part.strip())
