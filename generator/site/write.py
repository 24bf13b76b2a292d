"""Write the pages: the shelf in; generated pages, data files, and the hand-written ones copied beside them, out."""

from collections.abc import Collection, Iterator
from pathlib import Path
from zipfile import ZipFile

from generator.files import write_whole
from generator.site import (
    changes,
    compare,
    data,
    documents,
    guideline,
    home,
    materials,
    questions,
    reference,
    rule,
    terms,
    tools,
)
from generator.site.page import Page, write_page
from generator.site.shelf import Shelf


def make_pages(shelf: Shelf, changelog: str, commands: list[reference.Command]) -> Iterator[Page]:
    """Yield every generated page."""
    reports = compare.compare_pairs(shelf)
    for module in (home, guideline, rule, materials, documents, questions, terms):
        yield from module.pages(shelf)
    yield documents.forms_page(shelf, shelf.guidelines)
    yield from compare.pages(shelf, reports)
    yield from changes.pages(shelf, reports, changelog)
    yield from reference.pages(shelf, commands)


def make_files(shelf: Shelf) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) of every generated file that is no page."""
    yield from data.files(shelf)
    yield from tools.files(shelf)


def write_tree(out: Path, files: dict[str, bytes], copied: dict[str, Path]) -> tuple[int, int]:
    """Write files and copies under ``out``; return how many were written anew and how many removed.

    What is the same already is left alone, what an earlier run left and this one did not make is removed.
    """
    wanted = {**files, **{path: source.read_bytes() for path, source in copied.items()}}
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    changed = 0
    for path, content in wanted.items():
        if path not in there or (out / path).read_bytes() != content:
            write_whole(out / path, content)
            changed += 1
    stale = there - set(wanted)
    for path in stale:
        (out / path).unlink()
    return changed, len(stale)


def page_bytes(pages: Iterator[Page]) -> dict[str, bytes]:
    """Return the pages as files by path."""
    return {page.path: write_page(page) for page in pages}


def copies_under(folder: Path, *, only: Collection[str] = (), without: Collection[str] = ()) -> dict[str, Path]:
    """Return the files of a folder by their path in it: those under ``only`` (all when empty), not ``without``."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    named = {path.relative_to(folder): path for path in found}
    return {
        name.as_posix(): path
        for name, path in named.items()
        if (not only or name.parts[0] in only) and name.as_posix() not in without
    }


def list_samples(copied: dict[str, Path], prefix: str) -> dict[str, tuple[str, ...]]:
    """Return for each document the names of the sample files among the copies under ``prefix``."""
    found: dict[str, list[str]] = {}
    for path in copied:
        if path.startswith(prefix):
            document, _, name = path.removeprefix(prefix).partition("/")
            found.setdefault(document, []).append(name)
    return {document: tuple(names) for document, names in found.items()}


def count_forms(copied: dict[str, Path], prefix: str) -> dict[str, int]:
    """Return for each guideline how many files its archive of blank forms holds."""
    archives = {path: source for path, source in copied.items() if path.startswith(prefix) and path.endswith(".zip")}
    return {
        path.removeprefix(prefix).removesuffix(".zip"): len(ZipFile(source).namelist())
        for path, source in archives.items()
    }
