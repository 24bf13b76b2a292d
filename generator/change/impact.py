"""Run both editions over one institution's rounds: findings that flip, rows, dates and documents that change.

In: an institution's folder and two editions. Out: for each round what differs and what has to be issued again. Each
edition reads the folder for itself, for it may know other keys.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import unified_diff
from functools import cache
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from generator.change.editions import Edition
from generator.check.report import report_round
from generator.check.rules import STATUS_LABELS
from generator.document.source import Source
from generator.document.text import text_of
from generator.identity import mask_ids_in
from generator.institution.folders import Target
from generator.institution.load import Institution, load_institution
from generator.institution.missing import MISSING
from generator.pack.build import Binder, prepare
from generator.pack.plan import load_sources, plain_title, plan_pack
from generator.pack.press import Options, Press
from generator.problems import KaowuError
from generator.schedule import schedule

WORSE: Mapping[str, int] = {"": 4, "not-applicable": 4, "pass": 4, "by-hand": 3, "unchecked": 2, "warn": 1, "fail": 0}
NO_ROW = "不在清单"


class Frozen(BaseModel):
    """A frozen part of a report on impact."""

    model_config = ConfigDict(frozen=True)


class Flip(Frozen):
    """A finding whose status differs; an empty status is no finding at all."""

    rule: str
    title: str
    subject: str
    old: str
    new: str
    worse: bool
    at: list[str]
    remedy: str


class Moved(Frozen):
    """A row of the list or a date that differs: what, before and after."""

    what: str
    old: str
    new: str


class Changed(Frozen):
    """A document whose text differs, comes or goes, with the lines that differ."""

    document: str
    about: str
    old: bool
    new: bool
    passages: list[str]


class Impact(Frozen):
    """What a change of policy does to one round."""

    institution: str
    round: str
    old_guideline: str
    new_guideline: str
    findings: list[Flip] = []
    rows: list[Moved] = []
    dates: list[Moved] = []
    documents: list[Changed] = []
    reissue: list[str] = []
    problems: list[str] = []

    @property
    def hit(self) -> bool:
        """Return whether anything at all differs."""
        return bool(self.findings or self.rows or self.dates or self.documents or self.problems)

    def tally(self) -> "Tally":
        """Return how much differs, without what."""
        worse = sum(flip.worse for flip in self.findings)
        counts = (len(self.rows), len(self.dates), len(self.documents), sum(part.new for part in self.documents))
        return Tally(self.institution, self.round, worse, len(self.findings) - worse, *counts, len(self.problems))


@dataclass(frozen=True)
class Tally:
    """How much a change of policy does to one round: numbers only, however many institutions there are."""

    institution: str
    round: str
    worse: int
    better: int
    rows: int
    dates: int
    documents: int
    reissue: int
    problems: int

    @property
    def hit(self) -> bool:
        """Return whether anything at all differs."""
        return any((self.worse, self.better, self.rows, self.dates, self.documents, self.problems))


@dataclass(frozen=True)
class Seen:
    """One round as one edition sees it."""

    binder: Binder
    findings: Mapping[tuple[str, str], tuple[str, Flip]]
    rows: Mapping[str, tuple[str, str]]
    dates: Mapping[str, tuple[str, str]]


def find_impact(target: Target, old: Edition, new: Edition, *, today: date, documents: bool = True) -> Iterator[Impact]:
    """Yield the impact on each round of an institution that the editions are about."""
    loaded = [load_side(target, edition) for edition in (old, new)]
    for path in target.rounds:
        sides = [side for side, _problems in loaded]
        problems = [text for _side, texts in loaded for text in texts]
        names = [guideline_of(side, path, edition) for side, edition in zip(sides, (old, new), strict=True)]
        if old.only and names[0] not in ("", old.only):
            continue
        wanted = (old.only or names[0], new.only or old.renames.guidelines.get(names[0], names[0]))
        head = Impact(
            institution=target.folder.name,
            round=path.name,
            old_guideline=wanted[0],
            new_guideline=wanted[1],
            problems=problems,
        )
        if sides[0] is None or sides[1] is None or problems:
            yield head
            continue
        yield compare_round(head, path, ((sides[0], old), (sides[1], new)), today=today, documents=documents)


def load_side(target: Target, edition: Edition) -> tuple[Institution | None, list[str]]:
    """Return the institution as an edition reads it, or what it cannot read."""
    try:
        return load_institution(target.folder, target.rounds, edition.policy), []
    except KaowuError as error:
        return None, [f"{edition.name}：{problem}" for problem in error.problems]


def guideline_of(institution: Institution | None, path: Path, edition: Edition) -> str:
    """Return the id of the guideline a round names; nothing where it cannot be told."""
    named = institution.rounds[path].one("guideline") if institution else MISSING
    if named is MISSING:
        return ""
    try:
        return edition.policy.guideline(str(named)).id
    except KaowuError:
        return str(named)


Pairing = tuple[tuple[Institution, Edition], tuple[Institution, Edition]]


def compare_round(head: Impact, path: Path, sides: Pairing, *, today: date, documents: bool) -> Impact:
    """Return what differs between two editions for one round."""
    try:
        names = (head.old_guideline, head.new_guideline)
        seen = [look(side, path, name, today) for side, name in zip(sides, names, strict=True)]
    except KaowuError as error:
        return head.model_copy(update={"problems": [str(problem) for problem in error.problems]})
    changed: list[Changed] = []
    problems: list[str] = []
    try:
        changed = list(compare_documents(seen[0].binder, seen[1].binder)) if documents else []
    except KaowuError as error:
        problems = [f"文书没有比较：{problem}" for problem in error.problems]
    edition = sides[1][1]
    renames = {**edition.renames.rules, **edition.settled.between(*names).counterparts}
    return head.model_copy(
        update={
            "institution": str(sides[0][0].thing) or head.institution,
            "findings": list(compare_findings(seen[0], seen[1], renames)),
            "rows": list(compare_told(seen[0].rows, seen[1].rows, NO_ROW)),
            "dates": list(compare_told(seen[0].dates, seen[1].dates, "没有")),
            "documents": changed,
            "problems": problems,
            "reissue": sorted({part.document for part in changed if part.new}),
        }
    )


def look(side: tuple[Institution, Edition], path: Path, guideline: str, today: date) -> Seen:
    """Return a round as one edition sees it, under a guideline of its own."""
    institution, edition = side
    thing = institution.rounds[path]
    thing.facts["guideline"] = guideline
    press = Press(edition.policy, sources_of(edition.sources), edition.calendar, Options())
    binder = prepare(press, institution, path)
    report = report_round(institution, thing, replace(binder.scene, apart=True), today=today)
    findings = {
        (finding.rule, finding.subject): (
            str(finding.status),
            Flip(
                rule=finding.rule,
                title=finding.title,
                subject=finding.subject,
                old="",
                new="",
                worse=False,
                at=list(finding.at),
                remedy=finding.remedy,
            ),
        )
        for finding in report.findings
    }
    rows = {row.id: (row.name, tell_row(row.applies, row.keeping)) for row in binder.rows}
    steps = schedule(binder.scene.guideline, binder.scene, thing)
    return Seen(binder, findings, rows, {step.id: (step.title, tell_due(step)) for step in steps})


@cache
def sources_of(folder: Path | None) -> Mapping[str, Source]:
    """Return the document sources in a folder, read once."""
    return load_sources(folder) if folder else {}


def tell_row(applies: bool | None, keeping: Iterable[object]) -> str:
    """Return whether a row applies and how long it is kept."""
    periods = "、".join(
        " ".join(filter(None, [str(getattr(item, "medium", "")), str(getattr(item, "period", ""))])) for item in keeping
    )
    return "不适用" if applies is False else f"保存 {periods}"


def tell_due(step: object) -> str:
    """Return when a step is due, as a report shows it."""
    due = getattr(step, "due", None)
    bound = "最早" if getattr(step, "bound", "") == "earliest" else "最迟"
    return f"{bound} {due}" if due else "日期未定"


def compare_findings(old: Seen, new: Seen, renames: Mapping[str, str]) -> Iterator[Flip]:
    """Yield the findings whose status differs; what was and is fine is nobody's business."""
    before = {(renames.get(rule, rule), subject): told for (rule, subject), told in old.findings.items()}
    for key in sorted({*before, *new.findings}):
        one, other = before.get(key), new.findings.get(key)
        statuses = one[0] if one else "", other[0] if other else ""
        calm = {WORSE[status] for status in statuses} == {4}
        found = other or one
        if statuses[0] == statuses[1] or calm or found is None:
            continue
        yield found[1].model_copy(
            update={
                "old": STATUS_LABELS.get(statuses[0], "没有这一条"),  # type: ignore[call-overload]
                "new": STATUS_LABELS.get(statuses[1], "没有这一条"),  # type: ignore[call-overload]
                "worse": WORSE[statuses[1]] < WORSE[statuses[0]],
            }
        )


