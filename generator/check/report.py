"""Sum up findings: counts by status, answers and waivers put in; for the terminal, for JSON and for documents."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from generator.check.consistency import doubt_contradictions, doubt_dates
from generator.check.remarks import review_remarks
from generator.check.rules import STATUS_LABELS, Finding, RuleScene, Status, check_rules
from generator.check.scores import doubt_scores
from generator.institution.given import mask
from generator.institution.load import Institution
from generator.institution.remarks import Answer, Waiver
from generator.institution.world import Thing
from generator.problems import Problem

ORDER: Sequence[Status] = tuple(STATUS_LABELS)


@dataclass(frozen=True)
class Report:
    """The findings on one round, worst first, with doubts about single data and the waivers that apply."""

    institution: str
    round: str
    guideline: str
    findings: tuple[Finding, ...]
    doubts: tuple[Problem, ...]
    today: date = date.min
    remarks: tuple[Problem, ...] = ()

    def count(self) -> dict[Status, int]:
        """Return how many findings have each status."""
        return {status: sum(f.number for f in self.findings if f.status == status) for status in ORDER}

    def write_counts(self) -> str:
        """Return the counts in Chinese, saying how many of what is not met is waived."""
        waived = sum(finding.number for finding in self.findings if finding.waiver)
        mark = f"（已豁免 {waived}）" if waived else ""
        words = [f"{STATUS_LABELS[status]} {number}" for status, number in self.count().items()]
        return "、".join([words[0] + mark, *words[1:]])

    @property
    def violated(self) -> bool:
        """Return whether something required is neither met nor waived, or a datum (not a mere column) is doubtful."""
        doubtful = any(problem.code.startswith("doubtful") for problem in self.doubts)
        return doubtful or any(finding.status == "fail" and not finding.waiver for finding in self.findings)


def report_round(
    institution: Institution, round_thing: Thing, scene: RuleScene, *, today: date, for_authority: bool = False
) -> Report:
    """Return the report on one round; answers settle by-hand findings, waivers in force stand beside violations."""
    found = check_rules(round_thing, scene, for_authority=for_authority)
    name = str(round_thing.facts.get("name", ""))
    in_force = [waiver for waiver in institution.waivers if waiver.until >= today]
    remarks: list[Answer | Waiver] = [*institution.answers, *in_force]
    settled = (settle(finding, [remark for remark in remarks if concerns(remark, finding, name)]) for finding in found)
    findings = sorted(settled, key=lambda finding: (ORDER.index(finding.status), bool(finding.waiver)))
    title = scene.guideline.head.title
    doubts = sorted({*institution.doubts, *hide(doubt_facts(round_thing, scene)), *doubt_dates(round_thing, today)})
    notes = tuple(sorted(review_remarks(institution, scene.policy, today)))
    folder = next((path.name for path, thing in institution.rounds.items() if thing is round_thing), "")
    owner = str(institution.thing) or institution.folder.name
    return Report(owner, name or folder, title, tuple(findings), tuple(doubts), today, notes)


def doubt_facts(round_thing: Thing, scene: RuleScene) -> Iterator[Problem]:
    """Yield what is doubtful about the facts of a round; of a missing score the cell alone, not its result as well."""
    contradictions = [*doubt_contradictions(round_thing, scene)]
    told = {problem.place for problem in contradictions}
    yield from contradictions
    yield from (problem for problem in doubt_scores(round_thing, scene) if problem.place not in told)


def hide(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems with whatever looks like an ID number starred."""
    return (replace(problem, what=mask(problem.what)) for problem in problems)


def settle(finding: Finding, remarks: Iterable[Answer | Waiver]) -> Finding:
    """Return the finding with a by-hand answer or a waiver put in."""
    for remark in remarks:
        if isinstance(remark, Answer) and finding.status == "by-hand":
            return take_answer(finding, remark)
        if isinstance(remark, Waiver) and finding.status in ("fail", "warn"):
            return replace(finding, waiver=f"已豁免：{remark.because}（{remark.by}，有效期至 {remark.until}）")
    return finding


def concerns(remark: Answer | Waiver, finding: Finding, round_name: str) -> bool:
    """Return whether a remark is about this finding's rule, in this round."""
    return remark.rule == finding.rule and remark.round in (None, round_name)


def take_answer(finding: Finding, answer: Answer) -> Finding:
    """Return a by-hand finding settled by its answer."""
    status: Status = {"是": "pass", "否": "fail", "不适用": "not-applicable"}[answer.answer]  # type: ignore[assignment]
    note = "；".join(filter(None, [answer.note, f"{answer.by} {answer.on}"]))
    return replace(finding, status=status, found=(f"人工确认为“{answer.answer}”",), note=note)


def tell_report(report: Report) -> dict[str, Any]:
    """Return the report as documents speak of it: counts and, by status, the findings."""
    return {
        "合计": sum(finding.number for finding in report.findings),
        "统计": [{"结果": STATUS_LABELS[status], "数量": number} for status, number in report.count().items()],
        "各类": [
            tell_status(STATUS_LABELS[status], [finding for finding in report.findings if finding.status == status])
            for status in ORDER
        ],
        "数据疑点": [mask(str(problem)) for problem in (*report.doubts, *report.remarks)],
    }


def tell_status(label: str, findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the findings of one status one by one, and rule by rule with how many things each is about."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    return {
        "结果": label,
        "各条": [tell_finding(finding) for finding in findings],
        "各规则": [
            {**tell_finding(group[0]), "数量": sum(finding.number for finding in group)} for group in by_rule.values()
        ],
    }


def tell_finding(finding: Finding) -> Mapping[str, str]:
    """Return one finding as documents speak of it."""
    places = list(dict.fromkeys(map(str, finding.places)))
    return {
        "名称": finding.title,
        "对象": mask(finding.subject),
        "出处": "、".join(finding.at),
        "要求": finding.says,
        "情况": "；".join(mask(t) for t in [*finding.found, *(f"缺{text}" for text in finding.missing)]),
        "位置": "、".join(places[:3]) + (f"等 {len(places)} 处" if len(places) > 3 else ""),
        "改法": finding.remedy,
        "说明": mask("；".join(filter(None, [finding.note, finding.waiver]))),
    }
