"""How cost grows: with the rows and pages of a document, and with the number of guidelines."""

import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from benchmarks.contents import Content, Other, open_content
from benchmarks.rivals import Make, docxtpl, kaowu, kaowu_pdf
from benchmarks.timing import Row
from generator.paths import policy_dir
from generator.policy.load import load_policy

ROWS = (16, 64, 256, 1024)


def measure_pages() -> list[Row]:
    """Return rows: candidates of a score summary, and what our DOCX, docxtpl and our PDF take for it."""
    rows: list[Row] = [("考生", "kaowu DOCX", "docxtpl", "相对", "kaowu PDF")]
    for size in ROWS:
        content = of_size(size)
        ours, theirs = seconds_of(kaowu(content), 5), seconds_of(docxtpl(content), 2)
        pdf = seconds_of(kaowu_pdf(content), 1)
        rows.append((f"{size} 人", ms(ours), ms(theirs), f"{theirs / ours:.0f}×", ms(pdf)))
    return rows


def of_size(size: int) -> Content:
    """Return the score summary of the example, its candidates repeated to so many."""
    content = open_content("成绩汇总表")
    context = content.context(0)
    project = context["认定项目"]
    many = (list(project.考生) * size)[:size]
    other = Other(project, 考生=many, 应考考生=many)
    return replace(content, contexts=({**context, "认定项目": other},))


def seconds_of(make: Make, times: int) -> float:
    """Return the seconds of the processor for one document, the median of some."""
    make(0, 1)
    took = []
    for _ in range(times):
        start = time.process_time()
        make(0, 1)
        took.append(time.process_time() - start)
    return median(took)


def ms(seconds: float) -> str:
    """Return seconds as milliseconds."""
    return f"{1000 * seconds:.1f} ms"


def measure_policy() -> list[Row]:
    """Return rows: guidelines, and the seconds it takes to read them: one, half, all."""
    every = sorted(load_policy(policy_dir()).guidelines)
    return [("指引", "读入"), *(row for row in _policies(every))]


def _policies(every: list[str]) -> Iterator[Row]:
    for count in (1, len(every) // 2, len(every)):
        start = time.process_time()
        load_policy(policy_dir(), only=every[:count])
        yield f"{count} 份", f"{time.process_time() - start:.2f} s"
