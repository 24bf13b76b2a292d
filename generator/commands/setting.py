"""What most commands begin with: policy, calendar and institutions, loaded once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from generator.calendar import WorkCalendar
from generator.check.rules import RuleScene, connect, open_scene
from generator.commands.output import print_problems
from generator.institution.folders import Target, find_targets
from generator.institution.given import parse_date
from generator.institution.load import Institution, load_institution
from generator.institution.world import Thing
from generator.paths import policy_dir
from generator.policy.load import Policy, load_policy, open_policy
from generator.problems import KaowuError, Place, Problem


@dataclass(frozen=True)
class Setting:
    """The policy and the calendar of a run."""

    policy: Policy
    calendar: WorkCalendar

    def scene_for(self, institution: Institution, round_thing: Thing) -> RuleScene:
        """Return the scene of a round's guideline, with the institution's derived facts following it."""
        guideline = self.policy.guideline(str(round_thing.one("guideline")))
        scene = open_scene(self.policy, guideline, self.calendar)
        connect(institution.world, scene)
        return scene


def open_setting(*, whole: bool = False) -> Setting:
    """Return the policy and calendar of the program: every guideline at once, or each when it is asked for.

    Raises KaowuError with every fault of what is read.
    """
    root = policy_dir()
    return Setting(load_policy(root) if whole else open_policy(root), WorkCalendar.load(root / "calendar"))


def load_targets(folders: Iterable[Path], policy: Policy) -> Iterator[tuple[Target, Institution | None]]:
    """Yield each institution named by the folders; one that cannot be used is reported and yields None."""
    for target in find_targets([folder.resolve() for folder in folders]):
        try:
            yield target, load_institution(target.folder, target.rounds, policy)
        except KaowuError as error:
            print_problems(error.problems)
            yield target, None


def today_in_china() -> date:
    """Return today's date in Asia/Shanghai."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def read_day(text: str | None) -> date:
    """Return the day an option names, else today; raise KaowuError when it is no date."""
    if text is None:
        return today_in_china()
    try:
        return parse_date(text)
    except ValueError as error:
        raise KaowuError([Problem(Place("--today"), "bad-date", f"“{text}”{error}")]) from None
