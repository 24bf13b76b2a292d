"""Evaluate typed predicates on a thing: facts in, three-valued verdicts out.

The scene holds what a predicate needs beside the facts: the rule's values, the vocabularies, the calendar and what
documents must contain. Every kind of predicate has one function here or in :mod:`generator.check.collections`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from generator.calendar import WorkCalendar
from generator.check.measures import grade_amount, keeps, measure_span, word_bounds
from generator.check.verdict import Verdict, join_all, join_any
from generator.institution.missing import MISSING
from generator.institution.world import Thing, write_fact
from generator.policy import predicates as kinds
from generator.policy.predicates import Predicate
from generator.policy.records import Content
from generator.policy.values import Table, Value, Words
from generator.policy.vocabulary import Vocabulary
from generator.problems import Place


@dataclass(frozen=True)
class Scene:
    """What predicates are read against: a rule's values, vocabularies, calendar and contents of documents."""

    values: Mapping[str, Value]
    terms: Mapping[str, Vocabulary]
    calendar: WorkCalendar
    contents: Mapping[str, Content]

    def with_values(self, values: Mapping[str, Value]) -> "Scene":
        """Return the same scene for another rule's values."""
        return replace(self, values=values)


Evaluate = Callable[[Thing, Any, Scene], Verdict]
EVALUATORS: dict[type, Evaluate] = {}


def evaluates(kind: type) -> Callable[[Evaluate], Evaluate]:
    """Return a decorator that registers the function for one kind of predicate."""

    def register(function: Evaluate) -> Evaluate:
        EVALUATORS[kind] = function
        return function

    return register


def evaluate(thing: Thing, predicate: Predicate, scene: Scene) -> Verdict:
    """Return the verdict on one predicate."""
    return EVALUATORS[type(predicate)](thing, predicate, scene)


def evaluate_all(thing: Thing, predicates: Sequence[Predicate], scene: Scene) -> Verdict:
    """Return the verdict that all the predicates hold."""
    return join_all(evaluate(thing, predicate, scene) for predicate in predicates)


def label_path(thing: Thing, path: str) -> str:
    """Return a path in Chinese, such as ``考评组·人员``."""
    return thing.world.dictionary.label_path(thing.entity, path)


def missing(thing: Thing, path: str) -> Verdict:
    """Return the verdict that it cannot be told, naming the missing fact and whose it is."""
    return Verdict(None, missing=(f"{thing.title}的“{label_path(thing, path)}”",), places=(thing.locate(path),))


def places_of(thing: Thing, path: str) -> tuple[Place, ...]:
    """Return where the facts at the end of a path stand, and before them the references that lead there."""
    *way, name = path.split(".")
    facts = [owner.locate(name) for owner in things_along(thing, way)]
    holders = things_along(thing, way[:-1]) if way else []
    return (*(holder.places[way[-1]] for holder in holders if way[-1] in holder.places), *facts)


def things_along(thing: Thing, way: Sequence[str]) -> list[Thing]:
    """Return the things a way leads to, the thing itself where it is empty."""
    found = thing.follow(".".join(way)) if way else thing
    return [owner for owner in (found if isinstance(found, list | tuple) else [found]) if isinstance(owner, Thing)]


def leaves(thing: Thing, path: str) -> list[object]:
    """Return the values at the end of a path: several across a collection, else one; none when it is missing."""
    value = thing.follow(path)
    if value is MISSING:
        return []
    return value if isinstance(value, list) else [value]


@evaluates(kinds.FactTest)
def judge_fact(thing: Thing, test: kinds.FactTest, scene: Scene) -> Verdict:
    """Judge each value the path leads to."""
    values = leaves(thing, test.fact)
    if not values:
        return missing(thing, test.fact)
    return join_all(judge(thing, value, test, scene) for value in values)


def judge(thing: Thing, value: object, test: kinds.FactTest, scene: Scene) -> Verdict:
    """Return the verdict on one value of a fact."""
    if value is MISSING:
        return missing(thing, test.fact)
    found = (f"{label_path(thing, test.fact)}为 {show(thing, test.fact, value)}",)
    holds = all(demand(value, test, scene))
    return Verdict(holds, found, places=places_of(thing, test.fact))


