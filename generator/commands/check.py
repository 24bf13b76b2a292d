"""``kaowu check`` and ``kaowu explain``: what is not met and where, what is to be answered, what a rule says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.commands.dates import AUTHORITY, Folders, Today, print_steps, tell_if_empty
from generator.commands.output import console, escape, make_table, print_problems, print_table
from generator.problems import KaowuError, Place, Problem

if TYPE_CHECKING:
    from generator.check.candidates import Person
    from generator.check.questions import Question
    from generator.check.report import Report
    from generator.check.rules import Finding, RuleScene
    from generator.institution.load import Institution
    from generator.institution.world import Thing

FORMATS = ("terminal", "json", "markdown", "docx", "pdf")
COLOURS = {"fail": "red", "warn": "yellow", "unchecked": "magenta", "by-hand": "cyan", "pass": "green"}
MOST_PLACES = 4


@dataclass(frozen=True)
class Checked:
    """A round that was checked: its report and what it was checked with."""

    institution: "Institution"
    round: "Thing"
    scene: "RuleScene"
    report: "Report"


@dataclass(frozen=True)
class Showing:
    """What is shown beside the findings that are not met."""

    all: bool
    candidates: bool
    coverage: bool
    centre: bool


def check(
    folders: Folders,
    format_: Annotated[str, typer.Option("--format", help="terminal、json、markdown、docx、pdf")] = "terminal",
    today: Today = None,
    to: Annotated[Path, typer.Option("--to", help="docx、pdf 或问卷写到哪里")] = Path("build/reports"),
    all_: Annotated[bool, typer.Option("--all", help="符合的、不适用的也列出")] = False,
    candidates: Annotated[bool, typer.Option("--candidates", help="逐个考生列出结论和理由")] = False,
    questions: Annotated[
        bool, typer.Option("--questions", help="把没有回答的问题写进 answers.yaml；--to 问卷.xlsx 则写成 Excel")
    ] = False,
    coverage: Annotated[bool, typer.Option("--coverage", help="各条规则怎样检查，数据查不到什么")] = False,
    centre: Annotated[bool, typer.Option("--centre", help="鉴定机构使用：自己的职责和期限也列出")] = False,
) -> None:
    """按指引检查数据：不符合什么、出自哪一条、在哪个文件哪一格、怎么改。"""
    from generator.check.report import report_round
    from generator.commands.setting import load_targets, open_setting, read_day

    if format_ not in FORMATS:
        advice = f"可写 {'、'.join(FORMATS)}"
        raise KaowuError([Problem(Place("--format"), "unknown-format", f"没有格式“{format_}”", advice)])
    setting = open_setting()
    day = read_day(today)
    checked: list[Checked] = []
    unusable = 0
    for _target, institution in load_targets(folders, setting.policy):
        unusable += institution is None
        tell_if_empty(institution)
        for thing in institution.rounds.values() if institution else ():
            assert institution
            scene = setting.scene_for(institution, thing)
            report = report_round(institution, thing, scene, today=day, for_authority=centre)
            checked.append(Checked(institution, thing, scene, report))
    show_checked(checked, format_, to, Showing(all_, candidates, coverage, centre))
    if questions:
        (write_workbooks if to.suffix == ".xlsx" else write_questions)(checked, to)
    if unusable:
        raise typer.Exit(2)
    raise typer.Exit(1 if any(one.report.violated for one in checked) else 0)


def show_checked(checked: Sequence[Checked], format_: str, to: Path, showing: Showing) -> None:
    """Print or write the reports in one format."""
    if format_ == "json":
        print_json(checked, showing)
    elif format_ == "markdown":
        from generator.check.write import write_markdown

        typer.echo(write_markdown([one.report for one in checked], show_all=showing.all))
    elif format_ in ("docx", "pdf"):
        from generator.check.write import write_reports

        for path in write_reports([one.report for one in checked], format_, to):
            console.print(f"自查报告 → {path}", markup=False)
    else:
        if len(checked) > 1:
            print_summary([one.report for one in checked])
        for one in checked:
            print_checked(one, showing)


def print_json(checked: Sequence[Checked], showing: Showing) -> None:
    """Print the reports as one JSON document."""
    import json

    from generator.check.candidates import judge_people
    from generator.check.coverage import cover
    from generator.check.export import export_report

    told = [
        export_report(
            one.report, cover(one.scene.guideline), judge_people(one.round, one.scene) if showing.candidates else ()
        )
        for one in checked
    ]
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


def print_checked(one: Checked, showing: Showing) -> None:
    """Print one round: findings, and what else was asked for."""
    from generator.check.candidates import judge_people
    from generator.schedule import schedule

    print_report(one.report, show_all=showing.all)
    if showing.candidates:
        print_people(list(judge_people(one.round, one.scene)))
    if showing.centre:
        steps = [s for s in schedule(one.scene.guideline, one.scene, one.round) if s.actor == AUTHORITY]
        print_steps(steps, one.scene, one.report.today)
    if showing.coverage:
        print_coverage(one.scene)


def write_workbooks(checked: Iterable[Checked], to: Path) -> None:
    """Add the open questions of each institution to a workbook; a bare file name stands in the institution's folder."""
    from generator.check.questionnaire import write_questionnaire
    from generator.check.questions import open_questions
    from generator.files import write_whole

    asked: dict[Path, list[Question]] = {}
    for one in checked:
        folder = one.institution.folder
        path = folder / to if to.parent == Path() else to.with_stem(f"{folder.name} {to.stem}")
        asked.setdefault(path, []).extend(open_questions(one.report, one.scene.guideline))
    for path, questions in asked.items():
        data, added = write_questionnaire(path, questions)
        write_whole(path, data)
        told = "填好“回答”“日期”“签名”，放在机构的文件夹里，检查时读取"
        console.print(f"{len(set(questions))} 个问题没有回答，新列出 {added} 个 → {path}；{told}", markup=False)


