"""Document trees into PDF/A-2u bytes, printed by WeasyPrint with our own faces only."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from generator.document.pdf_file import Trailer, write_file
from generator.document.text import text_of
from generator.document.tree import Document
from generator.fonts import Faces, covers
from generator.problems import KaowuError

if TYPE_CHECKING:
    from generator.document.stamp import Stamper


class PdfWriter:
    """Prints documents; keeps faces, style sheets and forms over all documents of one process.

    Build it after a fork: WeasyPrint keeps copies of the font files and deletes them with the writer.
    """

    def __init__(self, faces: Faces) -> None:
        from generator.document.typeset import Typesetter  # noqa: PLC0415 - needs Pango, which not every machine has

        self._faces = faces
        self._typesetter = Typesetter(faces)

    @cached_property
    def _stamper(self) -> "Stamper":
        from generator.document.stamp import Stamper  # noqa: PLC0415 - as above

        return Stamper(self._typesetter, self._faces)

    def expect(self, characters: Collection[str]) -> None:
        """Say which characters the documents of a batch print: it prints faster, and the same to the byte."""
        self._typesetter.expect(characters)

    def write(
        self, documents: Sequence[Document], *, day: date, photos: Path | None = None, many: bool = False
    ) -> bytes:
        """Return the documents bound into one PDF dated ``day``, each with its own page numbers.

        ``many`` is for documents of which there are many alike: each shape is laid out only once.
        Raises KaowuError for characters no face can print and for missing pictures.
        """
        from generator.document.shaping import UnstampableError  # noqa: PLC0415 - as above
        from generator.document.typeset import unprintable, watching  # noqa: PLC0415 - as above

        characters = frozenset().union(*(text_of(document) for document in documents))
        undrawn = sorted(covers(self._faces, "".join(characters)))
        if undrawn:
            raise KaowuError([unprintable(documents[0].title, undrawn)])
        with watching(documents[0].title):
            try:
                if many:
                    return self._stamper.write(documents, day, photos, characters)
            except UnstampableError:
                pass
            self._typesetter.fonts_for(characters)
            return self._write_plainly(documents, day, photos)

    def _write_plainly(self, documents: Sequence[Document], day: date, photos: Path | None) -> bytes:
        from generator.document.typeset import as_object, draw  # noqa: PLC0415 - as above

        laid_out = [self._typesetter.lay_out(document, day, photos) for document in documents]
        pdf = draw(laid_out[0].copy([page for part in laid_out for page in part.pages]))
        pdf.add_object(pdf.info)
        objects = {made.number: as_object(made) for made in pdf.objects[1:]}
        return write_file(objects, Trailer(pdf.catalog.number, pdf.info.number, _identifier(documents, day)))


def _identifier(documents: Sequence[Document], day: date) -> bytes:
    return sha256(repr((documents, day)).encode()).hexdigest()[:32].encode()
