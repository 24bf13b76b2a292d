"""``kaowu scores``: a workbook for each round in which the scores of its candidates are filled in."""

from pathlib import Path

import typer

from generator.commands.dates import Folders
from generator.commands.output import console


def scores(folders: Folders) -> None:
    """写出成绩工作簿：还没有成绩的考生一人一行，填好放着，检查和生成时自动读取。"""
    from generator.commands.setting import load_targets, open_setting
    from generator.files import write_whole
    from generator.institution.scorebook import unscored, write_scorebook

    setting = open_setting()
    unusable = 0
    for _target, institution in load_targets(folders, setting.policy):
        unusable += institution is None
        for folder, thing in institution.rounds.items() if institution else ():
            people = unscored(thing)
            if not people:
                console.print(f"{thing}：没有缺成绩的考生", markup=False)
                continue
            guideline = setting.policy.guideline(str(thing.one("guideline")))
            path = free_path(folder / "scores")
            write_whole(path, write_scorebook(setting.policy, guideline, people))
            console.print(f"{thing}：{len(people)} 名考生待填成绩 → {path}", markup=False)
    if unusable:
        raise typer.Exit(2)


def free_path(folder: Path) -> Path:
    """Return the path of a workbook that is not there yet; scores filled in earlier are never written over."""
    names = ["成绩.xlsx", *(f"成绩{number}.xlsx" for number in range(2, 1000))]
    return next(folder / name for name in names if not (folder / name).exists())
