"""Document trees into PDF/A-2u bytes, printed by WeasyPrint with our own faces only."""

from collections.abc import Collection, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

from generator.document.pdf_file import Trailer, write_file
from generator.document.text import text_of
from generator.document.tree import Document
from generator.fonts import Faces, covers
from generator.problems import KaowuError


class PdfWriter:
    """Prints documents; keeps faces and style sheets over all documents of one process.

    Build it after a fork: WeasyPrint keeps copies of the font files and deletes them with the writer.
    """

    def __init__(self, faces: Faces) -> None:
        from generator.document.typeset import Typesetter  # noqa: PLC0415 - needs Pango, which not every machine has

        self._faces = faces
        self._typesetter = Typesetter(faces)

    def expect(self, characters: Collection[str]) -> None:
        """Say which characters the documents of a batch print: it prints faster, and the same to the byte."""
        self._typesetter.expect(characters)

    def write(self, documents: Sequence[Document], *, day: date, photos: Path | None = None) -> bytes:
        """Return the documents bound into one PDF dated ``day``, each with its own page numbers.

        Raises KaowuError for characters no face can print and for missing pictures.
        """
        from generator.document.typeset import as_object, draw, unprintable, watching  # noqa: PLC0415 - as above

        texts = [set(text_of(document)) for document in documents]
        undrawn = sorted(covers(self._faces, "".join(set().union(*texts))))
        if undrawn:
            raise KaowuError([unprintable(documents[0].title, undrawn)])
        with watching(documents[0].title):
            laid_out = [
                self._typesetter.lay_out(document, day, photos, characters=characters)
                for document, characters in zip(documents, texts, strict=True)
            ]
            pdf = draw(laid_out[0].copy([page for part in laid_out for page in part.pages]))
        pdf.add_object(pdf.info)
        objects = {made.number: as_object(made) for made in pdf.objects[1:]}
        return write_file(objects, Trailer(pdf.catalog.number, pdf.info.number, _identifier(documents, day)))


def _identifier(documents: Sequence[Document], day: date) -> bytes:
    return sha256(repr((documents, day)).encode()).hexdigest()[:32].encode()
