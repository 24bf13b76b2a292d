"""Print documents of which many have one shape: each shape is laid out once, each document's words are put in.

The file depends on the document alone: how its lines run and where they stand follows from its own words, whether
they were found now or for a document before it.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from generator.document.embed import Embedder
from generator.document.emptying import make_frame
from generator.document.form import Form, Laid, fill_slots
from generator.document.frame import DAY, TITLE, Above, Frame, Rest, fill, open_references, refer
from generator.document.html import mask_html
from generator.document.pdf_file import Bundle, Packed, Trailer, Value, deflate, write_file
from generator.document.pictures import Picture, fetch_blank, load_picture
from generator.document.reading import Piece, Reader
from generator.document.shaping import Shaped, Shaper, UnstampableError
from generator.document.tree import Document
from generator.document.typeset import Typesetter, as_object
from generator.fonts import Faces

_FORMS, _FRAMES = 192, 768
_PROBE = "国"
_LEVEL = 1


@dataclass(frozen=True)
class Stamped:
    """A document whose words have been put in: its frame, and what each page draws."""

    frame: Frame
    contents: tuple[Packed, ...]
    pictures: tuple[Picture, ...]


class Stamper:
    """Puts words into frames; keeps shapes, frames and glyphs over all documents of one process."""

    def __init__(self, typesetter: Typesetter, faces: Faces) -> None:
        self._typesetter = typesetter
        self._embedders = {face.role.name: Embedder(face) for face in faces.found}
        self._shaper = Shaper(self._embedders)
        self._forms: OrderedDict[tuple[str, str, str], Form] = OrderedDict()
        self._frames: OrderedDict[tuple[Any, ...], Frame] = OrderedDict()

    def write(self, documents: Sequence[Document], day: date, photos: Path | None, characters: frozenset[str]) -> bytes:
        """Return the documents in one file; raise UnstampableError for what needs a layout of its own."""
        self._shaper.use(self._typesetter.fonts_for(characters))
        glyphs: dict[str, dict[int, str]] = {}
        stamped = [self._stamp(document, day, photos, glyphs) for document in documents]
        return _File(self._embedders).write(stamped, (documents[0].title, day), glyphs)

    def _stamp(self, document: Document, day: date, photos: Path | None, glyphs: dict[str, dict[int, str]]) -> Stamped:
        masked = mask_html(document)
        form = self._form_for(masked.page, document)
        frame, laid = self._place(form, document, (day, photos), form.split(masked.texts))
        pictures = [load_picture(source, photos) for source in masked.photos]
        shown = dict(zip(form.pictured, pictures, strict=True))
        if len(shown) != len(pictures):
            raise UnstampableError("two pictures in one paragraph")
        contents, printed = frame.contents([part.lines for part in laid], shown, self._shape)
        for glyph in printed:
            glyphs.setdefault(glyph.role, {}).setdefault(glyph.number, glyph.text)
        return Stamped(frame, tuple(deflate(content, level=_LEVEL) for content in contents), tuple(pictures))

    def _form_for(self, page: str, document: Document) -> Form:
        key = (page, document.look, document.paper)
        form: Form | None = _recall(self._forms, key, _FORMS)
        if form is None:
            probe = self._typesetter.render(fill_slots(page, _PROBE), document, fetch_blank)
            form = self._forms[key] = Form(page, probe, self._shaper)
        return form

    def _place(
        self, form: Form, document: Document, about: tuple[date, Path | None], texts: Sequence[tuple[str, ...]]
    ) -> tuple[Frame, list[Laid]]:
        """Return the frame of a document and the lines of its paragraphs; lay it out where one is not known."""
        laid = [form.lay(number, words) for number, words in enumerate(texts)]
        known = [part for part in laid if part is not None]
        frame = _recall(self._frames, _key(form, known), _FRAMES) if len(known) == len(laid) else None
        if frame is not None:
            return frame, known
        pages = self._typesetter.lay_out(document, *about)
        blocks = Reader(pages).blocks()
        found = [
            form.learn(number, words, blocks[number].lines if number in blocks else ()) if part is None else part
            for number, (part, words) in enumerate(zip(laid, texts, strict=True))
        ]
        frame = _recall(self._frames, _key(form, found), _FRAMES)
        if frame is None:
            frame = self._frames[_key(form, found)] = make_frame(pages, form.keep_style)
        return frame, found

    def _shape(self, piece: Piece) -> Shaped:
        return self._shaper.shape(piece.text, piece.style)


def _key(form: Form, laid: Iterable[Laid]) -> tuple[Any, ...]:
    return (form, *(part.signature for part in laid))


def _recall(kept: OrderedDict[Any, Any], key: Any, most: int) -> Any:
    """Return what is kept under a key, or None; forget what was not asked for longest."""
    while len(kept) >= most:
        kept.popitem(last=False)
    if key in kept:
        kept.move_to_end(key)
    return kept.get(key)


class _File:
    """Numbers and writes the objects of one file."""

    def __init__(self, embedders: Mapping[str, Embedder]) -> None:
        self._embedders = embedders
        self._objects: dict[int, Value | Packed | Bundle] = {}
        self._following = 1
        self._above = Above(*(self._reserve() for _ in range(3)))
        self._pages: list[int] = []
        self._top: list[int] = []
        self._parents: list[bytes] = []

    def write(self, stamped: Sequence[Stamped], about: tuple[str, date], glyphs: Mapping[str, dict[int, str]]) -> bytes:
        """Return the file of documents, with title and day."""
        rest = stamped[0].frame.rest
        catalog, root, parents, information, metadata = (self._reserve() for _ in range(5))
        shared = {number: self._reserve() for number, _made in rest.shared}
        for number, made in rest.shared:
            self._objects[shared[number]] = _renumber(made, shared)
        for part in stamped:
            self._add_document(part)
        states = b"".join(dict.fromkeys(part.frame.states[2:-2] for part in stamped))
        pictures = {picture.name: picture for part in stamped for picture in part.pictures}
        entries = (states, shared[rest.colors], self._embed(glyphs), self._show(pictures.values()))
        self._put(self._above.resources, b"<</ExtGState<<%b>>/ColorSpace %d 0 R/Font<<%b>>/XObject<<%b>>>>" % entries)
        count = len(self._pages)
        self._put(self._above.pages, b"<</Type/Pages/Kids[%b]/Count %d>>" % (refer(self._pages), count))
        self._put(root, b"<</Type/StructTreeRoot/ParentTree %d 0 R/K[%d 0 R]>>" % (parents, self._above.top))
        self._put(self._above.top, b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (root, refer(self._top)))
        numbers = b" ".join(b"%d [%b]" % pair for pair in enumerate(self._parents))
        self._put(parents, b"<</Nums[%b]>>" % numbers)
        whole = (fill(rest.catalog, shared), self._above.pages, root, metadata)
        self._put(catalog, b"<</Type/Catalog%b/Pages %d 0 R/StructTreeRoot %d 0 R/Metadata %d 0 R>>" % whole)
        self._objects[metadata] = _metadata(rest, *about)
        self._put(information, _information(rest, *about))
        seal = sha256(repr(about).encode() + b"".join(content.data for part in stamped for content in part.contents))
        return write_file(self._objects, Trailer(catalog, information, seal.hexdigest()[:32].encode()), level=_LEVEL)

    def _add_document(self, part: Stamped) -> None:
        """Add the drawings of a document, then its pages and its structure, which are the same for all of its frame."""
        first = self._following
        for content in part.contents:
            self._objects[self._reserve()] = content
        structure = part.frame.structure(first, len(self._pages), self._above)
        self._objects[self._following] = structure.bundle
        self._following += 1 + len(structure.bundle.numbers)
        self._pages += structure.pages
        self._top += structure.top
        self._parents += structure.parents

    def _reserve(self) -> int:
        self._following += 1
        return self._following - 1

    def _put(self, number: int, data: bytes) -> None:
        self._objects[number] = Value(data)

    def _embed(self, glyphs: Mapping[str, dict[int, str]]) -> bytes:
        """Add a font for each face that prints something; return the entries that name them."""
        entries = []
        for role in sorted(glyphs):
            first = self._following
            for made in self._embedders[role].embed(glyphs[role]).objects(first):
                self._objects[self._reserve()] = made
            entries.append(b"/%b %d 0 R" % (role.encode(), first))
        return b"".join(entries)

    def _show(self, pictures: Iterable[Picture]) -> bytes:
        """Add the pictures; return the entries that name them."""
        entries = []
        for picture in pictures:
            number, mask = self._reserve(), b""
            if picture.mask:
                mask = b"/SMask %d 0 R" % self._following
                self._objects[self._reserve()] = picture.mask
            self._objects[number] = Packed(picture.stream.entries + mask, picture.stream.data)
            entries.append(b"/%b %d 0 R" % (picture.name.encode(), number))
        return b"".join(entries)


def _renumber(made: Any, numbers: Mapping[int, int]) -> Value | Packed:
    kept = as_object(made)
    return kept if isinstance(kept, Packed) else Value(fill(open_references(kept.data), numbers))


def _information(rest: Rest, title: str, day: date) -> bytes:
    stamp = f"(D:{day:%Y%m%d})"
    named = f"/Title<feff{title.encode('utf-16-be').hex()}>" if title else ""
    return b"<</Producer %b%b>>" % (rest.producer, f"{named}/CreationDate{stamp}/ModDate{stamp}".encode())


def _metadata(rest: Rest, title: str, day: date) -> Packed:
    xml = rest.metadata.decode().replace(TITLE, escape(title)).replace(DAY, day.isoformat())
    return deflate(xml.encode(), b"/Type/Metadata/Subtype/XML", level=_LEVEL)
