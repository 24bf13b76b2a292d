"""What the tests of institutions share: the policy, loading a folder, and reports as text."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from generator.calendar import WorkCalendar
from generator.check.report import Report, report_round
from generator.check.rules import STATUS_LABELS, Finding, connect, open_scene
from generator.institution.folders import find_targets
from generator.institution.load import Institution, load_institution
from generator.institution.world import Thing
from generator.policy.load import Policy, load_policy
from generator.problems import Place

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "institutions"
GUIDELINE = "jiangsu/school"
CHECKED_ON = date(2026, 12, 25)
SHOWN_PLACES = 4


@cache
def whole_policy() -> Policy:
    return load_policy(ROOT / "policy")


@cache
def calendar() -> WorkCalendar:
    return WorkCalendar.load(ROOT / "policy" / "calendar")


def load(folder: Path) -> Institution:
    """Return the institution in a folder with all its rounds, able to derive its derived facts."""
    (target,) = find_targets([folder])
    institution = load_institution(target.folder, target.rounds, whole_policy())
    connect(institution.world, open_scene(whole_policy(), whole_policy().guideline(GUIDELINE), calendar()))
    return institution


def reports(institution: Institution) -> Iterator[Report]:
    """Yield the report on each round, under its own guideline, as of one day."""
    for thing in institution.rounds.values():
        scene = open_scene(whole_policy(), whole_policy().guideline(str(thing.one("guideline"))), calendar())
        connect(institution.world, scene)
        yield report_round(institution, thing, scene, today=CHECKED_ON)


def write_report(report: Report) -> str:
    """Return a report as lines to be looked at: counts, doubts, then what is not met, not checked or waived."""
    counts = "，".join(f"{STATUS_LABELS[status]} {number}" for status, number in report.count().items())
    blocks = [f"{report.institution} {report.round}\n{counts}"]
    blocks += [f"数据疑点\n  {problem}" for problem in report.doubts]
    blocks += [write_finding(finding) for finding in report.findings if finding.status in ("fail", "warn", "unchecked")]
    return "\n\n".join(blocks) + "\n"


def write_finding(finding: Finding) -> str:
    """Return one finding as lines: status, duty, rule, clause; whom it is about; what was found; where."""
    lines = [f"{STATUS_LABELS[finding.status]} {finding.title} {finding.rule} {'、'.join(finding.at)}", finding.subject]
    lines += [*finding.found, *(f"缺 {fact}" for fact in finding.missing)]
    lines += [f"位于 {write_places(finding.places)}"] if finding.places else []
    return "\n  ".join([*lines, *filter(None, [finding.waiver])])


def write_places(places: Sequence[Place]) -> str:
    """Return the first places, and how many there are."""
    shown = "、".join(map(str, places[:SHOWN_PLACES]))
    return f"{shown} 等 {len(places)} 处" if len(places) > SHOWN_PLACES else shown


def facts_of(institution: Institution) -> dict[str, list[dict[str, object]]]:
    """Return all facts of an institution by entity, in the order of the data, references by the key they lead to."""
    return {
        entity: [{name: plain(value) for name, value in sorted(thing.facts.items())} for thing in things]
        for entity, things in institution.world.things.items()
        if things
    }


def plain(value: object) -> object:
    """Return a fact without its links."""
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return f"→{value.entity} {value.key}" if isinstance(value, Thing) else value
