"""``kaowu dates``: what is due when, what is late, from when on an exam is possible, and until when things are kept."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.commands.output import console, errors, escape, make_table, print_table

if TYPE_CHECKING:
    from generator.check.rules import RuleScene
    from generator.institution.load import Institution
    from generator.institution.world import Thing
    from generator.pack.area import Area
    from generator.pack.materials import Row
    from generator.policy.load import Policy
    from generator.schedule import DatedStep

Folders = Annotated[list[Path], typer.Argument(metavar="DIR...", help="机构、批次，或含有许多机构的文件夹")]
Today = Annotated[str | None, typer.Option("--today", help="以哪一天为今天，如 2026-11-20")]
AUTHORITY = "authority"
OPENS = {"first_exam_date": "开考", "contest_opens": "开赛", "review_opens": "开始现场评审"}  # events and their verbs


def dates(
    folders: Folders,
    ics: Annotated[Path | None, typer.Option("--ics", help="另写一份日历文件")] = None,
    today: Today = None,
    from_today: Annotated[bool, typer.Option("--from-today", help="从今天往后推：最早哪一天可以开考")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="每件材料保存到哪一天、哪一天起可以销毁")] = False,
    centre: Annotated[bool, typer.Option("--centre", help="鉴定机构使用：只列自己的事项")] = False,
    templates: Annotated[
        Path | None, typer.Option("--templates", help="共用文件夹：其中 materials.yaml 增设的材料一并列出保存期限")
    ] = None,
) -> None:
    """每一步最迟（或最早）哪一天，哪些已经晚了或来不及。"""
    from generator.commands.setting import load_targets, open_setting, read_day
    from generator.files import write_whole
    from generator.ics import write_ics
    from generator.pack.events import day_of, step_events
    from generator.schedule import schedule

    setting = open_setting()
    day = read_day(today)
    area = open_area(templates, setting.policy)
    events, stamp, unusable = [], None, 0
    for _target, institution in load_targets(folders, setting.policy):
        if institution is None:
            unusable += 1
            continue
        tell_if_empty(institution)
        for thing in institution.rounds.values():
            scene = setting.scene_for(institution, thing)
            steps = [s for s in schedule(scene.guideline, scene, thing) if not centre or s.actor == AUTHORITY]
            console.print(f"[bold]{escape(name_round(institution, thing))}[/bold]（以 {day} 为今天）")
            print_forecast(scene, thing, day, whole=from_today)
            print_steps(steps, scene, day)
            print_expiries(thing, day)
            if keep or templates:
                print_keeping(scene, thing, area)
            events += list(step_events(steps, scene.guideline, thing))
            stamp = stamp or day_of(thing)
    if ics and stamp:
        write_whole(ics, write_ics(events, name="考务日程", stamp=stamp))
        console.print(f"日历文件 → {ics}", markup=False)
    if unusable:
        raise typer.Exit(2)


def name_round(institution: "Institution", thing: "Thing") -> str:
    """Return how a round is called: by the names stated, else by those of its folders."""
    folder = next(path.name for path, other in institution.rounds.items() if other is thing)
    return f"{institution.thing!s} {thing!s}" if str(thing) else f"{institution.folder.name} {folder}"


def tell_if_empty(institution: "Institution | None") -> None:
    """Say that an institution has no round, lest nothing printed be taken for nothing wrong."""
    if institution is not None and not institution.rounds:
        errors.print(
            f"{institution.folder.name}：没有批次；一个批次一个文件夹，里面放 round.yaml（或 round.xlsx）", markup=False
        )


def print_forecast(scene: "RuleScene", thing: "Thing", day: date, *, whole: bool) -> None:
    """Print from when on an exam is possible; always where the day planned for it is too early."""
    from generator.forecast import forecast
    from generator.schedule import day_of as stated_day

    reckoned = forecast(scene.guideline, scene, thing, day)
    mark = "（暂定）" if reckoned.provisional else ""
    hung = {step.before for step in scene.guideline.steps.values()}
    dated = {event: reckoned.event(event) for event in OPENS if event in hung}
    for event, earliest in dated.items():
        planned = stated_day(thing, event, first=True)
        if earliest and planned and day < planned < earliest:
            console.print(f"  [red]来不及[/red]：计划 {planned} {OPENS[event]}，按规定的间隔最早 {earliest}{mark}")
        elif whole and earliest and (planned is None or planned > day):
            rest = "只算规定的间隔，报名、考试本身要用的天数另加"
            console.print(f"  最早可以在 {earliest}{mark} {OPENS[event]}（{rest}）")
    if not whole:
        return
    if not dated:
        console.print("  指引没有规定开考、开赛或评审以前的间隔")
    table = make_table("最早", "事项", "出处", title="从今天往后推")
    steps = scene.guideline.steps
    for name, when in sorted(reckoned.steps.items(), key=lambda item: item[1]):
        table.add_row(
            f"{when}" if when > day else f"{when}（已办或今天可办）", steps[name].title, "、".join(steps[name].at)
        )
    print_table(table)


def print_steps(steps: Iterable["DatedStep"], scene: "RuleScene", today: date) -> None:
    """Print the steps of one round as a table."""
    from generator.schedule import late_or_impossible

    listed = list(steps)
    if not listed:
        return
    late = dict(late_or_impossible(listed, today))
    actors = scene.policy.labels("duty-of")
    table = make_table("期限", "事项", "由谁", "依据", "出处", "办理", "提醒")
    for step in listed:
        row = (due_of(step), escape(step.title), actors.get(step.actor, step.actor), escape(step.distance))
        table.add_row(*row, "、".join(step.at), str(step.done or ""), late.get(step, ""))
    print_table(table)


def due_of(step: "DatedStep") -> str:
    """Return when a step is due in Chinese, or which fact is lacking to tell."""
    if step.due is None:
        return f"缺“{escape(step.needs)}”" if step.needs else ""
    side = "最早" if step.bound == "earliest" else "最迟"
    return f"{side} {step.due}{'（暂定）' if step.provisional else ''}"


def print_expiries(thing: "Thing", today: date) -> None:
    """Print what has a term: the filing, appointments; and whether it runs out before the last exam."""
    from generator.schedule import expiries

    for expiry in expiries(thing):
        short = expiry.exam is not None and expiry.last < expiry.exam
        if short or (expiry.last < today and (expiry.exam is None or expiry.exam >= today)):
            when = "已到期" if expiry.last < today else f"末场考试（{expiry.exam}）前到期"
            console.print(f"  [yellow]{when}[/yellow]：{escape(expiry.what)} {expiry.last}")


def open_area(folder: Path | None, policy: "Policy") -> "Area":
    """Return what a shared folder adds to the official lists; nothing where none is given."""
    from generator.pack.area import Area, load_area
    from generator.pack.plan import load_sources
    from generator.paths import templates_dir

    return load_area(folder, policy, load_sources(templates_dir())) if folder else Area()


def print_keeping(scene: "RuleScene", thing: "Thing", area: "Area") -> None:
    """Print until when each row of the list is kept, those an area adds among them."""
    from generator.pack.area import extend
    from generator.pack.materials import list_materials

    listed = extend(scene.guideline, area, scene.policy)
    table = make_table("材料", "介质", "期限", "起算", "可以销毁", "出处", title="归档")
    for row in list_materials(scene.policy, listed, scene, thing):
        if row.applies is not False:
            for cells in keeping_rows(row):
                table.add_row(*cells)
    print_table(table)


def keeping_rows(row: "Row") -> Iterable[tuple[str, ...]]:
    """Yield one line per medium a row is kept in."""
    number = f"{row.no} " if row.no else ""
    for kept in row.keeping:
        starts = str(kept.starts or f"缺“{kept.starts_with}”" if kept.starts_with else "")
        until = "永久保存" if kept.for_ever else f"{kept.destroy_from} 起" if kept.destroy_from else "定不了"
        yield f"{number}{escape(row.name)}", kept.medium, kept.period, starts, until, "、".join(row.at)
