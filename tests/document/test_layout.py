"""The official look has 22 lines of 28 characters inside the margins of GB/T 9704, in both formats."""

import io
import os
import subprocess
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from generator.document.docx import write_docx
from generator.document.pdf import PdfWriter
from generator.document.render import render
from generator.document.source import load_source
from generator.document.tree import Document
from generator.fonts import Faces
from tests.document.samples import rendered
from tests.document.test_sources import DESCRIPTION, write

DAY = date(2026, 10, 9)
MM = 72 / 25.4
LINES, CHARACTERS = 22, 28
FULL_PAGE = '<p class="noindent">' + "国" * (CHARACTERS * LINES * 3) + "</p>"


def full_pages(folder: Path) -> Document:
    return render(load_source(write(folder, FULL_PAGE, DESCRIPTION + "look: official\n")), {})


def measure(page: Any) -> dict[str, Any]:
    """Return lines, characters a line, the edges of the text in mm, and the number of the page with its edges."""
    text = [char for char in page.chars if char["text"] == "国"]
    lines: dict[int, int] = defaultdict(int)
    for char in text:
        lines[round(char["top"])] += 1
    number = [char for char in page.chars if char["text"] not in "国 "]
    return {
        "lines": len(lines),
        "characters": set(lines.values()),
        "left": min(char["x0"] for char in text) / MM,
        "right": max(char["x1"] for char in text) / MM,
        "number": "".join(char["text"] for char in number),
        "number_left": number[0]["x0"] / MM,
        "number_right": number[-1]["x1"] / MM,
        "number_middle": (number[0]["top"] + number[0]["bottom"]) / 2 / MM,
    }


def assert_official(pdf: bytes) -> None:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        odd, even = measure(opened.pages[0]), measure(opened.pages[1])
    for page, number in ((odd, "—1—"), (even, "—2—")):
        assert (page["lines"], page["characters"], page["number"]) == (LINES, {CHARACTERS}, number)
        assert page["left"] == pytest.approx(28, abs=0.5)
        assert page["right"] == pytest.approx(184, abs=1)
        assert page["number_middle"] == pytest.approx(297 - 35 + 7, abs=1.5)
    assert odd["number_right"] == pytest.approx(184 - 14 * 25.4 / 72, abs=1)
    assert even["number_left"] == pytest.approx(28 + 14 * 25.4 / 72, abs=1)


def test_a_full_page_of_the_pdf_has_22_lines_of_28_characters(tmp_path: Path, pdf_writer: PdfWriter) -> None:
    assert_official(pdf_writer.write([full_pages(tmp_path)], day=DAY))


def font_configuration(folder: Path, faces: Faces) -> Path:
    """Write a fontconfig file in which our faces stand for the official ones."""
    alias = '<alias binding="same"><family>{}</family><prefer><family>{}</family></prefer></alias>'
    named = {face.role.name: face for face in faces.found}
    families = [(face.role.official, face) for face in faces.found] + [("Times New Roman", named["song"])]
    aliases = "".join(alias.format(family, family_of(face.path)) for family, face in families)
    folders = "".join(f"<dir>{path}</dir>" for path in {face.path.parent for face in faces.found})
    path = folder / "fonts.conf"
    cache = f"<cachedir>{folder / 'cache'}</cachedir>"
    path.write_text(f"<fontconfig>{folders}{cache}{aliases}</fontconfig>", encoding="utf-8")
    return path


def family_of(path: Path) -> str:
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    with TTFont(path, fontNumber=0, lazy=True) as font:
        return str(font["name"].getDebugName(1))


def test_libreoffice_shows_the_docx_with_22_lines_of_28_characters_and_forms_on_one_page(
    tmp_path: Path, tool: Callable[[str], str], faces: Faces
) -> None:
    (tmp_path / "full.docx").write_bytes(write_docx(full_pages(tmp_path), day=DAY))
    (tmp_path / "form.docx").write_bytes(write_docx(rendered("application"), day=DAY))
    command = [
        tool("soffice"),
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "full.docx"),
        str(tmp_path / "form.docx"),
    ]
    environment = {**os.environ, "FONTCONFIG_FILE": str(font_configuration(tmp_path, faces))}
    subprocess.run(command, env=environment, check=True, capture_output=True, timeout=900)
    assert_official((tmp_path / "full.pdf").read_bytes())
    with pdfplumber.open(tmp_path / "form.pdf") as form:
        assert len(form.pages) == 1


@pytest.mark.parametrize("name", ["application", "score"])
def test_a_form_fits_its_page(name: str, pdf_writer: PdfWriter) -> None:
    with pdfplumber.open(io.BytesIO(pdf_writer.write([rendered(name)], day=DAY))) as pdf:
        assert len(pdf.pages) == 1
        assert (pdf.pages[0].width > pdf.pages[0].height) is (name == "score")
