"""All formats say the same, whatever the data; files are valid and depend on nothing but their inputs."""

import io
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import OpenXmlValidator
from PIL import Image

from generator.archives import unpack
from generator.document.docx import write_docx
from generator.document.docx_text import docx_text
from generator.document.export import export_template
from generator.document.fill import Filling, fill_template
from generator.document.pdf import PdfWriter
from generator.document.render import render
from generator.document.source import load_source
from generator.document.text import text_of
from generator.document.values import EMPTY
from generator.problems import KaowuError
from tests.document.samples import DATA, NAMES, SOURCES, bare, context_of, facts, rendered
from tests.document.test_sources import write

DAY = date(2026, 10, 9)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = [
    "</w:t>",
    "{{ 7*7 }}",
    "{% for a in b %}",
    "{# a #}",
    "{_{ 7 }_}",
    "]]>",
    "&",
    "&amp;",
    "<b>粗</b>",
    "\"引号'",
    "𠮷䶮",
    "<?jinja x?>",
    "<!-- a -->",
    "长" * 3000,
    "甲\n乙\t丙",
    "  前后  ",
    "a\u200bb",
    "%}",
    "}}",
    "\\",
    "$&",
    "{%vm%}",
]
LEGAL = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\ufffe\uffff|"), max_size=30
)


@cache
def template_of(name: str) -> bytes:
    return export_template(load_source(SOURCES / name))


def with_text(data: Any, text: str) -> Any:
    """Return sample data with every text replaced."""
    if isinstance(data, dict):
        return {key: with_text(value, text) for key, value in data.items()}
    if isinstance(data, list):
        return [with_text(value, text) for value in data]
    return text if isinstance(data, str) else data


def pdf_text(pdf: bytes) -> str:
    """Return the text of all pages in the order of their tags, which is how it is read aloud."""
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return "".join(tagged_text(page) for page in opened.pages)


def tagged_text(page: Any) -> str:
    """Return the text of a page by its structure tree; page numbers are outside of it."""
    texts: dict[int, str] = defaultdict(str)
    for char in page.chars:
        texts[char["mcid"]] += char["text"]

    def walk(nodes: list[dict[str, Any]]) -> Iterator[str]:
        for node in nodes:
            yield from (texts[number] for number in node.get("mcids", ()))
            yield from walk(node.get("children", []))

    return "".join(walk(page.structure_tree))


@pytest.mark.parametrize("name", NAMES)
def test_our_docx_and_the_filled_export_say_what_the_tree_says(name: str) -> None:
    text = text_of(rendered(name))
    assert docx_text(write_docx(rendered(name), day=DAY)) == text
    assert docx_text(fill_template(template_of(name), context_of(name))) == text


@pytest.mark.parametrize("name", NAMES)
def test_blank_forms_say_the_same_in_both_docx(name: str) -> None:
    context = dict.fromkeys(context_of(name), EMPTY)
    text = text_of(render(load_source(SOURCES / name), context))
    assert docx_text(fill_template(template_of(name), context)) == text


@pytest.mark.parametrize("name", NAMES)
def test_the_pdf_says_what_the_tree_says(name: str, pdf_writer: PdfWriter) -> None:
    pdf = pdf_writer.write([rendered(name)], day=DAY)
    assert bare(pdf_text(pdf)) == bare(text_of(rendered(name)))


@settings(max_examples=30)
@given(text=st.one_of(st.sampled_from(HOSTILE), LEGAL))
@pytest.mark.parametrize("name", NAMES)
def test_any_text_in_any_field_appears_letter_for_letter(name: str, text: str) -> None:
    context = {key: facts(with_text(value, text)) for key, value in DATA[name].items()}
    document = render(load_source_once(name), context)
    expected = text_of(document)
    assert bare(expected).count(bare(text)) >= 1
    assert docx_text(write_docx(document, day=DAY)) == expected
    assert docx_text(fill_template(template_of(name), context, Filling(title=text))) == expected


@cache
def load_source_once(name: str) -> Any:
    return load_source(SOURCES / name)


@pytest.mark.parametrize("text", [*HOSTILE, "  a   b  "])
def test_a_paragraph_keeps_every_space_tab_and_line_break(text: str) -> None:
    context = context_of("plan")
    context["批次"].说明 = f"始{text}终"
    assert f"始{text}终\n" in docx_text(write_docx(render(load_source_once("plan"), context), day=DAY))
    assert f"始{text}终\n" in docx_text(fill_template(template_of("plan"), context))


def test_hostile_text_prints_in_the_pdf(pdf_writer: PdfWriter) -> None:
    text = " ".join(text for text in HOSTILE if "\u200b" not in text and len(text) < 100)
    context = {key: facts(with_text(value, text)) for key, value in DATA["application"].items()}
    document = render(load_source_once("application"), context)
    assert bare(text) in bare(pdf_text(pdf_writer.write([document], day=DAY)))


@pytest.mark.parametrize("text", ["坏\x01字", "\ud800", "\uffff", "\x7f"])
def test_a_user_template_refuses_control_characters_with_the_paragraph(text: str) -> None:
    context = context_of("application")
    context["考生"].电话 = text
    with pytest.raises(KaowuError, match=r"「正文」第 16 段.*无法写入文档的字符"):
        fill_template(template_of("application"), context)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["ours", "export", "filled", "blank"])
