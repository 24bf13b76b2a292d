"""Which record of the old edition is which of the new: same name, recorded rename, else a guess from likeness.

Renames, retired rules and new words for keys stand in ``policy/migrations/``, one file per change of policy; a
recorded rename beats a guess.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from generator.policy.export import plain
from generator.policy.load import read_folder
from generator.policy.predicates import Strict
from generator.policy.records import Record, Text
from generator.problems import KaowuError, Problem

ALIKE = 0.75


class Migration(Strict):
    """What a change of policy renamed or retired, for data written before it."""

    because: Text
    guidelines: dict[str, str] = {}
    rules: dict[str, str] = {}
    counterparts: dict[str, dict[str, str]] = {}  # stands in comparisons/ now; revisions from before are still read
    retired: dict[str, Text] = {}
    labels: dict[str, dict[str, str]] = {}
    sheets: dict[str, str] = {}
    terms: dict[str, dict[str, str]] = {}


@dataclass(frozen=True)
class Renames:
    """All recorded migrations put together: old name → new name."""

    guidelines: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    retired: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def load_renames(root: Path) -> Renames:
    """Return the migrations under a policy's root, earlier files first, chains followed to their end."""
    problems: list[Problem] = []
    read = read_folder(root / "migrations", Migration, root, problems)
    if problems:
        raise KaowuError(problems)
    steps = [read[name] for name in sorted(read)]

    def chain(name: str) -> dict[str, str]:
        return follow([getattr(step, name) for step in steps])

    def nested(name: str) -> dict[str, dict[str, str]]:
        keys = {key for step in steps for key in getattr(step, name)}
        return {key: follow([getattr(step, name).get(key, {}) for step in steps]) for key in sorted(keys)}

    return Renames(
        guidelines=chain("guidelines"),
        rules=chain("rules"),
        retired={name: because for step in steps for name, because in step.retired.items()},
        labels=nested("labels"),
        sheets=chain("sheets"),
        terms=nested("terms"),
    )


def follow(steps: list[dict[str, str]]) -> dict[str, str]:
    """Return old name → newest name."""
    found: dict[str, str] = {}
    for step in steps:
        found = {old: step.get(new, new) for old, new in found.items()} | step
    return found


@dataclass(frozen=True)
class Pair:
    """A record in both editions; a side without it is None."""

    old_name: str | None
    new_name: str | None
    guessed: bool = False


def pair_records(
    old: Mapping[str, Record], new: Mapping[str, Record], recorded: Mapping[str, str], *, guess: bool
) -> list[Pair]:
    """Return every record once: pairs in the order of the new edition, then what only the old one has."""
    known = {name: name for name in old if name in new and name not in recorded}
    known |= {recorded[name]: name for name in old if recorded.get(name) in new}
    left = [name for name in old if name not in known.values()]
    fresh = [name for name in new if name not in known]
    guessed = dict(guess_pairs(old, new, left, fresh)) if guess else {}
    pairs = [Pair(known.get(name) or guessed.get(name), name, guessed=name in guessed) for name in new]
    return [*pairs, *(Pair(name, None) for name in left if name not in guessed.values())]


def guess_pairs(
    old: Mapping[str, Record], new: Mapping[str, Record], left: list[str], fresh: list[str]
) -> Iterator[tuple[str, str]]:
    """Yield (new name, old name) for records of one kind that are nearly the same text, best first."""
    scores = [
        (likeness(old[one], new[other]), other, one)
        for one in left
        for other in fresh
        if type(old[one]) is type(new[other])
    ]
    taken: set[str] = set()
    for score, other, one in sorted(scores, key=lambda item: -item[0]):
        if score >= ALIKE and not {other, f"old {one}"} & taken:
            taken |= {other, f"old {one}"}
            yield other, one


def likeness(old: Record, new: Record) -> float:
    """Return how alike two records are, from 0 to 1, by all they say and cite."""
    texts = ["\n".join(leaves(plain(record))) for record in (old, new)]
    matcher = SequenceMatcher(None, texts[0], texts[1], autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def leaves(value: Any) -> Iterator[str]:
    """Yield every text and number in plain data, its keys left out."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from leaves(item)
    elif value is not None:
        yield str(value)
