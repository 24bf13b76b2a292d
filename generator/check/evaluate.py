"""Evaluate typed predicates on a thing: facts in, three-valued verdicts out.

The scene holds what a predicate needs beside the facts: the rule's values, the vocabularies, the calendar and what
documents must contain. Every kind of predicate has one function here, in :mod:`generator.check.collections` or in
:mod:`generator.check.reckoning`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from generator.calendar import WorkCalendar
from generator.check.measures import ANNIVERSARIES, grade_amount, keeps, measure_span, word_bounds
from generator.check.trails import grounds_at, label_path, leaves, missing, name_several, trails
from generator.check.verdict import HOLDS, Grounds, Verdict, join_all, join_any
from generator.institution.given import quote
from generator.institution.missing import MISSING
from generator.institution.world import Thing, write_fact
from generator.policy import predicates as kinds
from generator.policy.predicates import Predicate
from generator.policy.records import Content
from generator.policy.values import Table, Value, Words
from generator.policy.vocabulary import Vocabulary


@dataclass(frozen=True)
class Scene:
    """What predicates are read against: a rule's values, vocabularies, calendar and contents of documents."""

    values: Mapping[str, Value]
    terms: Mapping[str, Vocabulary]
    calendar: WorkCalendar
    contents: Mapping[str, Content]

    @property
    def titles(self) -> Mapping[str, str]:
        """Return the titles of duties, for wording."""
        return {}

    def with_values(self, values: Mapping[str, Value]) -> "Scene":
        """Return the same scene for another rule's values."""
        return replace(self, values=values)


Evaluate = Callable[[Thing, Any, Scene], Verdict]
SPAN_UNITS = {"days": "天", "months": "个月", "years": "年"}
PART_UNITS = {"months": "个多月", "years": "年多"}
PERCENT = "%"
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
    if not predicates:
        return HOLDS
    return join_all([EVALUATORS[type(predicate)](thing, predicate, scene) for predicate in predicates])


@evaluates(kinds.FactTest)
def judge_fact(thing: Thing, test: kinds.FactTest, scene: Scene) -> Verdict:
    """Judge each value the path leads to."""
    values = leaves(thing, test.fact)
    if not values:
        return missing(thing, test.fact)
    if len(values) == 1:
        return judge(thing, values[0], test, scene)
    return join_all(judge_one(thing, number, test, scene) for number in range(len(values)))


def judge(thing: Thing, value: object, test: kinds.FactTest, scene: Scene) -> Verdict:
    """Return the verdict on the one value of a fact."""
    if value is MISSING:
        return missing(thing, test.fact)
    path = test.fact
    return Verdict(
        meets_all(thing, value, test, scene),
        lambda: grounds_at(thing, [path], f"{label_path(thing, path)}为 {show(thing, path, value)}"),
    )


def judge_one(thing: Thing, number: int, test: kinds.FactTest, scene: Scene) -> Verdict:
    """Return the verdict on one of several values, naming whose it is."""
    path = test.fact
    trail = trails(thing, path)[number]
    owner = trail.things[-1] if trail.things else thing
    label = label_path(thing, path).rpartition("·")[2]
    if trail.value is MISSING:
        return Verdict(None, lambda: Grounds(missing=(f"{owner.title}的“{label}”",), places=trail.places(path)))
    found = f"{owner.title}的{label}为 {show(thing, path, trail.value)}"
    return Verdict(meets_all(thing, trail.value, test, scene), lambda: Grounds((found,), places=trail.places(path)))


def meets_all(thing: Thing, value: object, test: kinds.FactTest, scene: Scene) -> bool:
    """Return whether the value meets everything the test demands."""
    if test.among and not words_in(value) <= allowed(thing, test.fact, scene.values[test.among], scene):
        return False
    number = in_share(thing, test.fact, value, test, scene) if isinstance(value, Fraction) else value
    return all(demand(number, test, scene))