def test_both_validators_find_no_fault(name: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    made: dict[str, Callable[[], bytes]] = {
        "ours": lambda: write_docx(rendered(name), day=DAY),
        "export": lambda: template_of(name),
        "filled": lambda: fill_template(template_of(name), context_of(name)),
        "blank": lambda: fill_template(template_of(name), dict.fromkeys(context_of(name), EMPTY)),
    }
    path = tmp_path / f"{name}.docx"
    path.write_bytes(made[kind]())
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []
    assert request.getfixturevalue("ooxml_validator")(path) == []


PRINT_HASHES = """
import hashlib, sys
from generator.document.pdf import PdfWriter
from generator.fonts import find_faces
from tests.document.test_formats import *
writer = PdfWriter(find_faces())
for name in NAMES:
    made = [write_docx(rendered(name), day=DAY), template_of(name), fill_template(template_of(name), context_of(name))]
    for data in [*made, writer.write([rendered(name)], day=DAY)]:
        print(hashlib.sha256(data).hexdigest())
"""


@pytest.mark.usefixtures("faces")
def test_two_processes_in_different_zones_write_the_same_bytes(tmp_path: Path) -> None:
    def run(seed: str, zone: str, folder: Path) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": os.getcwd()}  # noqa: PTH109
        command = [sys.executable, "-c", PRINT_HASHES]
        done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=True)
        return done.stdout

    one, two = run("1", "UTC", Path.cwd()), run("271", "America/Los_Angeles", tmp_path)
    assert one == two
    assert len(one.split()) == len(set(one.split())) == 16


def test_a_pdf_is_archival_tagged_and_has_only_our_faces(pdf_writer: PdfWriter) -> None:
    pdf = pikepdf.open(io.BytesIO(pdf_writer.write([rendered("plan")], day=DAY)))
    with pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "U")
        assert metadata["dc:title"] == rendered("plan").title
    assert pdf.Root.Lang == "zh-CN"
    assert "/StructTreeRoot" in pdf.Root
    fonts = {str(font["/BaseFont"]).split("+")[1] for page in pdf.pages for font in page.Resources.Font.values()}
    assert fonts
    assert all(font.startswith("kaowu-") for font in fonts)


def test_documents_bound_into_one_pdf_keep_their_own_page_numbers(pdf_writer: PdfWriter) -> None:
    pdf = pdf_writer.write([rendered("committee"), rendered("score")], day=DAY)
    pages = [page.extract_text().splitlines()[-1] for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert [page.replace(" ", "") for page in pages] == ["—1—", "—2—", "—1—"]


def test_a_character_no_face_has_is_named(pdf_writer: PdfWriter, tmp_path: Path) -> None:
    document = render(load_source(write(tmp_path, "<p>王{{ 字 }}</p>")), {"字": "\U0003134f"})
    with pytest.raises(KaowuError, match=r"没有字体能印出：.*U\+3134F"):
        pdf_writer.write([document], day=DAY)


def photo_context(folder: Path) -> dict[str, Any]:
    picture = io.BytesIO()
    Image.new("RGB", (50, 70), "gray").save(picture, "JPEG")
    (folder / "甲 1.jpg").write_bytes(picture.getvalue())
    context = context_of("application")
    context["考生"].照片 = "甲 1.jpg"
    return context


def test_a_photo_replaces_its_label_in_every_format(tmp_path: Path, pdf_writer: PdfWriter) -> None:
    context = photo_context(tmp_path)
    document = render(load_source_once("application"), context)
    ours = write_docx(document, day=DAY, photos=tmp_path)
    filled = fill_template(template_of("application"), context, Filling(photos=tmp_path))
    for data in (ours, filled):
        (tmp_path / "a.docx").write_bytes(data)
        assert [part for part in unpack(data) if part.startswith("word/media/")]
        assert "二寸" not in docx_text(data)
        assert not OpenXmlValidator().validate(tmp_path / "a.docx").errors
    pdf = pikepdf.open(io.BytesIO(pdf_writer.write([document], day=DAY, photos=tmp_path)))
    assert len(list(pdf.pages[0].get_images())) == 1


@pytest.mark.parametrize("source", ["../a.jpg", "gone.jpg", "/etc/passwd", "not-a-picture.jpg"])
def test_a_photo_outside_the_folder_or_of_another_kind_is_refused(source: str, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    photo_context(folder)
    (tmp_path / "a.jpg").write_bytes((folder / "甲 1.jpg").read_bytes())
    (folder / "not-a-picture.jpg").write_text("GIF89a", encoding="utf-8")
    context = context_of("application")
    context["考生"].照片 = source
    with pytest.raises(KaowuError, match="photo-"):
        write_docx(render(load_source_once("application"), context), day=DAY, photos=folder)


def test_a_missing_photo_is_named_by_the_pdf_too(tmp_path: Path, pdf_writer: PdfWriter) -> None:
    context = context_of("application")
    context["考生"].照片 = "gone.jpg"
    with pytest.raises(KaowuError, match=r"gone.jpg.*photo-missing"):
        pdf_writer.write([render(load_source_once("application"), context)], day=DAY, photos=tmp_path)


def test_word_is_told_to_keep_spaces_at_the_edge_of_a_run() -> None:
    context = context_of("plan")
    context["院校"].名称 = "  云湖  "
    ours = write_docx(render(load_source_once("plan"), context), day=DAY)
    for data in (ours, fill_template(template_of("plan"), context)):
        texts = list(etree.fromstring(unpack(data)["word/document.xml"]).iter(f"{W}t"))
        edged = [text for text in texts if text.text and text.text != text.text.strip()]
        assert edged
        assert {text.get("{http://www.w3.org/XML/1998/namespace}space") for text in edged} == {"preserve"}
