"""Evaluate predicates on what is reckoned from other numbers: means, weighted totals, ranks."""

from fractions import Fraction

from generator.check.collections import rows_of
from generator.check.evaluate import Scene, evaluates
from generator.check.trails import grounds_at, label_path, missing
from generator.check.verdict import Grounds, Verdict
from generator.institution.world import Thing, write_fact
from generator.policy import predicates as kinds

HUNDRED = Fraction(100)
HALF = Fraction(1, 2)


@evaluates(kinds.MeanTest)
def judge_mean(thing: Thing, test: kinds.MeanTest, _scene: Scene) -> Verdict:
    """Judge that a score is the mean of others, exactly."""
    numbers: list[Fraction] = []
    for path in (*test.mean, test.is_of):
        value = thing.follow(path)
        if not isinstance(value, Fraction):
            return missing(thing, path)
        numbers.append(value)
    *parts, whole = numbers
    mean = sum(parts, Fraction(0)) / len(parts)

    def tell() -> Grounds:
        names = "、".join(f"{label_path(thing, p)} {write_fact(v)}" for p, v in zip(test.mean, parts, strict=True))
        told = f"{label_path(thing, test.is_of)}为 {write_fact(whole)}，应为 {names} 的平均值 {write_fact(mean)}"
        return grounds_at(thing, [test.is_of], told)

    return Verdict(whole == mean, tell)


@evaluates(kinds.WeightedTest)
def judge_weighted(thing: Thing, test: kinds.WeightedTest, _scene: Scene) -> Verdict:
    """Judge that a total is made up of its parts; a part without weight is not asked for."""
    total, parts = thing.follow(test.is_of), []
    for path, by in zip(test.weighted, test.shares, strict=True):
        share, score = thing.follow(by), thing.follow(path)
        if not isinstance(share, Fraction):
            return missing(thing, by)
        if share and not isinstance(score, Fraction):
            return missing(thing, path)
        if isinstance(score, Fraction) and share:
            parts.append((path, score, share))
    if not isinstance(total, Fraction):
        return missing(thing, test.is_of)
    exact = sum((score * share for _path, score, share in parts), Fraction(0)) / HUNDRED

    def tell() -> Grounds:
        names = "、".join(f"{label_path(thing, p)} {write_fact(s)}（{write_fact(w)}%）" for p, s, w in parts)
        right = write_fact(round_to_cents(exact))
        told = f"{label_path(thing, test.is_of)}为 {write_fact(total)}，由 {names} 合成应为 {right}"
        return grounds_at(thing, [test.is_of], told)

    return Verdict(total in (exact, round_to_cents(exact)), tell)


def round_to_cents(number: Fraction) -> Fraction:
    """Return the number to two decimals, halves upwards, as people and spreadsheets round."""
    return Fraction((number * HUNDRED + HALF).__floor__()) / HUNDRED


@evaluates(kinds.RankedTest)
def judge_ranked(thing: Thing, test: kinds.RankedTest, _scene: Scene) -> Verdict:
    """Judge that as many are before one as its rank says; who comes first among equals is not looked at."""
    rows, rank, own = rows_of(thing, test.of), thing.follow(test.ranked), thing.follow(test.by)
    if rows is None:
        return missing(thing, test.of)
    for path, value in ((test.ranked, rank), (test.by, own)):
        if not isinstance(value, Fraction):
            return missing(thing, path)
    assert isinstance(rank, Fraction)
    assert isinstance(own, Fraction)
    scores = [(row, row.follow(test.by)) for row in rows]
    unknown = [row for row, score in scores if not isinstance(score, Fraction)]
    if unknown:
        return missing(unknown[0], test.by)
    before = sum(score > own for _row, score in scores if isinstance(score, Fraction))
    equal = sum(score == own for _row, score in scores)

    def tell() -> Grounds:
        found = (
            f"{label_path(thing, test.ranked)}为 {write_fact(rank)}，{label_path(thing, test.by)}比它高的有 {before} 人"
        )
        return grounds_at(thing, [test.ranked], found)

    return Verdict(before < rank <= before + max(equal, 1), tell)