def write_questions(checked: Iterable[Checked], _to: Path) -> None:
    """Add the open questions of each institution to its answers file."""
    from generator.check.questions import ANSWERS, add_questions, open_questions
    from generator.files import write_whole

    asked: dict[Path, list[Question]] = {}
    days = {}
    for one in checked:
        path = one.institution.folder / ANSWERS
        asked.setdefault(path, []).extend(open_questions(one.report, one.scene.guideline))
        days[path] = one.report.today
    for path, questions in asked.items():
        before = path.read_text("utf-8-sig") if path.is_file() else ""
        after = add_questions(before, questions, days[path])
        if after != before:
            write_whole(path, after.encode())
        told = "已写入，去掉行首的“# ”再填" if after != before else "都已在文件里"
        console.print(f"{len(set(questions))} 个问题没有回答，{told} → {path}", markup=False)


def print_summary(reports: Sequence["Report"]) -> None:
    """Print one line per round with the counts by status, the worst first."""
    from generator.check.rules import STATUS_LABELS

    table = make_table("机构", "批次", *STATUS_LABELS.values(), "数据疑点")
    for report in sorted(reports, key=lambda report: -report.count()["fail"]):
        counts = [str(number) for number in report.count().values()]
        table.add_row(escape(report.institution), escape(report.round), *counts, str(len(report.doubts)))
    print_table(table)


def print_report(report: "Report", *, show_all: bool) -> None:
    """Print the findings of one round, worst first; of things alike in one."""
    from generator.check.alike import gather_alike

    head = f"[bold]{escape(report.institution)} {escape(report.round)}[/bold]（{escape(report.guideline)}）"
    console.print(f"{head}：{report.write_counts()}")
    print_problems([*report.doubts, *report.remarks])
    for finding in gather_alike(report.findings):
        if show_all or finding.status not in ("pass", "not-applicable"):
            print_finding(finding)


