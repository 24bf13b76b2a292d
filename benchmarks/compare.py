"""Engines side by side: one warm process for each, asked in turn, so that other work on the machine hits all alike.

Tables out: milliseconds of processors and how many times as fast as the first engine by them, documents per second of
the clock, memory, size, and what a second process adds.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing import get_context
from statistics import median
from typing import Self

from benchmarks.contents import open_content
from benchmarks.rivals import BATCH, DOCX, PDF
from benchmarks.timing import Row
from benchmarks.worker import serve

ROUNDS = 5
SLICE = 0.25  # seconds per engine and round; slow ones make one document
SLOW = 2  # seconds; what takes longer is asked less often
DOCX_CONTENTS = ("申报表", "方案", "成绩汇总表", "保存清单")
PDF_CONTENTS = ("申报表", "方案")
HEADINGS = ("内容", "工具", "处理器每份", "相对", "每秒份数", "内存", "每份大小", "两个进程")


@dataclass
class Worker:
    """A process that makes documents of one content with one engine; the content is opened before, in its parent."""

    kind: str
    engine: str
    content: str
    count: int = 1
    rounds: int = ROUNDS
    told: list[dict[str, float]] = field(default_factory=list)

    def __enter__(self) -> Self:
        content = open_content(self.content)
        assert content.documents
        assert content.fillings
        fork = get_context("fork")
        self.pipe, end = fork.Pipe()
        self.process = fork.Process(target=serve, args=(end, self.kind, self.engine, content))
        self.process.start()
        end.close()
        self.hear()
        return self

    def __exit__(self, *_error: object) -> None:
        self.pipe.send(0)
        self.process.join()

    def hear(self) -> dict[str, float]:
        """Return what the process says next."""
        return dict(self.pipe.recv())

    def say(self, count: int) -> None:
        """Have it make so many documents."""
        self.pipe.send(count)

    def ask(self, count: int) -> dict[str, float]:
        """Return what it says of so many documents."""
        self.say(count)
        return self.hear()

    def warm_up(self) -> None:
        """Make some documents, and settle how many are made at a time, and how often."""
        batch = BATCH if "一批" in self.engine else 1
        first = self.ask(batch)
        if first["seconds"] < 4 * SLICE:
            first = self.ask(20)
            batch = max(1, int(SLICE * 20 / first["seconds"]))
        self.count, self.rounds = batch, 2 if first["seconds"] > SLOW else ROUNDS

    def each(self, what: str) -> float:
        """Return the seconds of one document, or those of processors, the median of the rounds."""
        return median(told[what] for told in self.told) / self.count


def compare(kind: str) -> list[Row]:
    """Return the rows of one format: every content with every engine."""
    return [HEADINGS, *(row for name in _contents(kind) for row in compare_content(kind, name))]


def _contents(kind: str) -> tuple[str, ...]:
    return DOCX_CONTENTS if kind == "docx" else PDF_CONTENTS


def compare_content(kind: str, content: str) -> Iterator[Row]:
    """Yield a row for each engine."""
    with ExitStack() as stack:
        engines = DOCX if kind == "docx" else PDF
        workers = [stack.enter_context(Worker(kind, engine, content)) for engine in engines]
        for worker in workers:
            worker.warm_up()
        for number in range(ROUNDS):
            for worker in workers:
                if number < worker.rounds:
                    worker.told.append(worker.ask(worker.count))
        for worker in workers:
            yield tell(worker, workers[0], gain_of_two(worker))


def gain_of_two(worker: Worker) -> float:
    """Return how many times as many documents two processes make, in turn with one."""
    with Worker(worker.kind, worker.engine, worker.content) as other:
        other.ask(worker.count)
        gains = []
        for _ in range(worker.rounds // 2):
            alone = worker.ask(worker.count)["seconds"]
            for each in (worker, other):
                each.say(worker.count)
            together = max(each.hear()["seconds"] for each in (worker, other))
            gains.append(2 * alone / together)
    return float(median(gains))


def tell(worker: Worker, first: Worker, gain: float) -> Row:
    """Return the row of one engine."""
    last = worker.told[-1]
    return (
        worker.content,
        worker.engine,
        f"{1000 * worker.each('processor'):.2f} ms",
        f"{first.each('processor') / worker.each('processor'):.1f}×",
        f"{1 / worker.each('seconds'):.0f}",
        f"{max(told['memory'] for told in worker.told):.0f} MB",
        f"{last['bytes'] / 1000:.0f} KB",
        f"{gain:.1f}×",
    )
