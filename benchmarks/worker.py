"""One engine with one content in a process of its own, which makes as many documents as it is asked for.

It says when it is ready, then for each number it gets the seconds, those of processors, the bytes of one document, and
by how much memory has grown since the content was opened, with whatever processes the engine started. Nought ends it.
"""

import resource
import time
from multiprocessing.connection import Connection

import psutil

from benchmarks.contents import Content
from benchmarks.rivals import DOCX, PDF
from generator.cli import tune_collector


def serve(pipe: Connection, kind: str, engine: str, content: Content) -> None:
    """Make documents as asked."""
    tune_collector()  # as the command line does, for all engines alike
    before = memory()
    make = (DOCX if kind == "docx" else PDF)[engine](content)
    make(0, 1)
    pipe.send({})
    first = 1
    while count := pipe.recv():
        start, begun = time.perf_counter(), processor()
        size = make(first, count)
        took, used = time.perf_counter() - start, processor() - begun
        first += count
        pipe.send({"seconds": took, "processor": used, "bytes": size / count, "memory": memory() - before})
    for child in psutil.Process().children(recursive=True):
        child.terminate()


def processor() -> float:
    """Return the seconds of processors that this process and those it started have used, ended or not."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = (child.cpu_times() for child in psutil.Process().children(recursive=True))
    of_running = sum(times.user + times.system for times in running)
    return time.process_time() + ended.ru_utime + ended.ru_stime + float(of_running)


def memory() -> float:
    """Return how much memory this process and those it started hold, in MB."""
    own = psutil.Process()
    return float(sum(process.memory_info().rss for process in (own, *own.children(recursive=True)))) / 1e6
