"""What people note beside the data: answers to by-hand questions and waivers, each dated and signed."""

from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from generator.institution.given import parse_date
from generator.institution.sources import Folder
from generator.problems import Problem
from generator.schema_problems import problems_from
from generator.yaml_source import load_yaml

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


def read_answers(folder: Folder, problems: list[Problem]) -> tuple[Answer, ...]:
    """Return the answers in ``answers.yaml``; add what is wrong with them."""
    return read_list(folder, "answers.yaml", TypeAdapter(list[Answer]), problems)


def read_waivers(folder: Folder, problems: list[Problem]) -> tuple[Waiver, ...]:
    """Return the waivers in ``waivers.yaml``; add what is wrong with them."""
    return read_list(folder, "waivers.yaml", TypeAdapter(list[Waiver]), problems)


R = TypeVar("R", bound=Remark)


def read_list(folder: Folder, name: str, shape: TypeAdapter[list[R]], problems: list[Problem]) -> tuple[R, ...]:
    """Return the records of one file, none when it is not there."""
    path = folder.path / name
    if not path.is_file():
        return ()
    document = load_yaml(path, root=folder.root)
    try:
        return tuple(shape.validate_python(document.data or []))
    except ValidationError as error:
        problems.extend(problems_from(error, document, code="remark"))
        return ()
