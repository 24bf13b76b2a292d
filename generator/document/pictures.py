"""Pictures in a PDF: a file of the photo folder in, its objects and its proportions out, as WeasyPrint embeds it."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from weasyprint import DEFAULT_OPTIONS
from weasyprint.images import get_image_from_uri
from weasyprint.urls import URLFetcherResponse

from generator.document.html import PHOTO_SCHEME
from generator.document.pdf_file import Packed
from generator.document.shaping import UnstampableError, number_of
from generator.document.typeset import as_stream, fetch_photos


@dataclass(frozen=True)
class Picture:
    """A picture: its name in the file, width divided by height, its stream, and that of its transparency."""

    name: str
    ratio: float
    stream: Packed
    mask: Packed | None

    def fit(self, x: float, y: float, width: float, height: float) -> bytes:
        """Return the operators that draw it as large as a box allows, in the middle of it; px."""
        wide = self.ratio * height <= width
        own = (height * self.ratio, height) if wide else (width, width / self.ratio)
        left, top = x + (width - own[0]) / 2, y + (height - own[1]) / 2
        place = f"1 0 0 1 {number_of(left)} {number_of(top)} cm"
        size = f"{number_of(own[0])} 0 0 {number_of(-own[1])} 0 {number_of(own[1])} cm"
        return f"{place}\nq\n{size}\n/{self.name} Do\nQ".encode()


def load_picture(source: str, photos: Path | None) -> Picture:
    """Return a picture of the photo folder; raise FatalURLFetchingError where it cannot be read."""
    image = get_image_from_uri({}, fetch_photos(photos), DEFAULT_OPTIONS, f"{PHOTO_SCHEME}:{source}")
    if image is None or not getattr(image, "height", 0):
        raise UnstampableError(source)
    made = image.get_x_object(interpolate=True, dpi_ratio=1)
    mask = made.extra.pop("SMask", None)
    stream, hidden = as_stream(made), as_stream(mask) if mask else None
    return Picture(f"p{sha256(stream.data).hexdigest()[:16]}", image.ratio, stream, hidden)


def fetch_blank(url: str, *_: object, **__: object) -> Any:
    """Return a blank picture, whatever is asked for."""
    buffer = BytesIO()
    Image.new("L", (1, 1)).save(buffer, "PNG")
    return URLFetcherResponse(url, buffer.getvalue(), {"Content-Type": "image/png"})
