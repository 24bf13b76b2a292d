"""Spread institutions over processes: errands in, one report for each out, in the order they are done.

Only a few errands are under way at a time, so that memory does not grow with their number. A process that dies takes
nothing along: what it may have been at is tried again alone, and given up only where that kills a process too.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Generic, Protocol, Self, TypeVar

from generator.pack.many import Errand, Report
from generator.problems import Place, Problem

E = TypeVar("E")
R = TypeVar("R")
Given_contra = TypeVar("Given_contra", contravariant=True)
TRIES = 2
AHEAD = 3  # errands given out for each process: it never waits, and little is under way


class Crew(Protocol[Given_contra, R]):
    """Who does the errands: how many are given out at a time, and what is raised for one whose process died."""

    ahead: int
    losses: tuple[type[BaseException], ...]

    def submit(self, errand: Given_contra) -> "Future[R]":
        """Give out an errand."""

    def retry(self, errand: Given_contra) -> R:
        """Return the report of an errand whose process died, done again with nothing beside it."""


def spread(errands: Iterable[E], crew: Crew[E, R]) -> Iterator[R]:
    """Yield the report of each errand as it is done."""
    waiting: dict[Future[R], E] = {}
    for errand in errands:
        waiting[crew.submit(errand)] = errand
        if len(waiting) >= crew.ahead:
            yield from collect(waiting, crew)
    while waiting:
        yield from collect(waiting, crew)


def collect(waiting: "dict[Future[R], E]", crew: Crew[E, R]) -> Iterator[R]:
    """Yield the reports of the errands that are done, at least one, and take them out of ``waiting``."""
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        errand = waiting.pop(future)
        try:
            report = future.result()
        except crew.losses:
            report = crew.retry(errand)
        yield report


def lose(errand: Errand) -> Report:
    """Return the report of an errand that ends every process that tries it."""
    what = "处理这个机构的进程几次被系统终止，可能是内存不足"
    advice = "看名册、照片、模板是否大得不正常；单独生成这个机构再看"
    return Report(errand, (), (Problem(Place(errand.name), "worker-killed", what, advice),))


@dataclass
class LocalCrew(Generic[E, R]):
    """Processes of this machine; ``lose`` reports an errand that ends every process that tries it."""

    work: Callable[[E], R]
    lose: Callable[[E], R]
    jobs: int
    losses: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError)

    def __post_init__(self) -> None:
        self.ahead = AHEAD * self.jobs
        self._pool = self.hire(self.jobs)

    def __enter__(self) -> Self:
        """Return the crew."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        """Let the processes go, at once where something went wrong."""
        self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def hire(self, jobs: int) -> ProcessPoolExecutor:
        """Return new processes; they begin with nothing of this one, as on every system."""
        fresh = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(jobs, fresh, initializer=follow_parent)

    def submit(self, errand: E) -> "Future[R]":
        """Give out an errand, to new processes where the old ones are gone."""
        try:
            return self._pool.submit(self.work, errand)
        except BrokenExecutor:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = self.hire(self.jobs)
            return self._pool.submit(self.work, errand)

    def retry(self, errand: E) -> R:
        """Do an errand in a process of its own, and where that dies in another one."""
        for _ in range(TRIES):
            with self.hire(1) as alone, contextlib.suppress(BrokenExecutor):
                return alone.submit(self.work, errand).result()
        return self.lose(errand)


def follow_parent() -> None:
    """Leave interrupts to the parent, and end when it is gone: or a killed build leaves its processes behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=end_with, args=(parent,), daemon=True).start()


def end_with(parent: BaseProcess) -> None:
    """End this process when another one has ended."""
    parent.join()
    os._exit(1)
