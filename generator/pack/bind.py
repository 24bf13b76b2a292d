"""Bind documents of one kind for printing: the jobs of a pack in, one job for each volume out.

What a document makes for several things (candidates, rooms, occupations) stands in one folder of the pack; its volume
stands beside that folder and holds all of it in the same order, so that it is printed in one go.
"""

from collections.abc import Iterable, Iterator

from generator.pack.plan import BOUND
from generator.pack.write import Job, Outcome

FORM = "pdf"


def bind_volumes(jobs: Iterable[Job]) -> Iterator[Job]:
    """Yield one job for each folder that holds several documents."""
    folders: dict[str, list[Job]] = {}
    for job in jobs:
        folder, _slash, name = job.stem.partition("/")
        if name:
            folders.setdefault(folder, []).append(job)
    for folder, parts in folders.items():
        if len(parts) > 1:
            yield bind_volume(folder, parts)


def bind_volume(folder: str, parts: list[Job]) -> Job:
    """Return the job of one volume."""
    first, *others = parts
    own = next((part.filled for part in parts if part.filled), None)
    stem = f"{folder}{BOUND}"
    bound = tuple(job.document for job in others)
    return Job(stem, first.document, (FORM,), first.day, first.photos, own, bound, first.many)


def volumes_of(outcomes: Iterable[Outcome]) -> list[str]:
    """Return the files of the volumes among what was written."""
    return [f"{outcome.stem}.{FORM}" for outcome in outcomes if outcome.stem.endswith(BOUND) and outcome.files]
