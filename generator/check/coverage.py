"""Say how much of a guideline data can check: fully, partly (what may be missed), by asking, or not at all.

Counted are rules. A rule nobody is asked about permits something, or binds somebody other than the institution.
"""

from dataclasses import dataclass

from generator.policy.load import Guideline
from generator.policy.records import Rule

WAYS = {
    "fully": "全部用数据检查",
    "partly": "部分用数据检查",
    "asked": "提问",
    "unasked": "不检查（许可，或他人的职责）",
}


@dataclass(frozen=True)
class Coverage:
    """The rules of one guideline by the way they are checked."""

    guideline: str
    fully: tuple[str, ...]
    partly: tuple[tuple[str, str], ...]
    asked: tuple[tuple[str, str], ...]
    unasked: tuple[str, ...]

    def count(self) -> dict[str, int]:
        """Return way, in Chinese → number of rules."""
        return {label: len(getattr(self, way)) for way, label in WAYS.items()}


def cover(guideline: Guideline) -> Coverage:
    """Return how the rules of a guideline are checked."""
    rules = guideline.rules.items()
    asked = [(name, rule) for name, rule in rules if rule.checked == "by-hand"]
    return Coverage(
        guideline.id,
        tuple(name for name, rule in rules if rule.checked == "fully"),
        tuple((name, str(rule.misses)) for name, rule in rules if rule.checked == "partly"),
        tuple((name, question_of(rule)) for name, rule in asked if rule.question),
        tuple(name for name, rule in asked if not rule.question),
    )


def question_of(rule: Rule) -> str:
    """Return what is asked about a rule."""
    return rule.question or ""
