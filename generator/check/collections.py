"""Evaluate predicates on collections: counts, shares, sums, repetition, rotation, and what holds for each row.

A row whose own verdict cannot be told leaves the count open between two ends; only where every possible count gives
the same answer is the answer given.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

from generator.check.evaluate import Scene, evaluate_all, evaluates, in_share, show, word_found
from generator.check.measures import Number, bound_of, compare, decide_range, keeps
from generator.check.trails import grounds_at, label_path, leaves, missing, trails
from generator.check.verdict import Grounds, Verdict, join_all, merge
from generator.institution.missing import MISSING
from generator.institution.world import Thing, write_fact
from generator.policy import predicates as kinds
from generator.policy.predicates import Predicate
from generator.policy.wording import Book, word_rows
from generator.problems import Place


def rows_of(thing: Thing, path: str) -> list[Thing] | None:
    """Return the rows a path leads to, or None when the collection is not stated."""
    value = thing.follow(path)
    if value is MISSING:
        return None
    rows = value if isinstance(value, list | tuple) else [value]
    return [row for row in rows if isinstance(row, Thing)]


def pick(rows: Sequence[Thing], where: Sequence[Predicate], scene: Scene) -> tuple[list[Thing], list[Verdict]]:
    """Return the rows that surely meet ``where``, and the verdicts of those that might."""
    verdicts = [(row, evaluate_all(row, where, scene)) for row in rows]
    sure = [row for row, verdict in verdicts if verdict.holds]
    return sure, [verdict for _row, verdict in verdicts if verdict.holds is None]


@evaluates(kinds.CountTest)
def judge_count(thing: Thing, test: kinds.CountTest, scene: Scene) -> Verdict:
    """Judge how many rows there are."""
    rows = rows_of(thing, test.count)
    if rows is None:
        return missing(thing, test.count)
    sure, open_rows = pick(rows, test.where, scene)
    holds = decide_range(len(sure), len(sure) + len(open_rows), test, scene.values)
    if holds is None:
        return merge(None, open_rows)

    def tell() -> Grounds:
        found = word_found(len(sure), f"{label_rows(thing, test.count, test, scene)}数量", test, scene)
        return Grounds((found,), places=places_of_rows(sure or rows) or source_of_rows(thing, test.count))

    return Verdict(holds, tell)


def places_of_rows(rows: Iterable[Thing]) -> tuple[Place, ...]:
    """Return where rows stand."""
    return tuple(row.place for row in rows)


def source_of_rows(thing: Thing, path: str) -> tuple[Place, ...]:
    """Return where the rows stand that none was picked from, else where the thing stands."""
    derived = thing.kind.derived.get(path)
    rows = rows_of(thing, derived.rows) if derived and derived.rows else None
    return places_of_rows(rows or ()) or (thing.place,)


def label_rows(thing: Thing, path: str, test: Any, scene: Scene) -> str:
    """Return the rows a path leads to in Chinese, with the condition that picks among them."""
    book = Book(thing.world.dictionary, thing.world.labels, scene.titles, scene.values)
    return word_rows(test, path, thing.entity, book)


@evaluates(kinds.DistinctCountTest)
def judge_count_distinct(thing: Thing, test: kinds.DistinctCountTest, scene: Scene) -> Verdict:
    """Judge how many different values a path leads to; ``where`` picks among the rows before the last step."""
    *way, name = test.count_distinct.split(".")
    rows = rows_of(thing, ".".join(way)) if way else [thing]
    if rows is None:
        return missing(thing, test.count_distinct)
    sure, open_rows = pick(rows, test.where, scene)
    values = [value for row in sure for value in leaves(row, name)]
    if open_rows or MISSING in values:
        return missing(thing, test.count_distinct)
    path, count = test.count_distinct, len(set(values))
    return Verdict(
        keeps(Fraction(count), test, scene.values),
        lambda: grounds_at(
            thing, [path], word_found(count, f"{label_rows(thing, path, test, scene)}不同取值的数量", test, scene)
        ),
    )


@evaluates(kinds.ShareTest)
def judge_share(thing: Thing, test: kinds.ShareTest, scene: Scene) -> Verdict:
    """Judge the share of rows that meet ``where``."""
    rows = rows_of(thing, test.share)
    if not rows:
        return missing(thing, test.share)
    sure, open_rows = pick(rows, test.where, scene)
    ends = {keeps(Fraction(n, len(rows)), test, scene.values) for n in (len(sure), len(sure) + len(open_rows))}
    if len(ends) > 1:
        return merge(None, open_rows)
    share = Fraction(len(sure), len(rows))

    def tell() -> Grounds:
        label = f"{label_rows(thing, test.share, test, scene)}比例（{len(sure)}/{len(rows)}）"
        others = [row.place for row in rows if row not in sure]
        return Grounds((word_found(share, label, test, scene),), places=tuple(others or [row.place for row in rows]))

    return Verdict(ends.pop(), tell)


@evaluates(kinds.RatioTest)
def judge_ratio(thing: Thing, test: kinds.RatioTest, scene: Scene) -> Verdict:
    """Judge the size of one collection (or a number) over the size of another."""
    sizes = []
    for path in test.ratio:
        values = leaves(thing, path)
        if not values:
            return missing(thing, path)
        sizes.append(size_of(values))
    if not sizes[1]:
        return missing(thing, test.ratio[1])
    ratio = Fraction(sizes[0], sizes[1])

    def tell() -> Grounds:
        part, whole = (label_path(thing, path) for path in test.ratio)
        label = f"{part}与{whole}之比（{sizes[0]}:{sizes[1]}）"
        return grounds_at(thing, test.ratio[:1], word_found(ratio, label, test, scene))

    return Verdict(keeps(ratio, test, scene.values), tell)


def size_of(values: Sequence[object]) -> Fraction:
    """Return how many things there are, or the number itself where the path leads to one."""
    if len(values) == 1 and isinstance(values[0], Fraction):
        return values[0]
    return Fraction(sum(len(value) if isinstance(value, tuple) else 1 for value in values if value is not MISSING))


@evaluates(kinds.SumTest)
def judge_sum(thing: Thing, test: kinds.SumTest, scene: Scene) -> Verdict:
    """Judge the sum of numbers; ``where`` picks among the rows before the last step."""
    *way, name = test.sum.split(".")
    rows = rows_of(thing, ".".join(way)) if way else [thing]
    if not rows:
        return missing(thing, test.sum)
    sure, open_rows = pick(rows, test.where, scene)
    values = [value for row in sure for value in leaves(row, name)]
    if open_rows or not values or not all(isinstance(value, Fraction) for value in values):
        return missing(thing, test.sum)
    total = sum((value for value in values if isinstance(value, Fraction)), Fraction(0))
    path = test.sum
    return Verdict(
        keeps(in_share(thing, path, total, test, scene), test, scene.values),
        lambda: grounds_at(
            thing, [path], word_found(total, f"{label_rows(thing, path, test, scene)}合计", test, scene)
        ),
    )


@evaluates(kinds.EachTest)
def judge_each(thing: Thing, test: kinds.EachTest, scene: Scene) -> Verdict:
    """Judge that every row that meets ``where`` meets ``require``; findings name the row."""
    rows = rows_of(thing, test.each)
    if rows is None:
        return missing(thing, test.each)
    sure, open_rows = pick(rows, test.where, scene)
    verdicts = [name_row(row, evaluate_all(row, test.require, scene)) for row in sure]
    return join_all([*verdicts, *open_rows])


def name_row(row: Thing, verdict: Verdict) -> Verdict:
    """Return the verdict with the row's name before what was found."""

    def tell() -> Grounds:
        found = tuple(f"{row.title}：{text}" for text in verdict.found)
        return Grounds(found, verdict.missing, verdict.places or (row.place,))

    return Verdict(verdict.holds, tell)


