"""Every document with far too much in every field: nothing is cut, nothing overlaps, nothing leaves the page."""

import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import pdfplumber
import pytest

from generator.document.docx import write_docx
from generator.document.docx_text import docx_text
from generator.document.pdf import PdfWriter
from generator.document.text import text_of
from generator.fonts import Faces
from generator.institution.load import load_institution
from generator.institution.world import World
from generator.pack.build import prepare
from generator.pack.plan import Piece
from tests.documents.conftest import ROOT, SOURCES, Example

DAY = date(2026, 10, 12)
AUTUMN = "示例技师学院/2026-autumn"
TAIL = "（很长的内容）" * 8 + "<i>&“{{ 甲 }}”{% 乙 %}"
LINES = "\n".join(f"第{number}行" for number in range(1, 201))
TICK = "√"  # stands in the square it ticks
Crowd = Callable[[str], Example]


@pytest.fixture(scope="module")
def writer(faces: Faces) -> PdfWriter:
    return PdfWriter(faces)


@pytest.fixture(scope="module")
def crowd(examples: Mapping[str, Example]) -> Crowd:
    """Return a function giving an example round with a long tail on every text."""

    @cache
    def crowded(round_: str) -> Example:
        press, path = examples[round_].binder.press, ROOT / "institutions" / round_
        institution = load_institution(path.parent, (path,), press.policy)
        lengthen(institution.world)
        return Example(prepare(press, institution, path), institution.rounds[path])

    return crowded


def lengthen(world: World) -> None:
    """Put a long tail to every text that is no key, and 200 lines where somebody tells of the studies."""
    for thing in (thing for things in world.things.values() for thing in things):
        for name, field in thing.kind.fields.items():
            value = thing.facts.get(name)
            if field.type != "text" or name in (thing.kind.key, "guideline"):
                continue
            if isinstance(value, str):
                thing.facts[name] = f"{value}{TAIL}"
            elif isinstance(value, tuple):
                thing.facts[name] = tuple(f"{part}{TAIL}" for part in value)
        if "experience" in thing.facts:
            thing.facts["experience"] = LINES


def characters(text: str) -> Counter[str]:
    """Return the characters of a text without white space and the borders of cells."""
    return Counter("".join(text.split()).replace("|", ""))


def overlaps(chars: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the characters of a page that are printed over another by more than half of their height and width."""
    lines: dict[int, list[dict[str, Any]]] = {}
    for char in chars:
        if str(char["text"]).strip() and char["text"] not in (TICK, "□"):
            lines.setdefault(round(float(char["top"]) / 2), []).append(char)
    for line in lines.values():
        line.sort(key=lambda char: float(char["x0"]))
        for left, right in pairwise(line):
            if float(right["x0"]) < (float(left["x0"]) + float(left["x1"])) / 2:
                yield f"{left['text']}{right['text']}"


@pytest.mark.parametrize("name", SOURCES)
def test_long_content_keeps_every_character_apart_and_inside_the_page(
    name: str, examples: Mapping[str, Example], crowd: Crowd, writer: PdfWriter
) -> None:
    round_ = next((round_ for round_, example in examples.items() if name in example.pieces), None)
    if round_ is None:  # reviewed blank
        return
    example = crowd(round_)
    document = example.render(example.pieces[name])
    expected = characters(text_of(document))

    assert not expected - characters(docx_text(write_docx(document, day=DAY)))
    with pdfplumber.open(io.BytesIO(writer.write([document], day=DAY))) as pdf:
        printed = Counter(str(char["text"]) for page in pdf.pages for char in page.chars)
        assert not expected - printed
        for page in pdf.pages:
            assert list(overlaps(page.chars)) == []
            for char in page.chars:
                assert 0 <= char["x0"] <= char["x1"] <= page.width, char["text"]
                assert 0 <= char["top"] <= char["bottom"] <= page.height, char["text"]


def test_what_is_printed_over_another_is_found() -> None:
    def at(text: str, x: float) -> dict[str, Any]:
        return {"text": text, "x0": x, "x1": x + 10, "top": 100}

    assert list(overlaps([at("甲", 0), at("乙", 10)])) == []
    assert list(overlaps([at("甲", 0), at("乙", 4)])) == ["甲乙"]


def test_the_application_form_grows_over_pages(crowd: Crowd, writer: PdfWriter) -> None:
    example = crowd(AUTUMN)
    piece: Piece = example.pieces["application-form"]
    with pdfplumber.open(io.BytesIO(writer.write([example.render(piece)], day=DAY))) as read:
        assert len(read.pages) > 1
        lines = {line for page in read.pages for line in page.extract_text().split() if line.startswith("第")}
    assert {f"第{number}行" for number in range(1, 201)} <= lines
