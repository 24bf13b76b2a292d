"""Lay documents out: document trees in, WeasyPrint's pages out, and those pages as the objects of a PDF.

Style sheets are read once, faces are cut to the characters of the batch, and nothing is fetched but our own faces
and the pictures of the photo folder.
"""

import gc
import io
import logging
import re
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import cssselect2
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcherResponse

from generator.document.cut import ALWAYS, cut_face
from generator.document.html import PHOTO_SCHEME, write_html
from generator.document.pdf_file import Packed, Value, deflate
from generator.document.photos import read_photo
from generator.document.style import style_folder
from generator.document.tree import Document
from generator.fonts import Face, Faces, stylesheet
from generator.problems import KaowuError, Place, Problem

_NOT_DRAWN = re.compile(r"\.notdef glyph rendered for Unicode string unsupported by fonts: (.*)")
_OPTIONS: dict[str, Any] = {"pdf_variant": "pdf/a-2u", "pdf_tags": True}
_SET = re.compile(r"--([a-z]+):([^;]*);")
_USED = re.compile(r"var\(--([a-z]+)\)")


class Typesetter:
    """Lays documents out; keeps faces and style sheets over all documents of one process.

    Build it after a fork: WeasyPrint keeps copies of the font files and deletes them with the configuration.
    """

    def __init__(self, faces: Faces) -> None:
        self._faces = faces
        self._expected: frozenset[str] = frozenset()
        self._loaded: frozenset[str] | None = None  # the characters faces are cut to; None: faces are whole
        self._fonts: Any = None
        self._face_sheet: Any = None
        self._sheets: dict[tuple[str, str], list[Any]] = {}

    def expect(self, characters: Collection[str]) -> None:
        """Cut the faces to what the documents of a batch will need, when the first of them is laid out."""
        self._expected = frozenset(characters)

    def lay_out(self, document: Document, day: date, photos: Path | None) -> Any:
        """Return the document's pages, dated ``day``; its characters are those last asked for."""
        return self.render(write_html(document, day.isoformat()), document, fetch_photos(photos))

    def render(self, page: str, document: Document, fetcher: Any) -> Any:
        """Return a page in the document's look and on its paper, its pictures from a fetcher."""
        sheets = [self._face_sheet, *self._sheets_for(document.look, document.paper)]
        with _without_collecting():
            read = _Page(page, fetcher)
            return read.render(font_config=self._fonts, stylesheets=sheets, **_OPTIONS)

    def fonts_for(self, characters: frozenset[str]) -> Any:
        """Return a font configuration that holds the characters; it serves until others are asked for."""
        self._load(characters)
        return self._fonts

    def _load(self, characters: frozenset[str]) -> None:
        """Have faces ready that hold the characters: cut to what is expected, whole once something else came."""
        if self._fonts is not None and (self._loaded is None or characters <= self._loaded):
            return
        wanted = self._expected | ALWAYS
        self._loaded = wanted if self._expected and characters <= wanted else None
        self._fonts = FontConfiguration()
        fetcher = _face_fetcher(self._faces.found, self._loaded)
        self._face_sheet = weasyprint.CSS(string=stylesheet(self._faces), font_config=self._fonts, url_fetcher=fetcher)

    def _sheets_for(self, look: str, paper: str) -> list[Any]:
        if (look, paper) not in self._sheets:
            folder = style_folder() / "print"
            text = "".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in ("base", look))
            texts = (_resolve(text), f"@page {{ size: A4 {paper} }}")
            self._sheets[look, paper] = [weasyprint.CSS(string=part, url_fetcher=_refuse) for part in texts]
        return self._sheets[look, paper]


class _Page(weasyprint.HTML):  # type: ignore[misc]
    """A page read by the C parser of XML, which is what we write; anything else goes to the parser of HTML."""

    def __init__(self, text: str, fetcher: Any) -> None:
        try:
            root = ET.fromstring(text)  # noqa: S314 - our own, and expat bounds what entities expand to
        except ET.ParseError:
            super().__init__(string=text, url_fetcher=fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = None, fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


def draw(laid_out: Any) -> Any:
    """Return pages as a pydyf.PDF that has not been written."""
    drawn: list[Any] = []

    def keep(_document: Any, pdf: Any) -> None:
        drawn.append((pdf, pdf.objects))
        pdf.objects = pdf.objects[:1]  # what WeasyPrint now writes is thrown away

    with warnings.catch_warnings(), _without_collecting():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint 70 leaves its colour profile open
        laid_out.write_pdf(io.BytesIO(), finisher=keep, uncompressed_pdf=True, pdf_identifier=b"0", **_OPTIONS)
    pdf, objects = drawn[0]
    pdf.objects = objects
    return pdf


def as_object(made: Any) -> Value | Packed:
    """Return an object of pydyf as we write it."""
    return as_stream(made) if hasattr(made, "stream") else Value(made.data)


def as_stream(made: Any) -> Packed:
    """Return a stream of pydyf as we write it, deflated unless it is compressed already."""
    head, _mark, rest = made.data.partition(b"\nstream\n")
    data = rest.removesuffix(b"\nendstream")
    entries = head[2:-2].rpartition(b"/Length ")[0]
    return Packed(entries, data) if b"/Filter" in entries else deflate(data, entries)


def _resolve(css: str) -> str:
    """Return a style sheet with its variables put in: WeasyPrint would do it for each element again."""
    values = dict(_SET.findall(css))
    return _USED.sub(lambda used: values[used[1]], _SET.sub("", css))


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Hold back the collector of cycles, which would walk over the growing page again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _refuse(url: str, *_: object, **__: object) -> Any:
    raise FatalURLFetchingError(url)


def _face_fetcher(faces: Iterable[Face], characters: frozenset[str] | None) -> Any:
    """Return what fetches our faces, cut to characters, and nothing else."""
    allowed = {face.path.as_uri(): face.path for face in faces}

    def fetch(url: str, *_: object, **__: object) -> Any:
        if url not in allowed:
            return _refuse(url)
        path = allowed[url]
        return URLFetcherResponse(url, path.read_bytes() if characters is None else cut_face(path, characters))

    return fetch


def fetch_photos(photos: Path | None) -> Any:
    """Return what fetches all a document may fetch: pictures of the photo folder, nothing else."""

    def fetch(url: str, *_: object, **__: object) -> Any:
        scheme, _colon, name = url.partition(":")
        return _photo_response(url, photos, unquote(name)) if scheme == PHOTO_SCHEME else _refuse(url)

    return fetch


def _photo_response(url: str, photos: Path | None, name: str) -> Any:
    try:
        data, kind = read_photo(photos, name)
    except KaowuError as error:
        raise FatalURLFetchingError(url) from error
    return URLFetcherResponse(url, data, {"Content-Type": f"image/{kind}"})


@contextmanager
def watching(title: str) -> Iterator[None]:
    """Turn what WeasyPrint only logs into errors: undrawn characters and what could not be loaded."""
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
        raise KaowuError([unprintable(title, undrawn)])


def unprintable(title: str, characters: Sequence[str] | str) -> Problem:
    """Return the problem of characters that no face has."""
    named = "、".join(f"{char}（U+{ord(char):04X}）" for char in dict.fromkeys("".join(characters).strip("\"'“” ")))
    remedy = "把含有这些字的字体放进字体文件夹；Word 文件不受影响"
    return Problem(Place(title), "pdf-character", f"没有字体能印出：{named}", remedy)
