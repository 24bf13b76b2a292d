"""Where the looks are kept: print CSS and Word parts in ``templates/style``."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from generator.document.package import Member, deflate_once
from generator.paths import templates_dir

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def style_folder() -> Path:
    """Return the folder of the looks."""
    return templates_dir() / "style"


@dataclass(frozen=True, eq=False)
class WordStyle:
    """The Word parts of one look, its section, and the fonts of each of its styles as ``w:rFonts``.

    ``members`` are the parts deflated: they go unchanged into every document.
    """

    parts: dict[str, bytes]
    members: dict[str, Member]
    section: etree._Element
    fonts: dict[str, str]

    def section_for(self, paper: str) -> tuple[str, int]:
        """Return the section properties for a paper, and the width of the text in twentieths of a point."""
        section = etree.fromstring(etree.tostring(self.section))
        size, margins = section.find(f"{_W}pgSz"), section.find(f"{_W}pgMar")
        assert size is not None
        assert margins is not None
        if paper == "landscape":
            width, height = size.get(f"{_W}w", ""), size.get(f"{_W}h", "")
            size.attrib.update({f"{_W}w": height, f"{_W}h": width, f"{_W}orient": paper})
        edges = (size.get(f"{_W}w"), margins.get(f"{_W}left"), margins.get(f"{_W}right"))
        whole, left, right = (int(edge or 0) for edge in edges)
        return etree.tostring(section, encoding="unicode"), whole - left - right


@cache
def load_word_style(look: str) -> WordStyle:
    """Return the Word parts of a look."""
    folder = style_folder() / "word"
    parts: dict[str, bytes] = {}
    for root in (folder / "common", folder / look):
        parts |= {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    section = etree.fromstring(parts.pop("section.xml"))
    return WordStyle(parts, deflate_once(parts), section, _fonts(etree.fromstring(parts["word/styles.xml"])))


def _fonts(styles: etree._Element) -> dict[str, str]:
    default = styles.find(f"{_W}docDefaults//{_W}rFonts")
    assert default is not None
    known: dict[str, str] = {}
    for style in styles.iter(f"{_W}style"):
        own, base = style.find(f"{_W}rPr/{_W}rFonts"), style.find(f"{_W}basedOn")
        inherited = known.get(base.get(f"{_W}val", ""), "") if base is not None else ""
        known[style.get(f"{_W}styleId", "")] = _as_xml(own) if own is not None else inherited or _as_xml(default)
    return known


def _as_xml(fonts: etree._Element) -> str:
    names = "".join(f' w:{kind}="{fonts.get(_W + kind)}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    return f'<w:rFonts w:hint="eastAsia"{names}/>'