def in_share(thing: Thing, path: str, number: Fraction, test: kinds.Bounded, scene: Scene) -> Fraction:
    """Return a percentage as the share that bounds in percent compare with; any other number as it is."""
    percent = any(scene.values[name].unit == PERCENT for name in test.bounds().values())
    return number / 100 if percent and thing.world.dictionary.unit(thing.entity, path) == PERCENT else number


def words_in(value: object) -> set[object]:
    """Return the words of a fact, of which a field may have several."""
    return set(value) if isinstance(value, tuple) else {value}


def demand(value: object, test: kinds.FactTest, scene: Scene) -> Iterable[bool]:
    """Yield whether the value meets each thing the test demands."""
    words = words_in(value)
    if test.is_ is not None:
        yield test.is_ in words
    if test.one_of:
        yield bool(words & set(test.one_of))
    if test.none_of:
        yield not words & set(test.none_of)
    if test.bounds():
        yield isinstance(value, Fraction | date) and keeps(value, test, scene.values)


def allowed(thing: Thing, path: str, value: Value, scene: Scene) -> set[object]:
    """Return the words of a value with the ids of the terms they label in the fact's vocabulary."""
    words = value.words if isinstance(value, Words) else (str(value),)
    name = thing.world.dictionary.vocabulary(thing.entity, path)
    vocabularies = [scene.terms[name]] if name else scene.terms.values()
    return {*words, *(found for vocabulary in vocabularies for word in words if (found := vocabulary.find(word)))}


def show(thing: Thing, path: str, value: object) -> str:
    """Return a value as a message shows it: terms by their label."""
    name = thing.world.dictionary.vocabulary(thing.entity, path)
    labels = thing.world.labels(name) if name else {}
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

    def tell() -> Grounds:
        start, end = (label_path(thing, path) for path in test.span)
        mark = "（暂定）" if provisional else ""
        unit = (PART_UNITS if length.denominator > 1 else SPAN_UNITS).get(test.unit, "个工作日")
        length_ = f"{int(length)} {unit}{mark}"
        bounds = word_bounds(test, scene.values)
        return grounds_at(thing, test.span, f"{start}（{first}）至{end}（{last}）为 {length_}，应{bounds}")

    held = keeps(length, test, scene.values)
    if not held and test.exactly and test.unit in ANNIVERSARIES:  # a term ends the day before its anniversary, or on it
        following, _provisional = measure_span(first, last + timedelta(days=1), test.unit, scene.calendar)
        held = keeps(following, test, scene.values)
    return Verdict(held, tell)


@evaluates(kinds.PresentTest)
def judge_present(thing: Thing, test: kinds.PresentTest, _scene: Scene) -> Verdict:
    """Judge that each fact is stated; what is not stated fails, for that is the duty."""
    return join_all(state(thing, path) for path in test.present)


def state(thing: Thing, path: str) -> Verdict:
    """Return whether a fact is stated and not “no” (for a collection: every row's)."""
    known = state_known(thing, path)
    if not known.holds or not any(value is False for value in leaves(thing, path)):
        return known
    return Verdict(False, lambda: grounds_at(thing, [path], f"{label_path(thing, path)}为 否"))


def state_known(thing: Thing, path: str) -> Verdict:
    """Return whether a fact is stated, be it “no” or nought (for a collection: every row's)."""
    values = leaves(thing, path)
    held = bool(values) and not any(value is MISSING or value in ("", ()) for value in values)
    if held:
        told = values[0] if len(values) == 1 else tuple(values)
        return Verdict(
            True, lambda: grounds_at(thing, [path], f"{label_path(thing, path)}为 {tell_fact(thing, path, told)}")
        )
    if len(values) < 2:
        return Verdict(False, lambda: grounds_at(thing, [path], f"{label_path(thing, path)}没有填写"))

    def tell() -> Grounds:
        lacking = [trail for trail in trails(thing, path) if trail.value is MISSING or trail.value in ("", ())]
        found = f"{label_path(thing, path)}没有填写（{name_several([trail.things[-1] for trail in lacking])}）"
        return Grounds((found,), places=tuple(place for trail in lacking for place in trail.places(path)))

    return Verdict(False, tell)


