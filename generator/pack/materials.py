"""The official list applied to one round: which rows apply and why others do not, and until when each is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from generator.check.evaluate import evaluate_all
from generator.check.rules import RuleScene
from generator.institution.world import Thing
from generator.policy.load import Guideline, Policy
from generator.policy.records import Material
from generator.schedule import add_months

NOT_STATED = "not-stated"  # the source asks for the material and says nothing of how long it is kept

ADDED = "地区增设"  # stands in place of a clause where no guideline but an area asks for a row


@dataclass(frozen=True)
class Keeping:
    """How long one medium of a material is kept: the source's words, from when, until when."""

    medium: str
    period: str
    starts: date | None
    starts_with: str
    destroy_from: date | None
    for_ever: bool


@dataclass(frozen=True)
class Row:
    """A row of the list for one round: whether it applies (None: cannot be told), why not, and how it is kept.

    A row without number is asked for by the body of the guideline, or was ``added`` by the area.
    """

    id: str
    no: int | None
    name: str
    remark: str
    at: tuple[str, ...]
    applies: bool | None
    because: str
    keeping: tuple[Keeping, ...]
    documents: tuple[str, ...]
    supplied_by: str
    added: bool = False


def list_materials(policy: Policy, guideline: Guideline, scene: RuleScene, round_thing: Thing) -> list[Row]:
    """Return every row of the list for a round: the numbered rows in order, then what the body asks for by clause."""
    rows = [list_row(policy, guideline, scene, round_thing, name) for name in guideline.materials]
    return sorted(rows, key=lambda row: (row.no is None, row.no or 0))


def list_row(policy: Policy, guideline: Guideline, scene: RuleScene, thing: Thing, name: str) -> Row:
    """Return one row for a round."""
    row = guideline.materials[name]
    verdict = evaluate_all(thing, row.when, scene)
    because = "、".join(verdict.missing if verdict.holds is None else verdict.found) if not verdict.holds else ""
    return Row(
        name,
        row.no,
        row.name,
        row.remark or "",
        tuple(row.at),
        verdict.holds,
        close_up(because),
        tuple(keep(policy, guideline, thing, row)),
        tuple(row.documents),
        row.supplied_by or "",
        ADDED in row.at,
    )


def keep(policy: Policy, guideline: Guideline, thing: Thing, row: Material) -> list[Keeping]:
    """Return how each medium of a row is kept."""
    periods: Mapping[str, str] = row.retention if isinstance(row.retention, dict) else {"": row.retention}
    media = policy.labels("medium")
    path = guideline.head.retention_from
    starts = thing.follow(path) if path else None
    starts_with = policy.dictionary.label_path(thing.entity, path) if path else ""
    kept = []
    for medium, period in periods.items():
        term = policy.terms["retention"].terms[period]
        begins = starts if isinstance(starts, date) else None
        ends = add_months(begins, term.months) if begins and term.months else None
        name = medium or row.medium or ""
        label = media.get(name, name)
        for_ever = term.months is None and period != NOT_STATED
        kept.append(Keeping(label, term.label, begins, starts_with, ends, for_ever))
    return kept


def close_up(text: str) -> str:
    """Return a text without the spaces beside Chinese characters, as official documents print it."""
    return re.sub(r"(?<=[^\x00-\x7f]) +| +(?=[^\x00-\x7f])", "", text)
