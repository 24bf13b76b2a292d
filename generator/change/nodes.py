"""Predicates in a form that can be compared: values put in, conjunctions laid out, one bound per node.

A list of nodes means all of them. Names of rules that were renamed are put into the new words, so that a rename
alone is no change.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from generator.policy import predicates as kinds
from generator.policy.predicates import Predicate
from generator.policy.values import Day, Quantity, Table, Value, Words

Limit = Fraction | date
Nodes = tuple["Node", ...]
WHOLE = ("count", "count_distinct", "span")


@dataclass(frozen=True)
class Bound:
    """A measured number with one bound; ``where`` picks the rows that are counted."""

    measure: tuple[str, ...]
    relation: str
    limit: Limit
    unit: str = ""
    where: Nodes = ()


@dataclass(frozen=True)
class Parity:
    """A count is odd or even."""

    measure: tuple[str, ...]
    parity: str
    where: Nodes = ()


@dataclass(frozen=True)
class Among:
    """A fact takes one of some words (``in``), none of them (``out``), or nothing beside them (``within``)."""

    path: str
    how: str
    words: frozenset[object]


@dataclass(frozen=True)
class Plain:
    """A predicate that is the same or another one, such as a fact stated or two dates in order."""

    kind: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Covers:
    """A path's values cover these words."""

    path: str
    words: frozenset[str]


@dataclass(frozen=True)
class Graded:
    """A score is what the table gives to its grade."""

    path: str
    by: str
    rows: tuple[tuple[str, Fraction, Fraction], ...]


@dataclass(frozen=True)
class Each:
    """Every row that meets ``where`` meets ``require``."""

    path: str
    where: Nodes
    require: Nodes


@dataclass(frozen=True)
class Either:
    """At least one branch holds."""

    branches: tuple[Nodes, ...]


@dataclass(frozen=True)
class Not:
    """Not all of these hold."""

    nodes: Nodes


Node = Bound | Parity | Among | Plain | Covers | Graded | Each | Either | Not


@dataclass(frozen=True)
class Reading:
    """What predicates are read with: a rule's values, and the new names of renamed rules."""

    values: Mapping[str, Value]
    names: Mapping[str, str]

    def name(self, rule: str) -> str:
        """Return the new name of a rule."""
        return self.names.get(rule, rule)


def lay_out(tests: Sequence[Predicate], reading: Reading) -> Nodes:
    """Return the nodes of predicates that all hold, each once."""
    return tuple(dict.fromkeys(node for test in tests for node in READERS[type(test)](test, reading)))


Reader = Callable[[Any, Reading], Iterator[Node]]
READERS: dict[type, Reader] = {}


def reads(kind: type) -> Callable[[Reader], Reader]:
    """Return a decorator that registers the reader of one kind of predicate."""

    def register(function: Reader) -> Reader:
        READERS[kind] = function
        return function

    return register


def bounds(measure: tuple[str, ...], test: Any, reading: Reading, where: Nodes = ()) -> Iterator[Node]:
    """Yield a node for each bound of a measured number, whole numbers in closed bounds."""
    for relation, name in test.bounds().items():
        value = reading.values.get(name)
        if not isinstance(value, Quantity | Day):
            yield Plain("bound", (*measure, relation, str(value)))
            continue
        limit: Limit = value.day if isinstance(value, Day) else value.amount
        unit = value.unit if measure[0] in ("fact", "sum") and value.unit != "%" else ""
        if measure[0] in WHOLE and isinstance(limit, Fraction):
            relation, limit = close(relation, limit)  # noqa: PLW2901
        yield Bound(measure, relation, limit, unit, where)
    if getattr(test, "parity", None):
        yield Parity(measure, test.parity, where)


def close(relation: str, limit: Fraction) -> tuple[str, Fraction]:
    """Return a bound on a whole number that holds its limit."""
    if relation == "more_than":
        return "at_least", Fraction(math.floor(limit) + 1)
    if relation == "less_than":
        return "at_most", Fraction(math.ceil(limit) - 1)
    return relation, limit


@reads(kinds.FactTest)
def read_fact(test: kinds.FactTest, reading: Reading) -> Iterator[Node]:
    """Yield what a fact must be."""
    if test.is_ is not None:
        yield Among(test.fact, "in", frozenset([test.is_]))
    if test.one_of:
        yield Among(test.fact, "in", frozenset(test.one_of))
    for word in test.none_of or []:
        yield Among(test.fact, "out", frozenset([word]))
    if test.among:
        value = reading.values.get(test.among)
        yield Among(test.fact, "within", frozenset(value.words if isinstance(value, Words) else (str(value),)))
    yield from bounds(("fact", test.fact), test, reading)


@reads(kinds.CountTest)
def read_count(test: kinds.CountTest, reading: Reading) -> Iterator[Node]:
    """Yield the bounds of a count."""
    yield from bounds(("count", test.count), test, reading, lay_out(test.where, reading))


@reads(kinds.DistinctCountTest)
def read_count_distinct(test: kinds.DistinctCountTest, reading: Reading) -> Iterator[Node]:
    """Yield the bounds of a count of different values."""
    yield from bounds(("count_distinct", test.count_distinct), test, reading, lay_out(test.where, reading))


@reads(kinds.ShareTest)
def read_share(test: kinds.ShareTest, reading: Reading) -> Iterator[Node]:
    """Yield the bounds of a share."""
    yield from bounds(("share", test.share), test, reading, lay_out(test.where, reading))


@reads(kinds.RatioTest)
def read_ratio(test: kinds.RatioTest, reading: Reading) -> Iterator[Node]:
    """Yield the bounds of a ratio."""
    yield from bounds(("ratio", *test.ratio), test, reading)


