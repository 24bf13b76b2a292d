"""Write what a change of policy does to institutions: one table for all of them, and the detail of each round."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from generator.change.impact import Changed, Frozen, Impact, Tally, count_up
from generator.change.tell import escape_mark
from generator.policy.export import write_json

COLUMNS = ("机构", "批次", "变差", "变好", "材料", "日期", "文书", "问题")
NOT_HIT = "没有机构受影响。"
MOST = 12


class Impacts(Frozen):
    """A report on impact: the totals, and every round with what differs in it."""

    counts: dict[str, int]
    rounds: list[Impact]


def table_rows(tallies: Iterable[Tally]) -> Iterator[tuple[str, ...]]:
    """Yield one row per round that is hit, the worst first."""
    for tally in sorted(tallies, key=lambda one: (-one.worse, one.institution, one.round)):
        if tally.hit:
            counts = (tally.worse, tally.better, tally.rows, tally.dates, tally.documents, tally.problems)
            yield tally.institution, tally.round, *(str(count) if count else "" for count in counts)


def write_impact_json(tallies: Sequence[Tally], impacts: Sequence[Impact]) -> str:
    """Return the totals and every round as JSON text, in the shape of :func:`impact_schema`."""
    told = Impacts(counts=count_up(tallies), rounds=list(impacts))
    return write_json(told.model_dump(mode="json"))


def impact_schema() -> dict[str, Any]:
    """Return the JSON Schema of a report on impact."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Impacts.model_json_schema()}


def write_impact_markdown(tallies: Sequence[Tally], impacts: Sequence[Impact] = ()) -> str:
    """Return the table, and the detail of the rounds given, as Markdown."""
    told = "，".join(f"{name} {number}" for name, number in count_up(tallies).items())
    lines = ["# 对机构的影响", "", f"{told}。", ""]
    rows = list(table_rows(tallies))
    if not rows:
        return "\n".join([*lines, NOT_HIT, ""])
    lines += [f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}"]
    lines += [f"| {' | '.join(map(escape_mark, row))} |" for row in rows]
    for impact in impacts:
        if impact.hit:
            lines += ["", f"## {escape_mark(impact.institution)} {escape_mark(impact.round)}", ""]
            lines += [f"- {escape_mark(line)}" if not line.startswith("  ") else line for line in detail_lines(impact)]
    return "\n".join([*lines, ""])


def detail_lines(impact: Impact) -> Iterator[str]:
    """Yield the detail of one round, a line each; the passages of a document are indented."""
    yield from impact.problems
    for flip in impact.findings:
        mark = "变差" if flip.worse else "变好"
        remedy = f"（{flip.remedy}）" if flip.worse and flip.remedy else ""
        yield f"{mark} {flip.title} · {flip.subject} · {'、'.join(flip.at)}：{flip.old} → {flip.new}{remedy}"
    for label, moved in (("材料", impact.rows), ("日期", impact.dates)):
        yield from (f"{label} {part.what}：{part.old} → {part.new}" for part in moved)
    for parts in alike(impact.documents):
        yield from document_lines(parts)
    if impact.reissue:
        yield f"需重新出具：{'、'.join(impact.reissue)}"


def alike(documents: Iterable[Changed]) -> Iterator[list[Changed]]:
    """Yield the documents in groups that differ in the same way, so that a change to a template is shown once."""
    groups: dict[tuple[object, ...], list[Changed]] = {}
    for part in documents:
        key = (part.document, part.old, part.new, *part.passages)
        groups.setdefault(key, []).append(part)
    yield from groups.values()


def document_lines(parts: Sequence[Changed]) -> Iterator[str]:
    """Yield the lines of documents changed alike, the passages as a fenced difference."""
    part = parts[0]
    about = f" · {part.about}" if part.about else ""
    more = f"等 {len(parts)} 份" if len(parts) > 1 else ""
    state = "有改动" if part.old and part.new else "新增" if part.new else "不再需要"
    yield f"文书 {part.document}{about}{more}：{state}"
    if part.passages:
        yield "  ```diff"
        yield from (f"  {line}" for line in part.passages[:MOST])
        if len(part.passages) > MOST:
            yield f"  （另有 {len(part.passages) - MOST} 行）"
        yield "  ```"
