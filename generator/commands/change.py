"""``kaowu policy diff | impact | stale | read | install-git`` and ``kaowu migrate``: what a change of policy does."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from generator.commands.output import console, escape, make_table, print_table
from generator.paths import policy_dir
from generator.problems import KaowuError, Place, Problem, nearest

if TYPE_CHECKING:
    from generator.change.editions import Edition
    from generator.change.impact import Impact, Tally
    from generator.change.impacts import Question
    from generator.change.model import Change, Report
    from generator.change.stale import Stale

COLOURS = {"收紧": "red", "新增义务": "red", "放宽": "green", "删除": "green", "改期": "yellow", "方向不明": "magenta"}
FORMATS = ("terminal", "markdown", "html", "json", "docx", "pdf", "judged")
IMPACT_FORMATS = ("terminal", "markdown", "json")
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
    from generator.change.comparisons import write_open
    from generator.change.table import write_table
    from generator.change.tell import write_html, write_markdown, write_report_json

    if format_ == "terminal":
        print_report(report, show_all=show_all)
    elif format_ in ("docx", "pdf"):
        put(to or Path(f"build/reports/新旧条文对照表.{format_}"), write_table(report, format_, quiet=show_all))
    else:
        writers = {"markdown": write_markdown, "html": write_html, "json": write_report_json, "judged": write_open}
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
    table = make_table("类别", "数量", "意思")
    for name, meaning in CLASSES.items():
        if counts[name]:
            table.add_row(f"[{COLOURS.get(name, 'dim')}]{name}[/]", str(counts[name]), meaning)
    if report.changes:
        print_table(table)
    for name in CLASSES:
        for change in report.of_class(name) if show_all or name not in QUIET else []:
            print_change(change)


def print_change(change: "Change") -> None:
    """Print one change."""
    from generator.change.tell import word_clauses, word_details, word_grounds, word_name, word_touched

    colour = COLOURS.get(change.class_, "dim")
    force = f" · {change.force}" if change.force else ""
    console.print(f"[{colour}]{change.class_}[/] {escape(change.title)}{force} · {escape(word_clauses(change))}")
    console.print(f"    {change.guideline}/{word_name(change)}", markup=False, style="dim")
    for _part, line in word_details(change):
        console.print(f"    {line}", markup=False)
    if touched := word_touched(change):
        console.print(f"    牵涉 {touched}", markup=False)
    if change.witnesses or change.basis == "人工":
        console.print(f"    依据：{word_grounds(change)}", markup=False)
    if change.note:
        console.print(f"    说明：{change.note}", markup=False)


def print_impact_schema(asked: bool) -> None:
    """Print the JSON Schema of a report on impact and leave, when asked."""
    from generator.change.tell_impact import impact_schema
    from generator.policy.export import write_json

    if asked:
        typer.echo(write_json(impact_schema()), nl=False)
        raise typer.Exit


def impact(
    old: A,
    new: B,
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="机构、批次，或含有许多机构的文件夹")],
    format_: Annotated[str, typer.Option("--format", help="、".join(IMPACT_FORMATS))] = "terminal",
    to: To = None,
    detail: Annotated[bool, typer.Option("--detail", help="逐个批次列出详情")] = False,
    documents: Annotated[bool, typer.Option("--documents/--no-documents", help="是否比较文书的文字")] = True,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="用几个进程")] = 1,
    today: Annotated[str | None, typer.Option("--today", help="以哪一天为今天，如 2026-11-20")] = None,
    _schema: Annotated[
        bool, typer.Option("--schema", is_eager=True, callback=print_impact_schema, help="只输出 JSON 格式的结构说明")
    ] = False,
) -> None:
    """两个版本分别用在机构的数据上：哪些结论变了，哪些文书、材料、日期变了，什么要重新出具。"""
    from generator.change.impacts import ask
    from generator.change.tell_impact import write_impact_json, write_impact_markdown
    from generator.commands.setting import read_day

    if format_ not in IMPACT_FORMATS:
        raise refuse("--format", format_, IMPACT_FORMATS)
    day = read_day(today)
    with TemporaryDirectory() as scratch:
        editions = open_editions(old, new, Path(scratch))
        question = ask(*editions, today=day, documents=documents, detail=detail or format_ == "json")
        tallies, impacts, lost = judge_all(question, [folder.resolve() for folder in folders], jobs)
    if format_ == "json":
        put(to, write_impact_json(tallies, impacts).encode())
    elif format_ == "markdown":
        put(to, write_impact_markdown(tallies, impacts).encode())
    else:
        print_impacts(tallies, impacts)
    unread = lost or any(tally.problems for tally in tallies)
    raise typer.Exit(2 if unread else 1 if any(tally.worse for tally in tallies) else 0)


def judge_all(
    question: "Question", folders: list[Path], jobs: int
) -> "tuple[list[Tally], list[Impact], list[Problem]]":
    """Return the tallies of all rounds, the detail that was asked for by folder, and the folders that hold nothing."""
    from generator.change.impacts import answer_all
    from generator.commands.output import print_problems
    from generator.institution.folders import no_institution, targets_in

    problems: list[Problem] = []
    empty = [folder for folder in folders if next(iter(targets_in(folder, [])), None) is None]
    problems += map(no_institution, empty)
    targets = (target for folder in folders for target in targets_in(folder, problems))
    tallies: list[Tally] = []
    detailed: list[tuple[str, Impact]] = []
    for found in answer_all(question, targets, jobs=jobs):
        tallies += found.tallies
        detailed += [(found.folder.as_posix(), one) for one in found.impacts]
    print_problems(problems)
    return tallies, [one for _folder, one in sorted(detailed, key=lambda pair: (pair[0], pair[1].round))], problems


def print_impacts(tallies: "list[Tally]", impacts: "list[Impact]") -> None:
    """Print one table for all rounds, and the detail that was asked for."""
    from generator.change.impact import count_up
    from generator.change.tell_impact import COLUMNS, NOT_HIT, detail_lines, table_rows

    console.print("，".join(f"{name} {number}" for name, number in count_up(tallies).items()))
    rows = list(table_rows(tallies))
    table = make_table(*COLUMNS)
    for row in rows:
        table.add_row(*map(escape, row))
    if rows:
        print_table(table)
    else:
        console.print(NOT_HIT)
    for one in impacts:
        if one.hit:
            console.print(f"[bold]{escape(one.institution)} {escape(one.round)}[/bold]")
            for line in detail_lines(one):
                console.print(f"  {line}", markup=False)


def stale(
    source: Annotated[
        list[Path] | None, typer.Option("--source", help="原文的新副本（可重复），与编码所据的比对")
    ] = None,
    was: Annotated[Path | None, typer.Option("--was", help="旧副本，用来找出变了的条款")] = None,
    clause: Annotated[list[str] | None, typer.Option("--clause", help="变了的条款（可重复）")] = None,
    mark: Annotated[bool, typer.Option("--mark", help="记入 policy/review.yaml，直到核对完")] = False,
    days: Annotated[int, typer.Option("--days", help="多少天没有核对算过期")] = 365,
    today: Annotated[str | None, typer.Option("--today", help="以哪一天为今天，如 2026-11-20")] = None,
) -> None:
    """哪些指引该核对原文了；原文有变的，列出引用这些条款的规则、文书和用例。"""
    from generator.change.stale import REVIEW, Shelf, doubt_sources, find_stale, load_doubts, write_doubts
    from generator.change.touched import load_templates
    from generator.commands.setting import read_day
    from generator.files import write_whole
    from generator.paths import templates_dir
    from generator.policy.load import load_policy

    for path in [*(source or []), *([was] if was else [])]:
        if not path.is_file():
            raise KaowuError([Problem(Place(path.as_posix()), "no-file", "没有这个文件", "检查路径")])
    day = read_day(today)
    root = policy_dir()
    policy = load_policy(root)
    doubts = {**load_doubts(root), **doubt_sources(policy, source or [], was, clause or [], today=day)}
    if mark and doubts:
        write_whole(root / REVIEW, write_doubts(doubts).encode())
    cases = root.parent / "tests" / "cases"
    shelf = Shelf(load_templates(templates_dir()), cases if cases.is_dir() else None)
    found = list(find_stale(policy, doubts, shelf, today=day, days=days))
    for one in found:
        print_stale(one)
    if not found:
        console.print("都在期限内核对过，原文没有变化。")
    raise typer.Exit(1 if found else 0)


def print_stale(one: "Stale") -> None:
    """Print why a guideline wants a look, and what is in doubt."""
    console.print(f"[bold]{escape(one.title)}[/bold] {one.guideline}：{'；'.join(one.reasons)}")
    if one.suspects:
        console.print(f"  存疑条款：{'、'.join(one.clauses)}", markup=False)
    for suspect in one.suspects:
        console.print(f"  {suspect.name}（{'、'.join(suspect.at)}）policy/{suspect.place}", markup=False)
        for passage in suspect.passages:
            console.print(f"    文书 {near(passage.place)}“{passage.words}”", markup=False)
        for file in dict.fromkeys(place.file for place in suspect.cases):
            lines = "、".join(str(place.line) for place in suspect.cases if place.file == file)
            console.print(f"    用例 {near(Place(file))}:{lines}", markup=False)


def near(place: Place) -> Place:
    """Return a place as seen from the folder the policy lies in."""
    path, home = Path(place.file), policy_dir().parent
    return replace(place, file=path.relative_to(home).as_posix()) if path.is_relative_to(home) else place


def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="一个文件，或要比较的两个文件")],
) -> None:
    """把 policy 里的一个文件读成条文；给两个文件时输出它们的差别（供 git 使用）。"""
    from difflib import unified_diff

    from generator.change.clauses import read_clauses
    from generator.policy.load import load_policy

    policy = load_policy(policy_dir(), [])
    texts = [read_clauses(path.read_bytes() if path.is_file() else b"", path.name, policy) for path in files]
    if len(texts) == 2:
        old, new = files
        sides = [text.splitlines() for text in texts]
        lines = unified_diff(sides[0], sides[1], old.as_posix(), new.as_posix(), lineterm="")
        typer.echo("\n".join(lines))
    else:
        typer.echo("".join(texts), nl=False)


def install_git(
    repository: Annotated[Path, typer.Argument(metavar="[DIR]", help="git 仓库，默认为当前文件夹")] = Path(),
) -> None:
    """让 git diff、git log -p 把 policy 里的改动显示为条文，中文文件名照原样显示。"""
    import sys

    from generator.change.gitsetup import install

    for line in install(repository.resolve(), [sys.executable, "-m", "generator"]):
        console.print(line, markup=False)


def migrate(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="机构，或含有许多机构的文件夹")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出要改什么，不写文件")] = False,
) -> None:
    """政策数据改名以后，改写机构的文件：注释和回答都保留，改了什么逐处列出。"""
    from generator.change.migrate import migrate_institution
    from generator.change.renames import load_renames
    from generator.institution.folders import find_targets
    from generator.policy.load import load_policy

    root = policy_dir()
    policy, renames = load_policy(root, []), load_renames(root)
    total = by_hand = 0
    for target in find_targets([folder.resolve() for folder in folders]):
        for step in migrate_institution(target, policy, renames, write=not dry_run):
            total += not step.todo
            by_hand += step.todo
            console.print(str(step), markup=False)
    told = "要改" if dry_run else "改了"
    console.print(f"{told} {total} 处，需手工改 {by_hand} 处", markup=False)
    raise typer.Exit(1 if by_hand else 0)
