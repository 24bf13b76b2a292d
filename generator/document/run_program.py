"""A source and the data into DOCX bytes, by the program of the source; by the tree where it has none.

Both ways write the same bytes. What the tree says of a fault it says here too: a program that fails is not asked why.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Template, nodes

from generator.document.docx import OPENING, pack_body, write_docx
from generator.document.environment import make_environment
from generator.document.markup import mark_tags
from generator.document.messages import FAULTS
from generator.document.package import core_properties
from generator.document.parse import parse
from generator.document.pieces import NoProgramError
from generator.document.program import COUNT, NEW_PAGE, NUMBER, PICTURES, Program
from generator.document.render import render, title_of
from generator.document.source import Source
from generator.document.style import WordStyle, load_word_style
from generator.document.word_blocks import GAP, GAP_ON_NEW_PAGE

_NEW_PAGE = re.compile(f'{NEW_PAGE}(<w:p><w:pPr><w:pStyle w:val="\\w+"/>)?')
_PARAGRAPH = re.compile(r"<w:p>.*?</w:p>", re.DOTALL)
_STYLE = re.compile(r'<w:pStyle w:val="(\w+)"/>')
_RUN = re.compile(r'<w:r><w:rPr>((?:(?!</w:rPr>).)*)</w:rPr><w:t xml:space="preserve">([^<]*[\n\t][^<]*)</w:t></w:r>')
_begun: set[Source] = set()


@dataclass
class Pictures:
    """The pictures of one document: where they are, and those shown so far, in order."""

    folder: Path | None
    shown: list[tuple[bytes, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Written:
    """A program ready to run: what stands before and after it in ``document.xml``, and the look."""

    template: Template
    after: str
    style: WordStyle

    def run(self, context: Mapping[str, Any], photos: Path | None) -> tuple[str, dict[str, bytes]]:
        """Return ``document.xml`` and the pictures it shows; raise what Jinja raises, and KaowuError for a picture."""
        pictures = Pictures(photos)
        content = self.template.render({**context, PICTURES: pictures})
        if "\n" in content or "\t" in content:
            content = _PARAGRAPH.sub(self._break_lines, content)
        if NEW_PAGE in content:
            content = _break_pages(content)
        content, images = _count(content or GAP, pictures.shown)
        return f"{OPENING}{content}{self.after}", images

    def _break_lines(self, paragraph: re.Match[str]) -> str:
        if "\n" not in paragraph[0] and "\t" not in paragraph[0]:
            return paragraph[0]
        style = _STYLE.search(paragraph[0])
        line_break = f"<w:r><w:rPr>{self.style.fonts[style[1] if style else '']}</w:rPr><w:br/></w:r>"
        return _RUN.sub(lambda run: line_break.join(_as_runs(run[1], run[2])), paragraph[0])


def write_source(
    source: Source, context: Mapping[str, Any], *, day: date, photos: Path | None = None, author: str = ""
) -> bytes:
    """Return what ``write_docx`` makes of the rendered source; raise KaowuError as ``render`` does.

    The first document of a source goes by its tree: to write the program takes as long as some ten documents.
    """
    program = program_of(source) if source in _begun else None
    _begun.add(source)
    if program:
        with suppress(*FAULTS):
            content, images = program.run(context, photos)
            core = core_properties(title_of(source, context), day, author)
            return pack_body(content, images, program.style, core)
    return write_docx(render(source, context), day=day, photos=photos, author=author)


@cache
def program_of(source: Source) -> Written | None:
    """Return the program of a source, or None where only its tree will do."""
    style = load_word_style(source.look)
    section, width = style.section_for(source.paper)
    program = Program(style, width)
    environment = make_environment()
    try:
        text = program.blocks(parse(mark_tags(source.compact)))
    except NoProgramError:
        return None
    environment.own_statements = frozenset({nodes.FilterBlock})
    environment.finalize = None  # every expression goes through a filter of the program, which cleans and escapes
    environment.filters.update(program.filters)
    return Written(environment.from_string(text), f"{section}</w:body></w:document>", style)


def _as_runs(properties: str, text: str) -> list[str]:
    """Return the runs of each line of a text, none of an empty one."""
    lines = ("<w:tab/>".join(_as_text(part) for part in line.split("\t")) for line in text.split("\n"))
    return [f"<w:r><w:rPr>{properties}</w:rPr>{line}</w:r>" if line else "" for line in lines]


def _as_text(part: str) -> str:
    return f'<w:t xml:space="preserve">{part}</w:t>' if part else ""


def _break_pages(content: str) -> str:
    """Return the content, what follows a mark begun on a new page; the last mark has nothing to begin."""
    written = _NEW_PAGE.sub(lambda hit: f"{hit[1]}<w:pageBreakBefore/>" if hit[1] else GAP_ON_NEW_PAGE, content)
    return written.removesuffix(GAP_ON_NEW_PAGE) if content.endswith(NEW_PAGE) else written


def _count(content: str, shown: list[tuple[bytes, str]]) -> tuple[str, dict[str, bytes]]:
    """Return the content with its controls and pictures numbered, and the pictures by name."""
    first, *parts = content.split(COUNT)
    images: dict[str, bytes] = {}
    rest = iter(shown)
    for number, part in enumerate(parts, 1):
        if not part.startswith(NUMBER):  # a control is numbered at once, a picture in its names
            data, kind = next(rest)
            images[f"media/image{number}.{kind}"] = data
        first += part.replace(NUMBER, str(number))
    return first, images
