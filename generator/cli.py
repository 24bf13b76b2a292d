"""The command ``kaowu``: reads arguments, runs the steps, prints, and turns errors into messages and exit statuses."""

import sys

import typer

from generator.commands import build, check, init, policy, template
from generator.commands.output import console, errors, print_problems
from generator.problems import KaowuError

app = typer.Typer(
    name="kaowu",
    help="考务：把官方指引变成数据，把数据变成机构要出、要留、要查的每一份文书。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(policy.app, name="policy")
app.add_typer(template.app, name="template")
app.command()(init.init)
app.command()(build.build)
app.command()(check.check)
app.command()(check.dates)
app.command()(check.explain)


@app.command()
def schema() -> None:
    """把编辑器用的 JSON Schema 写到标准输出。"""
    from generator.policy.export import write_json
    from generator.policy.schema import policy_schema

    typer.echo(write_json(policy_schema()), nl=False)


@app.command()
def doctor() -> None:
    """看看本机缺什么：字体、Pango、LibreOffice、工作日历。"""
    from generator.doctor import examine

    for part in examine():
        console.print(f"{'正常' if part.ok else '缺少'}  {part.name}：{part.found}", markup=False)
        if not part.ok and part.remedy:
            console.print(f"      → {part.remedy}", markup=False)


def main() -> None:
    """Run the command line; exit 0 when fine, 1 on violations, 2 on unusable input."""
    try:
        app()
    except KaowuError as error:
        print_problems(error.problems)
        errors.print(f"共 {len(error.problems)} 处问题，没有写出任何文件", markup=False)
        sys.exit(2)
