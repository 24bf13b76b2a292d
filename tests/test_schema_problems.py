"""Schema faults in Chinese: each with its place and advice, and never with the value of a field."""

from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from generator.schema_problems import known_keys, map_loc, problems_from
from generator.yaml_source import parse_yaml


class Strict(BaseModel):
    """Refuses unknown keys and guesses no types."""

    model_config = ConfigDict(extra="forbid", strict=False)


class Count(Strict):
    """One kind of requirement."""

    kind: Literal["count"]
    count: str
    at_least: int
    parity: Literal["odd", "even"] | None = None


class Ratio(Strict):
    """Another kind of requirement."""

    kind: Literal["ratio"]
    of: str


class Rule(Strict):
    """A record with a bit of everything."""

    says: str = Field(default="", max_length=9)
    require: list[Annotated[Count | Ratio, Field(discriminator="kind")]] = Field(default=[], min_length=1)
    day: date | None = Field(None, alias="日期")
    either: int | bool = 1
    score: int = Field(1, ge=1)
    code: str = Field("A1", pattern="[A-Z][0-9]")
    whole: bool = True

    @field_validator("says")
    @classmethod
    def refuse_bad(cls, value: str) -> str:
        """Refuse one word, with our own message."""
        if value == "坏":
            raise ValueError("不能这样写")
        return value


class Book(Strict):
    """Rules by name."""

    rules: dict[str, Rule]


@pytest.mark.parametrize(
    ("yaml", "message"),
    [
        (
            "rules: {a: {sais: x}}",
            "1:13 [p-unknown-key] 不认识“sais” → 是否想写“says”？",
        ),
        (
            "rules: {a: {其他: x}}",
            "1:13 [p-unknown-key] 不认识“其他” → 删去，或查对可用的键",
        ),
        (
            "ruls: {}",
            "1:1 [p-missing] 缺少“rules” → 补上这一键|1:1 [p-unknown-key] 不认识“ruls” → 是否想写“rules”？",
        ),
        (
            "rules: {a: {says: 5}}",
            "1:19 [p-type] “says”应为文字 → 数字、true、false 当文字用时加引号",
        ),
        (
            "rules: {a: {says: }}",
            "1:13 [p-empty] “says”是空的，应为文字 → 数字、true、false 当文字用时加引号",
        ),
        (
            "rules: {a: {says: 坏}}",
            "1:19 [p-value] “says”：不能这样写",
        ),
        (
            "rules: {a: {says: 一二三四五六七八九十}}",
            "1:19 [p-value] “says”：至多 9 个字",
        ),
        (
            "rules: {a: {日期: 2026-02-30}}",
            "1:17 [p-type] “日期”应为日期 → 写成 2026-11-20 这样，且要真有这一天",
        ),
        (
            "rules: {a: {score: 三}}",
            "1:20 [p-type] “score”应为整数 → 只写数字，不加引号、单位和小数",
        ),
        (
            "rules: {a: {score: 0}}",
            "1:20 [p-value] “score”：应不小于 1",
        ),
        (
            "rules: {a: {whole: 是}}",
            "1:20 [p-type] “whole”应为true 或 false",
        ),
        (
            "rules: {a: {either: [1]}}",
            "1:21 [p-type] “either”应为整数或true 或 false",
        ),
        (
            "rules: {a: {code: x}}",
            "1:19 [p-value] “code”：写法不合规定格式 [A-Z][0-9]",
        ),
        (
            "rules: {a: {require: []}}",
            "1:22 [p-value] “require”：至少要有 1 项，现有 0 项",
        ),
        (
            "rules: {a: {require: x}}",
            "1:22 [p-type] “require”应为列表 → 每项一行，以“- ”开头",
        ),
        (
            "rules: {a: 5}",
            "1:12 [p-type] “a”应为一组“键: 值” → 冒号用半角，后面空一格",
        ),
        (
            "rules: {a: {require: [5]}}",
            "1:23 [p-type] “require”第 1 项应为一组“键: 值” → 冒号用半角，后面空一格",
        ),
        (
            "rules: {a: {require: [{of: x}]}}",
            "1:23 [p-missing] “require”第 1 项缺少“kind” → 查对可用的键",
        ),
        (
            "rules: {a: {require: [{kind: rato, of: x}]}}",
            "1:30 [p-choice] “kind”只能是：count、ratio → 是否想写“ratio”？",
        ),
        (
            "rules: {a: {require: [{kind: ratio}]}}",
            "1:23 [p-missing] “require”第 1 项缺少“of” → 补上这一键",
        ),
        (
            "rules: {a: {require: [{kind: count, count: x, at_least: 1, parity: od}]}}",
            "1:68 [p-choice] “parity”只能是：odd、even → 是否想写“odd”？",
        ),
        (
            "rules: {a: {require: [{kind: count, count: x, at_leest: 1}]}}",
            (
                "1:23 [p-missing] “require”第 1 项缺少“at_least” → 补上这一键"
                "|1:47 [p-unknown-key] 不认识“at_leest” → 是否想写“at_least”？"
            ),
        ),
    ],
)
def test_a_schema_fault_is_worded_in_chinese_with_its_place(yaml: str, message: str) -> None:
    document = parse_yaml(yaml.encode(), "f")
    with pytest.raises(ValidationError) as wrong:
        Book.model_validate(document.data)
    found = problems_from(wrong.value, document, code="p", model=Book)
    assert "|".join(str(problem).removeprefix("f:") for problem in found) == message


def test_no_value_of_a_field_is_ever_quoted() -> None:
    secret = "320102199001010018"
    for name in ("says", "require", "日期", "either", "score", "code", "whole"):
        document = parse_yaml(f"rules: {{a: {{{name}: '{secret}x', extra: '{secret}'}}}}".encode(), "f")
        with pytest.raises(ValidationError) as wrong:
            Book.model_validate(document.data)
        assert secret not in "\n".join(map(str, problems_from(wrong.value, document, code="p", model=Book)))


@pytest.mark.parametrize(
    ("data", "loc", "path"),
    [
        ({"a": [{"b": 1}]}, ("a", 0, "b"), ("a", 0, "b")),
        ({"a": [{"b": 1}]}, ("a", 0, "tag", "b"), ("a", 0, "b")),
        ({"a": {"count": "x", "odd": 1}}, ("a", "count", "odd"), ("a", "odd")),
        ({"a": {"count": "x"}}, ("a", "count", "count"), ("a", "count")),
        ({"one": {"two": 1}, "x": 1}, ("one", "two", "x"), ("x",)),
        ({"a": {"b": 1}}, ("a", "b", "int"), ("a", "b")),
        ({"a": [1]}, ("a", 4), ("a",)),
        ({}, ("a",), ()),
        (None, ("a", 0), ()),
    ],
)
def test_a_location_is_mapped_onto_the_data(data: Any, loc: tuple[str | int, ...], path: object) -> None:
    assert map_loc(data, loc) == path


def test_known_keys_follow_the_tag_of_a_union() -> None:
    assert known_keys(Book, ("rules", "a", "require", 0, "ratio")) == ["kind", "of"]
    assert known_keys(Book, ("rules", "a", "require", 0)) == ["at_least", "count", "kind", "of", "parity"]
    assert "日期" in known_keys(Book, ("rules", "a"))
    assert "日期" in known_keys(dict[str, Rule], ("a",))
    assert known_keys(None, ("a",)) == []