def flatten(values: Iterable[object]) -> list[object]:
    """Return the values with facts of several values laid out, missing ones left out."""
    flat: list[object] = []
    for value in values:
        if isinstance(value, tuple):
            flat.extend(value)
        elif value is not MISSING:
            flat.append(value)
    return flat


@evaluates(kinds.DistinctTest)
def judge_distinct(thing: Thing, test: kinds.DistinctTest, _scene: Scene) -> Verdict:
    """Judge that no value occurs twice."""
    values = flatten(leaves(thing, test.distinct))
    if not values:
        return missing(thing, test.distinct)
    twice = [value for value, count in Counter(values).items() if count > 1]
    path = test.distinct

    def tell() -> Grounds:
        found = tuple(f"{label_path(thing, path)}重复：{write_fact(value)}" for value in twice)
        return Grounds(found, places=places_with(thing, path, twice))

    return Verdict(not twice, tell)


def places_with(thing: Thing, path: str, values: Collection[object]) -> tuple[Place, ...]:
    """Return where these values stand along a path."""
    held = [trail for trail in trails(thing, path) if any(value in values for value in flatten([trail.value]))]
    return tuple(dict.fromkeys(place for trail in held for place in trail.places(path)))


@evaluates(kinds.DisjointTest)
def judge_disjoint(thing: Thing, test: kinds.DisjointTest, _scene: Scene) -> Verdict:
    """Judge that two paths share no value; a side that states nothing shares nothing."""
    stated = [leaves(thing, path) for path in test.disjoint]
    if not all(stated):
        return missing(thing, test.disjoint[stated.index([])])
    sides = [flatten(side) for side in stated]
    others = set(sides[1])
    shared = [value for value in dict.fromkeys(sides[0]) if value in others]

    def tell() -> Grounds:
        labels = "与".join(label_path(thing, path) for path in test.disjoint)
        found = tuple(f"{labels}同为 {write_fact(value)}" for value in shared)
        return Grounds(found, places=tuple(p for path in test.disjoint for p in places_with(thing, path, shared)))

    return Verdict(not shared, tell)


