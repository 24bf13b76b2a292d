"""Font files cut to the characters of a batch: a face and characters in, a smaller font file out.

Less to copy and to search for each document. Glyphs keep their numbers, and a glyph keeps every character it
stands for, so that a document's PDF is the same to the byte whatever batch its faces were cut for.
"""

import unicodedata
from collections.abc import Iterable
from pathlib import Path

# WeasyPrint measures every line box and some units with these; without them lines would move.
ALWAYS = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("\xa0\u200b\u3000—水国")


def cut_face(path: Path, characters: Iterable[str]) -> bytes:
    """Return the font file cut to ``characters`` (and the ones always needed), or whole where it cannot be cut."""
    import uharfbuzz  # noqa: PLC0415 - only printing needs it

    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
    font = uharfbuzz.Font(face)
    wanted = uharfbuzz.SubsetInput()
    wanted.flags = uharfbuzz.SubsetFlags.RETAIN_GIDS
    codes = [ord(char) for char in _composed(characters)]
    wanted.unicode_set.update(codes)
    wanted.glyph_set.update(font.get_nominal_glyph(code) or 0 for code in codes)
    try:
        return bytes(uharfbuzz.subset(face, wanted).blob.data)
    except RuntimeError:
        return path.read_bytes()


def _composed(characters: Iterable[str]) -> frozenset[str]:
    """Return the characters with those that HarfBuzz may compose of them or take them apart to."""
    text = "".join(sorted(characters))
    forms = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    pairs = {unicodedata.normalize("NFC", a + b) for b in text if unicodedata.combining(b) for a in text}
    return ALWAYS.union(text, *forms, *(pair for pair in pairs if len(pair) == 1))