def tell_fact(thing: Thing, path: str, value: object) -> str:
    """Return a stated fact in one short line without ID numbers."""
    return quote(show(thing, path, value))


@evaluates(kinds.AbsentTest)
def judge_absent(thing: Thing, test: kinds.AbsentTest, _scene: Scene) -> Verdict:
    """Judge that nothing is stated along each path."""
    return join_all(lack(thing, path) for path in test.absent)


def lack(thing: Thing, path: str) -> Verdict:
    """Return whether nothing is stated along a path (an empty text, no, and nobody count as nothing)."""
    held = all(value is MISSING or value in ("", ()) or value is False for value in leaves(thing, path))
    if held:
        return Verdict(True, lambda: grounds_at(thing, [path], f"{label_path(thing, path)}没有填写"))
    told = tuple(value for value in leaves(thing, path) if value is not MISSING)
    return Verdict(
        False, lambda: grounds_at(thing, [path], f"{label_path(thing, path)}为 {tell_fact(thing, path, told)}")
    )


@evaluates(kinds.CompleteTest)
def judge_complete(thing: Thing, test: kinds.CompleteTest, scene: Scene) -> Verdict:
    """Judge that every item a document must contain has its facts."""
    items = scene.contents[test.complete].items
    applying = [item for item in items if item.facts and evaluate_all(thing, item.when, scene).holds is not False]
    verdicts = [join_all(state_known(thing, path) for path in item.facts) for item in applying]
    lacking = [(item.name, verdict) for item, verdict in zip(applying, verdicts, strict=True) if not verdict.holds]

    def tell() -> Grounds:
        places = tuple(place for _name, verdict in lacking for place in verdict.places)
        return Grounds(tuple(f"缺少“{name}”" for name, _verdict in lacking), places=places)

    return Verdict(not lacking, tell)


@evaluates(kinds.OrderTest)
def judge_order(thing: Thing, test: kinds.OrderTest, _scene: Scene) -> Verdict:
    """Judge that dates or numbers come in order."""
    values: list[Any] = [thing.follow(path) for path in test.order]
    for path, value in zip(test.order, values, strict=True):
        if value is MISSING:
            return missing(thing, path)
    pairs = list(pairwise(zip(test.order, values, strict=True)))
    held = all(earlier[1] <= later[1] for earlier, later in pairs)
    deciding = [pair for pair in pairs if (pair[0][1] <= pair[1][1]) == held]

    def tell() -> Grounds:
        relation = "晚于" if isinstance(values[0], date) else "大于"
        word = f"不{relation}" if held else relation
        told = [[f"{label_path(thing, path)}（{write_fact(value)}）" for path, value in pair] for pair in deciding]
        paths = list(dict.fromkeys(path for pair in deciding for path, _value in pair))
        return grounds_at(thing, paths, *(f"{first}{word}{second}" for first, second in told))

    return Verdict(held, tell)


@evaluates(kinds.SameTest)
def judge_same(thing: Thing, test: kinds.SameTest, _scene: Scene) -> Verdict:
    """Judge that two paths lead to the same values."""
    sides = [leaves(thing, path) for path in test.same]
    for path, side in zip(test.same, sides, strict=True):
        if not side or MISSING in side:
            return missing(thing, path)
    pairs = list(zip(test.same, map(tuple, sides), strict=True))
    return Verdict(
        set(sides[0]) == set(sides[1]),
        lambda: grounds_at(
            thing, test.same, *(f"{label_path(thing, p)}为 {show(thing, p, side)}" for p, side in pairs)
        ),
    )


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

    def tell() -> Grounds:
        pairs = "、".join(f"{label} {write_fact(score)}" for label, score in zip(shown, scores, strict=True))
        return grounds_at(thing, [test.graded, test.by], f"等第与成绩为 {pairs}，应为 {table}")

    return Verdict(all(held), tell)


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
