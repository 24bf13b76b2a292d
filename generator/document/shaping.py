"""Set single lines of text: a text and its style in, its size and the operators that print it out.

Pango does it, through the layouts of WeasyPrint, so that a text comes out as WeasyPrint itself would set it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.line_break import Layout

from generator.document.embed import Embedder

_FAMILY = "kaowu-"
_KEPT = 8192
# What of a style decides how a text is set.
_TOLD = (
    "direction",
    "font_family",
    "font_feature_settings",
    "font_kerning",
    "font_language_override",
    "font_size",
    "font_stretch",
    "font_style",
    "font_variant_alternates",
    "font_variant_caps",
    "font_variant_east_asian",
    "font_variant_ligatures",
    "font_variant_numeric",
    "font_variant_position",
    "font_variation_settings",
    "font_weight",
    "lang",
    "letter_spacing",
    "overflow_wrap",
    "tab_size",
    "text_decoration_line",
    "white_space",
    "word_spacing",
)


class UnstampableError(Exception):
    """Something that only a layout of its own prints right."""


@dataclass(frozen=True)
class Glyph:
    """A glyph of a face and the text it stands for."""

    role: str
    number: int
    text: str


@dataclass(frozen=True)
class Shaped:
    """A text that has been set: its size in px, its operators but for the position, its glyphs in order."""

    width: float
    height: float
    baseline: float
    operators: bytes
    glyphs: tuple[Glyph, ...]


class Style(dict[str, Any]):
    """What of WeasyPrint's style decides how a text is set, kept without the page it came from."""

    def __init__(self, style: Any) -> None:
        super().__init__({name: style[name] for name in _TOLD})
        if style["letter_spacing"] != "normal" or style["word_spacing"] or style["text_decoration_line"] != "none":
            raise UnstampableError(str(self))
        self.color = tuple(style["color"].to("srgb").coordinates)
        self.key = repr((sorted(self.items()), self.color))
        self.font_config: Any = None


class Shaper:
    """Sets texts, each once."""

    def __init__(self, embedders: Mapping[str, Embedder]) -> None:
        self._embedders = embedders
        self._fonts: Any = None
        self._layouts: dict[str, Any] = {}
        self._shaped: dict[tuple[str, str], Shaped] = {}

    def use(self, fonts: Any) -> None:
        """Set with the faces of a font configuration from now on."""
        if fonts is not self._fonts:
            self._fonts = fonts
            self._layouts = {}

    def shape(self, text: str, style: Style) -> Shaped:
        """Return the text as one line."""
        key = (text, style.key)
        if key not in self._shaped:
            if len(self._shaped) >= _KEPT:
                self._shaped.clear()
            self._shaped[key] = self._set(text, style)
        return self._shaped[key]

    def _set(self, text: str, style: Style) -> Shaped:
        layout = self._layout_for(style)
        layout.set_text(text)
        line, resume = layout.get_first_line()
        if resume is not None:
            raise UnstampableError(text)
        extents = ffi.new("PangoRectangle *")
        pango.pango_layout_line_get_extents(line, ffi.NULL, extents)
        baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
        operators, glyphs = self._read(line, text) if text.strip() else (b"", ())
        return Shaped(extents.width * FROM_UNITS, extents.height * FROM_UNITS, baseline, operators, glyphs)

    def _layout_for(self, style: Style) -> Any:
        if style.key not in self._layouts:
            style.font_config = self._fonts
            self._layouts[style.key] = Layout(style)
        return self._layouts[style.key]

    def _read(self, line: Any, text: str) -> tuple[bytes, tuple[Glyph, ...]]:
        """Return the operators and glyphs of a line."""
        operators: list[str] = []
        glyphs: list[Glyph] = []
        encoded = text.encode()
        run = line.runs[0]
        while run != ffi.NULL:
            role, size = _face_of(run.data.item.analysis.font)
            written = self._read_run(run.data, (role, size), encoded, glyphs)
            operators.append(f"/{role} {number_of(size)} Tf [<{written}>] TJ")
            run = run.next
        return "\n".join(operators).replace("<>", "").encode(), tuple(glyphs)

    def _read_run(self, item: Any, face: tuple[str, float], encoded: bytes, glyphs: list[Glyph]) -> str:
        """Return the hexadecimal glyphs of a run, with what sets them apart; add them to ``glyphs``."""
        role, size = face
        embedder = self._embedders[role]
        count = item.glyphs.num_glyphs
        clusters = [*item.glyphs.log_clusters[0:count], item.item.length]
        start = item.item.offset
        written: list[str] = []
        if item.item.analysis.level % 2:
            raise UnstampableError(encoded.decode())
        for index, info in enumerate(item.glyphs.glyphs[0:count]):
            number, geometry = info.glyph, info.geometry
            if number == pango.PANGO_GLYPH_EMPTY:
                written.append(f">{-geometry.width / size}<")
                continue
            if number & pango.PANGO_GLYPH_UNKNOWN_FLAG or geometry.y_offset:
                raise UnstampableError(encoded.decode())
            stands_for = encoded[start + clusters[index] : start + clusters[index + 1]].decode()
            glyphs.append(Glyph(role, number, stands_for))
            offset = geometry.x_offset / size
            written.append((f">{-offset}<" if offset else "") + f"{number:04x}")
            if kerning := int(embedder.width(number) + offset - geometry.width * 1000 * FROM_UNITS / size):
                written.append(f">{kerning}<")
        return "".join(written)


def number_of(value: float) -> str:
    """Return a number as PDF writes it."""
    return f"{value:f}".rstrip("0").rstrip(".")


def _face_of(font: Any) -> tuple[str, float]:
    """Return the role of a face of Pango and its size in px."""
    description = ffi.gc(pango.pango_font_describe_with_absolute_size(font), pango.pango_font_description_free)
    family = ffi.string(pango.pango_font_description_get_family(description)).decode().partition(",")[0]
    if not family.startswith(_FAMILY):
        raise UnstampableError(family)
    return family.removeprefix(_FAMILY), pango.pango_font_description_get_size(description) * FROM_UNITS
