"""Find institutions and their rounds: a folder in, the folders that hold an institution or a round out."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.problems import KaowuError, Place, Problem

INSTITUTION = ("institution.yaml", "institution.xlsx")
ROUND = ("round.yaml", "round.xlsx")


@dataclass(frozen=True)
class Target:
    """An institution's folder and the round folders in it that are asked for."""

    folder: Path
    rounds: tuple[Path, ...]


def holds(folder: Path, names: Iterable[str]) -> bool:
    """Return whether a folder holds one of the files."""
    return any((folder / name).is_file() for name in names)


def find_targets(folders: Iterable[Path]) -> list[Target]:
    """Return what the folders name: a round, an institution with all its rounds, or all institutions under a root.

    Raises KaowuError for a folder that is not there or holds neither.
    """
    targets: list[Target] = []
    problems: list[Problem] = []
    for folder in folders:
        found = list(targets_in(folder)) if folder.is_dir() else []
        targets += found
        if not found:
            what = "没有这个文件夹" if not folder.exists() else "里面没有 institution.yaml（或 institution.xlsx）"
            problems.append(Problem(Place(folder.name), "no-institution", what, "用 kaowu init 新建，或换一个文件夹"))
    if problems:
        raise KaowuError(problems)
    return targets


def targets_in(folder: Path) -> Iterable[Target]:
    """Yield the targets of one folder."""
    if holds(folder, INSTITUTION):
        yield Target(folder, tuple(rounds_in(folder)))
    elif holds(folder, ROUND) and holds(folder.parent, INSTITUTION):
        yield Target(folder.parent, (folder,))
    else:
        for path in sorted(folder.rglob("institution.*")):
            if path.name in INSTITUTION and not any(part.startswith(".") for part in path.parts):
                yield Target(path.parent, tuple(rounds_in(path.parent)))


def rounds_in(folder: Path) -> list[Path]:
    """Return the round folders of an institution, sorted by name."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and holds(path, ROUND))
