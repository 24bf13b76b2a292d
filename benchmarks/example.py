"""The example that is measured: the first round of the first example institution, with all a document can speak of."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from generator.calendar import WorkCalendar
from generator.check.rules import subjects
from generator.document.source import Source
from generator.institution.folders import find_targets
from generator.institution.load import Institution, load_institution
from generator.pack.build import Binder, prepare
from generator.pack.events import day_of
from generator.pack.plan import load_sources
from generator.pack.press import Options, Press
from generator.paths import policy_dir, templates_dir
from generator.policy.load import load_policy

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Example:
    """A loaded round and the press that builds it."""

    press: Press
    institution: Institution
    path: Path
    binder: Binder

    def document(self, name: str) -> tuple[Source, dict[str, Any], date]:
        """Return a document's source, the context of the first thing it is about, and its date."""
        source = self.press.sources[name]
        thing = subjects(self.institution.world, self.institution.rounds[self.path], source.scope)[0]
        return source, self.binder.context_for(thing), day_of(self.institution.rounds[self.path])


def open_example(options: Options | None = None) -> Example:
    """Return the example, loaded."""
    policy = load_policy(policy_dir())
    calendar = WorkCalendar.load(policy_dir() / "calendar")
    press = Press(policy, load_sources(templates_dir()), calendar, options or Options())
    target = find_targets([ROOT / "institutions" / "示例技师学院"])[0]
    institution = load_institution(target.folder, target.rounds, policy)
    path = next(iter(institution.rounds))
    return Example(press, institution, path, prepare(press, institution, path))