def demand(value: object, test: kinds.FactTest, scene: Scene) -> Iterable[bool]:
    """Yield whether the value meets each thing the test demands."""
    words = set(value) if isinstance(value, tuple) else {value}
    if test.is_ is not None:
        yield test.is_ in words
    if test.one_of:
        yield bool(words & set(test.one_of))
    if test.none_of:
        yield not words & set(test.none_of)
    if test.among:
        yield words <= allowed(scene.values[test.among], scene.terms)
    if test.bounds():
        yield isinstance(value, Fraction | date) and keeps(value, test, scene.values)


def allowed(value: Value, terms: Mapping[str, Vocabulary]) -> set[str]:
    """Return the words of a value with the ids of the terms they label."""
    words = value.words if isinstance(value, Words) else (str(value),)
    ids = {found for word in words for vocabulary in terms.values() if (found := vocabulary.find(word))}
    return {*words, *ids}


def show(thing: Thing, path: str, value: object) -> str:
    """Return a value as a message shows it: terms by their label."""
    world = thing.world
    field = world.dictionary.trace(thing.entity, path)[-1].field
    labels = world.labels(field.terms) if field and field.terms else {}
    words = value if isinstance(value, tuple) else (value,)
    return write_fact([labels.get(word, word) if isinstance(word, str) else word for word in words])


@evaluates(kinds.SpanTest)
def judge_span(thing: Thing, test: kinds.SpanTest, scene: Scene) -> Verdict:
    """Judge the time between two dates."""
    first, last = (thing.follow(path) for path in test.span)
    for path, day in zip(test.span, (first, last), strict=True):
        if not isinstance(day, date):
            return missing(thing, path)
    assert isinstance(first, date)
    assert isinstance(last, date)
    length, provisional = measure_span(first, last, test.unit, scene.calendar)
    units = {"days": "天", "months": "个月", "years": "年"}
    start, end = (label_path(thing, path) for path in test.span)
    mark = "（暂定）" if provisional else ""
    found = f"{start}（{first}）至{end}（{last}）为 {length} {units.get(test.unit, '个工作日')}{mark}"
    places = tuple(place for path in test.span for place in places_of(thing, path))
    return Verdict(keeps(Fraction(length), test, scene.values), (found,), places=places)


@evaluates(kinds.PresentTest)
def judge_present(thing: Thing, test: kinds.PresentTest, _scene: Scene) -> Verdict:
    """Judge that each fact is stated; what is not stated fails, for that is the duty."""
    return join_all(state(thing, path) for path in test.present)


def state(thing: Thing, path: str) -> Verdict:
    """Return whether a fact is stated and not “no” (for a collection: every row's)."""
    known = state_known(thing, path)
    if not known.holds or not any(value is False for value in leaves(thing, path)):
        return known
    return Verdict(False, (f"{label_path(thing, path)}为否",), places=known.places)


def state_known(thing: Thing, path: str) -> Verdict:
    """Return whether a fact is stated, be it “no” or nought (for a collection: every row's)."""
    values = leaves(thing, path)
    held = bool(values) and all(value is not MISSING and value not in ("", ()) for value in values)
    what = "已填写" if held else "没有填写"
    return Verdict(held, (f"{label_path(thing, path)}{what}",), places=places_of(thing, path))


@evaluates(kinds.AbsentTest)
def judge_absent(thing: Thing, test: kinds.AbsentTest, _scene: Scene) -> Verdict:
    """Judge that nothing is stated along each path."""
    return join_all(lack(thing, path) for path in test.absent)


def lack(thing: Thing, path: str) -> Verdict:
    """Return whether nothing is stated along a path (an empty text, no, and nobody count as nothing)."""
    held = all(value is MISSING or value in ("", ()) or value is False for value in leaves(thing, path))
    what = "没有填写" if held else "已填写"
    return Verdict(held, (f"{label_path(thing, path)}{what}",), places=places_of(thing, path))


