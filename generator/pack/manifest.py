"""The manifest of a pack: what it was made from and what it holds, so that a later build redoes only what it must."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from generator.document.style import style_folder
from generator.files import write_whole

NAME = "manifest.json"
ANNOUNCED = ".kaowu-announced.json"
_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Written:
    """One file of a pack: its path, the hash of what it was made from, its own hash, and whether it is reproducible."""

    path: str
    made_from: str
    sha256: str
    reproducible: bool = True


@dataclass(frozen=True)
class Manifest:
    """What a pack was made from (hashes by name), its files by path, PDFs withheld by stem, the hash of its archive."""

    tool: str
    guideline: str
    edition: Mapping[str, str]
    inputs: Mapping[str, str]
    files: Mapping[str, Written] = field(default_factory=dict)
    withheld: Mapping[str, str] = field(default_factory=dict)
    archive: str = ""


def tool_version() -> str:
    """Return the version of the program."""
    try:
        return version("kaowu")
    except PackageNotFoundError:
        return "0"


@cache
def program_hash() -> str:
    """Return a hash of all of the program that shapes a document: its code, its look, and the libraries it works with.

    The number of a version is not enough: between two releases the code changes and the number does not.
    """
    code, look = hash_files(_PACKAGE, _PACKAGE.rglob("*.py")), hash_folder(style_folder())
    return digest(tool_version(), code, look, *library_versions())


def library_versions() -> list[str]:
    """Return the libraries the program asks for, each with the version that is installed."""
    try:
        asked = [line for line in requires("kaowu") or () if "extra ==" not in line]
    except PackageNotFoundError:
        return []
    names = sorted(re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in asked)
    return [f"{name} {version(name)}" for name in names]


def digest(*parts: bytes | str) -> str:
    """Return one SHA-256 over parts, each set apart by its length."""
    total = sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        total.update(f"{len(raw)}:".encode() + raw)
    return total.hexdigest()


def hash_files(root: Path, paths: Iterable[Path]) -> str:
    """Return one hash over files with their names relative to ``root``."""
    hashes = ((path.relative_to(root).as_posix(), hash_file(path)) for path in sorted(paths))
    return digest(*(part for pair in hashes for part in pair))


def hash_folder(folder: Path) -> str:
    """Return one hash over all files below a folder but the hidden ones; of a folder that is not there, of nothing."""
    return hash_files(folder, (p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")))


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()


def read_whole_manifest(folder: Path) -> Manifest | None:
    """Return the manifest an earlier build left; None where there is none that can be read."""
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        files = {path: Written(**entry) for path, entry in data.pop("files").items()}
        if not all(path == entry.path and is_inside(path) for path, entry in files.items()):
            return None
        return Manifest(**data, files=files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def is_inside(path: str) -> bool:
    """Return whether a path of a manifest stays within the pack: files are removed by what it says."""
    return ".." not in path.split("/") and "\\" not in path and not Path(path).is_absolute()


def read_manifest(folder: Path) -> Mapping[str, Written]:
    """Return the files an earlier build left, by path; none where there is no manifest that can be read."""
    manifest = read_whole_manifest(folder)
    return manifest.files if manifest else {}


def announce(folder: Path, paths: Iterable[str]) -> None:
    """Note what is about to be written, so that a build after this one was killed knows the files for its own."""
    known = {*read_manifest(folder), *read_announced(folder)}
    if new := set(paths) - known:
        names = sorted({*new, *read_announced(folder)})
        write_whole(folder / ANNOUNCED, json.dumps(names, ensure_ascii=False).encode())


def read_announced(folder: Path) -> list[str]:
    """Return what a build that did not come to its end was about to write."""
    try:
        names = json.loads((folder / ANNOUNCED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [name for name in names if isinstance(name, str) and is_inside(name)] if isinstance(names, list) else []


def is_current(folder: Path, path: str, made_from: str, earlier: Mapping[str, Written]) -> bool:
    """Return whether a file stands as an earlier build wrote it from the same inputs."""
    entry = earlier.get(path)
    return entry is not None and entry.made_from == made_from and stands(folder, entry)


def stands(folder: Path, entry: Written) -> bool:
    """Return whether a file is there as it was written."""
    file = folder / entry.path
    return file.is_file() and hash_file(file) == entry.sha256


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, last of all files of a pack: nothing is announced any more."""
    data = asdict(manifest)
    data["files"] = {path: asdict(manifest.files[path]) for path in sorted(manifest.files)}
    write_whole(folder / NAME, (json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode())
    (folder / ANNOUNCED).unlink(missing_ok=True)
