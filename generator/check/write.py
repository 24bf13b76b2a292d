"""Write reports as Markdown, and as DOCX or PDF through the document source that is the report of a check."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import count
from pathlib import Path

from generator.check.report import Report, tell_report
from generator.check.rules import STATUS_LABELS
from generator.document.docx import write_docx
from generator.document.pdf import PdfWriter
from generator.document.render import render
from generator.document.source import load_source
from generator.files import safe_name, write_whole
from generator.fonts import find_faces
from generator.paths import templates_dir

SOURCE = "check-report"


def write_markdown(reports: Sequence[Report], *, show_all: bool = False) -> str:
    """Return the reports as Markdown; of several, a table of the counts comes first."""
    return "\n".join([*(write_table(reports) if len(reports) > 1 else ()), *(write_one(r, show_all) for r in reports)])


def write_table(reports: Iterable[Report]) -> list[str]:
    """Return one row of counts per report."""
    labels = ["机构", "批次", *STATUS_LABELS.values()]
    rows = [[report.institution, report.round, *map(str, report.count().values())] for report in reports]
    lines = [f"| {' | '.join(map(escape, row))} |" for row in [labels, *rows]]
    return [lines[0], f"|{' --- |' * len(labels)}", *lines[1:], ""]


def escape(text: str) -> str:
    """Return a text of data that Markdown takes as it is: no table, mark or tag begins in it."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(text.split()))


def write_one(report: Report, show_all: bool) -> str:
    """Return one report as Markdown."""
    title = escape(f"{report.institution} {report.round}")
    lines = [f"# {title} 自查报告", "", f"依据：{report.guideline}。{report.write_counts()}。", ""]
    told = tell_report(report)
    if told["数据疑点"]:
        lines += ["## 数据疑点", "", *(f"- {escape(problem)}" for problem in told["数据疑点"]), ""]
    for group in told["各类"]:
        if not group["各条"] or (not show_all and group["结果"] in ("符合", "不适用")):
            continue
        lines += [f"## {group['结果']}", ""]
        for item in group["各条"]:
            lines.append(f"- **{item['名称']}**（{item['出处']}）{escape(item['对象'])}：{item['要求']}")
            lines += [
                f"  - {label}：{escape(item[label])}" for label in ("情况", "位置", "改法", "说明") if item[label]
            ]
        lines.append("")
    return "\n".join(lines)


def write_reports(reports: Iterable[Report], form: str, out: Path) -> Iterator[Path]:
    """Write each report as a document of its own and yield its path."""
    written: set[Path] = set()
    source = load_source(templates_dir() / SOURCE)
    printer = PdfWriter(find_faces()) if form == "pdf" else None
    for report in reports:
        names = {
            "机构": report.institution,
            "批次名": report.round,
            "指引名": report.guideline,
            "检查": tell_report(report),
        }
        document = render(source, names)
        day = date(1980, 1, 1)
        data = printer.write([document], day=day) if printer else write_docx(document, day=day)
        path = free_path(out / f"{safe_name(f'{report.institution} {report.round} 自查报告')}.{form}", written)
        write_whole(path, data)
        written.add(path)
        yield path


def free_path(path: Path, written: AbstractSet[Path]) -> Path:
    """Return the path, or where another institution of the same name has taken it, one with a number."""
    numbered = (path.with_stem(f"{path.stem} {number}") for number in count(2))
    return path if path not in written else next(other for other in numbered if other not in written)
