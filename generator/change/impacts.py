"""Judge the impact on many institutions: targets in, the tallies of their rounds out, shared among processes.

Both editions are opened once in each process. What goes wrong with one institution stands in its own tally.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from generator.change.editions import Edition, load_edition
from generator.change.impact import Impact, Tally, find_impact
from generator.institution.folders import Target
from generator.pack.spread import LocalCrew, spread


@dataclass(frozen=True)
class Opening:
    """An edition as another process opens it: its name, its folder, and the one guideline meant."""

    name: str
    root: Path
    only: str | None

    def open(self) -> Edition:
        """Return the edition; it is read once in a process."""
        return load_edition(self.name, self.root, only=self.only)


@dataclass(frozen=True)
class Question:
    """What is asked of every institution; ``detail`` keeps what differs beside how much."""

    old: Opening
    new: Opening
    today: date
    documents: bool = True
    detail: bool = False


@dataclass(frozen=True)
class Answer:
    """The tallies of an institution's rounds, and what differs in them where that was asked for."""

    folder: Path
    tallies: tuple[Tally, ...]
    impacts: tuple[Impact, ...] = ()


def ask(old: Edition, new: Edition, *, today: date, documents: bool = True, detail: bool = False) -> Question:
    """Return the question about two editions."""
    openings = [Opening(edition.name, edition.policy.root, edition.only) for edition in (old, new)]
    return Question(openings[0], openings[1], today, documents, detail)


def answer(question: Question, target: Target) -> Answer:
    """Return the answer for one institution; whatever goes wrong is part of it."""
    try:
        sides = question.old.open(), question.new.open()
        impacts = tuple(find_impact(target, *sides, today=question.today, documents=question.documents))
    except Exception as error:  # noqa: BLE001  (one institution must not stop hundreds)
        impacts = tuple(fail(target, f"意外出错（{type(error).__name__}：{error}），请报告给维护者"))
    tallies = tuple(impact.tally() for impact in impacts)
    return Answer(target.folder, tallies, impacts if question.detail else ())


def fail(target: Target, what: str) -> Iterator[Impact]:
    """Yield an impact that only says why there is none, for each round."""
    for path in target.rounds or (target.folder,):
        name = path.name if path != target.folder else ""
        yield Impact(institution=target.folder.name, round=name, old_guideline="", new_guideline="", problems=[what])


def lose(target: Target) -> Answer:
    """Return the answer for an institution that ends every process that tries it."""
    impacts = tuple(fail(target, "处理这个机构的进程两次被系统终止，可能是内存不足"))
    return Answer(target.folder, tuple(impact.tally() for impact in impacts), impacts)


def answer_all(question: Question, targets: Iterable[Target], *, jobs: int = 1) -> Iterator[Answer]:
    """Yield the answer for each institution as it is found."""
    if jobs == 1:
        yield from (answer(question, target) for target in targets)
        return
    with LocalCrew(partial(answer, question), lose, jobs) as crew:
        yield from spread(targets, crew)
