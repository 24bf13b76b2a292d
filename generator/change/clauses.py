"""Read one file of the policy as clauses: YAML in, lines a reviewer can read in a diff out; broken YAML as it is."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from generator.policy.export import fill_in
from generator.policy.load import Policy
from generator.policy.predicates import Predicate
from generator.policy.records import Rule
from generator.policy.wording import Book, open_book, word_all, word_rule, word_value
from generator.problems import KaowuError
from generator.yaml_source import parse_yaml

WHEN: TypeAdapter[list[Predicate]] = TypeAdapter(list[Predicate])
LABELS: Mapping[str, str] = {
    "at": "出处",
    "reading": "我们的理解",
    "name": "名称",
    "remark": "备注",
    "retention": "保存期限",
    "no": "行号",
    "documents": "承载文书",
    "supplied_by": "提供方",
    "medium": "介质",
    "title": "标题",
    "document": "承载文书",
    "items": "应当包含",
    "facts": "数据",
    "fields": "栏目",
    "label": "标签",
    "note": "注",
    "group": "分组",
    "seats": "席位",
    "role": "职务",
    "holder": "人选",
    "qualification": "资格",
    "matter": "事项",
    "who": "由谁报",
    "to": "报给谁",
    "with": "会同",
    "reviewed_by": "审核",
    "approved_by": "审批",
    "reported_to": "抄报",
    "actor": "办理",
    "rule": "期限取自",
    "value": "数值",
    "counted": "计日",
    "before": "之前",
    "after": "之后",
    "bound": "最迟最早",
    "on": "日期",
    "period": "时段",
    "done": "办理日期",
    "heading": "标题",
    "points": "分值",
    "treatment": "处理",
    "because": "理由",
    "says": "条文",
    "modules": "模块",
    "bands": "档",
    "force": "力度",
    "at_least": "不少于",
    "exactly": "恰为",
    "fact": "数据",
    "columns": "表头",
    "parts": "细目",
    "when": "适用条件",
}


def read_clauses(raw: bytes, name: str, policy: Policy) -> str:
    """Return the clauses of a file called ``name``; a file that is no YAML of ours is returned as it is."""
    try:
        data = parse_yaml(raw, name).data
    except KaowuError:
        return raw.decode("utf-8", "replace")
    if not isinstance(data, dict):
        return raw.decode("utf-8", "replace")
    topic = Path(name).stem
    book = open_book(policy)
    lines: list[str] = []
    for key, value in data.items():
        title = policy.duties.get(f"{topic}#{key}")
        lines.append(f"【{title}】{key}" if title else f"【{key}】")
        lines += [f"  {line}" for line in tell_record(value, policy, book)]
    return "\n".join(lines) + "\n"


def tell_record(value: Any, policy: Policy, book: Book) -> Iterator[str]:
    """Yield the lines of one record: a rule in words, anything else key by key."""
    if not isinstance(value, dict):
        yield tell_plain(value)
        return
    try:
        rule = Rule.model_validate(value)
    except ValidationError:
        yield from tell_keys(value, book)
        return
    yield from tell_rule(rule, policy, book)


def tell_rule(rule: Rule, policy: Policy, book: Book) -> Iterator[str]:
    """Yield a rule in words, one fact a line."""
    when, require = word_rule(rule, book)
    words = [policy.labels(name)[getattr(rule, name.replace("-", "_"))] for name in ("force", "duty-of", "checked")]
    yield f"出处：{'、'.join(rule.at)}"
    yield f"条文：{fill_in(rule.says, rule.values)}"
    yield from (f"数值 {name}：{word_value(value)}" for name, value in rule.values.items())
    yield from (f"{label}：{word}" for label, word in zip(("力度", "责任", "检查"), words, strict=True))
    if require:
        yield f"对象：{policy.entities[rule.for_each].label}" if rule.for_each in policy.entities else rule.for_each
    texts = {"适用条件": when, "要求": require, "改法": rule.remedy, "问题": rule.question}
    texts |= {"可能漏掉": rule.misses, "我们的理解": rule.reading}
    yield from (f"{label}：{text}" for label, text in texts.items() if text)


def tell_keys(data: Mapping[str, Any], book: Book) -> Iterator[str]:
    """Yield a mapping key by key; conditions in words, parts of a list indented."""
    for key, value in data.items():
        label = LABELS.get(key, key)
        if key == "when":
            yield f"{label}：{tell_when(value, book)}"
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            yield f"{label}："
            for item in value:
                lines = list(tell_keys(item, book)) if isinstance(item, dict) else [tell_plain(item)]
                yield from (f"{'- ' if number == 0 else '  '}{line}" for number, line in enumerate(lines))
        else:
            yield f"{label}：{tell_plain(value)}"


def tell_when(value: Any, book: Book) -> str:
    """Return conditions in words; as they are written where they are none."""
    try:
        return word_all(WHEN.validate_python(value), "round", book)
    except ValidationError:
        return tell_plain(value)


def tell_plain(value: Any) -> str:
    """Return plain data on one line."""
    if isinstance(value, dict):
        return "，".join(f"{LABELS.get(key, key)} {tell_plain(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "、".join(map(tell_plain, value))
    return "" if value is None else str(value)
