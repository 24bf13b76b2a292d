"""Turn what a rule requires into a spreadsheet formula: typed predicates and facts in, one formula out.

Facts that stand in cells of the sheet stay references; everything else is known and becomes a constant. A formula is
worth 1 where its predicate holds, 0 where it fails and 0.5 where it cannot be told, so that all, any and not are
MIN, MAX and 1-x, as the checker joins its verdicts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from generator.check.collections import size_of
from generator.check.evaluate import evaluate
from generator.check.measures import bound_of
from generator.check.rules import RuleScene
from generator.check.trails import leaves
from generator.institution.missing import MISSING
from generator.institution.world import Thing
from generator.policy import predicates as kinds
from generator.policy.predicates import Predicate
from generator.policy.scopes import paths_of

HOLDS, FAILS, UNKNOWN = "1", "0", "0.5"
SIGNS = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<", "exactly": "="}
YES, NO = "是", "否"


class UnwritableError(Exception):
    """No formula of ours can say what a predicate on cells demands."""


@dataclass(frozen=True)
class Cell:
    """A reference to a cell, and the labels of the terms it may hold."""

    reference: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """What formulas are about: a thing whose facts are known but for those along paths that stand in cells."""

    thing: Thing
    scene: RuleScene
    cells: Mapping[str, Cell]

    def under(self, scene: RuleScene) -> "Asked":
        """Return the same with another rule's values."""
        return Asked(self.thing, scene, self.cells)


def write_all_of(asked: Asked, tests: Sequence[Predicate]) -> str:
    """Return the formula, without equals sign, that all predicates hold; raise UnwritableError where there is none."""
    return join("MIN", FAILS, HOLDS, [write(asked, test) for test in tests])


def join(function: str, decisive: str, neutral: str, parts: Iterable[str]) -> str:
    """Return the joint formula, with what is already decided left out."""
    left = [part for part in dict.fromkeys(parts) if part != neutral]
    if decisive in left or not left:
        return decisive if left else neutral
    return left[0] if len(left) == 1 else f"{function}({','.join(left)})"


def write(asked: Asked, test: Predicate) -> str:
    """Return the formula of one predicate."""
    if isinstance(test, kinds.MeetsTest):
        rule = asked.scene.guideline.rules.get(test.meets)
        return write_all_of(asked.under(asked.scene.for_rule(test.meets)), rule.require) if rule else UNKNOWN
    if not reaches_cells(asked, test):
        return constant(evaluate(asked.thing, test, asked.scene).holds)
    writer = WRITERS.get(type(test))
    if writer is None:
        raise UnwritableError(type(test).__name__)
    return writer(asked, test)


def reaches_cells(asked: Asked, test: Predicate) -> bool:
    """Return whether a predicate, or one nested in it, depends on a cell or on another rule that may."""
    dictionary = asked.thing.world.dictionary
    paths = {path for _entity, path, _test in paths_of([test], asked.thing.entity, dictionary)}
    nested = isinstance(test, kinds.AllTest | kinds.AnyTest | kinds.NotTest)
    return nested or any(reached(asked, path) for path in paths)


def reached(asked: Asked, path: str) -> bool:
    """Return whether a path leads to a cell, through a collection of which cells are part, or through a derivation."""
    derived = asked.thing.kind.derived.get(path)
    if derived is not None and (derived.holds or derived.first):
        return True
    return path in asked.cells or any(path.startswith(f"{head}.") for head in heads_of(asked))


def heads_of(asked: Asked) -> set[str]:
    """Return the collections of which some facts stand in cells, so that the rest of them cannot be known."""
    heads = {known.rpartition(".")[0] for known in asked.cells} - {""}
    return {head for head in heads if asked.thing.world.dictionary.find_collection(asked.thing.entity, head)}


def constant(holds: bool | None) -> str:
    """Return a verdict as a number."""
    return UNKNOWN if holds is None else HOLDS if holds else FAILS


def sources(asked: Asked, path: str) -> list[Cell | object]:
    """Return what a path may lead to, the first that is stated counting: cells, and facts already known."""
    derived = asked.thing.kind.derived.get(path)
    if derived is not None and derived.first:
        return [source for other in derived.first for source in sources(asked, other)]
    if path in asked.cells:
        return [asked.cells[path]]
    if reached(asked, path):
        raise UnwritableError(path)
    return [value for value in leaves(asked.thing, path) if value is not MISSING]


def first_stated(found: Iterable[Cell | object], of_cell: Callable[[Cell], str], of_fact: Callable[[Any], str],
                 otherwise: str) -> str:  # fmt: skip
    """Return the formula for the first source that is stated."""
    formula = otherwise
    for source in reversed(list(found)):
        if isinstance(source, Cell):
            formula = f'IF({source.reference}="",{formula},{of_cell(source)})'
        else:
            formula = of_fact(source)
    return formula


