"""The command ``kaowu``: reads arguments, runs the steps, prints, and turns errors into messages and exit statuses."""

import gc
import sys
from pathlib import Path
from types import TracebackType
from typing import Annotated

import typer

from generator.commands import build, change, check, dates, init, pages, policy, scores, template
from generator.commands.output import console, errors, print_problems
from generator.problems import KaowuError

app = typer.Typer(
    name="kaowu",
    help="考务：把官方指引变成数据，把数据变成机构要出、要留、要查的每一份文书。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # the library of the frames takes longer to load than the help to print
)
app.add_typer(policy.app, name="policy")
app.add_typer(template.app, name="template")
app.command()(init.init)
app.command()(build.build)
app.command()(check.check)
app.command()(dates.dates)
app.command()(scores.scores)
app.command()(check.explain)
app.command()(pages.pages)
app.command()(pages.gallery)
app.command()(change.migrate)


@app.command()
def schema(
    to: Annotated[Path | None, typer.Option("--to", help="每种文件一份，写到这个文件夹；不写则输出到标准输出")] = None,
) -> None:
    """写出 JSON Schema：指引数据和机构文件的每一种（编辑器用），检查结果的 JSON。"""
    from generator.check.export import write_schema
    from generator.files import write_whole
    from generator.paths import policy_dir
    from generator.policy.export import write_json
    from generator.policy.load import load_policy
    from generator.policy.schema import write_schemas

    schemas = {**write_schemas(load_policy(policy_dir(), [])), "check": write_schema()}
    if to is None:
        typer.echo(write_json(schemas), nl=False)
        return
    for name, content in schemas.items():
        write_whole(to / f"{name}.json", write_json(content).encode())
    console.print(f"{len(schemas)} 份 → {to}", markup=False)


@app.command()
def doctor() -> None:
    """看看本机缺什么：字体、Pango、LibreOffice、工作日历。"""
    from generator.doctor import examine

    for part in examine():
        console.print(f"{'正常' if part.ok else '缺少'}  {part.name}：{part.found}", markup=False)
        if not part.ok and part.remedy:
            console.print(f"      → {part.remedy}", markup=False)


def print_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print the trace of a fault of the program itself, with whatever may be an ID number hidden."""
    import traceback

    from generator.institution.given import hide_ids

    errors.print(hide_ids("".join(traceback.format_exception(kind, error, trace))), markup=False)
    errors.print("这是程序的错误，不是数据的错误；请把以上内容告诉维护者，其中的身份证号已隐去", markup=False)


def tune_collector() -> None:
    """Let the collector of garbage run seldom: a roster of 100,000 is millions of objects that all stay."""
    gc.set_threshold(100_000, 50, 50)


def main() -> None:
    """Run the command line; exit 0 when fine, 1 on violations, 2 on unusable input."""
    sys.excepthook = print_crash
    tune_collector()
    try:
        app()
    except KaowuError as error:
        print_problems(error.problems)
        errors.print(f"共 {len(error.problems)} 处问题，没有写出任何文件", markup=False)
        sys.exit(2)
