"""One engine with one content in a process of its own: ``python -m benchmarks.worker docx docxtpl 方案``.

Says it is ready, then for each line ``count`` on its input makes so many documents and prints as JSON the seconds,
the bytes of one document, and by how much memory has grown at its peak since the content was opened, with whatever
processes the engine started.
"""

import json
import sys
import time

import psutil

from benchmarks.contents import open_content
from benchmarks.rivals import DOCX, PDF


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


def serve(kind: str, engine: str, name: str) -> None:
    """Make documents as asked until the input ends."""
    content = open_content(name)
    assert content.documents
    before = memory()
    make = (DOCX if kind == "docx" else PDF)[engine](content)
    make(0, 1)
    print(json.dumps({"ready": True}), flush=True)
    first = 1
    for count in map(int, sys.stdin):
        start = time.perf_counter()
        size = make(first, count)
        took = time.perf_counter() - start
        first += count
        print(json.dumps({"seconds": took, "bytes": size / count, "memory": memory() - before}), flush=True)


if __name__ == "__main__":
    serve(*sys.argv[1:])
