"""A Word template compiled once, then filled for everybody: DOCX bytes in, packages of filled parts out.

docxtpl stays the compiler and the reference: it joins the tags that Word has torn apart. What it does to every filled
document beyond that (mending tables, checking the structure) is shown here, once, to leave this template unchanged;
a template of which that cannot be shown is not compiled.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Environment, Template
from jinja2.exceptions import TemplateError
from lxml import etree

from generator.archives import unpack
from generator.document.environment import make_environment
from generator.document.package import CORE_PART, Member, deflate, deflate_once, join
from generator.document.word_template import StrictTemplate, open_template, put_merges_in_place
from generator.problems import KaowuError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_HELD = re.compile("\ue000(\\d+)\ue001")  # stands for a tag while XML is parsed
_WORD = re.compile(r"\{%-?\s*(\w+)")
_OPENING = frozenset({"if", "for"})
_BETWEEN = frozenset({"elif", "else"})
_CLOSING = {"endif": "if", "endfor": "for"}
_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>.*?</w:p>", re.DOTALL)
_PICTURE = re.compile(r'(<wp:docPr\b[^>]*?\sid=")[^"]*')
_NO_ROWS = re.compile(r"</w:tblGrid>\s*</w:tbl>")
_FIRST_PICTURE = 1001  # docxtpl numbers from here
_DOCXTPL = DocxTemplate("")


class NotCompiledError(Exception):
    """This template, or this filling of it, needs docxtpl itself."""


@dataclass(frozen=True)
class Live:
    """A part with tags, and what fills it; in the body pictures are then numbered."""

    name: str
    template: Template
    body: bool


@dataclass(frozen=True)
class Compiled:
    """A template ready to fill: its parts with tags, and the others already deflated."""

    live: tuple[Live, ...]
    fixed: tuple[Member, ...]

    def fill(self, context: Mapping[str, Any], core: bytes) -> bytes:
        """Return the package with the core properties; raise NotCompiledError, or what Jinja raises."""
        own = [deflate(live.name, _fill(live, context).encode()) for live in self.live]
        return join((*self.fixed, *own, deflate(CORE_PART, core)))


def _fill(live: Live, context: Mapping[str, Any]) -> str:
    xml = live.template.render(context)
    if "\n" in xml or "\t" in xml:
        xml = _PARAGRAPH.sub(_break_lines, xml)
    if live.body and _NO_ROWS.search(xml):
        raise NotCompiledError("a table without rows loses its columns")
    if live.body and "<wp:docPr" in xml:
        numbers = count(_FIRST_PICTURE)
        xml = _PICTURE.sub(lambda hit: f"{hit[1]}{next(numbers)}", xml)
    return _DECLARATION + xml


def _break_lines(paragraph: re.Match[str]) -> str:
    text = paragraph[0]
    return str(_DOCXTPL.resolve_listing(text)) if "\n" in text or "\t" in text else text


@lru_cache(maxsize=32)
def compile_template(docx: bytes) -> Compiled | None:
    """Return the template compiled, or None where only docxtpl can fill it or say where the fault is."""
    try:
        template = open_template(docx, "")
        parts = _saved_parts(template)
        live = tuple(_live_parts(template))
    except (NotCompiledError, KaowuError, TemplateError, etree.XMLSyntaxError):
        return None
    names = {part.name for part in live}
    fixed = {name: content for name, content in parts.items() if name not in names and name != CORE_PART}
    return Compiled(live, tuple(deflate_once(fixed).values()))


def _saved_parts(template: StrictTemplate) -> dict[str, bytes]:
    buffer = io.BytesIO()
    template.docx.save(buffer)
    return unpack(buffer.getvalue())


def _live_parts(template: StrictTemplate) -> Iterator[Live]:
    main = template.docx.part
    yield Live(str(main.partname)[1:], _compile(_settle_body(template)), body=True)
    for relation in main.rels.values():
        if relation.reltype in {DocxTemplate.HEADER_URI, DocxTemplate.FOOTER_URI}:
            yield from _live_part(relation.target_part)
    for part in main.package.parts:
        if part.content_type == _FOOTNOTES:
            yield from _live_part(part)


def _live_part(part: Any) -> Iterator[Live]:
    xml = _patch(etree.tostring(etree.fromstring(part.blob), encoding="unicode"))
    if _TAG.search(xml):
        root, tags = _hold(xml)
        yield Live(str(part.partname)[1:], _compile(_release(root, tags)), body=False)


def _settle_body(template: StrictTemplate) -> str:
    body, tags = _hold(_patch(template.get_xml()))
    for table in body.iter(f"{_W}tbl"):
        _expect_even(table)
    root = deepcopy(template.docx.element)
    root.replace(root.body, put_merges_in_place(body))
    return _release(root, tags)


def _patch(xml: str) -> str:
    return str(_DOCXTPL.patch_xml(xml))  # and not with the numbers that tell where a fault is


def _hold(xml: str) -> tuple[Any, list[str]]:
    """Return the part parsed with its tags held back; each pair of tags must enclose whole elements."""
    if "\ue000" in xml:
        raise NotCompiledError("our mark is already there")
    tags = _TAG.findall(xml)
    numbers = count()
    held = _TAG.sub(lambda _: f"\ue000{next(numbers)}\ue001", xml)
    root = etree.fromstring(held, etree.XMLParser(huge_tree=True, resolve_entities=False))
    _expect_pairs((tags[number], place) for number, place in _places(root))
    return root, tags


def _release(root: Any, tags: list[str]) -> str:
    return _HELD.sub(lambda hit: tags[int(hit[1])], etree.tostring(root, encoding="unicode"))


def _places(root: Any) -> Iterator[tuple[int, object]]:
    """Yield the number of each tag in order, with where it stands."""
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            for key, value in node.attrib.items():
                yield from ((int(number), (node, key)) for number in _HELD.findall(value))
        text, place = (node.text, node) if event == "start" else (node.tail, node.getparent())
        yield from ((int(number), _shape(place)) for number in _HELD.findall(text or ""))


def _shape(node: Any) -> object:
    """Return the paragraph and the names of the elements down to the node; outside of paragraphs the node itself.

    Between two places of one shape, runs may end and begin: left out or repeated, what is between stays well formed.
    """
    if node.tag == f"{_W}tr":
        raise NotCompiledError("cells that come and go")
    names, above = [], node
    while above is not None and above.tag != f"{_W}p":
        names.append(above.tag)
        above = above.getparent()
    return node if above is None else (above, *names)


def _expect_pairs(tags: Iterable[tuple[str, object]]) -> None:
    opened: list[tuple[str, object]] = []
    for tag, place in tags:
        word = hit[1] if (hit := _WORD.match(tag)) else ""
        if word in _OPENING:
            opened.append((word, place))
        elif word in _BETWEEN or word in _CLOSING:
            if not opened or opened[-1][1] != place or _CLOSING.get(word, opened[-1][0]) != opened[-1][0]:
                raise NotCompiledError("a pair of tags across elements")
            if word in _CLOSING:
                opened.pop()
        elif word not in {"", "set"}:
            raise NotCompiledError(word)


def _expect_even(table: Any) -> None:
    """Raise NotCompiledError unless every row fills the grid, as docxtpl counts: then it mends nothing."""
    grid = table.find(f"{_W}tblGrid")
    columns = -1 if grid is None else len(grid.findall(f"{_W}gridCol"))
    for row in table.iter(f"{_W}tr"):
        cells = [_span(cell) for cell in row.findall(f"{_W}tc")]
        own = next(row.iterancestors(f"{_W}tbl")) is table
        if sum(cells) > columns or (own and sum(cells) != columns):
            raise NotCompiledError("rows that do not fill the grid")


def _span(cell: Any) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = "1" if span is None else span.get(f"{_W}val", "")
    if not value.isdecimal():
        raise NotCompiledError("a span that is reckoned")
    return int(value)


def _compile(xml: str) -> Template:
    return _environment().from_string(xml)


@cache
def _environment() -> Environment:
    return make_environment(filters={"照片": _leave_to_docxtpl})


def _leave_to_docxtpl(*_: object) -> str:
    raise NotCompiledError("a picture")
