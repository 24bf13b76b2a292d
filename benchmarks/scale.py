"""Many institutions: seconds and memory as their number and their candidates grow, processes, and what is skipped.

Each measurement is a run of the command in a process of its own over a province made up for it. Memory is the peak of
the largest process, which must not grow with the number of institutions. ``python -m benchmarks.scale 1000 10`` builds
so many institutions of so many candidates and tells what one costs.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks.province import write_province
from benchmarks.timing import Row, print_table

ROOT = Path(__file__).parents[1]
SIZES = (8, 32, 96)
CANDIDATES = (10, 40)
DOCX = ("--format", "docx")
STARTS = {
    "python -c pass": ("-c", "pass"),
    "kaowu --help": ("-m", "generator", "--help"),
    "kaowu check（一个小机构）": ("-m", "generator", "check", str(ROOT / "institutions" / "示例技能竞赛中心")),
    "导入全部库": ("-c", "import weasyprint, docxtpl, xlsxwriter, rich.markdown, generator.site.write"),
}


@dataclass(frozen=True)
class Run:
    """One run of the command: seconds, those of processors, peak of the largest process in MB, files and bytes."""

    seconds: float
    processor: float
    peak: float
    files: int
    size: int


def measure_scale() -> list[Row]:
    """Return rows: what an institution costs as their number and their candidates grow, and on more processes."""
    rows: list[Row] = [("机构×考生", "进程", "秒/家", "处理器秒/家", "与第一行之比", "文件/秒", "最多内存")]
    first = 0.0
    for count, candidates, jobs in asks():
        with TemporaryDirectory() as folder:
            write_province(Path(folder, "province"), count, candidates)
            run = build(Path(folder), "--jobs", str(jobs), *DOCX)
            each = run.processor / count
            first = first or each
            cost = (f"{run.seconds / count:.2f} s", f"{each:.2f} s", f"{each / first:.2f}")
            told = (*cost, f"{run.files / run.seconds:.0f}", f"{run.peak:.0f} MB")
            rows.append((f"{count}×{candidates}", str(jobs), *told))
    return rows


def asks() -> Iterator[tuple[int, int, int]]:
    """Yield institutions, candidates and processes."""
    yield from ((size, CANDIDATES[0], 2) for size in SIZES)
    yield from ((SIZES[0], candidates, 2) for candidates in CANDIDATES[1:])
    yield SIZES[0], CANDIDATES[0], 1


def measure_again() -> list[Row]:
    """Return rows: the first build of a province, the next with nothing changed, and one after a fact has changed."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_province(folder / "province", SIZES[1], CANDIDATES[0])
        clean = build(folder, "--jobs", "2", *DOCX)
        same = build(folder, "--jobs", "2", *DOCX)
        answers = next((folder / "province").glob("*/answers.yaml"))
        answers.write_text(answers.read_text("utf-8") + "# 注\n", "utf-8")
        changed = build(folder, "--jobs", "2", *DOCX)
    runs = {"第一次": clean, "没有变化": same, "一家的数据变了": changed}
    each = {name: 1000 * run.processor / SIZES[1] for name, run in runs.items()}
    return [(name, f"{took:.0f} 处理器毫秒/家", f"{each['第一次'] / took:.0f}×") for name, took in each.items()]


def measure_starts() -> list[Row]:
    """Return rows: how long it takes to start, as a ratio to starting Python."""
    seconds: dict[str, list[float]] = {name: [] for name in STARTS}
    for _ in range(5):
        for name, arguments in STARTS.items():
            before = used()
            subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, check=True)
            seconds[name].append(used() - before)
    best = {name: min(times) for name, times in seconds.items()}
    first = next(iter(best.values()))
    return [(name, f"{1000 * took:.0f} ms", f"{took / first:.0f}×") for name, took in best.items()]


def build(folder: Path, *options: str) -> Run:
    """Build ``folder/province`` into ``folder/out`` and return what it took."""
    out = folder / "out"
    command = [sys.executable, "-m", "generator", "build", str(folder / "province"), "--to", str(out), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    before = used()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        peak = watch(psutil.Process(process.pid))
    assert process.returncode == 0, command
    seconds = time.perf_counter() - start
    sizes = [path.stat().st_size for path in out.rglob("*") if path.is_file()]
    return Run(seconds, used() - before, peak / 2**20, len(sizes), sum(sizes))


def used() -> float:
    """Return the seconds of processors that the processes begun here, and those begun by them, have used."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def watch(parent: psutil.Process) -> float:
    """Return the most memory in bytes that one process of a run has held until its end."""
    peak = 0.0
    while parent.is_running() and parent.status() != psutil.STATUS_ZOMBIE:
        for one in (parent, *parent.children(recursive=True)):
            try:
                peak = max(peak, one.memory_info().rss)
            except psutil.NoSuchProcess:
                continue
        time.sleep(0.2)
    return peak


def main(arguments: Sequence[str]) -> None:
    """Build a province of so many institutions and candidates in both formats, and print what it took as JSON."""
    count, candidates, *rest = arguments
    jobs = rest[0] if rest else "2"
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_province(folder / "province", int(count), int(candidates))
        given = sum(path.stat().st_size for path in (folder / "province").rglob("*") if path.is_file())
        clean, same = build(folder, "--jobs", jobs), build(folder, "--jobs", jobs)
    told = {
        "institutions": int(count),
        "candidates": int(candidates),
        "processes": int(jobs),
        "seconds": round(clean.seconds, 1),
        "processor_seconds": round(clean.processor, 1),
        "seconds_unchanged": round(same.seconds, 1),
        "processor_seconds_unchanged": round(same.processor, 1),
        "files": clean.files,
        "megabytes": round(clean.size / 1e6, 1),
        "megabytes_given": round(given / 1e6, 1),
        "peak_megabytes": round(max(clean.peak, same.peak)),
    }
    print(json.dumps(told, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1:])
    else:
        print_table("启动（处理器时间）", measure_starts())
        print_table("许多机构：随机构数、考生数、进程数（DOCX）", measure_scale())
        print_table("再做一次（DOCX）", measure_again())