def compare_told(
    old: Mapping[str, tuple[str, str]], new: Mapping[str, tuple[str, str]], absent: str
) -> Iterator[Moved]:
    """Yield the rows or steps that are told otherwise; those of the same name are the same under another id."""
    renamed = {title: name for name, (title, _told) in new.items() if name not in old}
    before = {
        renamed.get(title, name) if name not in new else name: (title, told) for name, (title, told) in old.items()
    }
    for name in dict.fromkeys([*new, *before]):
        one, other = before.get(name), new.get(name)
        told = one[1] if one else absent, other[1] if other else absent
        if told[0] != told[1] and {*told} != {absent, "不适用"}:
            yield Moved(what=(other or one or ("", ""))[0], old=told[0], new=told[1])


def compare_documents(old: Binder, new: Binder) -> Iterator[Changed]:
    """Yield the documents of a pack whose text differs."""
    sides = [render_all(binder) for binder in (old, new)]
    for key in dict.fromkeys([*sides[1], *sides[0]]):
        one, other = sides[0].get(key), sides[1].get(key)
        if one == other:
            continue
        lines = unified_diff((one or "").splitlines(), (other or "").splitlines(), lineterm="", n=0)
        passages = [mask_ids_in(line) for line in list(lines)[2:] if not line.startswith("@@")]
        whole = one is None or other is None
        yield Changed(
            document=key[0],
            about=key[1],
            old=one is not None,
            new=other is not None,
            passages=[] if whole else list(fold_blank(passages)),
        )


