"""Find institutions and their rounds: a folder in, the folders that hold an institution or a round out."""

import os
from collections.abc import Iterable, Iterator
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

    Raises KaowuError for a folder that is not there, cannot be read or holds neither.
    """
    targets: list[Target] = []
    problems: list[Problem] = []
    for folder in folders:
        found = list(targets_in(folder, problems))
        targets += found
        if not found:
            problems.append(no_institution(folder))
    if problems:
        raise KaowuError(problems)
    return targets


def no_institution(folder: Path) -> Problem:
    """Return the problem that a folder names nothing."""
    what = "没有这个文件夹" if not folder.exists() else "里面没有 institution.yaml（或 institution.xlsx）"
    return Problem(Place(folder.name), "no-institution", what, "用 kaowu init 新建，或换一个文件夹")


def targets_in(folder: Path, problems: list[Problem]) -> Iterator[Target]:
    """Yield the targets of one folder, by name, one after the other; add the folders that cannot be looked into."""
    if holds(folder, INSTITUTION):
        yield Target(folder, tuple(rounds_in(folder)))
    elif holds(folder, ROUND) and holds(folder.parent, INSTITUTION):
        yield Target(folder.parent, (folder,))
    else:
        for path in institutions_under(folder, problems):
            yield Target(path, tuple(rounds_in(path)))


def institutions_under(root: Path, problems: list[Problem]) -> Iterator[Path]:
    """Yield the folders below a root that hold an institution; what lies in one, or is hidden, is not looked into."""

    def refuse(error: OSError) -> None:
        if isinstance(error, FileNotFoundError):  # told of the folder itself
            return
        where = Place(Path(str(error.filename)).name)
        problems.append(Problem(where, "folder-unreadable", "这个文件夹打不开", "检查权限；里面的机构没有处理"))

    for parent, folders, files in os.walk(root, onerror=refuse):
        if not set(INSTITUTION).isdisjoint(files):
            folders.clear()
            yield Path(parent)
        folders[:] = sorted(name for name in folders if not name.startswith("."))


def rounds_in(folder: Path) -> list[Path]:
    """Return the round folders of an institution, sorted by name."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and holds(path, ROUND))
