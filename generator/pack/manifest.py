"""The manifest of a pack: what it was made from and what it holds, so that a later build redoes only what it must."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from generator.files import write_whole

NAME = "manifest.json"


@dataclass(frozen=True)
class Written:
    """One file of a pack: its path, the hash of what it was made from, its own hash, and whether it is reproducible."""

    path: str
    made_from: str
    sha256: str
    reproducible: bool = True


@dataclass(frozen=True)
class Manifest:
    """What a pack was made from (hashes by name) and its files by path."""

    tool: str
    guideline: str
    edition: Mapping[str, str]
    inputs: Mapping[str, str]
    files: Mapping[str, Written] = field(default_factory=dict)


def tool_version() -> str:
    """Return the version of the program."""
    try:
        return version("kaowu")
    except PackageNotFoundError:
        return "0"


def digest(*parts: bytes | str) -> str:
    """Return one SHA-256 over parts, each set apart by its length."""
    total = sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        total.update(f"{len(raw)}:".encode() + raw)
    return total.hexdigest()


def hash_files(root: Path, paths: Iterable[Path]) -> str:
    """Return one hash over files with their names relative to ``root``."""
    return digest(*(part for path in sorted(paths) for part in (path.relative_to(root).as_posix(), path.read_bytes())))


def read_manifest(folder: Path) -> dict[str, Written]:
    """Return the files an earlier build left, by path; none where there is no manifest that can be read."""
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return {path: Written(**entry) for path, entry in data["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def is_current(folder: Path, path: str, made_from: str, earlier: Mapping[str, Written]) -> bool:
    """Return whether a file stands as an earlier build wrote it from the same inputs."""
    entry = earlier.get(path)
    file = folder / path
    if entry is None or entry.made_from != made_from or not file.is_file():
        return False
    return sha256(file.read_bytes()).hexdigest() == entry.sha256


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, last of all files of a pack."""
    data = asdict(manifest)
    data["files"] = {path: asdict(manifest.files[path]) for path in sorted(manifest.files)}
    write_whole(folder / NAME, (json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode())
