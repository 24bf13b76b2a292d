"""``kaowu build``: the packs of the rounds named, of all institutions under a folder, or of one round."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.commands.output import print_problems
from generator.problems import KaowuError, Place, Problem, nearest

if TYPE_CHECKING:
    from generator.commands.tally import Tally
    from generator.pack.errands import Survey
    from generator.pack.many import Order, Report

FORMATS = ("docx", "pdf")


def build(
    folders: Annotated[list[Path], typer.Argument(metavar="DIR...", help="机构、批次，或含有许多机构的文件夹")],
    to: Annotated[Path, typer.Option("--to", help="写到哪里")] = Path("build/packs"),
    format_: Annotated[str, typer.Option("--format", help="docx、pdf，用逗号隔开")] = "docx,pdf",
    only: Annotated[list[str] | None, typer.Option("--only", help="只生成这份文书（可重复）")] = None,
    face: Annotated[str, typer.Option("--face", help="filled 填好 · blank 空白 · annotated 附依据")] = "filled",
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="用几个进程")] = 1,
    scheduler: Annotated[
        str, typer.Option("--scheduler", metavar="ADDRESS", help="交给 Dask 集群，如 tcp://10.0.0.1:8786")
    ] = "",
    zip_: Annotated[bool, typer.Option("--zip", help="另存一份 ZIP")] = False,
    force: Annotated[bool, typer.Option("--force", help="全部重做，没有变化的也重做")] = False,
    templates: Annotated[
        Path | None, typer.Option("--templates", help="共用的 Word 模板、materials.yaml 的文件夹")
    ] = None,
    bind: Annotated[bool, typer.Option("--bind", help="一人一份的，另按名册次序合订成一个 PDF")] = False,
) -> None:
    """生成文书包：按材料清单的顺序，DOCX 与 PDF，附目录、自查报告和日程。"""
    from generator.pack.errands import survey
    from generator.pack.many import Order, open_press
    from generator.pack.press import Options

    check_options(format_, face, bind=bind)
    shared = templates.resolve() if templates else None
    options = Options(tuple(format_.split(",")), tuple(only or ()), face, jobs, zip_, force, shared, bind)
    order = Order(to.resolve(), options)
    check_only(options.only, set(open_press(order).sources))  # and whatever is wrong with policy, templates or area
    found = survey([folder.resolve() for folder in folders])
    print_problems(found.problems)
    tally = run(order, found, scheduler)
    tally.print_end()
    if tally.failed or found.problems:
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


def check_only(names: tuple[str, ...], known: set[str]) -> None:
    """Refuse documents that do not exist, with the nearest name."""
    unknown = [
        Problem(Place("--only"), "unknown-document", f"没有文书“{n}”", nearest(n, known))
        for n in names
        if n not in known
    ]
    if unknown:
        raise KaowuError(unknown)


def run(order: "Order", found: "Survey", scheduler: str) -> "Tally":
    """Build everything, showing how far it is, and return what became of it."""
    from generator.commands.tally import Tally

    alone = found.count == 1 and not scheduler
    with Tally(order.to, found.count) as tally:
        for report in found.refused():
            tally.take(report)
        for report in build_alone(order, found, tally) if alone else build_many(order, found, scheduler):
            tally.take(report)
    return tally


def build_alone(order: "Order", found: "Survey", tally: "Tally") -> Iterator["Report"]:
    """Yield the report of the one institution there is; its documents are shared out."""
    from generator.pack.many import build_errand

    for errand in found.errands():
        yield build_errand(order, errand, tally.show_documents)


def build_many(order: "Order", found: "Survey", scheduler: str) -> Iterator["Report"]:
    """Yield the report of each institution; they are shared out, and their documents where processes are to spare."""
    from functools import partial

    from generator.pack.many import build_errand
    from generator.pack.spread import LocalCrew, lose, spread

    jobs = order.options.jobs
    each = replace(order, options=replace(order.options, jobs=max(1, jobs // found.count)))
    if scheduler:
        yield from build_on_cluster(each, found, scheduler)
        return
    with LocalCrew(partial(build_errand, each), lose, min(jobs, found.count)) as crew:
        yield from spread(found.errands(), crew)


def build_on_cluster(order: "Order", found: "Survey", scheduler: str) -> Iterator["Report"]:
    """Yield the report of each institution, built by the workers of a cluster."""
    try:
        from generator.pack.cluster import ClusterCrew
    except ModuleNotFoundError as error:
        if error.name not in ("dask", "distributed"):
            raise
        what = "这台机器没有装 Dask，不能用 --scheduler"
        advice = "pip install 'kaowu[cluster]'；只用本机的，改用 --jobs"
        raise KaowuError([Problem(Place("--scheduler"), "no-dask", what, advice)]) from None
    from generator.pack.spread import spread

    with ClusterCrew.meet(scheduler, order, found.folders) as crew:
        yield from spread(found.errands(), crew)
