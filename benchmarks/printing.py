"""Ways to print one form, in one process and in turn: what each step brings, and what 5,000 forms hold in memory.

The first row is WeasyPrint with nothing kept between documents, the second keeps fonts and style sheets; the others are
ours. The table that sets us beside other tools is made by ``benchmarks.compare``.
"""

import resource
from collections.abc import Callable, Iterator
from itertools import count

from benchmarks.contents import Content, open_content
from benchmarks.rivals import print_each, weasyprint
from benchmarks.timing import Row, as_rows, time_in_turn
from generator.document.pdf import PdfWriter
from generator.document.text import text_of
from generator.fonts import find_faces

CONTENTS = ("申报表", "方案")
MANY = 5000
BOUND = 20


def compare_printing() -> list[Row]:
    """Return rows: each way to print, with its milliseconds and how many times as fast as the first."""
    return [row for name in CONTENTS for row in as_rows(name, time_in_turn(dict(ways(open_content(name)))))]


def ways(content: Content) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield the ways to print the next document of a content."""
    numbers = count()
    reused, tuned, stamped = weasyprint(content), print_each(content, many=False), print_each(content, many=True)
    whole = PdfWriter(find_faces())
    yield "WeasyPrint，每份重新准备", lambda: weasyprint(content)(next(numbers), 1)
    yield "WeasyPrint，字体和样式不再重读", lambda: reused(next(numbers), 1)
    yield "kaowu，整套字体", lambda: whole.write([content.document(next(numbers))], day=content.day)
    yield "kaowu，字体按批裁剪", lambda: tuned(next(numbers))
    yield "kaowu，同表多份", lambda: stamped(next(numbers))


def measure_volume() -> list[Row]:
    """Return rows: forms stamped one by one and bound into one file, with the time and size of each form."""
    content = open_content("申报表")
    writer = PdfWriter(find_faces())
    documents = [content.document(number) for number in range(BOUND)]
    writer.expect("".join(map(text_of, documents)))

    def one_by_one() -> int:
        return sum(len(writer.write([document], day=content.day, many=True)) for document in documents)

    def bound() -> int:
        return len(writer.write(documents, day=content.day, many=True))

    made = {f"{BOUND} 份，各一个文件": one_by_one, f"{BOUND} 份，合订成一个": bound}
    rows = as_rows("申报表", time_in_turn(made))
    return [(*row, f"每份 {make() / BOUND / 1000:.0f} KB") for row, make in zip(rows, made.values(), strict=True)]


def measure_memory() -> list[Row]:
    """Return rows: the most memory this process has held after so many stamped forms."""
    content = open_content("申报表")
    make = print_each(content, many=True)
    rows: list[Row] = [("同表多份", "份数", "最多占用内存")]
    for number in range(1, MANY + 1):
        make(number)
        if number in (100, 1000, MANY):
            held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
            rows.append(("", str(number), f"{held:.0f} MB"))
    return rows
