"""What all packs of a run share: policy, document sources, calendar, options and the rows of the area."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from generator.calendar import WorkCalendar
from generator.document.source import Source
from generator.pack.area import Area
from generator.policy.load import Policy


@dataclass(frozen=True)
class Options:
    """How a pack is built: formats, documents asked for (all when empty), face, processes, whether to redo all.

    ``shared`` is the folder of a whole area's templates; ``bind`` asks for volumes beside the single documents.
    """

    formats: tuple[str, ...] = ("docx", "pdf")
    only: tuple[str, ...] = ()
    face: str = "filled"
    jobs: int = 1
    zip: bool = False
    force: bool = False
    shared: Path | None = None
    bind: bool = False


@dataclass(frozen=True)
class Press:
    """What all packs of a run share: policy, sources, calendar, options, the rows of the area."""

    policy: Policy
    sources: Mapping[str, Source]
    calendar: WorkCalendar
    options: Options = field(default_factory=Options)
    area: Area = field(default_factory=Area)
    told: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def once(self, name: str, reckon: "Callable[[Press], str]") -> str:
        """Return what is reckoned under a name, reckoned when it is first asked for."""
        if name not in self.told:
            self.told[name] = reckon(self)
        return self.told[name]
