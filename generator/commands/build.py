"""``kaowu build``: the packs of the rounds named, all institutions under a folder, or one round."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.commands.output import console, errors, print_problems
from generator.problems import KaowuError, Place, Problem, nearest

if TYPE_CHECKING:
    from generator.institution.load import Institution
    from generator.pack.build import Built, Press

FORMATS = ("docx", "pdf")


def build(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="机构、批次，或含有许多机构的文件夹")],
    to: Annotated[Path, typer.Option("--to", help="写到哪里")] = Path("build/packs"),
    format_: Annotated[str, typer.Option("--format", help="docx、pdf，用逗号隔开")] = "docx,pdf",
    only: Annotated[list[str] | None, typer.Option("--only", help="只生成这份文书（可重复）")] = None,
    face: Annotated[str, typer.Option("--face", help="filled 填好 · blank 空白 · annotated 附依据")] = "filled",
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="用几个进程")] = 1,
    zip_: Annotated[bool, typer.Option("--zip", help="另存一份 ZIP")] = False,
    force: Annotated[bool, typer.Option("--force", help="全部重做")] = False,
    templates: Annotated[
        Path | None, typer.Option("--templates", help="共用的 Word 模板、materials.yaml 的文件夹")
    ] = None,
    bind: Annotated[bool, typer.Option("--bind", help="一人一份的，另按名册次序合订成一个 PDF")] = False,
) -> None:
    """生成文书包：按材料清单的顺序，DOCX 与 PDF，附目录、自查报告和日程。"""
    from generator.commands.setting import load_targets, open_setting
    from generator.pack.area import load_area
    from generator.pack.build import Options, Press
    from generator.pack.plan import load_sources
    from generator.paths import templates_dir

    check_options(format_, face, bind=bind)
    setting = open_setting()
    sources = load_sources(templates_dir())
    area = load_area(templates, setting.policy, sources)
    sources |= area.sources
    check_only(only or [], set(sources))
    options = Options(tuple(format_.split(",")), tuple(only or ()), face, jobs, zip_, force, templates, bind)
    press = Press(setting.policy, sources, setting.calendar, options, area)
    failed = 0
    for _target, institution in load_targets(folders, setting.policy):
        failed += institution is None or not build_institution(press, institution, to)
    if failed:
        errors.print(f"{failed} 个机构的数据不能使用，其余已完成")
        raise typer.Exit(2)


def check_options(formats: str, face: str, *, bind: bool) -> None:
    """Refuse unknown formats and faces, and volumes without PDF."""
    unknown = [name for name in formats.split(",") if name not in FORMATS]
    if unknown:
        raise KaowuError([Problem(Place("--format"), "unknown-format", f"没有格式“{unknown[0]}”", "可写 docx、pdf")])
    if face not in ("filled", "blank", "annotated"):
        advice = "可写 filled、blank、annotated"
        raise KaowuError([Problem(Place("--face"), "unknown-face", f"没有“{face}”这一种", advice)])
    if bind and "pdf" not in formats.split(","):
        raise KaowuError([Problem(Place("--bind"), "bind-without-pdf", "合订本是 PDF", "在 --format 里写上 pdf")])


def check_only(names: list[str], known: set[str]) -> None:
    """Refuse documents that do not exist, with the nearest name."""
    unknown = [
        Problem(Place("--only"), "unknown-document", f"没有文书“{n}”", nearest(n, known))
        for n in names
        if n not in known
    ]
    if unknown:
        raise KaowuError(unknown)


def build_institution(press: "Press", institution: "Institution", to: Path) -> bool:
    """Build the packs of an institution's rounds; return whether all could be built."""
    done = True
    for path, round_thing in institution.rounds.items():
        title = f"{institution.thing} {round_thing}"
        try:
            built = build_with_progress(press, institution, path, to / institution.folder.name / path.name)
        except KaowuError as error:
            print_problems(error.problems)
            done = False
            continue
        console.print(f"{title}：写出 {built.written} 个文件，{built.kept} 个没有变化 → {built.folder}", markup=False)
        for stem, reason in sorted(built.withheld.items()):
            console.print(f"  未生成 PDF：{stem}（{reason}）", markup=False)
    return done


def build_with_progress(press: "Press", institution: "Institution", path: Path, out: Path) -> "Built":
    """Build one round's pack with a progress bar on standard error."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from generator.pack.build import build_round

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors.console, transient=True) as bar:
        task = bar.add_task(f"{institution.thing} {path.name}", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return build_round(press, institution, path, out, show)
