"""What of the encoding is overdue for a look at its source, and what a changed source casts doubt on.

Each guideline's head names the copy it was made from (by hash) and when it was last verified. A copy that differs
makes the clauses that changed suspect, and with them every record, document and case that cites them, until the head
names the new copy. Doubts are kept in ``policy/review.yaml``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from generator.change.copies import changed_clauses, read_lines
from generator.change.rules import normalise
from generator.change.touched import Passage, Template, carriers
from generator.policy.lint import is_below, locators_in
from generator.policy.load import Guideline, Policy, read_mapping
from generator.policy.predicates import Strict
from generator.problems import KaowuError, Place, Problem
from generator.yaml_source import load_yaml

REVIEW = "review.yaml"
YEAR = 365


class Doubt(Strict):
    """A doubt about one guideline: the copy that differs, since when, and the clauses (all when none is named)."""

    sha256: str
    since: date
    clauses: list[str] = []


@dataclass(frozen=True)
class Suspect:
    """A record that cites a clause in doubt: the passages of documents that speak of it, and where its cases stand."""

    name: str
    at: tuple[str, ...]
    place: Place
    passages: tuple[Passage, ...]
    cases: tuple[Place, ...]


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
    cases = place_cases(shelf.cases, guideline.id)
    carrying = {document for _name, record in guideline.all_records() for document in carriers(record)}
    templates = [template for template in shelf.templates.values() if template.id in carrying]
    for name, record in guideline.all_records():
        cited = {locator for _path, locator in locators_in(record)}
        hit = sorted(at for at in cited if any(at == clause or is_below(at, clause) for clause in clauses))
        if hit:
            spoken = (passage for template in templates for passage in template.passages(name))
            passages = {passage.place: passage for passage in spoken}  # a part shared by several is one passage
            place = guideline.place(name)
            yield Suspect(name, tuple(hit), place, tuple(passages.values()), tuple(cases.get(name, ())))


def place_cases(folder: Path | None, guideline: str) -> dict[str, list[Place]]:
    """Return where the cases of each rule of a guideline stand; none where there are none."""
    found: dict[str, list[Place]] = {}
    for path in sorted((folder / guideline).glob("*.yaml")) if folder else ():
        document = load_yaml(path)
        for slug, cases in document.data.items() if isinstance(document.data, dict) else ():
            found[f"{path.stem}#{slug}"] = [document.place((slug, number)) for number in range(len(cases))]
    return found


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
                    old, new = (cut(read_lines(copy), guideline, parts) for copy in (earlier.read_bytes(), raw))
                    named = changed_clauses(old, new, list(guideline.head.outline))
                    if not named:
                        continue  # what differs lies outside this guideline's part of the copy
                found[guideline.id] = Doubt(sha256=digest, since=today, clauses=named)
    return found


def cut(lines: Sequence[str], guideline: Guideline, others: Iterable[str]) -> Sequence[str]:
    """Return the lines of a copy that are this guideline's part: from its title to the next of ``others``, or all."""
    texts = [normalise(line) for line in lines]
    titles = {normalise(title) for title in others}
    part = normalise(guideline.head.source.part)
    first = texts.index(part) if part in texts else 0
    last = next((n for n in range(first + 1, len(texts)) if texts[n] in titles - {part}), len(texts))
    return lines[first:last]


def write_doubts(doubts: Mapping[str, Doubt]) -> str:
    """Return the doubts as YAML."""
    lines = ["# 原文副本有变、尚未核对的指引；核对后改 guideline.yaml 的 sha256 和 verified，再删去这里的一段"]
    for name, doubt in sorted(doubts.items()):
        lines += [f"{name}:", f"  sha256: {doubt.sha256}", f"  since: {doubt.since}"]
        lines += [f"  clauses: [{', '.join(repr(clause) for clause in doubt.clauses)}]"]
    return "\n".join(lines) + "\n"
