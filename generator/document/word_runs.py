"""Inlines of the tree as WordprocessingML runs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from generator.document.photos import read_photo
from generator.document.style import WordStyle
from generator.document.tree import Blank, Inline, LineBreak, Photo, Run

_EMU_PER_MM = 36000


@dataclass
class Draft:
    """What is gathered while a body is written: pictures, and the numbers already given out.

    ``template`` is set for an unrendered source: tags stay, and nothing is numbered that a loop would repeat.
    """

    style: WordStyle
    photos: Path | None = None
    template: bool = False
    images: dict[str, bytes] = field(default_factory=dict)
    numbers: Iterator[object] = field(default_factory=lambda: count(1))


def write_inlines(inlines: Iterable[Inline], style: str, draft: Draft) -> str:
    """Return the runs of a paragraph of the given style."""
    return "".join(_inline(inline, style, draft) for inline in inlines)


def _inline(inline: Inline, style: str, draft: Draft) -> str:
    if isinstance(inline, Run):
        return _run(inline, style, draft)
    if isinstance(inline, LineBreak):
        return f"<w:r><w:rPr>{draft.style.fonts[style]}</w:rPr><w:br/></w:r>"
    if isinstance(inline, Blank):
        return _blank(inline, style, draft)
    return _photo(inline, style, draft)


def _run(run: Run, style: str, draft: Draft) -> str:
    return f"<w:r><w:rPr>{run_properties(run, style, draft)}</w:rPr>{write_text(run.text)}</w:r>"


def run_properties(run: Run, style: str, draft: Draft) -> str:
    """Return what a run of a paragraph of the given style looks like."""
    face = f"Face{run.face.title()}" if run.face else ""
    return "".join(
        (
            f'<w:rStyle w:val="{face}"/>' if face else "",
            draft.style.fonts[face or style],
            "<w:b/>" if run.bold else "",
            '<w:u w:val="single"/>' if run.underline else "",
            '<w:bdr w:val="single" w:sz="4" w:space="0" w:color="auto"/>' if run.boxed else "",
        )
    )


def write_text(text: str) -> str:
    """Return text as ``w:t``, tabs as ``w:tab``."""
    return "<w:tab/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in text.split("\t")
    )


def _blank(blank: Blank, style: str, draft: Draft) -> str:
    if draft.template or not (blank.empty and blank.hint):
        return write_inlines(blank.inlines, style, draft)
    return write_control(blank, style, draft, str(next(draft.numbers)))


def write_control(blank: Blank, style: str, draft: Draft, number: str) -> str:
    """Return an empty blank as a control that says what to write.

    It is a rich one: LibreOffice prints a plain one as a form field, without its line.
    """
    properties = run_properties(Run("", underline=True), style, draft)
    runs = write_inlines(blank.inlines, style, draft)
    return (
        f"<w:sdt><w:sdtPr><w:rPr>{properties}</w:rPr><w:alias w:val={quoteattr(blank.hint[:64])}/>"
        f'<w:id w:val="{number}"/><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{runs}</w:sdtContent></w:sdt>'
    )


def _photo(photo: Photo, style: str, draft: Draft) -> str:
    label = write_inlines(photo.label, style, draft)
    if draft.template:
        return _photo_tag(photo, label)
    if not photo.source:
        return label
    data, kind = read_photo(draft.photos, photo.source)
    number = next(draft.numbers)
    draft.images[f"media/image{number}.{kind}"] = data
    return write_picture(photo, str(number))


def _photo_tag(photo: Photo, label: str) -> str:
    expression = photo.source.strip("{} ")
    if not expression:
        return label
    shown = f"{{{{ ({expression})|照片({photo.width:g}, {photo.height:g}) }}}}"
    before, after = (
        f"<w:r>{write_text(text)}</w:r>" for text in (f"{{% if {expression} %}}{shown}{{% else %}}", "{% endif %}")
    )
    return before + label + after


def image_relation(number: str) -> str:
    """Return the relationship id of a picture."""
    return f"rIdImage{number}"


def write_picture(photo: Photo, number: str) -> str:
    """Return the picture with a number as a run."""
    width, height = round(photo.width * _EMU_PER_MM), round(photo.height * _EMU_PER_MM)
    extent = f'cx="{width}" cy="{height}"'
    return (
        f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {extent}/>'
        f'<wp:docPr id="{number}" name="照片{number}" descr="照片"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="照片{number}"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{image_relation(number)}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )
