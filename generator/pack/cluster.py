"""Hand institutions to a Dask cluster: the address of its scheduler in; the same packs out, written by its workers.

Data, target and shared templates lie in folders that every worker sees under the same path. Before the first errand
each worker shows that it does, and that its program, policy, templates and fonts are the same as ours.
"""

import logging
import re
import socket
import threading
import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self

from distributed import Client
from distributed.comm.core import CommClosedError
from distributed.scheduler import KilledWorker

from generator.files import write_whole
from generator.pack.manifest import tool_version
from generator.pack.many import Errand, Order, Report, build_errand, edition_here
from generator.pack.spread import AHEAD, lose
from generator.pack.write import printer
from generator.problems import KaowuError, Place, Problem

SECONDS = 20  # for the scheduler to answer
LEAST_AHEAD = 64  # errands given out at least: workers that join later find some
SHOWN = 5  # workers named in a message
ADDRESS = re.compile(r"(\w+://)?(?P<host>[^/\s]+):(?P<port>\d+)")
OPTION = Place("--scheduler")
_ALONE = threading.Lock()


@dataclass(frozen=True)
class Look:
    """What a worker sees: its version and edition, folders that are not there, and whether it can print PDFs."""

    version: str
    edition: str
    absent: tuple[str, ...]
    prints: bool


def look(folders: tuple[Path, ...], token: Path, *, pdf: bool) -> Look:
    """Return what the worker that runs this sees."""
    absent = [folder for folder in folders if not folder.is_dir()]
    if not token.is_file():
        absent.append(token.parent)
    return Look(tool_version(), edition_here(), tuple(map(str, absent)), not pdf or printer() is not None)


def build_alone(order: Order, errand: Errand) -> Report:
    """Build an errand, one at a time in a process: the libraries that print are not made for threads."""
    with _ALONE:
        return build_errand(order, errand)


@dataclass
class ClusterCrew:
    """The workers of a cluster."""

    client: Client
    order: Order
    address: str
    losses: tuple[type[BaseException], ...] = (KilledWorker, CancelledError, CommClosedError)

    @classmethod
    def meet(cls, address: str, order: Order, folders: tuple[Path, ...]) -> Self:
        """Return the workers of the scheduler at an address; raise KaowuError where they cannot do the work."""
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is told in the reports
        client = connect(address)
        try:
            check_workers(client, order, folders)
        except BaseException:
            client.close()
            raise
        return cls(client, replace(order, edition=edition_here()), address)

    def __post_init__(self) -> None:
        self.ahead = max(LEAST_AHEAD, AHEAD * sum(self.client.nthreads().values()))
        self._pool = self.client.get_executor(pure=False)
        self._work = partial(build_alone, self.order)

    def __enter__(self) -> Self:
        """Return the crew."""
        return self

    def __exit__(self, *_how: object) -> None:
        """Take back what is not done and leave; the cluster stays."""
        self._pool.shutdown(wait=False)
        self.client.close()

    def submit(self, errand: Errand) -> "Future[Report]":
        """Give out an errand; a worker that dies over it passes it on to others."""
        given: Future[Report] = self._pool.submit(self._work, errand)
        return given

    def retry(self, errand: Errand) -> Report:
        """Return the report of an errand that several workers died over; raise KaowuError when the cluster is gone."""
        if self.client.status != "running":
            advice = "看调度进程是否还在；再运行一次，只做没有做完的"
            raise KaowuError([Problem(OPTION, "cluster-gone", f"与集群 {self.address} 的连接断了", advice)])
        return lose(errand)


def connect(address: str) -> Client:
    """Return a connection to a scheduler; raise KaowuError where none answers."""
    advice = "先运行 dask scheduler，再写它打印的地址，如 tcp://10.0.0.1:8786；看防火墙是否放行"
    found = ADDRESS.fullmatch(address)
    if found is None:
        raise KaowuError([Problem(OPTION, "bad-address", f"“{address}”不是“地址:端口”", advice)])
    try:
        socket.create_connection((found["host"].strip("[]"), int(found["port"])), SECONDS).close()
        return Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError, OverflowError) as error:
        what = f"没有调度进程在 {address} 应答（{type(error).__name__}）"
        raise KaowuError([Problem(OPTION, "no-scheduler", what, advice)]) from None


def check_workers(client: Client, order: Order, folders: tuple[Path, ...]) -> None:
    """Raise KaowuError with whatever keeps workers from doing what this machine would do."""
    if not client.nthreads():
        advice = "在各台机器上运行 dask worker 调度地址 --nthreads 1 --nworkers 核数"
        raise KaowuError([Problem(OPTION, "no-workers", "集群里没有工作进程", advice)])
    shared = (order.options.shared,) if order.options.shared else ()
    with leave_token(order.to) as token:
        ask = partial(look, (*folders, *shared), token, pdf="pdf" in order.options.formats)
        seen = client.run(ask, on_error="return")
    problems = list(find_faults(seen))
    if problems:
        raise KaowuError(problems)


@contextmanager
def leave_token(folder: Path) -> Iterator[Path]:
    """Give a file that is in a folder for the moment, by which one tells whether others see the same folder."""
    token = folder / f".kaowu-{uuid.uuid4().hex}.token"
    write_whole(token, b"")
    try:
        yield token
    finally:
        token.unlink(missing_ok=True)


def find_faults(seen: Mapping[str, Look | BaseException]) -> Iterator[Problem]:
    """Yield what is wrong with the workers, like faults together."""
    own = Look(tool_version(), edition_here(), (), prints=True)
    faults: dict[tuple[str, str, str], list[str]] = {}
    for worker, found in sorted(seen.items()):
        for fault in faults_of(found, own):
            faults.setdefault(fault, []).append(worker)
    for (code, what, advice), workers in faults.items():
        more = f" 等 {len(workers)} 个" if len(workers) > SHOWN else ""
        yield Problem(OPTION, code, f"工作进程 {'、'.join(workers[:SHOWN])}{more}{what}", advice)


def faults_of(found: Look | BaseException, own: Look) -> Iterator[tuple[str, str, str]]:
    """Yield code, fault and advice for what one worker sees."""
    if isinstance(found, ModuleNotFoundError):
        yield "no-kaowu", "没有装 kaowu", "在那台机器上装同一版本，用装了 kaowu 的 Python 启动 dask worker"
        return
    if isinstance(found, BaseException):
        yield "worker-fault", f"不能工作（{type(found).__name__}: {found}）", "看那台机器上 dask worker 的输出"
        return
    if found.version != own.version:
        yield "other-version", f"的 kaowu 是 {found.version}，这里是 {own.version}", "装同一版本，重新启动 dask worker"
    elif found.edition != own.edition:
        what = "的程序、指引、模板或字体与这里不一致"
        yield "other-edition", what, "各台机器用同一份 kaowu、同样的字体（kaowu doctor 可看），再重新启动 dask worker"
    for folder in found.absent:
        yield "not-shared", f"看不到 {folder}", "数据、--to 和 --templates 放在各台机器路径相同的共享文件夹里"
    if not found.prints:
        yield "no-pango", "那里没有 Pango，出不了 PDF", "在那里装 Pango（kaowu doctor 说明怎样装），或加 --format docx"