def print_finding(finding: "Finding") -> None:
    """Print one finding: duty, whom it is about, clause; what is required and found; where; what to do."""
    from generator.check.rules import STATUS_LABELS
    from generator.institution.given import mask

    colour = COLOURS.get(finding.status, "dim")
    bearer = "" if finding.status != "by-hand" else f"（{finding.duty_of}的职责）"
    subject = escape(mask(finding.subject))
    head = f"{escape(finding.title)}{bearer} · {subject} · {escape('、'.join(finding.at))}"
    console.print(f"[{colour}]{STATUS_LABELS[finding.status]}[/{colour}] {head} [dim]{finding.rule}[/dim]")
    console.print(f"    要求：{finding.says}", markup=False)
    for text in [*finding.found, *(f"缺少{item}" for item in finding.missing)]:
        console.print(f"    情况：{mask(text)}", markup=False)
    places = list(dict.fromkeys(map(str, finding.places)))
    if places and finding.status in ("fail", "warn", "unchecked"):
        more = f" 等 {len(places)} 处" if len(places) > MOST_PLACES else ""
        console.print(f"    位置：{'、'.join(places[:MOST_PLACES])}{more}", markup=False)
    if finding.also:
        label = "同缺此项" if finding.status == "unchecked" else "也不符合"
        console.print(f"    {label}：{'、'.join(finding.also)}", markup=False)
    remedy = finding.remedy if finding.status in ("fail", "warn") else ""
    asked = "请回答" if finding.status == "by-hand" else "说明"
    for label, text in (("改法", remedy), (asked, finding.note), ("豁免", finding.waiver)):
        if text:
            console.print(f"    {label}：{mask(text)}", markup=False)


def print_people(people: Sequence["Person"]) -> None:
    """Print a verdict on each candidate, with what decides it."""
    from generator.check.rules import STATUS_LABELS
    from generator.institution.given import mask

    table = make_table("编号", "姓名", "结论", "成绩", "依据，或缺什么")
    for person in people:
        colour = COLOURS.get(person.status, "dim")
        told = [
            f"{ground.title}（{'、'.join(ground.at)}）：{'；'.join(ground.told) or ground.says}"
            for ground in person.because
        ]
        status = f"[{colour}]{STATUS_LABELS[person.status]}[/{colour}]"
        because = escape(mask("\n".join(told)))
        table.add_row(escape(mask(person.key)), escape(person.name), status, person.result, because)
    print_table(table)


def print_coverage(scene: "RuleScene") -> None:
    """Print how many rules of a guideline are checked in which way, and what the partial checks may miss."""
    from generator.check.coverage import cover

    covered = cover(scene.guideline)
    counts = "、".join(f"{way} {number}" for way, number in covered.count().items())
    console.print(f"规则 {len(scene.guideline.rules)}：{counts}", markup=False)
    for name, misses in covered.partly:
        console.print(f"    {scene.policy.duties.get(name, name)}：{misses}", markup=False)


def explain(
    rule: Annotated[str, typer.Argument(help="规则，如 staff#panel-size 或 jiangsu/school/staff#panel-size")],
) -> None:
    """一条规则说什么、出自哪里、怎样检查；各指引都列出。"""
    from generator.check.rules import say
    from generator.commands.setting import open_setting
    from generator.policy.wording import open_book, word_rule
    from generator.problems import nearest

    policy = open_setting(whole=True).policy
    wanted = rule.rpartition("/")[2]
    names = [duty for duty in policy.duties if duty == wanted or duty.partition("#")[2] == wanted]
    if not names:
        raise KaowuError([Problem(Place(rule), "unknown-rule", f"没有规则“{rule}”", nearest(wanted, policy.duties))])
    checked = policy.labels("checked")
    force = policy.labels("force")
    for guideline in policy.guidelines.values():
        for name in names:
            found = guideline.rules.get(name)
            if found is None or (rule.count("/") and not rule.startswith(f"{guideline.id}/")):
                continue
            console.print(f"[bold]{escape(policy.duties[name])}[/bold]  {guideline.id}/{name}")
            console.print(
                f"  {guideline.head.title} {'、'.join(found.at)} · {force[found.force]} · {checked[found.checked]}"
            )
            console.print(f"  {say(found)}", markup=False)
            applies, required = word_rule(found, open_book(policy, guideline))
            for label, text in (
                ("适用条件", applies),
                ("数据应当", required),
                ("检查可能漏掉", found.misses),
                ("请回答", found.question),
                ("我们的理解", found.reading),
            ):
                if text:
                    console.print(f"  {label}：{text}", markup=False)
