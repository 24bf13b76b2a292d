"""A document tree into DOCX bytes."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from generator.document.package import CORE_PART, core_properties, deflate, join
from generator.document.style import WordStyle, load_word_style
from generator.document.tree import Block, Document
from generator.document.word_blocks import GAP, write_blocks
from generator.document.word_runs import Draft, image_relation

_SCHEMAS = "http://schemas.openxmlformats.org"
OPENING = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<w:document xmlns:w="{_SCHEMAS}/wordprocessingml/2006/main"'
    f' xmlns:r="{_SCHEMAS}/officeDocument/2006/relationships"'
    f' xmlns:wp="{_SCHEMAS}/drawingml/2006/wordprocessingDrawing" xmlns:a="{_SCHEMAS}/drawingml/2006/main"'
    f' xmlns:pic="{_SCHEMAS}/drawingml/2006/picture"><w:body>'
)
_RELATIONS = "word/_rels/document.xml.rels"


def write_docx(document: Document, *, day: date, photos: Path | None = None, author: str = "") -> bytes:
    """Return the document as DOCX dated ``day``; pictures come from the folder ``photos``.

    Raises KaowuError for a picture that is missing or of an unknown kind.
    """
    style = load_word_style(document.look)
    body, images = write_body(document.blocks, document.paper, Draft(style, photos))
    return pack_body(body, images, style, core_properties(document.title, day, author))


def write_body(blocks: Iterable[Block], paper: str, draft: Draft) -> tuple[str, dict[str, bytes]]:
    """Return ``word/document.xml`` and the pictures it shows."""
    section, width = draft.style.section_for(paper)
    content = write_blocks(blocks, width, draft) or GAP
    return f"{OPENING}{content}{section}</w:body></w:document>", draft.images


def pack_body(body: str, images: dict[str, bytes], style: WordStyle, core: bytes) -> bytes:
    """Return the whole package."""
    parts = {"word/document.xml": body.encode(), CORE_PART: core}
    if images:
        relations = "".join(_relation(name) for name in images)
        ended = style.parts[_RELATIONS].replace(b"</Relationships>", f"{relations}</Relationships>".encode())
        parts |= {_RELATIONS: ended, **{f"word/{name}": data for name, data in images.items()}}
    own = {name: deflate(name, content) for name, content in parts.items()}
    return join({**style.members, **own}.values())


def _relation(name: str) -> str:
    number = "".join(filter(str.isdigit, name))
    return (
        f'<Relationship Id="{image_relation(number)}" Type="{_SCHEMAS}/officeDocument/2006/relationships/image"'
        f' Target="{name}"/>'
    )
