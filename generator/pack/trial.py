"""Try templates out on nothing: every source, or a user's Word template, against a thing of which nothing is stated.

An unknown name shows as an error with its place; what only data can bring about does not.
"""

from collections.abc import Iterable
from pathlib import Path

from generator.calendar import WorkCalendar
from generator.check.report import Report, tell_report
from generator.check.rules import open_scene
from generator.document.lint import lint_template
from generator.document.render import render
from generator.institution.world import World
from generator.pack.context import (
    Context,
    describe_guideline,
    empty_thing,
    facts_for,
    tell_periods,
    tell_rows,
    tell_steps,
)
from generator.pack.materials import list_materials
from generator.pack.plan import load_sources
from generator.paths import policy_dir, templates_dir
from generator.policy.load import Guideline, Policy, load_policy
from generator.problems import KaowuError, Problem
from generator.schedule import schedule


def blank_context(policy: Policy, guideline: Guideline, scope: str) -> Context:
    """Return all a document of a scope can speak of, with nothing stated."""
    scene = open_scene(policy, guideline, WorkCalendar.load(policy.root / "calendar"))
    world = World(policy.dictionary, policy.labels)
    thing = empty_thing(world, scene, scope)
    round_thing = empty_thing(world, scene, "round")
    listed = list_materials(policy, guideline, scene, round_thing)
    rows = tell_rows(listed)
    return {
        **describe_guideline(policy, guideline),
        **facts_for(thing),
        "材料": rows,
        "归档": tell_periods(policy, listed),
        "材料行": rows[0] if rows else {},
        "日程": tell_steps(policy, schedule(guideline, scene, round_thing)),
        "检查": tell_report(Report("", "", guideline.head.title, (), ())),
        "目录": [],
        "对照": {"旧": "", "新": "", "统计": [], "各组": []},
        "机构": "",
        "批次名": "",
        "指引名": guideline.head.title,
    }


def users_of(policy: Policy, document: str) -> list[Guideline]:
    """Return the guidelines whose list of materials names a document."""
    return [g for g in policy.guidelines.values() if any(document in row.documents for row in g.materials.values())]


def lint_sources() -> list[Problem]:
    """Return what is wrong with our own sources, each tried out with every guideline that uses it."""
    policy = load_policy(policy_dir())
    problems: list[Problem] = []
    for name, source in load_sources(templates_dir()).items():
        for guideline in users_of(policy, name) or policy.guidelines.values():
            try:
                render(source, blank_context(policy, guideline, source.scope))
            except KaowuError as error:
                problems.extend(error.problems)
    return sorted(set(problems))


def lint_word(files: Iterable[Path], guideline: str) -> list[Problem]:
    """Return what is wrong with a user's Word templates, named like the documents they replace."""
    policy = load_policy(policy_dir())
    sources = load_sources(templates_dir())
    problems: list[Problem] = []
    for path in files:
        source = sources.get(path.stem)
        users = [*users_of(policy, path.stem), *policy.guidelines.values()]
        chosen = policy.guideline(guideline) if guideline else users[0]
        context = blank_context(policy, chosen, source.scope if source else "round")
        problems += lint_template(path, context, name=path.name)
    return problems
