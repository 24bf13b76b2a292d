"""How far a run is, and what became of each institution: reports in; a bar, lines, a table and a file out.

Nothing of an institution is kept but its numbers; what can be read again later goes into the file as it comes.
"""

import csv
import io
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from generator.commands.output import console, errors, make_table, print_problems, print_table

if TYPE_CHECKING:
    from rich.progress import Progress, Task
    from rich.text import Text

    from generator.pack.many import Report

SUMMARY = "汇总.csv"
HEADINGS = ("机构", "结果", "批次", "写出文件", "没有变化的文件", "未生成的PDF", "原因")
BUILT, UNCHANGED, FAILED = "生成", "没有变化", "没有完成"
FEW = 20  # of so many institutions each is told, and of so many failures; the rest is in the file
SECONDS = 60  # between two lines where no bar can be drawn


class Tally:
    """Counts reports and shows them; a context in which the bar is drawn."""

    def __init__(self, to: Path, total: int) -> None:
        self.to = to
        self.total = total
        self.counts = {BUILT: 0, UNCHANGED: 0, FAILED: 0}
        self.files = {"written": 0, "kept": 0}
        self._told = 0
        self._began = self._said = time.monotonic()
        self._raw = tempfile.TemporaryFile()  # noqa: SIM115  lives with the run
        self._rows = io.TextIOWrapper(self._raw, "utf-8-sig", newline="")
        csv.writer(self._rows).writerow(HEADINGS)

    @property
    def many(self) -> bool:
        """Return whether there are several institutions."""
        return self.total > 1

    @property
    def failed(self) -> int:
        """Return how many institutions were not built."""
        return self.counts[FAILED]

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._bar = make_bar(many=self.many)
        self._task = self._bar.add_task("", total=self.total if self.many else None, files=0, failed=0)
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        """Stop drawing, and write the file with a line for each of several."""
        self._bar.stop()
        try:
            if kind is None and self.many:
                self.write_summary()
        finally:
            self._rows.close()

    def show_documents(self, done: int, total: int) -> None:
        """Show how many documents of the only institution are written."""
        self._bar.update(self._task, completed=done, total=total, files=done)

    def take(self, report: "Report") -> None:
        """Count a report, keep its line for the file, and show it where there are few."""
        result = FAILED if report.problems else BUILT if report.written else UNCHANGED
        self.counts[result] += 1
        self.files["written"] += report.written
        self.files["kept"] += report.kept
        reasons = "；".join(str(problem) for problem in report.problems)
        withheld = sum(len(pack.built.withheld) for pack in report.packs)
        numbers = (len(report.packs), report.written, report.kept, withheld)
        csv.writer(self._rows).writerow((plain(report.errand.name), result, *numbers, plain(reasons)))
        if self.total <= FEW:
            print_packs(report)
        if report.problems:
            self._told += 1
            if self._told <= FEW:
                print_problems(report.problems)
        if self.many:
            files = sum(self.files.values())
            self._bar.update(self._task, advance=1, files=files, failed=self.failed)
            self.say_sometimes()

    def say_sometimes(self) -> None:
        """Print a line now and then where no bar can be drawn, as in a file that a nightly run is sent to."""
        now = time.monotonic()
        done = sum(self.counts.values())
        if errors.console.is_terminal or now - self._said < SECONDS or done == self.total:
            return
        self._said = now
        rate = done / (now - self._began)
        left = (self.total - done) / rate
        told = f"{done}/{self.total} 家，{rate:.2f} 家/秒，没有完成 {self.failed} 家，约剩 {left / 60:.0f} 分钟"
        errors.print(told, markup=False)

    def print_end(self) -> None:
        """Print what became of all; of a single one nothing is left to say."""
        if not self.many:
            if self.failed:
                errors.print("这个机构没有完成", markup=False)
            return
        table = make_table("结果", "机构", title=f"{self.total} 家，{time.monotonic() - self._began:.0f} 秒")
        for result, number in self.counts.items():
            table.add_row(result, str(number))
        print_table(table)
        console.print(f"写出 {self.files['written']} 个文件，{self.files['kept']} 个没有变化", markup=False)
        path = self.to / SUMMARY
        console.print(f"每家一行 → {path}", markup=False)
        if self.failed:
            errors.print(f"{self.failed} 个机构没有完成，其余已完成；原因见 {path}", markup=False)

    def write_summary(self) -> None:
        """Write the file."""
        from generator.files import open_whole

        self._rows.flush()
        self._raw.seek(0)
        with open_whole(self.to / SUMMARY) as file:
            shutil.copyfileobj(self._raw, file)


def plain(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def print_packs(report: "Report") -> None:
    """Print one line for each pack that is there, and the PDFs it lacks."""
    for pack in report.packs:
        built = pack.built
        done = f"写出 {built.written} 个文件，{built.kept} 个没有变化"
        console.print(f"{pack.title}：{done} → {built.folder}", markup=False)
        for stem, reason in sorted(built.withheld.items()):
            console.print(f"  未生成 PDF：{stem}（{reason}）", markup=False)


def make_bar(*, many: bool) -> "Progress":
    """Return a bar on standard error: how many are done, how fast, and how long it will take."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """Institutions and files a second."""

        def render(self, task: "Task") -> "Text":
            """Return the rates since the beginning."""
            spent = task.finished_time or task.elapsed or 0
            if not spent or not task.completed:
                return Text("")
            rate, files = task.completed / spent, task.fields["files"] / spent
            return Text(f"{rate:.2f} 家/秒 {files:.0f} 文件/秒" if many else f"{files:.0f} 份/秒")

    failed = TextColumn("{task.fields[failed]} 家没有完成")
    columns = (BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn(), failed)
    return Progress(*columns, console=errors.console, transient=True, disable=not errors.console.is_terminal)
