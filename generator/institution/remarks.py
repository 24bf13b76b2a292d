"""What people note beside the data: answers to by-hand questions and waivers, each dated and signed."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from generator.institution.given import parse_date, quote
from generator.institution.sources import Folder
from generator.problems import Problem, nearest
from generator.schema_problems import problems_from

Day = Annotated[date, BeforeValidator(parse_date)]


class Remark(BaseModel):
    """A remark on one rule (``topic#slug``), perhaps of one round only."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, hide_input_in_errors=True)

    rule: str = Field(alias="规则")
    round: str | None = Field(None, alias="批次")


class Answer(Remark):
    """The answer to a by-hand question."""

    answer: Literal["是", "否", "不适用"] = Field(alias="回答")
    note: str | None = Field(None, alias="说明")
    on: Day = Field(alias="日期")
    by: str = Field(alias="签名")


class Waiver(Remark):
    """A violation that is known and accepted until a day."""

    because: str = Field(alias="理由")
    by: str = Field(alias="批准人")
    until: Day = Field(alias="有效期至")


def read_answers(folder: Folder, rules: Collection[str]) -> tuple[Answer, ...]:
    """Return the answers in ``answers.yaml``; add what is wrong with them to the folder's problems."""
    return read_list(folder, "answers.yaml", Answer, rules)


def read_waivers(folder: Folder, rules: Collection[str]) -> tuple[Waiver, ...]:
    """Return the waivers in ``waivers.yaml``; add what is wrong with them to the folder's problems."""
    return read_list(folder, "waivers.yaml", Waiver, rules)


R = TypeVar("R", bound=Remark)


def read_list(folder: Folder, name: str, model: type[R], rules: Collection[str]) -> tuple[R, ...]:
    """Return the records of one file, none when it is not there; each must be about one of the ``rules``."""
    document = folder.document(name)
    if document is None:
        return ()
    shape: Any = tuple[model, ...]  # type: ignore[valid-type]
    try:
        remarks: tuple[R, ...] = TypeAdapter(shape).validate_python(document.data or ())
    except ValidationError as error:
        folder.problems.extend(problems_from(error, document, code="remark", model=shape))
        return ()
    for number, remark in enumerate(remarks):
        if remark.rule not in rules:
            what, advice = f"没有规则“{quote(remark.rule)}”", nearest(remark.rule, rules)
            folder.problems.append(Problem(document.place((number, "规则")), "remark-unknown-rule", what, advice))
    return remarks
