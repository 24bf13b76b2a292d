"""What the tests of the document engine share."""

import pytest

from generator.document.pdf import PdfWriter
from generator.fonts import Faces


@pytest.fixture(scope="session")
def pdf_writer(faces: Faces) -> PdfWriter:
    return PdfWriter(faces)
