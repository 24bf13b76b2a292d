"""``make mutate``: change each number of a checked rule in turn; does a case of its guideline notice?

Prints every change that no case notices, and the share that some case does; exits 1 below ``FLOOR``.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from generator.policy.load import Guideline
from generator.policy.records import Rule
from generator.policy.values import Day, Quantity, Range, Table, Value
from tests.policy.cases import Case, load_cases, run_case, whole_policy

FLOOR = Fraction(95, 100)


def changes_of(value: Value) -> Iterator[Value]:
    """Yield the value with each of its numbers a little larger and a little smaller."""
    if isinstance(value, Quantity):
        for number in neighbours(value.number):
            yield replace(value, number=number)
    elif isinstance(value, Range):
        for number in neighbours(value.low):
            yield replace(value, low=number)
        for number in neighbours(value.high):
            yield replace(value, high=number)
    elif isinstance(value, Day):
        yield from (replace(value, day=value.day + timedelta(days=step)) for step in (-1, 1))
    elif isinstance(value, Table):
        for index, (label, row) in enumerate(value.rows):
            for changed in changes_of(row):
                yield replace(value, rows=(*value.rows[:index], (label, changed), *value.rows[index + 1 :]))  # type: ignore[arg-type]


def neighbours(number: Fraction) -> tuple[Fraction, Fraction]:
    """Return the next number below and above: by one, or for a ratio by a tenth of it."""
    step = Fraction(1) if number.denominator == 1 else number / 10
    return number - step, number + step


def mutants(guideline: Guideline) -> Iterator[tuple[str, Guideline]]:
    """Yield (what was changed, the guideline with that one number changed)."""
    for name, rule in guideline.rules.items():
        if rule.checked == "by-hand":
            continue
        for key, value in rule.values.items():
            for changed in changes_of(value):
                edition: Rule = rule.model_copy(update={"values": {**rule.values, key: changed}})
                what = f"{guideline.id}/{name} {key}: {value} → {changed}"
                yield what, replace(guideline, rules={**guideline.rules, name: edition})


def survives(guideline: Guideline, cases: list[Case]) -> bool:
    """Return whether all cases still give what they expect."""
    return all(run_case(case, whole_policy(), guideline) == case.expect for case in cases)


def main() -> int:
    """Run all mutants; return the exit status."""
    total = killed = 0
    cases = list(load_cases())
    for guideline in whole_policy().guidelines.values():
        own = [case for case in cases if case.guideline == guideline.id]
        for what, mutant in mutants(guideline):
            total += 1
            if survives(mutant, own):
                print(f"没有用例发现：{what}")
            else:
                killed += 1
    share = Fraction(killed, total) if total else Fraction(0)
    print(f"改动 {total} 处数字，用例发现 {killed} 处（{float(share):.1%}）")
    return 0 if share >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
