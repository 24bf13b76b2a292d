"""Write one document of a pack in its formats: a rendered document in, whole files and their entries out.

Runs in the process that builds, or in several; each keeps one PDF writer, made when the first PDF is wanted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

from generator.document.docx import write_docx
from generator.document.office import NO_OFFICE, convert_docx, has_office
from generator.document.pdf import PdfWriter
from generator.document.photos import read_photo
from generator.document.text import pictures_of, text_of
from generator.document.tree import Document
from generator.files import write_whole
from generator.fonts import find_faces
from generator.pack.manifest import Written, digest, hash_file, is_current, program_hash
from generator.problems import KaowuError

NOT_BOUND = "用了自备的 Word 模板，不能合订，请分份打印"
NO_PANGO = "本机没有 Pango，PDF 未生成，请用 Word 打开 DOCX 打印（kaowu doctor 说明怎样安装）"


@dataclass(frozen=True)
class Job:
    """A document to write under a stem; ``filled`` is the user's own Word template, already filled.

    ``others`` are bound behind it into one PDF. ``many`` says that it is one of many of its kind.
    """

    stem: str
    document: Document
    formats: tuple[str, ...]
    day: date
    photos: Path
    filled: bytes | None = None
    others: tuple[Document, ...] = ()
    many: bool = False

    @property
    def documents(self) -> tuple[Document, ...]:
        """Return all documents of the job, in order."""
        return (self.document, *self.others)


@dataclass(frozen=True)
class Outcome:
    """The files of one job, how many were left alone, and why a PDF was withheld (empty when it was not)."""

    stem: str
    files: tuple[Written, ...]
    kept: int
    withheld: str = ""


def open_worker(characters: frozenset[str]) -> None:
    """Begin a worker process, which will print these characters: nothing is shared with its parent."""
    printer.cache_clear()
    expect(characters)


def expect(characters: frozenset[str]) -> None:
    """Say which characters this process will print next; none when it prints no PDF."""
    pdf = printer() if characters else None
    if pdf:
        pdf.expect(characters)


def printed_characters(jobs: Iterable[Job]) -> frozenset[str]:
    """Return the characters that the PDFs of some jobs print."""
    printed = (job.documents for job in jobs if "pdf" in job.formats and job.filled is None)
    return frozenset().union(*(text_of(document) for documents in printed for document in documents))


@cache
def printer() -> PdfWriter | None:
    """Return this process's PDF writer, or None where Pango is missing."""
    try:
        return PdfWriter(find_faces())
    except OSError:
        return None


@cache
def face_hash() -> str:
    """Return a hash of the font files that PDFs embed."""
    return digest(*(hash_file(face.path) for face in find_faces().found))


def write_job(job: Job, out: Path, earlier: Mapping[str, Written]) -> Outcome:
    """Write the document's files under ``out`` and return their entries."""
    files: list[Written] = []
    kept = 0
    withheld = ""
    told = digest(repr(job.documents), str(job.day), program_hash(), job.filled or b"", photo_bytes(job))
    for form in job.formats:
        path = f"{job.stem}.{form}"
        made_from = digest(told, form, str(job.many))
        if form == "pdf":
            made_from = digest(made_from, face_hash())
        if is_current(out, path, made_from, earlier):
            files.append(earlier[path])
            kept += 1
            continue
        try:
            data = make(job, form)
        except KaowuError as error:
            withheld = "；".join(problem.what for problem in error.problems)
            continue
        if data is None:
            withheld = why_not(job)
            continue
        write_whole(out / path, data)
        files.append(Written(path, made_from, sha256(data).hexdigest(), form == "docx" or job.filled is None))
    return Outcome(job.stem, tuple(files), kept, withheld)


def why_not(job: Job) -> str:
    """Return why this machine has not made a PDF."""
    if job.filled is None:
        return NO_PANGO
    return NOT_BOUND if job.others else NO_OFFICE


def photo_bytes(job: Job) -> bytes:
    """Return the bytes of the pictures the document shows, for the hash of its inputs."""
    shown = {source for document in job.documents for source in pictures_of(document)}
    return b"".join(photo_or_nothing(job.photos, source) for source in sorted(shown))


def photo_or_nothing(folder: Path, source: str) -> bytes:
    """Return a picture of the folder; nothing when it is none."""
    try:
        return read_photo(folder, source)[0]
    except KaowuError:
        return b""


def make(job: Job, form: str) -> bytes | None:
    """Return the bytes of one format; None when this machine cannot make it."""
    photos = job.photos if job.photos.is_dir() else None
    if form == "docx":
        return job.filled or write_docx(job.document, day=job.day, photos=photos)
    if job.filled is not None:
        return convert_docx(job.filled) if has_office() and not job.others else None
    pdf = printer()
    return pdf.write(job.documents, day=job.day, photos=photos, many=job.many) if pdf else None
