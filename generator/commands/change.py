"""``kaowu policy diff | impact | stale | read | install-git`` and ``kaowu migrate``: what a change of policy does."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from generator.commands.output import console
from generator.paths import policy_dir
from generator.problems import KaowuError, Place, Problem, nearest

if TYPE_CHECKING:
    from generator.change.editions import Edition
    from generator.change.impact import Impact
    from generator.change.model import Change, Report

COLOURS = {"收紧": "red", "新增义务": "red", "放宽": "green", "删除": "green", "改期": "yellow", "方向不明": "magenta"}
FORMATS = ("terminal", "markdown", "html", "json", "docx", "pdf")
A = Annotated[str, typer.Argument(metavar="A", help="旧：git 版本、policy 文件夹或指引编号")]
B = Annotated[str, typer.Argument(metavar="B", help="新：git 版本、policy 文件夹或指引编号；“.”为当前文件")]
Format = Annotated[str, typer.Option("--format", help="、".join(FORMATS))]
To = Annotated[Path | None, typer.Option("--to", help="写到这个文件；不写则输出到标准输出")]


def refuse(option: str, word: str, known: tuple[str, ...] | list[str]) -> KaowuError:
    """Return the error that an option's word is not known."""
    advice = nearest(word, known) or f"可写 {'、'.join(known)}"
    return KaowuError([Problem(Place(option), "unknown-word", f"没有“{word}”", advice)])


def open_editions(old: str, new: str, scratch: Path, guideline: str | None = None) -> "tuple[Edition, Edition]":
    """Return both editions, restricted to one guideline where one is asked for."""
    from dataclasses import replace

    from generator.change.editions import open_edition

    home = policy_dir().resolve()
    editions = [open_edition(name, home=home, scratch=scratch) for name in (old, new)]
    if guideline:
        known = sorted({name for edition in editions for name in edition.policy.guidelines})
        if guideline not in known:
            raise refuse("--guideline", guideline, known)
        editions = [replace(edition, only=guideline) for edition in editions]
    return editions[0], editions[1]


def print_schema(asked: bool) -> None:
    """Print the JSON Schema of a report and leave, when asked."""
    from generator.change.tell import report_schema
    from generator.policy.export import write_json

    if asked:
        typer.echo(write_json(report_schema()), nl=False)
        raise typer.Exit


def diff(
    old: A,
    new: B,
    format_: Format = "terminal",
    to: To = None,
    guideline: Annotated[str | None, typer.Option("--guideline", help="只比较这一份指引")] = None,
    fail_on: Annotated[str, typer.Option("--fail-on", help="有这些类别的变化时退出状态为 1，用逗号隔开")] = "",
    all_: Annotated[bool, typer.Option("--all", help="仅措辞、仅引注的也列出")] = False,
    _schema: Annotated[
        bool, typer.Option("--schema", is_eager=True, callback=print_schema, help="只输出 JSON 格式的结构说明")
    ] = False,
) -> None:
    """比较两个版本或两份指引：哪一条收紧、放宽、新增、删除、改期，牵涉什么。"""
    from generator.change.compare import compare_editions, fails_on
    from generator.change.model import CLASSES

    if format_ not in FORMATS:
        raise refuse("--format", format_, FORMATS)
    wanted = [word for word in fail_on.replace("，", ",").split(",") if word]
    for word in wanted:
        if word not in CLASSES:
            raise refuse("--fail-on", word, list(CLASSES))
    with TemporaryDirectory() as scratch:
        report = compare_editions(*open_editions(old, new, Path(scratch), guideline))
    show_report(report, format_, to, show_all=all_)
    raise typer.Exit(1 if fails_on(report, wanted) else 0)


def show_report(report: "Report", format_: str, to: Path | None, *, show_all: bool) -> None:
    """Print or write a report in one format."""
    from generator.change.table import write_table
    from generator.change.tell import write_html, write_markdown, write_report_json

    if format_ == "terminal":
        print_report(report, show_all=show_all)
    elif format_ in ("docx", "pdf"):
        put(to or Path(f"build/reports/新旧条文对照表.{format_}"), write_table(report, format_, quiet=show_all))
    else:
        writers = {"markdown": write_markdown, "html": write_html, "json": write_report_json}
        put(to, writers[format_](report).encode())


