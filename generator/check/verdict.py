"""Three-valued verdicts: a predicate holds, fails, or cannot be told because facts are missing.

The grounds of a verdict are told only when asked for: most verdicts hold, and nobody reads why.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from generator.problems import Place


@dataclass(frozen=True)
class Grounds:
    """What was found, which facts are missing, and where."""

    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


NO_GROUNDS = Grounds()


class Verdict:
    """Whether a predicate holds (None: cannot be told), and on what grounds."""

    def __init__(self, holds: bool | None, tell: Callable[[], Grounds] = lambda: NO_GROUNDS) -> None:
        """Begin a verdict whose grounds ``tell`` gives when somebody asks."""
        self.holds = holds
        self.tell = tell

    @cached_property
    def grounds(self) -> Grounds:
        """Return the grounds."""
        return self.tell()

    @property
    def found(self) -> tuple[str, ...]:
        """Return what was found."""
        return self.grounds.found

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the facts that are missing."""
        return self.grounds.missing

    @property
    def places(self) -> tuple[Place, ...]:
        """Return where the facts stand."""
        return self.grounds.places

    def negated(self) -> "Verdict":
        """Return the opposite verdict on the same grounds."""
        return Verdict(None if self.holds is None else not self.holds, self.tell)


HOLDS = Verdict(True)


def join_all(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that all hold: one failure decides, else one unknown."""
    return gather(list(verdicts), decisive=False)


def join_any(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that at least one holds: one success decides, else one unknown."""
    return gather(list(verdicts), decisive=True)


def gather(verdicts: list[Verdict], *, decisive: bool) -> Verdict:
    """Return the joint verdict, keeping only the grounds of those that decide it.

    Where one of several ways would do and it cannot be told, what the others lack is told as well.
    """
    if len(verdicts) == 1:
        return verdicts[0]
    if deciding := [verdict for verdict in verdicts if verdict.holds is decisive]:
        return merge(decisive, deciding)
    unknown = [verdict for verdict in verdicts if verdict.holds is None]
    if unknown:
        failed = [verdict for verdict in verdicts if decisive and verdict.holds is False]
        return merge(None, [*unknown, *failed])
    return merge(not decisive, verdicts)


def merge(holds: bool | None, verdicts: Sequence[Verdict]) -> Verdict:
    """Return one verdict with the grounds of several, each once, in order."""
    return Verdict(holds, lambda: merge_grounds([verdict.grounds for verdict in verdicts]))


def merge_grounds(several: Iterable[Grounds]) -> Grounds:
    """Return the grounds of several verdicts, each once, in order."""
    found: dict[str, None] = {}
    missing: dict[str, None] = {}
    places: dict[Place, None] = {}
    for grounds in several:
        found.update(dict.fromkeys(grounds.found))
        missing.update(dict.fromkeys(grounds.missing))
        places.update(dict.fromkeys(grounds.places))
    return Grounds(tuple(found), tuple(missing), tuple(places))
