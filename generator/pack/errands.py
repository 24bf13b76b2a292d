"""What a run has to do: the folders it was given in, one errand for each institution out, one after the other.

The folders are gone through twice, once to count them and to find institutions that would write to the same place, and
once to build: no list of them is kept, however many there are.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.institution.folders import Target, no_institution, targets_in
from generator.pack.many import Errand, Report
from generator.problems import KaowuError, Place, Problem


@dataclass(frozen=True)
class Survey:
    """What was found under the folders: how many institutions, those that clash, and folders that cannot be read."""

    folders: tuple[Path, ...]
    count: int
    clashes: Mapping[str, tuple[Path, ...]]
    problems: tuple[Problem, ...]

    def errands(self) -> Iterator[Errand]:
        """Yield what can be built."""
        return (errand for errand in list_errands(self.folders, []) if key_of(errand.name) not in self.clashes)

    def refused(self) -> Iterator[Report]:
        """Yield a report for each institution that would write where another one writes."""
        for folders in self.clashes.values():
            for folder in folders:
                others = "、".join(str(other) for other in folders if other != folder)
                what = f"与 {others} 写到同一个文件夹，都没有生成"
                advice = "给其中一个文件夹改名，或分开生成，--to 写到两处"
                problem = Problem(Place(str(folder)), "same-target", what, advice)
                yield Report(Errand(folder, (), folder.name), (), (problem,))


def survey(folders: Iterable[Path]) -> Survey:
    """Return what there is under the folders; raise KaowuError for one that holds no institution."""
    asked = tuple(dict.fromkeys(folders))
    problems: list[Problem] = []
    empty = [folder for folder in asked if next(iter(targets_in(folder, problems)), None) is None]
    if empty:
        raise KaowuError([*problems, *map(no_institution, empty)])
    problems.clear()
    seen: set[int] = set()
    twice: set[str] = set()
    count = 0
    for errand in list_errands(asked, problems):
        key = key_of(errand.name)
        count += 1
        if hash(key) in seen:  # of a hundred thousand names the hashes take a tenth of the room
            twice.add(key)
        seen.add(hash(key))
    return Survey(asked, count, find_clashes(asked, twice) if twice else {}, tuple(problems))


def find_clashes(folders: tuple[Path, ...], twice: set[str]) -> dict[str, tuple[Path, ...]]:
    """Return the institutions that share a target with another one, by its name."""
    found: dict[str, list[Path]] = {}
    for errand in list_errands(folders, []):
        if key_of(errand.name) in twice:
            found.setdefault(key_of(errand.name), []).append(errand.folder)
    return {key: tuple(paths) for key, paths in found.items() if len(paths) > 1}


def key_of(name: str) -> str:
    """Return a name as file systems compare it that tell neither case nor the form of accents apart."""
    return unicodedata.normalize("NFC", name).casefold()


def list_errands(folders: tuple[Path, ...], problems: list[Problem]) -> Iterator[Errand]:
    """Yield the errands under the folders, each institution once; add the folders that cannot be looked into.

    The target of an institution that was found below a folder is its path from there, else its own name.
    """
    named: dict[Path, Target] = {}
    roots: list[Path] = []
    for folder in folders:
        first = next(iter(targets_in(folder, [])), None)
        if first is None or first.folder not in (folder, folder.parent):
            roots.append(folder)
            continue
        before = named.get(first.folder)
        rounds = {*(before.rounds if before else ()), *first.rounds}
        named[first.folder] = Target(first.folder, tuple(sorted(rounds)))
    yield from (Errand(target.folder, target.rounds, target.folder.name) for target in named.values())
    for number, root in enumerate(roots):
        for target in targets_in(root, problems):
            if target.folder not in named and not any(target.folder.is_relative_to(other) for other in roots[:number]):
                yield Errand(target.folder, target.rounds, target.folder.relative_to(root).as_posix())
