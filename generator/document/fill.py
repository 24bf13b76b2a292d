"""A user's Word template and the data into DOCX bytes.

A template is compiled once and then filled for everybody; what cannot be compiled, or has a fault, goes to docxtpl.
"""

import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from generator.archives import unpack
from generator.document.compiled import NotCompiledError, compile_template
from generator.document.environment import make_environment
from generator.document.messages import FAULTS
from generator.document.package import CORE_PART, core_properties, pack
from generator.document.photos import read_photo
from generator.document.word_template import open_template


@dataclass(frozen=True)
class Filling:
    """How a template is filled: the properties of the result, its pictures, and its name in messages."""

    title: str = ""
    day: date = date(1980, 1, 1)
    photos: Path | None = None
    name: str = field(default="模板")


def fill_template(docx: bytes | Path, context: Mapping[str, Any], filling: Filling | None = None) -> bytes:
    """Return the template filled with the data, its properties set by us.

    Raises KaowuError with the part and paragraph of the fault.
    """
    filling = filling or Filling(name=docx.name if isinstance(docx, Path) else "模板")
    data = docx.read_bytes() if isinstance(docx, Path) else docx
    core = core_properties(filling.title, filling.day)
    compiled = compile_template(data)
    if compiled:
        with suppress(NotCompiledError, *FAULTS):
            return compiled.fill(context, core)
    return _fill_by_docxtpl(data, context, filling, core)


def _fill_by_docxtpl(docx: bytes, context: Mapping[str, Any], filling: Filling, core: bytes) -> bytes:
    template = open_template(docx, filling.name)
    environment = make_environment(filters={"照片": _picture_filter(template, filling.photos)}, passed=(InlineImage,))
    template.render(dict(context), environment)
    buffer = io.BytesIO()
    template.save(buffer)
    return pack({**unpack(buffer.getvalue()), CORE_PART: core})


def _picture_filter(template: DocxTemplate, folder: Path | None) -> Callable[..., InlineImage]:
    def picture(source: object, width: float = 25, height: float = 35) -> InlineImage:
        data, _ = read_photo(folder, str(source))
        return InlineImage(template, io.BytesIO(data), width=Mm(width), height=Mm(height))

    return picture
