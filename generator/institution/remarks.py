"""What people note beside the data: answers to by-hand questions and waivers, each dated and signed."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from generator.institution.given import parse_date, quote
from generator.institution.remark_sheets import ANSWERS, WAIVERS, sheet_records
from generator.institution.sources import Folder
from generator.problems import Place, Problem, nearest
from generator.schema_problems import Located, problems_from

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
    """Return the answers in ``answers.yaml`` and in sheets of answers; add what is wrong with them to the problems.

    One question answered in two ways is wrong as well.
    """
    placed = [*read_all(folder, ("answers.yaml", ANSWERS), Answer, rules)]
    first: dict[tuple[str, str | None], tuple[Answer, Place]] = {}
    for answer, place in placed:
        earlier, where = first.setdefault((answer.rule, answer.round), (answer, place))
        if earlier.answer != answer.answer:
            what = f"“{answer.rule}”这里答“{answer.answer}”，{where} 答“{earlier.answer}”"
            folder.problems.append(Problem(place, "remark-twice", what, "只留一个回答"))
    return tuple(answer for answer, _place in placed)


def read_waivers(folder: Folder, rules: Collection[str]) -> tuple[Waiver, ...]:
    """Return the waivers in ``waivers.yaml`` and in sheets of waivers; add what is wrong with them to the problems."""
    return tuple(waiver for waiver, _place in read_all(folder, ("waivers.yaml", WAIVERS), Waiver, rules))


R = TypeVar("R", bound=Remark)


def read_all(
    folder: Folder, names: tuple[str, str], model: type[R], rules: Collection[str]
) -> Iterator[tuple[R, Place]]:
    """Yield the records of a file and of the sheets of a name; each must be about one of the ``rules``."""
    document = folder.document(names[0])
    sources: list[Located] = [*([document] if document else []), *sheet_records(folder, names[1])]
    for source in sources:
        remarks = validate(folder, source, model)
        for number, remark in enumerate(remarks):
            place = source.place((number, "规则"))
            if remark.rule not in rules:
                what, advice = f"没有规则“{quote(remark.rule)}”", nearest(remark.rule, rules)
                folder.problems.append(Problem(place, "remark-unknown-rule", what, advice))
            yield remark, place


def validate(folder: Folder, source: Located, model: type[R]) -> tuple[R, ...]:
    """Return the records, none where one of them is at fault; the faults are added to the folder's problems."""
    shape: Any = tuple[model, ...]  # type: ignore[valid-type]
    try:
        remarks: tuple[R, ...] = TypeAdapter(shape).validate_python(source.data or ())
    except ValidationError as error:
        folder.problems.extend(problems_from(error, source, code="remark", model=shape))
        return ()
    return remarks