@evaluates(kinds.CompleteTest)
def judge_complete(thing: Thing, test: kinds.CompleteTest, scene: Scene) -> Verdict:
    """Judge that every item a document must contain has its facts."""
    items = scene.contents[test.complete].items
    applying = [item for item in items if item.facts and evaluate_all(thing, item.when, scene).holds is not False]
    verdicts = [join_all(state_known(thing, path) for path in item.facts) for item in applying]
    lacking = [item.name for item, verdict in zip(applying, verdicts, strict=True) if not verdict.holds]
    places = tuple(place for verdict in verdicts if not verdict.holds for place in verdict.places)
    return Verdict(not lacking, tuple(f"缺少“{name}”" for name in lacking), places=places)


@evaluates(kinds.OrderTest)
def judge_order(thing: Thing, test: kinds.OrderTest, _scene: Scene) -> Verdict:
    """Judge that dates or numbers come in order."""
    values: list[Any] = [thing.follow(path) for path in test.order]
    for path, value in zip(test.order, values, strict=True):
        if value is MISSING:
            return missing(thing, path)
    pairs = list(zip(test.order, values, strict=True))
    found = tuple(f"{label_path(thing, path)}为 {write_fact(value)}" for path, value in pairs)
    holds = all(earlier <= later for earlier, later in pairwise(values))
    return Verdict(holds, found, places=tuple(place for path in test.order for place in places_of(thing, path)))


@evaluates(kinds.SameTest)
def judge_same(thing: Thing, test: kinds.SameTest, _scene: Scene) -> Verdict:
    """Judge that two paths lead to the same values."""
    sides = [leaves(thing, path) for path in test.same]
    for path, side in zip(test.same, sides, strict=True):
        if not side or MISSING in side:
            return missing(thing, path)
    found = tuple(
        f"{label_path(thing, path)}为 {show(thing, path, tuple(side))}"
        for path, side in zip(test.same, sides, strict=True)
    )
    places = tuple(place for path in test.same for place in places_of(thing, path))
    return Verdict(set(sides[0]) == set(sides[1]), found, places=places)


@evaluates(kinds.GradedTest)
def judge_graded(thing: Thing, test: kinds.GradedTest, scene: Scene) -> Verdict:
    """Judge that a score is what its grade stands for."""
    scores, grades = leaves(thing, test.graded), leaves(thing, test.by)
    if not grades or MISSING in grades:
        return missing(thing, test.by)
    if not scores or MISSING in scores:
        return missing(thing, test.graded)
    table = scene.values[test.table]
    assert isinstance(table, Table)
    shown = [show(thing, test.by, grade) for grade in grades]
    held = [grade_amount(table, label, score) for label, score in zip(shown, scores, strict=True)]  # type: ignore[arg-type]
    pairs = "、".join(f"{label} {write_fact(score)}" for label, score in zip(shown, scores, strict=True))
    required = f"等第与成绩为 {pairs}，应为 {table}"
    return Verdict(all(held), (required,), places=places_of(thing, test.graded))


@evaluates(kinds.AllTest)
def judge_all(thing: Thing, test: kinds.AllTest, scene: Scene) -> Verdict:
    """Judge that all hold."""
    return evaluate_all(thing, test.all_of, scene)


@evaluates(kinds.AnyTest)
def judge_any(thing: Thing, test: kinds.AnyTest, scene: Scene) -> Verdict:
    """Judge that at least one holds."""
    return join_any(evaluate(thing, part, scene) for part in test.any_of)


@evaluates(kinds.NotTest)
def judge_not(thing: Thing, test: kinds.NotTest, scene: Scene) -> Verdict:
    """Judge that not all hold."""
    return evaluate_all(thing, test.not_, scene).negated()


def word_found(length: Fraction | int, label: str, test: kinds.Counted, scene: Scene) -> str:
    """Return what a measure found and what is required, in one phrase."""
    return f"{label}为 {write_fact(Fraction(length))}，应{word_bounds(test, scene.values)}"
