"""``make bench``: how fast, side by side with what a user would pick instead; tables to the screen and build/bench.md.

Milliseconds belong to the machine; quote the ratios, which are measured in turn in one run. ``python -m benchmarks docx
pdf`` runs only the parts named.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.compare import compare
from benchmarks.growth import measure_pages, measure_policy
from benchmarks.machine import describe_machine
from benchmarks.packs import compare_jobs, share_by_step
from benchmarks.printing import compare_printing, measure_memory, measure_volume
from benchmarks.roster import measure_roster
from benchmarks.scale import measure_again, measure_scale, measure_starts
from benchmarks.site import measure_site
from benchmarks.timing import Row, as_markdown, print_table

OUT = Path(__file__).parents[1] / "build" / "bench.md"
PARTS: dict[str, tuple[str, Callable[[], Sequence[Row]]]] = {
    "docx": ("DOCX：同一内容，各工具轮流", partial(compare, "docx")),
    "pdf": ("PDF：同一内容，各工具轮流", partial(compare, "pdf")),
    "printing": ("PDF：一步一步快在哪里", compare_printing),
    "volume": ("PDF：一份一个文件，合订成一个文件", measure_volume),
    "memory": ("PDF：同表多份时占用的内存", measure_memory),
    "pages": ("随人数（页数）：一份成绩汇总表", measure_pages),
    "policy": ("随指引的份数：读入", measure_policy),
    "scale": ("随机构和考生的数目", measure_scale),
    "again": ("没有变化时再生成", measure_again),
    "starts": ("启动", measure_starts),
    "jobs": ("整包：一个进程与两个进程", compare_jobs),
    "steps": ("整包：各步所占时间", share_by_step),
    "roster": ("名单：读单元格，读取并核对，再按规则检查（处理器时间，最多占用内存）", measure_roster),
    "site": ("网站：随指引的份数", measure_site),
}


def run(parts: Sequence[str]) -> Iterator[str]:
    """Measure the parts, print each, and yield it in Markdown."""
    yield f"本机：{describe_machine()}\n"
    for part in parts:
        title, measure = PARTS[part]
        rows = measure()
        print_table(title, rows)
        yield f"## {title}\n\n{as_markdown(rows)}\n"


if __name__ == "__main__":
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text("\n".join(run(sys.argv[1:] or list(PARTS))), encoding="utf-8")
    print(f"\n写在 {OUT}。")
