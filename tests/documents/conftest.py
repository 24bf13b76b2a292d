"""The example rounds, prepared once: what each document of their packs is rendered from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from generator.calendar import WorkCalendar
from generator.document.source import Source
from generator.document.tree import Document
from generator.institution.load import load_institution
from generator.institution.world import Thing
from generator.pack.build import Binder, prepare
from generator.pack.plan import Piece, describe_plan, load_sources, plan_pack
from generator.pack.press import Press
from generator.paths import policy_dir, templates_dir
from generator.policy.load import Policy, load_policy

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path.parent.name for path in templates_dir().glob("*/document.yaml"))
ROUNDS = sorted(str(path.parent.relative_to(ROOT / "institutions")) for path in ROOT.glob("institutions/*/*/round.*"))


@dataclass(frozen=True)
class Example:
    """One example round: what renders its documents, and the first piece of each source its pack holds."""

    binder: Binder
    thing: Thing

    @cached_property
    def pieces(self) -> Mapping[str, Piece]:
        """Return the first piece of each source in the pack."""
        found: dict[str, Piece] = {}
        for piece in self.plan.pieces():
            found.setdefault(piece.source.id, piece)
        return found

    @cached_property
    def plan(self):  # type: ignore[no-untyped-def]
        """Return the plan of the pack."""
        return plan_pack(self.binder.rows, self.binder.press.sources, self.binder.scene, self.thing)

    def render(self, piece: Piece) -> Document:
        """Return a piece as a document; the front speaks of the whole plan."""
        return self.binder.bind(piece, {"目录": describe_plan(self.plan, {})}).document

    def context(self, piece: Piece) -> dict[str, Any]:
        """Return all that a piece can speak of."""
        return {**self.binder.context_for(piece.thing, piece.row), "目录": describe_plan(self.plan, {})}


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy(policy_dir())


@pytest.fixture(scope="session")
def sources() -> Mapping[str, Source]:
    return load_sources(templates_dir())


@pytest.fixture(scope="session")
def examples(policy: Policy, sources: Mapping[str, Source]) -> Mapping[str, Example]:
    """Return the example rounds by folder."""
    press = Press(policy, sources, WorkCalendar.load(policy_dir() / "calendar"))
    found = {}
    for name in ROUNDS:
        path = ROOT / "institutions" / name
        institution = load_institution(path.parent, (path,), policy)
        found[name] = Example(prepare(press, institution, path), institution.rounds[path])
    return found
