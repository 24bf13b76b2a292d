"""Three-valued verdicts: a predicate holds, fails, or cannot be told because facts are missing."""

from collections.abc import Iterable
from dataclasses import dataclass

from generator.problems import Place


@dataclass(frozen=True)
class Verdict:
    """Whether a predicate holds (None: cannot be told), what was found, which facts are missing, and where."""

    holds: bool | None
    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()

    def negated(self) -> "Verdict":
        """Return the opposite verdict on the same grounds."""
        return Verdict(None if self.holds is None else not self.holds, self.found, self.missing, self.places)


def join_all(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that all hold: one failure decides, else one unknown."""
    return gather(list(verdicts), decisive=False)


def join_any(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that at least one holds: one success decides, else one unknown."""
    return gather(list(verdicts), decisive=True)


def gather(verdicts: list[Verdict], *, decisive: bool) -> Verdict:
    """Return the joint verdict, keeping only the grounds of those that decide it."""
    deciding = [verdict for verdict in verdicts if verdict.holds is decisive]
    unknown = [verdict for verdict in verdicts if verdict.holds is None]
    if deciding:
        return merge(decisive, deciding)
    return merge(None, unknown) if unknown else merge(not decisive, verdicts)


def merge(holds: bool | None, verdicts: list[Verdict]) -> Verdict:
    """Return one verdict with the grounds of several, each once, in order."""

    def once(name: str) -> tuple[object, ...]:
        return tuple(dict.fromkeys(item for verdict in verdicts for item in getattr(verdict, name)))

    return Verdict(holds, once("found"), once("missing"), once("places"))  # type: ignore[arg-type]
