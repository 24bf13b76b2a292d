"""Begin an institution: a guideline and the data dictionary in, the files of an empty folder out.

Every key stands there with what it means; what need not be said is a comment, so that nothing is claimed by default.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from generator.institution.remark_sheets import answer_sheet
from generator.policy.load import Guideline, Policy
from generator.policy.vocabulary import DataField, Entity
from generator.workbooks import ColumnSpec, SheetSpec, write_workbook

CHOICES = 40
HOW_TO_FILL = "去掉行首的 # 再填；不填的就是“没有写明”，文书里留空、检查里列为未检查。"
KINDS = {
    "date": "日期，如 2026-11-20",
    "yes-no": "是或否",
    "number": "数字",
    "time": "时间，如 08:30",
    "id": "按文本填写",
}


def begin_files(policy: Policy, guideline: Guideline, round_name: str, *, excel: bool = False) -> dict[str, bytes]:
    """Return path → content of a new institution's folder with one round of the guideline."""
    files: dict[str, bytes] = {}
    books: dict[str, list[SheetSpec]] = {}
    for name, entity in policy.entities.items():
        folder = f"{round_name}/" if below_round(policy, name) else ""
        path = PurePosixPath(folder + entity.file)
        if entity.sheets:
            book = str(path).replace("*", "成绩")
            books.setdefault(book, []).extend(row_sheets(policy, entity))
        elif excel:
            books.setdefault(str(path.with_suffix(".xlsx")), []).insert(0, page_sheet(policy, guideline, entity))
        else:
            files[str(path)] = page_text(policy, guideline, entity).encode()
    top = next(entity.file for entity in policy.entities.values() if entity.parent is None)
    if excel:
        books[str(PurePosixPath(top).with_suffix(".xlsx"))].append(answer_sheet())
    return files | {path: write_workbook(sheets) for path, sheets in books.items()}


def below_round(policy: Policy, name: str) -> bool:
    """Return whether an entity's data belongs into a round's folder."""
    return "round" in policy.dictionary.above(name)


def page_text(policy: Policy, guideline: Guideline, entity: Entity) -> str:
    """Return a page as YAML: required keys with an example to replace, the others as comments."""
    lines = [f"# {entity.label}：{entity.hint or ''}".rstrip("："), f"# {HOW_TO_FILL}", ""]
    for field in entity.fields.values():
        lines.append(f"# {describe(policy, field)}")
        start = preset(guideline, entity, field)
        lines.append(f"{field.label}: {start}" if start else f"# {field.label}: {field.example or ''}".rstrip())
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def preset(guideline: Guideline, entity: Entity, field: DataField) -> str:
    """Return what is known of a key from the start: the guideline of the round."""
    return guideline.id if entity.file == "round.yaml" and field.label == "指引" else ""


def describe(policy: Policy, field: DataField) -> str:
    """Return what a field means and what may be written."""
    told = [field.label, field.hint or "", KINDS.get(field.type, ""), f"单位：{field.unit}" if field.unit else ""]
    if field.terms:
        told.append("可填：" + "、".join(list(policy.labels(field.terms).values())[:CHOICES]))
    if field.to:
        told.append(f"填{policy.entities[field.to].label}的编号")
    if field.many:
        told.append("可填几个，用顿号隔开")
    if field.aliases:
        told.append("也可写作：" + "、".join(field.aliases))
    return "；".join(filter(None, told))


def row_sheets(policy: Policy, entity: Entity) -> Iterator[SheetSpec]:
    """Yield an empty sheet with headings, notes, drop-downs and text columns for each sheet of an entity."""
    for sheet, constants in entity.sheets.items():
        fields = [field for name, field in entity.fields.items() if name not in constants]
        yield SheetSpec(sheet, [column(policy, field) for field in fields])


def column(policy: Policy, field: DataField) -> ColumnSpec:
    """Return the column of one field."""
    choices = tuple(policy.labels(field.terms).values()) if field.terms and not field.many else ()
    if field.type == "yes-no":
        choices = ("是", "否")
    text = field.type in ("id", "credit-code", "phone", "text", "ref")
    return ColumnSpec(field.label, describe(policy, field), choices, text=text, day=field.type == "date")


def page_sheet(policy: Policy, guideline: Guideline, entity: Entity) -> SheetSpec:
    """Return a page as a sheet of two columns."""
    rows = [
        (field.label, preset(guideline, entity, field), describe(policy, field)) for field in entity.fields.values()
    ]
    columns = (ColumnSpec("项目", width=22), ColumnSpec("内容", text=True, width=40), ColumnSpec("说明", width=60))
    return SheetSpec(entity.label, columns, rows)