@reads(kinds.SumTest)
def read_sum(test: kinds.SumTest, reading: Reading) -> Iterator[Node]:
    """Yield the bounds of a sum."""
    yield from bounds(("sum", test.sum), test, reading, lay_out(test.where, reading))


@reads(kinds.SpanTest)
def read_span(test: kinds.SpanTest, reading: Reading) -> Iterator[Node]:
    """Yield the bounds of a time."""
    yield from bounds(("span", *test.span, test.unit), test, reading)


@reads(kinds.RotationTest)
def read_rotation(test: kinds.RotationTest, reading: Reading) -> Iterator[Node]:
    """Yield the bound of a rotation."""
    value = reading.values.get(test.at_least)
    if isinstance(value, Quantity):
        yield Bound(("rotation", test.rotation, test.by, test.across), "at_least", value.amount)
    else:
        yield Plain("rotation", (test.rotation, test.by, test.across, str(value)))


@reads(kinds.PresentTest)
def read_present(test: kinds.PresentTest, _reading: Reading) -> Iterator[Node]:
    """Yield each fact that is to be stated."""
    yield from (Plain("present", (path,)) for path in test.present)


@reads(kinds.AbsentTest)
def read_absent(test: kinds.AbsentTest, _reading: Reading) -> Iterator[Node]:
    """Yield each fact that is not to be stated."""
    yield from (Plain("absent", (path,)) for path in test.absent)


@reads(kinds.CompleteTest)
def read_complete(test: kinds.CompleteTest, _reading: Reading) -> Iterator[Node]:
    """Yield the contents that are to be complete."""
    yield Plain("complete", (test.complete,))


@reads(kinds.OrderTest)
def read_order(test: kinds.OrderTest, _reading: Reading) -> Iterator[Node]:
    """Yield each pair of neighbours in order."""
    yield from (Plain("order", pair) for pair in pairwise(test.order))


@reads(kinds.SameTest)
def read_same(test: kinds.SameTest, _reading: Reading) -> Iterator[Node]:
    """Yield that two are the same, whichever comes first."""
    yield Plain("same", tuple(sorted(test.same)))


@reads(kinds.DistinctTest)
def read_distinct(test: kinds.DistinctTest, _reading: Reading) -> Iterator[Node]:
    """Yield that nothing is repeated."""
    yield Plain("distinct", (test.distinct,))


@reads(kinds.DisjointTest)
def read_disjoint(test: kinds.DisjointTest, _reading: Reading) -> Iterator[Node]:
    """Yield that two share nothing, whichever comes first."""
    yield Plain("disjoint", tuple(sorted(test.disjoint)))


@reads(kinds.CoversTest)
def read_covers(test: kinds.CoversTest, reading: Reading) -> Iterator[Node]:
    """Yield what is to be covered."""
    value = reading.values.get(test.words) if test.words else None
    if isinstance(value, Words):
        yield Covers(test.covers, frozenset(value.words))
    else:
        yield Plain("covers", (test.covers, str(test.of or value)))


@reads(kinds.GradedTest)
def read_graded(test: kinds.GradedTest, reading: Reading) -> Iterator[Node]:
    """Yield the band of each grade."""
    table = reading.values.get(test.table)
    rows = table.rows if isinstance(table, Table) else ()
    ends = [(g, v.number, v.number) if isinstance(v, Quantity) else (g, v.low, v.high) for g, v in rows]
    yield Graded(test.graded, test.by, tuple(ends))


@reads(kinds.MeanTest)
def read_mean(test: kinds.MeanTest, _reading: Reading) -> Iterator[Node]:
    """Yield the scores and their mean, as they stand."""
    yield Plain("mean", (*test.mean, test.is_of))


@reads(kinds.WeightedTest)
def read_weighted(test: kinds.WeightedTest, _reading: Reading) -> Iterator[Node]:
    """Yield the scores with their shares and the total, as they stand."""
    yield Plain("weighted", (*test.weighted, *test.shares, test.is_of))


@reads(kinds.RankedTest)
def read_ranked(test: kinds.RankedTest, _reading: Reading) -> Iterator[Node]:
    """Yield the rank with what it is taken from, as it stands."""
    yield Plain("ranked", (test.ranked, test.of, test.by))


@reads(kinds.EachTest)
def read_each(test: kinds.EachTest, reading: Reading) -> Iterator[Node]:
    """Yield what every row meets, one thing at a time."""
    where = lay_out(test.where, reading)
    yield from (Each(test.each, where, (node,)) for node in lay_out(test.require, reading))


@reads(kinds.MeetsTest)
def read_meets(test: kinds.MeetsTest, reading: Reading) -> Iterator[Node]:
    """Yield the other rule by its new name."""
    yield Plain("meets", (reading.name(test.meets),))


@reads(kinds.AllTest)
def read_all(test: kinds.AllTest, reading: Reading) -> Iterator[Node]:
    """Yield all the parts."""
    yield from lay_out(test.all_of, reading)


@reads(kinds.AnyTest)
def read_any(test: kinds.AnyTest, reading: Reading) -> Iterator[Node]:
    """Yield the branches, those of a branch that is itself a choice laid out."""
    branches: list[Nodes] = []
    for part in test.any_of:
        nodes = lay_out([part], reading)
        branches += nodes[0].branches if len(nodes) == 1 and isinstance(nodes[0], Either) else [nodes]
    yield from branches[0] if len(branches) == 1 else [Either(tuple(dict.fromkeys(branches)))]


@reads(kinds.NotTest)
def read_not(test: kinds.NotTest, reading: Reading) -> Iterator[Node]:
    """Yield the negation; two of them cancel out."""
    nodes = lay_out(test.not_, reading)
    inner = nodes[0] if len(nodes) == 1 else None
    yield from inner.nodes if isinstance(inner, Not) else [Not(nodes)]
