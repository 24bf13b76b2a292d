"""Write reports as Markdown, and as DOCX or PDF through the document source that is the report of a check."""

from collections.abc import Iterable, Iterator
from datetime import date
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


def write_markdown(report: Report, *, show_all: bool = False) -> str:
    """Return the report as Markdown."""
    counts = "、".join(f"{STATUS_LABELS[status]} {number}" for status, number in report.count().items())
    lines = [f"# {report.institution} {report.round} 自查报告", "", f"依据：{report.guideline}。{counts}。", ""]
    if report.doubts:
        lines += ["## 数据疑点", "", *(f"- {problem}" for problem in tell_report(report)["数据疑点"]), ""]
    for group in tell_report(report)["各类"]:
        if not group["各条"] or (not show_all and group["结果"] in ("符合", "不适用")):
            continue
        lines += [f"## {group['结果']}", ""]
        for item in group["各条"]:
            lines.append(f"- **{item['名称']}**（{item['出处']}）{item['对象']}：{item['要求']}")
            lines += [f"  - {label}：{item[label]}" for label in ("情况", "位置", "改法", "说明") if item[label]]
        lines.append("")
    return "\n".join(lines)


def write_reports(reports: Iterable[Report], form: str, out: Path) -> Iterator[Path]:
    """Write each report as a document of its own and yield its path."""
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
        path = out / f"{safe_name(f'{report.institution} {report.round} 自查报告')}.{form}"
        write_whole(path, data)
        yield path