def write_fact_test(asked: Asked, test: kinds.FactTest) -> str:
    """Return the formula of a bounded number, a truth value or a word."""
    derived = asked.thing.kind.derived.get(test.fact)
    if derived is not None and derived.holds:
        held = write_all_of(asked.under(asked.scene.for_counting()), derived.holds)
        return held if test.is_ is True else f"(1-{held})"
    if test.among:
        raise UnwritableError(test.fact)
    limits = [f"{SIGNS[name]}{number(bound_of(asked.scene.values[value]))}" for name, value in test.bounds().items()]

    def of_cell(cell: Cell) -> str:
        if not limits:
            return f"IF({word_test(cell, test)},1,0)"
        bounded = ",".join(f"{cell.reference}{limit}" for limit in limits)
        return f"IF(ISNUMBER({cell.reference}),IF(AND({bounded}),1,0),0.5)"

    def of_fact(value: Any) -> str:
        if not limits or not isinstance(value, Fraction):
            raise UnwritableError(test.fact)
        return f"IF(AND({','.join(number(value) + limit for limit in limits)}),1,0)"

    return first_stated(sources(asked, test.fact), of_cell, of_fact, UNKNOWN)


def word_test(cell: Cell, test: kinds.FactTest) -> str:
    """Return whether a cell holds the word asked for."""
    if isinstance(test.is_, bool):
        return f'{cell.reference}="{YES if test.is_ else NO}"'
    words = [test.is_] if test.is_ else [*(test.one_of or test.none_of or [])]
    held = ",".join(f'{cell.reference}="{cell.labels.get(word, word)}"' for word in words)
    return f"NOT(OR({held}))" if test.none_of else f"OR({held})"


def write_present(asked: Asked, test: kinds.PresentTest) -> str:
    """Return the formula that each fact is stated and not “no”."""
    return join("MIN", FAILS, HOLDS, [stated(asked, path) for path in test.present])


def write_absent(asked: Asked, test: kinds.AbsentTest) -> str:
    """Return the formula that no fact is stated but as “no”."""
    return join("MIN", FAILS, HOLDS, [f"(1-{stated(asked, path)})" for path in test.absent])


def stated(asked: Asked, path: str) -> str:
    """Return the formula that a fact is stated and not “no”."""
    return first_stated(
        sources(asked, path),
        lambda cell: f'IF({cell.reference}="{NO}",0,1)',
        lambda value: constant(value not in ("", (), False)),
        FAILS,
    )


def write_order(asked: Asked, test: kinds.OrderTest) -> str:
    """Return the formula that two numbers come in order."""
    if len(test.order) != 2:
        raise UnwritableError("order")
    low, high = (first_stated(sources(asked, path), lambda cell: cell.reference, number, '""') for path in test.order)
    return f"IF(AND(ISNUMBER({low}),ISNUMBER({high})),IF({low}<={high},1,0),0.5)"


def write_ratio(asked: Asked, test: kinds.RatioTest) -> str:
    """Return the formula that one number over another keeps the bounds, without dividing: thirds have no end."""
    if test.parity is not None:
        raise UnwritableError("ratio")
    part, whole = (size(asked, path) for path in test.ratio)
    limits = [(SIGNS[name], bound_of(asked.scene.values[value])) for name, value in test.bounds().items()]
    if not all(isinstance(limit, Fraction) for _sign, limit in limits):
        raise UnwritableError("ratio")
    kept = ",".join(f"{part}*{limit.denominator}{sign}{whole}*{limit.numerator}" for sign, limit in limits)  # type: ignore[union-attr]
    return f"IF(AND(ISNUMBER({part}),ISNUMBER({whole})),IF(AND({kept}),1,0),0.5)"


def size(asked: Asked, path: str) -> str:
    """Return what a path counts as in a ratio: the number in a cell, a known number, or how many things there are."""
    if path in asked.cells:
        return asked.cells[path].reference
    if reached(asked, path):
        raise UnwritableError(path)
    found = leaves(asked.thing, path)
    return number(size_of(found)) if found else '""'


def number(value: Any) -> str:
    """Return a number as a formula writes it."""
    if not isinstance(value, Fraction):
        raise UnwritableError(type(value).__name__)
    return f"{float(value):.15g}"


WRITERS: Mapping[type, Callable[[Asked, Any], str]] = {
    kinds.FactTest: write_fact_test,
    kinds.PresentTest: write_present,
    kinds.AbsentTest: write_absent,
    kinds.OrderTest: write_order,
    kinds.RatioTest: write_ratio,
    kinds.AllTest: lambda asked, test: write_all_of(asked, test.all_of),
    kinds.AnyTest: lambda asked, test: join("MAX", HOLDS, FAILS, [write(asked, part) for part in test.any_of]),
    kinds.NotTest: lambda asked, test: f"(1-{write_all_of(asked, test.not_)})",
}
