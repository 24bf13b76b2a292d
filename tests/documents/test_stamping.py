"""Every document that a pack makes for many things, of every example: stamped, it is the page laid out by itself."""

from collections.abc import Mapping

import pytest

from generator.document.pdf import PdfWriter
from generator.fonts import Faces
from generator.pack.plan import Piece
from tests.document.test_formats import pdf_text
from tests.document.test_printing import assert_same_pages
from tests.documents.conftest import SOURCES, Example

EACH = 2


@pytest.fixture(scope="module")
def stamping(faces: Faces) -> PdfWriter:
    """Return one writer for all documents, so that forms of one round serve another."""
    return PdfWriter(faces)


def many_of(examples: Mapping[str, Example], name: str) -> tuple[Example, list[Piece]] | None:
    """Return the example that makes most of a document, with its pieces; None when each round makes one."""
    found = []
    for example in examples.values():
        pieces = [piece for piece in example.plan.pieces() if piece.source.id == name]
        if pieces and pieces[0].source.scope != example.thing.entity:
            found.append((example, pieces))
    return max(found, key=lambda pair: len(pair[1]), default=None)


@pytest.mark.parametrize("name", SOURCES)
def test_the_stamped_document_is_the_plain_one(name: str, examples: Mapping[str, Example], stamping: PdfWriter) -> None:
    found = many_of(examples, name)
    if found is None:
        return
    for piece in found[1][-EACH:]:
        job = found[0].binder.bind(piece)
        made, plain = (
            stamping.write([job.document], day=job.day, photos=job.photos, many=many) for many in (True, False)
        )
        assert job.many
        assert_same_pages(made, plain)
        assert pdf_text(made) == pdf_text(plain)
