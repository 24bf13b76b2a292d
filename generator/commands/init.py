"""``kaowu init``: a new institution's folder, every key explained."""

from pathlib import Path
from typing import Annotated

import typer

from generator.commands.output import console
from generator.problems import KaowuError, Place, Problem


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="新建在哪里")],
    guideline: Annotated[str, typer.Option("--guideline", help="指引编号，如 jiangsu/school")],
    round_: Annotated[str, typer.Option("--round", help="批次文件夹的名字")] = "round-1",
    excel: Annotated[bool, typer.Option("--excel", help="全部用 Excel，不写 YAML")] = False,
) -> None:
    """新建一个机构的文件夹：每一项都有说明，表格带下拉和文本格式。"""
    from generator.commands.setting import open_setting
    from generator.files import write_whole
    from generator.institution.begin import begin_files

    policy = open_setting().policy
    files = begin_files(policy, policy.guideline(guideline), round_, excel=excel)
    there = [path for path in files if (folder / path).exists()]
    if there:
        problems = [Problem(Place(path), "already-there", "文件已经存在", "换一个文件夹，或先移走") for path in there]
        raise KaowuError(problems)
    for path, data in files.items():
        write_whole(folder / path, data)
        console.print(str(folder / path), markup=False)
    console.print(f"填好后运行：kaowu check {folder}", markup=False)
