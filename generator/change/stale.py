"""What of the encoding is overdue for a look at its source, and what a changed source casts doubt on.

Each guideline's head names the copy it was made from (by hash) and when it was last verified. A copy that differs
makes the clauses that changed suspect, and with them every record, document and case that cites them, until the head
names the new copy. Doubts are kept in ``policy/review.yaml``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path

from generator.change.oracle import load_cases
from generator.change.rules import normalise
from generator.change.touched import Template, title_of
from generator.policy.lint import is_below, locators_in
from generator.policy.load import Guideline, Policy, read_mapping
from generator.policy.predicates import Strict
from generator.problems import KaowuError, Problem

REVIEW = "review.yaml"
YEAR = 365


class Doubt(Strict):
    """A doubt about one guideline: the copy that differs, since when, and the clauses (all when none is named)."""

    sha256: str
    since: date
    clauses: list[str] = []


@dataclass(frozen=True)
class Suspect:
    """A record that cites a clause in doubt, with the documents that speak of it and the number of its cases."""

    name: str
    at: tuple[str, ...]
    documents: tuple[str, ...]
    cases: int


@dataclass(frozen=True)
class Stale:
    """A guideline that wants a look: how long ago it was verified, why, and what is in doubt."""

    guideline: str
    title: str
    verified: date
    age: int
    reasons: tuple[str, ...]
    clauses: tuple[str, ...] = ()
    suspects: tuple[Suspect, ...] = ()


@dataclass(frozen=True)
class Shelf:
    """What stands beside the policy: document sources, and the folder of cases."""

    templates: Mapping[str, Template]
    cases: Path | None


def find_stale(
    policy: Policy, doubts: Mapping[str, Doubt], shelf: Shelf, *, today: date, days: int = YEAR
) -> Iterator[Stale]:
    """Yield the guidelines that were not verified within ``days``, or whose source is in doubt."""
    for guideline in policy.guidelines.values():
        source = guideline.head.source
        age = (today - source.verified).days
        doubt = doubts.get(guideline.id)
        reasons = [f"上次核对是 {source.verified}，已过 {age} 天"] if age > days else []
        if doubt is None or doubt.sha256 == source.sha256:
            if reasons:
                yield Stale(guideline.id, guideline.head.title, source.verified, age, tuple(reasons))
            continue
        copies = f"{source.sha256[:12]} → {doubt.sha256[:12]}"
        reasons.append(f"原文副本 {source.file} 自 {doubt.since} 起不同（{copies}）")
        clauses = tuple(doubt.clauses) or tuple(guideline.head.outline)
        found = tuple(find_suspects(guideline, clauses, shelf))
        yield Stale(guideline.id, guideline.head.title, source.verified, age, tuple(reasons), clauses, found)


def find_suspects(guideline: Guideline, clauses: Sequence[str], shelf: Shelf) -> Iterator[Suspect]:
    """Yield the records that cite one of the clauses, or a clause under one."""
    cases = load_cases(shelf.cases, guideline.id)
    for name, record in guideline.all_records():
        cited = {locator for _path, locator in locators_in(record)}
        hit = sorted(at for at in cited if any(at == clause or is_below(at, clause) for clause in clauses))
        if hit:
            speaking = [template.id for template in shelf.templates.values() if template.speaks_of(name)]
            documents = tuple(title_of(document, guideline, shelf.templates) for document in speaking)
            yield Suspect(name, tuple(hit), documents, len(cases.get(name, ())))


def load_doubts(root: Path) -> dict[str, Doubt]:
    """Return the doubts noted beside the policy, by guideline; none where nothing was noted."""
    problems: list[Problem] = []
    found = read_mapping(root / REVIEW, Doubt, root, problems)
    if problems:
        raise KaowuError(problems)
    return dict(found)


def doubt_sources(
    policy: Policy, files: Iterable[Path], earlier: Path | None, clauses: Sequence[str], *, today: date
) -> dict[str, Doubt]:
    """Return the doubts that copies of sources cast on the guidelines made from files of the same name.

    Which clauses changed is what ``clauses`` says, else what differs from the ``earlier`` copy, else all of them.
    """
    found = {}
    for file in files:
        raw = file.read_bytes()
        digest = sha256(raw).hexdigest()
        heads = [guideline.head.source for guideline in policy.guidelines.values()]
        parts = [head.part for head in heads if head.part and head.file == file.name]
        for guideline in policy.guidelines.values():
            source = guideline.head.source
            if source.file == file.name and source.sha256 != digest:
                named = [clause for clause in clauses if clause in guideline.head.outline]
                if earlier and not clauses:
                    named = changed_clauses(read_text(earlier.read_bytes()), read_text(raw), guideline, parts)
                    if not named:
                        continue  # what differs lies outside this guideline's part of the copy
                found[guideline.id] = Doubt(sha256=digest, since=today, clauses=named)
    return found


def read_text(raw: bytes) -> list[str]:
    """Return the lines of a copy that say something."""
    return [line.strip() for line in raw.decode("utf-8", "replace").splitlines() if line.strip()]


def changed_clauses(old: Sequence[str], new: Sequence[str], guideline: Guideline, others: Iterable[str]) -> list[str]:
    """Return the clauses in which two copies differ: the last one begun before each line that does.

    A clause whose heading is not found word for word goes with the one before it: rather one too many.
    """
    first, last = bounds_of(old, guideline, others)
    starts = place_clauses(old, guideline, range(first, last))
    touched = set()
    for tag, begin, end, *_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for line in range(begin, max(end, begin + 1)) if tag != "equal" else ():
            if first <= line < last:
                held = [place for place in starts.values() if place <= line]
                touched.add(max(held, default=0))
    return [clause for clause, place in starts.items() if place in touched]


def bounds_of(lines: Sequence[str], guideline: Guideline, others: Iterable[str]) -> tuple[int, int]:
    """Return the lines of a copy that are this guideline's part: from its title to the next of ``others``, or all."""
    texts = [normalise(line) for line in lines]
    titles = {normalise(title) for title in others}
    part = normalise(guideline.head.source.part)
    first = texts.index(part) if part in texts else 0
    return first, next((n for n in range(first + 1, len(texts)) if texts[n] in titles - {part}), len(texts))


def place_clauses(lines: Sequence[str], guideline: Guideline, within: range) -> dict[str, int]:
    """Return the line each clause begins at, in the order of the outline."""
    texts = [normalise(line) for line in lines]
    at, last = within.start, within.stop
    found = {}
    for clause, entry in guideline.head.outline.items():
        heading = normalise(entry.heading)
        at = next((n for n in range(at, last) if heading and heading in texts[n]), at)
        found[clause] = at
    return found


def write_doubts(doubts: Mapping[str, Doubt]) -> str:
    """Return the doubts as YAML."""
    lines = ["# 原文副本有变、尚未核对的指引；核对后改 guideline.yaml 的 sha256 和 verified，再删去这里的一段"]
    for name, doubt in sorted(doubts.items()):
        lines += [f"{name}:", f"  sha256: {doubt.sha256}", f"  since: {doubt.since}"]
        lines += [f"  clauses: [{', '.join(repr(clause) for clause in doubt.clauses)}]"]
    return "\n".join(lines) + "\n"
