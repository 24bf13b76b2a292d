"""Whole packs: one process against two, and which step takes how much of the time."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.example import open_example
from benchmarks.timing import Row, as_rows, time_in_turn
from generator.document.docx import write_docx
from generator.document.pdf import PdfWriter
from generator.document.render import render
from generator.fonts import find_faces
from generator.institution.folders import find_targets
from generator.institution.load import load_institution
from generator.pack.build import build_round, prepare
from generator.pack.plan import load_sources, plan_pack
from generator.pack.press import Options
from generator.paths import policy_dir, templates_dir
from generator.policy.load import load_policy


def compare_jobs() -> list[Row]:
    """Return rows: the example's pack built afresh on one process and on two, with files per second."""
    medians = time_in_turn({"1 个进程": lambda: build(1), "2 个进程": lambda: build(2)}, rounds=3)
    count = build(1)
    rows = as_rows("示例批次", medians)
    return [(*row, f"{count / took:.1f} 份/秒") for row, took in zip(rows, medians.values(), strict=True)]


def build(jobs: int) -> int:
    """Build the example's pack into an empty folder; return how many files it has."""
    example = open_example(Options(jobs=jobs))
    with TemporaryDirectory() as folder:
        built = build_round(example.press, example.institution, example.path, Path(folder), lambda _done, _all: None)
    return built.written


def share_by_step() -> list[Row]:
    """Return rows: the share of one process's time that each step of a pack takes."""
    took: dict[str, float] = {}
    start = time.perf_counter()

    def mark(step: str) -> None:
        nonlocal start
        now = time.perf_counter()
        took[step] = now - start
        start = now

    policy = load_policy(policy_dir())
    mark("读指引")
    sources = load_sources(templates_dir())
    mark("读模板")
    example = open_example()
    target = find_targets([example.institution.folder])[0]
    start = time.perf_counter()
    institution = load_institution(target.folder, target.rounds, policy)
    mark("读机构数据")
    binder = prepare(example.press, institution, example.path)
    mark("检查和日程")
    plan = plan_pack(binder.rows, sources, binder.scene, institution.rounds[example.path])
    documents = [render(p.source, binder.context_for(p.thing, p.row)) for p in plan.pieces() if p not in plan.front]
    mark("填写文书")
    for document in documents:
        write_docx(document, day=binder.day)
    mark("写 DOCX")
    writer = PdfWriter(find_faces())
    mark("准备字体")
    for document in documents:
        writer.write([document], day=binder.day)
    mark("写 PDF")
    total = sum(took.values())
    return [(step, f"{1000 * seconds:.0f} ms", f"{seconds / total:.1%}") for step, seconds in took.items()]
