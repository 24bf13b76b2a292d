"""Faces embedded in a PDF: the glyphs a file prints of a face in, the objects of one font out.

A face whose glyphs are the same as in an earlier file (the labels of a form) is cut and deflated only once.
"""

from array import array
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from sys import byteorder
from typing import Any

import uharfbuzz

from generator.document.pdf_file import Packed, Value, deflate
from generator.fonts import Face

# What a page needs no more once its glyphs are chosen; an OpenType font with CFF outlines keeps what its format asks.
_NOT_PRINTED = b"BASE,DSIG,FFTM,GDEF,GPOS,GSUB,OS/2,VORG,cmap,gasp,name,post,vhea,vmtx".split(b",")
_LAYOUT = b"BASE,DSIG,GPOS,GSUB".split(b",")
_KEPT = 64
_LEVEL = 1  # most of them serve one file
_MAP_HEAD = (
    b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo\n<< /Registry (Adobe)\n"
    b"/Ordering (UCS)\n/Supplement 0\n>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    b"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
)
_MAP_TAIL = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"


@dataclass(frozen=True)
class Program:
    """A font of some glyphs: its streams, and what its dictionaries say."""

    name: bytes
    outlines: Packed
    to_unicode: Packed
    numbering: Packed | None
    widths: bytes
    metrics: bytes

    def objects(self, first: int) -> Iterator[Value | Packed]:
        """Yield the objects of the font, numbered from ``first``; the first of them is the font itself."""
        descendant, descriptor, outlines, to_unicode, numbering = range(first + 1, first + 6)
        key, kind = (b"FontFile2", b"2") if self.numbering else (b"FontFile3", b"0")
        number = b"%d 0 R" % numbering if self.numbering else b"/Identity"
        base = b"/BaseFont/%b" % self.name
        head = b"<</Type/Font/Subtype/Type0%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        yield Value(head % (base, descendant, to_unicode))
        system = b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        inner = b"<</Type/Font/Subtype/CIDFontType%b%b%b/CIDToGIDMap %b/DW 1000/W[%b]/FontDescriptor %d 0 R>>"
        yield Value(inner % (kind, base, system, number, self.widths, descriptor))
        described = b"<</Type/FontDescriptor/FontName/%b%b/%b %d 0 R>>"
        yield Value(described % (self.name, self.metrics, key, outlines))
        yield self.outlines
        yield self.to_unicode
        if self.numbering:
            yield self.numbering


class Embedder:
    """Makes the font of one face for the glyphs of each file."""

    def __init__(self, face: Face) -> None:
        self._role = face.role.name.encode()
        self._face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(face.path)))
        self._font = uharfbuzz.Font(self._face)
        self._has_outlines = bool(len(self._face.reference_table("glyf")))
        self._made: OrderedDict[tuple[tuple[int, str], ...], Program] = OrderedDict()
        self._widths: dict[int, int] = {}

    def width(self, glyph: int) -> int:
        """Return how wide a glyph is, in thousandths of the size."""
        if glyph not in self._widths:
            self._widths[glyph] = round(self._font.get_glyph_h_advance(glyph) * 1000 / self._face.upem)
        return self._widths[glyph]

    def embed(self, texts: Mapping[int, str]) -> Program:
        """Return the font of the glyphs, each with the text it stands for."""
        key = tuple(sorted(texts.items()))
        if key not in self._made:
            self._made[key] = self._make(dict(key))
            if len(self._made) > _KEPT:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        return self._made[key]

    def _make(self, texts: dict[int, str]) -> Program:
        tag = sha256(repr(texts).encode()).digest()[:6]
        name = bytes(65 + value % 26 for value in tag) + b"+kaowu-" + self._role
        widths = {glyph: self.width(glyph) for glyph in texts}
        listed = b" ".join(b"%d[%d]" % pair for pair in widths.items() if pair[1] != 1000)
        metrics = self._metrics(max(widths.values()))
        if not self._has_outlines:
            return Program(name, self._whole(texts), _to_unicode(texts), None, listed, metrics)
        outlines, numbering = self._cut(texts)
        return Program(name, outlines, _to_unicode(texts), numbering, listed, metrics)

    def _metrics(self, widest: int) -> bytes:
        extents = self._font.get_font_extents("ltr")
        ascent, descent = (round(value * 1000 / self._face.upem) for value in (extents.ascender, extents.descender))
        box = (b"kaowu-" + self._role, descent, widest, ascent, ascent, descent, ascent)
        flags = b"/FontFamily(%b)/Flags 4/FontBBox[0 %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d"
        return flags % box + b"/StemV 80/StemH 80"

    def _cut(self, texts: dict[int, str]) -> tuple[Packed, Packed]:
        """Return the outlines, numbered anew, and the table from old numbers to new ones."""
        plan = uharfbuzz.SubsetPlan(self._face, self._wanted(texts, _NOT_PRINTED))
        renumbered = dict(plan.old_to_new_glyph_mapping.items())
        data = bytes(plan.execute().blob.data)
        table = array("H", bytes(2 * max(texts) + 2))
        for glyph in texts:
            table[glyph] = renumbered[glyph]
        if byteorder == "little":
            table.byteswap()
        return deflate(data, b"/Length1 %d" % len(data), level=_LEVEL), deflate(table.tobytes(), level=_LEVEL)

    def _whole(self, texts: dict[int, str]) -> Packed:
        """Return the outlines under their own numbers, for fonts that cannot be numbered anew."""
        wanted = self._wanted(texts, _LAYOUT)
        wanted.flags |= uharfbuzz.SubsetFlags.RETAIN_GIDS | uharfbuzz.SubsetFlags.DESUBROUTINIZE
        return deflate(bytes(uharfbuzz.subset(self._face, wanted).blob.data), b"/Subtype/OpenType", level=_LEVEL)

    def _wanted(self, texts: dict[int, str], dropped: list[bytes]) -> Any:
        wanted = uharfbuzz.SubsetInput()
        wanted.glyph_set.update(texts)
        wanted.drop_table_tag_set.update(int.from_bytes(tag, "big") for tag in dropped)
        wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
        return wanted


def _to_unicode(texts: dict[int, str]) -> Packed:
    lines = [b"<%04x> <%b>" % (glyph, text.encode("utf-16-be").hex().encode()) for glyph, text in texts.items()]
    parts = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = b"".join(b"%d beginbfchar\n%b\nendbfchar\n" % (len(part), b"\n".join(part)) for part in parts)
    return deflate(_MAP_HEAD + body + _MAP_TAIL, level=_LEVEL)