@evaluates(kinds.CoversTest)
def judge_covers(thing: Thing, test: kinds.CoversTest, scene: Scene) -> Verdict:
    """Judge that every required value occurs along the path."""
    if not leaves(thing, test.covers):
        return missing(thing, test.covers)
    have = set(flatten(leaves(thing, test.covers)))
    if test.of is not None:
        needed = flatten(leaves(thing, test.of))
        if not needed:
            return missing(thing, test.of)
    else:
        words = getattr(scene.values[str(test.words)], "words", ())
        needed = [scene_term(word, have, scene) for word in words]
    lacking = [value for value in needed if value not in have]
    path = test.covers
    return Verdict(
        not lacking,
        lambda: grounds_at(
            thing,
            [*([test.of] if test.of else []), path],
            *(f"{label_path(thing, path)}缺少 {show(thing, path, value)}" for value in lacking),
        ),
    )


def scene_term(word: object, have: set[object], scene: Scene) -> object:
    """Return the id of the term a word labels when the data speaks in ids, else the word itself."""
    ids = {found for vocabulary in scene.terms.values() if (found := vocabulary.find(str(word)))}
    return next((name for name in ids if name in have), word)


@evaluates(kinds.RotationTest)
def judge_rotation(thing: Thing, test: kinds.RotationTest, scene: Scene) -> Verdict:
    """Judge that enough people change from one practical day, or session, to the next."""
    sessions = rows_of(thing, test.rotation)
    if sessions is None:
        return missing(thing, test.rotation)
    shifts = by_day(sessions, test.by) if test.across == "adjacent-days" else by_session(sessions, test.by)
    if shifts is None:
        return missing(thing, f"{test.rotation}.{test.by}")
    share = bound_of(scene.values[test.at_least])
    verdicts = [
        compare_shift(before, after, share, test.by)
        for before, after in pairwise(shifts)
        if adjoin(before, after, test)
    ]
    return join_all(verdicts)


Shift = tuple[date, str, frozenset[Thing], tuple[Thing, ...]]


def by_session(sessions: Sequence[Thing], path: str) -> list[Shift] | None:
    """Return the shifts of people, one per start of sessions (parallel rooms are one shift), in order of time."""
    return shifts_of(sessions, path, lambda session: (moment_of(session), str(session.one("starts"))))


def by_day(sessions: Sequence[Thing], path: str) -> list[Shift] | None:
    """Return the shifts of people, one per day, in order."""
    return shifts_of(sessions, path, lambda session: (moment_of(session), ""))


def moment_of(session: Thing) -> date:
    """Return the day of a session that is known to have one."""
    day = session.one("date")
    assert isinstance(day, date)
    return day


def shifts_of(sessions: Sequence[Thing], path: str, moment: Callable[[Thing], tuple[date, str]]) -> list[Shift] | None:
    """Return (day, start, people, sessions) per moment; None when a session lacks its date or people."""
    if any(session.one("date") is MISSING or not leaves(session, path) for session in sessions):
        return None
    shifts = []
    for (day, start), group in groupby(sorted(sessions, key=moment), key=moment):
        rows = tuple(group)
        people = frozenset(person for row in rows for person in leaves(row, path) if isinstance(person, Thing))
        shifts.append((day, start, people, rows))
    return shifts


def adjoin(before: Shift, after: Shift, test: kinds.RotationTest) -> bool:
    """Return whether two shifts follow each other as the test means it."""
    return test.across == "consecutive-sessions" or (after[0] - before[0]).days == 1


def compare_shift(before: Shift, after: Shift, share: Number, by: str) -> Verdict:
    """Return whether at least the share of the earlier people were replaced."""
    left = len(before[2] - after[2])
    replaced = Fraction(left, len(before[2]))

    def tell() -> Grounds:
        names = "、".join(row.title for row in (*before[3], *after[3]))
        both = before[2] & after[2]
        stayed = "、".join(sorted(person.title for person in both))
        found = f"{names}：前一组 {len(before[2])} 人中更换 {left} 人（{replaced}），应不小于 {share}；未更换 {stayed}"
        places = (place for row in after[3] for place in places_with(row, by, both))
        return Grounds((found,), places=tuple(dict.fromkeys(places)))

    return Verdict(compare("at_least", replaced, share), tell)