def fold_blank(passages: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a difference, those with nothing in them counted."""
    for blank, lines in groupby(passages, key=lambda line: line[0] if not line[1:].strip("| ") else ""):
        listed = list(lines)
        yield from [f"{blank}（空白 {len(listed)} 行）"] if blank else listed


def render_all(binder: Binder) -> dict[tuple[str, str], str]:
    """Return the text of every document of a pack but its front, by title and what it is about."""
    thing = binder.institution.rounds[binder.round]
    plan = plan_pack(binder.rows, binder.press.sources, binder.scene, thing)
    found = {}
    for piece in plan.pieces():
        if piece not in plan.front and piece.source.extra.get("part") is None:
            job = binder.bind(piece)
            about = "" if piece.thing is thing else piece.thing.title
            found[plain_title(piece.source), about] = text_of(job.document)
    return found


def count_up(tallies: Iterable[Tally]) -> dict[str, int]:
    """Return the totals over many rounds."""
    listed = list(tallies)
    return {
        "批次": len(listed),
        "受影响": sum(tally.hit for tally in listed),
        "变差的结论": sum(tally.worse for tally in listed),
        "变好的结论": sum(tally.better for tally in listed),
        "需重新出具的文书": sum(tally.reissue for tally in listed),
        "没有比较成的": sum(tally.problems > 0 for tally in listed),
    }
