"""One engine with one content in a process of its own, which makes as many documents as it is asked for.

It says when it is ready, then for each number it gets the seconds, the bytes of one document, and by how much memory
has grown since the content was opened, with whatever processes the engine started. Nought ends it.
"""

import time
from multiprocessing.connection import Connection

import psutil

from benchmarks.contents import Content
from benchmarks.rivals import DOCX, PDF


def serve(pipe: Connection, kind: str, engine: str, content: Content) -> None:
    """Make documents as asked."""
    before = memory()
    make = (DOCX if kind == "docx" else PDF)[engine](content)
    make(0, 1)
    pipe.send({})
    first = 1
    while count := pipe.recv():
        start = time.perf_counter()
        size = make(first, count)
        took = time.perf_counter() - start
        first += count
        pipe.send({"seconds": took, "bytes": size / count, "memory": memory() - before})
    for child in psutil.Process().children(recursive=True):
        child.terminate()


def memory() -> float:
    """Return how much memory this process and its children hold, in MB."""
    own = psutil.Process()
    held = 0
    for process in (own, *own.children(recursive=True)):
        try:
            held += process.memory_info().rss
        except psutil.Error:
            continue
    return held / 1e6
