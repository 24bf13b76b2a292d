"""``kaowu policy``: lint and export the encoded guidelines; what changed between two editions of them."""

from pathlib import Path
from typing import Annotated

import typer

from generator.commands import change
from generator.commands.output import console, print_problems
from generator.paths import policy_dir

app = typer.Typer(help="指引数据：检查、导出、比较", no_args_is_help=True, rich_markup_mode=None)
app.command()(change.diff)
app.command()(change.impact)
app.command()(change.stale)
app.command()(change.read)
app.command("install-git")(change.install_git)
Folder = Annotated[Path | None, typer.Option("--policy", help="policy 文件夹，默认为本项目的")]


@app.command()
def lint(
    guidelines: Annotated[list[str] | None, typer.Argument(help="指引编号，默认全部")] = None,
    policy: Folder = None,
) -> None:
    """检查编码：条款是否齐全、slug 是否登记、路径和词是否存在、格式是否规范。"""
    from generator.policy.lint import coverage, lint_policy
    from generator.policy.load import load_policy

    loaded = load_policy(policy or policy_dir(), guidelines or None)
    problems = lint_policy(loaded)
    print_problems(problems)
    for guideline in loaded.guidelines.values():
        counts = coverage(guideline)
        clauses = sum(counts.get(name, 0) for name in ("heading", "encoded", "informative", "external"))
        told = "、".join(f"{name} {counts.get(name, 0)}" for name in ("encoded", "heading", "informative", "external"))
        ways = "、".join(f"{name} {counts.get(name, 0)}" for name in ("fully", "partly", "by-hand"))
        console.print(
            f"{guideline.id}：条款 {clauses}（{told}）；规则 {len(guideline.rules)}（{ways}）", highlight=False
        )
    if problems:
        console.print(f"共 {len(problems)} 处问题")
        raise typer.Exit(1)


@app.command()
def export(policy: Folder = None) -> None:
    """把全部指引写成一份 JSON，输出到标准输出。"""
    from generator.policy.export import export_policy, write_json
    from generator.policy.load import load_policy

    typer.echo(write_json(export_policy(load_policy(policy or policy_dir()))), nl=False)
