"""``kaowu check``, ``kaowu dates`` and ``kaowu explain``: what is not met, what is due when, what a rule says."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from generator.commands.output import console, print_problems
from generator.problems import KaowuError, Place, Problem

FORMATS = ("terminal", "json", "markdown", "docx", "pdf")
COLOURS = {"fail": "red", "warn": "yellow", "unchecked": "magenta", "by-hand": "cyan", "pass": "green"}
Folders = Annotated[list[Path], typer.Argument(metavar="DIR...", help="机构、批次，或含有许多机构的文件夹")]
Today = Annotated[str | None, typer.Option("--today", help="以哪一天为今天，如 2026-11-20")]


def check(
    folders: Folders,
    format_: Annotated[str, typer.Option("--format", help="terminal、json、markdown、docx、pdf")] = "terminal",
    today: Today = None,
    to: Annotated[Path, typer.Option("--to", help="docx、pdf 写到哪里")] = Path("build/reports"),
    all_: Annotated[bool, typer.Option("--all", help="符合的、不适用的也列出")] = False,
    centre: Annotated[bool, typer.Option("--centre", help="鉴定机构使用：自己的职责也列出")] = False,
) -> None:
    """按指引检查数据：不符合什么、出自哪一条、在哪个文件哪一格、怎么改。"""
    from generator.check.report import report_round
    from generator.commands.setting import load_targets, open_setting, read_day

    if format_ not in FORMATS:
        advice = f"可写 {'、'.join(FORMATS)}"
        raise KaowuError([Problem(Place("--format"), "unknown-format", f"没有格式“{format_}”", advice)])
    setting = open_setting()
    day = read_day(today)
    reports = []
    unusable = 0
    for _target, institution in load_targets(folders, setting.policy):
        if institution is None:
            unusable += 1
            continue
        for thing in institution.rounds.values():
            scene = setting.scene_for(institution, thing)
            reports.append(report_round(institution, thing, scene, today=day, for_authority=centre))
    show_reports(reports, format_, to, show_all=all_)
    if unusable:
        raise typer.Exit(2)
    raise typer.Exit(1 if any(report.violated for report in reports) else 0)


def show_reports(reports: list[Any], format_: str, to: Path, *, show_all: bool) -> None:
    """Print or write the reports in one format."""
    from generator.check.report import export_report
    from generator.check.write import write_markdown, write_reports

    if format_ == "json":
        typer.echo(json.dumps([export_report(report) for report in reports], ensure_ascii=False, indent=2))
    elif format_ == "markdown":
        typer.echo("\n".join(write_markdown(report, show_all=show_all) for report in reports))
    elif format_ in ("docx", "pdf"):
        for path in write_reports(reports, format_, to):
            console.print(f"自查报告 → {path}")
    else:
        if len(reports) > 1:
            print_summary(reports)
        for report in reports:
            print_report(report, show_all=show_all)


def print_summary(reports: list[Any]) -> None:
    """Print one line per round with the counts by status."""
    from generator.check.rules import STATUS_LABELS

    table = Table("机构", "批次", *STATUS_LABELS.values())
    for report in reports:
        counts = report.count()
        table.add_row(escape(report.institution), escape(report.round), *(str(counts[s]) for s in STATUS_LABELS))
    console.print(table)


def print_report(report: Any, *, show_all: bool) -> None:
    """Print the findings of one round, worst first."""
    from generator.check.rules import STATUS_LABELS
    from generator.identity import mask_ids_in

    counts = "、".join(f"{STATUS_LABELS[status]} {number}" for status, number in report.count().items())
    console.print(
        f"[bold]{escape(report.institution)} {escape(report.round)}[/bold]（{escape(report.guideline)}）：{counts}"
    )
    print_problems(report.doubts)
    for finding in report.findings:
        if not show_all and finding.status in ("pass", "not-applicable"):
            continue
        colour = COLOURS.get(finding.status, "dim")
        head = (
            f"[{colour}]{STATUS_LABELS[finding.status]}[/{colour}] {escape(finding.title)} · {escape(finding.subject)}"
        )
        console.print(f"{head} · {escape('、'.join(finding.at))}")
        console.print(f"    要求：{finding.says}", markup=False)
        for text in [*finding.found, *(f"缺少{item}" for item in finding.missing)]:
            console.print(f"    情况：{mask_ids_in(text)}", markup=False)
        places = list(dict.fromkeys(map(str, finding.places)))
        if places and finding.status in ("fail", "warn"):
            console.print(f"    位置：{'、'.join(places[:4])}{'等' if len(places) > 4 else ''}", markup=False)
        remedy = finding.remedy if finding.status in ("fail", "warn") else ""
        asked = "请回答" if finding.status == "by-hand" else "说明"
        for label, text in (("改法", remedy), (asked, finding.note), ("豁免", finding.waiver)):
            if text:
                console.print(f"    {label}：{text}", markup=False)


def dates(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="机构或批次")],
    ics: Annotated[Path | None, typer.Option("--ics", help="另写一份日历文件")] = None,
    today: Today = None,
) -> None:
    """每一步最迟（或最早）哪一天，哪些已经晚了或来不及。"""
    from generator.commands.setting import load_targets, open_setting, read_day
    from generator.files import write_whole
    from generator.ics import write_ics
    from generator.pack.build import day_of
    from generator.pack.events import step_events
    from generator.schedule import late_or_impossible, schedule

    setting = open_setting()
    day = read_day(today)
    events = []
    stamp = None
    for _target, institution in load_targets([folder], setting.policy):
        if institution is None:
            raise typer.Exit(2)
        for thing in institution.rounds.values():
            scene = setting.scene_for(institution, thing)
            guideline = scene.guideline
            steps = schedule(guideline, scene, thing)
            print_steps(f"{institution.thing} {thing}", steps, dict(late_or_impossible(steps, day)))
            events += list(step_events(steps, guideline, thing))
            stamp = stamp or day_of(thing)
    if ics and stamp:
        write_whole(ics, write_ics(events, name="考务日程", stamp=stamp))
        console.print(f"日历文件 → {ics}")


def print_steps(title: str, steps: list[Any], late: dict[Any, str]) -> None:
    """Print the steps of one round as a table."""
    table = Table("期限", "事项", "依据", "出处", "办理", "提醒", title=escape(title))
    for step in steps:
        due = (
            f"{'最早' if step.bound == 'earliest' else '最迟'} {step.due}"
            if step.due
            else f"缺“{step.needs}”"
            if step.needs
            else ""
        )
        due += "（暂定）" if step.provisional else ""
        done = str(step.done or "")
        table.add_row(due, escape(step.title), escape(step.distance), "、".join(step.at), done, late.get(step, ""))
    console.print(table)


def explain(
    rule: Annotated[str, typer.Argument(help="规则，如 staff#panel-size 或 jiangsu/school/staff#panel-size")],
) -> None:
    """一条规则说什么、出自哪里、怎样检查；各指引都列出。"""
    from generator.check.rules import say
    from generator.commands.setting import open_setting
    from generator.problems import nearest

    policy = open_setting().policy
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
            for label, text in (
                ("检查可能漏掉", found.misses),
                ("请回答", found.question),
                ("我们的理解", found.reading),
            ):
                if text:
                    console.print(f"  {label}：{text}", markup=False)