def put(to: Path | None, data: bytes) -> None:
    """Write a file whole and say where, or print text."""
    from generator.files import write_whole

    if to is None:
        typer.echo(data.decode(), nl=False)
        return
    write_whole(to, data)
    console.print(f"→ {to}", markup=False)


def print_report(report: "Report", *, show_all: bool) -> None:
    """Print the counts, then the changes by class."""
    from generator.change.model import CLASSES, QUIET
    from generator.change.tell import NOTHING, title_of

    console.print(title_of(report), markup=False)
    if not report.changes:
        console.print(NOTHING)
    counts = report.count()
    table = Table("类别", "数量", "意思")
    for name, meaning in CLASSES.items():
        if counts[name]:
            table.add_row(f"[{COLOURS.get(name, 'dim')}]{name}[/]", str(counts[name]), meaning)
    if report.changes:
        console.print(table)
    for name in CLASSES:
        for change in report.of_class(name) if show_all or name not in QUIET else []:
            print_change(change)


def print_change(change: "Change") -> None:
    """Print one change."""
    from generator.change.tell import word_clauses, word_detail, word_grounds, word_name, word_touched

    colour = COLOURS.get(change.class_, "dim")
    force = f" · {change.force}" if change.force else ""
    console.print(f"[{colour}]{change.class_}[/] {escape(change.title)}{force} · {escape(word_clauses(change))}")
    console.print(f"    {change.guideline}/{word_name(change)}", markup=False, style="dim")
    for part in change.details:
        console.print(f"    {word_detail(part)}", markup=False)
    if touched := word_touched(change):
        console.print(f"    牵涉 {touched}", markup=False)
    if change.witnesses:
        console.print(f"    依据：{word_grounds(change)}", markup=False)
    if change.note:
        console.print(f"    说明：{change.note}", markup=False)


def impact(
    old: A,
    new: B,
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="机构、批次，或含有许多机构的文件夹")],
    format_: Annotated[str, typer.Option("--format", help="terminal、markdown、json")] = "terminal",
    to: To = None,
    detail: Annotated[bool, typer.Option("--detail", help="逐个批次列出详情")] = False,
    documents: Annotated[bool, typer.Option("--documents/--no-documents", help="是否比较文书的文字")] = True,
    today: Annotated[str | None, typer.Option("--today", help="以哪一天为今天，如 2026-11-20")] = None,
) -> None:
    """两个版本分别用在机构的数据上：哪些结论变了，哪些文书、材料、日期变了，什么要重新出具。"""
    from generator.change.impact import find_impact
    from generator.change.tell_impact import write_impact_json, write_impact_markdown
    from generator.commands.setting import read_day
    from generator.institution.folders import find_targets

    if format_ not in ("terminal", "markdown", "json"):
        raise refuse("--format", format_, ("terminal", "markdown", "json"))
    day = read_day(today)
    with TemporaryDirectory() as scratch:
        editions = open_editions(old, new, Path(scratch))
        targets = find_targets([folder.resolve() for folder in folders])
        found = [one for target in targets for one in find_impact(target, *editions, today=day, documents=documents)]
    if format_ == "json":
        put(to, write_impact_json(found).encode())
    elif format_ == "markdown":
        put(to, write_impact_markdown(found, detail=detail).encode())
    else:
        print_impacts(found, detail=detail)
    unread = any(one.problems for one in found)
    raise typer.Exit(2 if unread else 1 if any(flip.worse for one in found for flip in one.findings) else 0)


def print_impacts(found: "list[Impact]", *, detail: bool) -> None:
    """Print one table for all rounds, and on request the detail of each."""
    from generator.change.impact import count_up
    from generator.change.tell_impact import COLUMNS, NOT_HIT, detail_lines, table_rows

    console.print("，".join(f"{name} {number}" for name, number in count_up(found).items()))
    rows = list(table_rows(found))
    table = Table(*COLUMNS)
    for row in rows:
        table.add_row(*map(escape, row))
    console.print(table if rows else NOT_HIT)
    for one in found if detail else []:
        if one.hit:
            console.print(f"[bold]{escape(one.institution)} {escape(one.round)}[/bold]")
            for line in detail_lines(one):
                console.print(f"  {line}", markup=False)
