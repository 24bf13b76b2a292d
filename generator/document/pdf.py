"""Document trees into PDF/A-2u bytes, printed by WeasyPrint with our own faces only."""

import io
import logging
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from generator.document.html import PHOTO_SCHEME, write_html
from generator.document.photos import read_photo
from generator.document.style import style_folder
from generator.document.text import text_of
from generator.document.tree import Document
from generator.fonts import Faces, covers, stylesheet
from generator.problems import KaowuError, Place, Problem

_NOT_DRAWN = re.compile(r"\.notdef glyph rendered for Unicode string unsupported by fonts: (.*)")
_OPTIONS: dict[str, Any] = {"pdf_variant": "pdf/a-2u", "pdf_tags": True}


class PdfWriter:
    """Prints documents; keeps faces and style sheets over all documents of one process.

    Build it after a fork: WeasyPrint keeps copies of the font files and deletes them with the writer.
    """

    def __init__(self, faces: Faces) -> None:
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - needs Pango, which not every machine has

        self._faces = faces
        self._fonts = FontConfiguration()
        self._sheets: dict[tuple[str, str], list[Any]] = {}
        self._face_sheet = self._sheet(stylesheet(faces), _fetcher(None, faces))

    def write(self, documents: Sequence[Document], *, day: date, photos: Path | None = None) -> bytes:
        """Return the documents bound into one PDF dated ``day``, each with its own page numbers.

        Raises KaowuError for characters no face can print and for missing pictures.
        """
        undrawn = sorted(set().union(*(covers(self._faces, text_of(document)) for document in documents)))
        if undrawn:
            raise KaowuError([_unprintable(documents[0].title, "".join(undrawn))])
        with _watching(documents[0].title):
            laid_out = [self._lay_out(document, day, photos) for document in documents]
            pages = [page for part in laid_out for page in part.pages]
            return _as_bytes(laid_out[0].copy(pages), _identifier(documents, day))

    def _lay_out(self, document: Document, day: date, photos: Path | None) -> Any:
        from weasyprint import HTML  # noqa: PLC0415 - as above

        fetcher = _fetcher(photos, self._faces)
        page = HTML(string=write_html(document, day.isoformat()), url_fetcher=fetcher)
        sheets = self._sheets_for(document.look, document.paper)
        return page.render(font_config=self._fonts, stylesheets=sheets, **_OPTIONS)

    def _sheets_for(self, look: str, paper: str) -> list[Any]:
        if (look, paper) not in self._sheets:
            folder = style_folder() / "print"
            texts = [(folder / f"{name}.css").read_text(encoding="utf-8") for name in ("base", look)]
            texts.append(f"@page {{ size: A4 {paper} }}")
            self._sheets[look, paper] = [self._face_sheet, *(self._sheet(text, _refuse) for text in texts)]
        return self._sheets[look, paper]

    def _sheet(self, text: str, fetcher: Any) -> Any:
        from weasyprint import CSS  # noqa: PLC0415 - as above

        return CSS(string=text, font_config=self._fonts, url_fetcher=fetcher)


def _as_bytes(laid_out: Any, identifier: bytes) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint 70 leaves its colour profile open
        laid_out.write_pdf(buffer, pdf_identifier=identifier, **_OPTIONS)
    return buffer.getvalue()


def _refuse(url: str, *_: object, **__: object) -> Any:
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 - as above

    raise FatalURLFetchingError(url)


def _fetcher(photos: Path | None, faces: Faces) -> Any:
    """Return what WeasyPrint may fetch: our faces and pictures of the photo folder, nothing else."""
    from weasyprint.urls import URLFetcherResponse  # noqa: PLC0415 - as above

    allowed = {face.path.as_uri(): face.path for face in faces.found}

    def fetch(url: str, *_: object, **__: object) -> Any:
        if url in allowed:
            return URLFetcherResponse(url, allowed[url].read_bytes())
        scheme, _colon, name = url.partition(":")
        if scheme == PHOTO_SCHEME:
            return _photo_response(url, photos, unquote(name))
        return _refuse(url)

    return fetch


def _photo_response(url: str, photos: Path | None, name: str) -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse  # noqa: PLC0415 - as above

    try:
        data, kind = read_photo(photos, name)
    except KaowuError as error:
        raise FatalURLFetchingError(url) from error
    return URLFetcherResponse(url, data, {"Content-Type": f"image/{kind}"})


def _identifier(documents: Sequence[Document], day: date) -> bytes:
    return sha256(repr((documents, day)).encode()).hexdigest()[:32].encode()


@contextmanager
def _watching(title: str) -> Iterator[None]:
    """Turn what WeasyPrint only logs into errors: undrawn characters and what could not be loaded."""
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 - as above

    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign, assignment]
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield
    except FatalURLFetchingError as error:
        if isinstance(error.__cause__, KaowuError):
            raise error.__cause__ from error
        raise KaowuError([Problem(Place(title), "pdf-fetch", f"文档要取用不允许的内容：{error}")]) from error
    finally:
        logger.removeHandler(handler)
    messages = [record.getMessage() for record in records if record.levelno >= logging.WARNING]
    undrawn = "".join(hit[1] for message in messages if (hit := _NOT_DRAWN.search(message)))
    if undrawn:
        raise KaowuError([_unprintable(title, undrawn)])


def _unprintable(title: str, characters: str) -> Problem:
    named = "、".join(f"{char}（U+{ord(char):04X}）" for char in dict.fromkeys(characters.strip("\"'“” ")))
    remedy = "把含有这些字的字体放进字体文件夹；Word 文件不受影响"
    return Problem(Place(title), "pdf-character", f"没有字体能印出：{named}", remedy)
