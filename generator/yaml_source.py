"""Strict reading of YAML: bytes of one file in, plain data with the place of every value out.

Only mappings with text keys, lists, text, whole numbers, ``true``/``false`` and nothing come out; whatever
else YAML offers (anchors, aliases, tags, merge keys, several documents, duplicate keys) is refused with its
line. Parse events are used rather than nodes: depth is known before anything is built, so bombs end early.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from generator.files import say_error
from generator.problems import KaowuError, Place, Problem
from generator.schema_problems import KeyPath

Data = dict[str, Any] | list[Any] | str | int | bool | None

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 50
MAX_PROBLEMS = 100
MAX_KEYS = 2000
LONGEST_TEXT = 32_767  # of a cell in Excel as well
# Longer runs of digits are identifiers (ID numbers, credit codes), not quantities: they stay text.
_MAX_DIGITS = 15

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
# Tabs, control characters, the line breaks only YAML knows, surrogates, and what XML cannot hold.
_FORBIDDEN = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_FORBIDDEN_VALUE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")

_SYNTAX = {
    "mapping values are not allowed": "这里不能再出现“键: 值”：缩进不对，或文字里含冒号而没有加引号",
    "could not find expected ':'": "缺少冒号：每行应为“键: 值”",
    "did not find expected key": "缩进与上文不齐，或列表项与键混在同一层",
    "did not find expected '-' indicator": "这里应是列表项“-”：缩进与上文不齐，或键与列表项混在同一层",
    "did not find expected ',' or ']'": "方括号没有写完整，或各项之间缺逗号",
    "did not find expected ',' or '}'": "花括号没有写完整，或各项之间缺逗号",
    "found character that cannot start any token": "文字不能以这个符号开头",
    "found unexpected end of stream": "引号没有成对，直到文件末尾也没有结束",
    "found unexpected document indicator": "引号没有成对，遇到“---”也没有结束",
    "block sequence entries are not allowed": "这里不能写列表项“-”：应另起一行并缩进",
    "did not find expected alphabetic or numeric": "以“*”“&”或“!”开头的文字要加引号",
    "found unknown escape character": "双引号里的反斜杠写法不存在",
    "found invalid Unicode character escape": "双引号里的字符代码不存在",
    "did not find expected hexdecimal": "双引号里的字符代码不完整",
    "did not find expected <document start>": "内容已经结束，这里多出了文字",
    "did not find expected node content": "这里缺少内容，或多了符号",
    "found undefined tag handle": "不支持以“!”开头的类型标记",
    "did not find expected comment or line break": "“|”或“>”之后应换行再写内容",
    "found a tab character": "不能用制表符缩进",
}
# Where the fault lies at the beginning of the construct, not where the parser gave up.
_BLAME_BEGINNING = ("found unexpected", "could not find expected ':'", "did not find expected ','")
_FULL_WIDTH_COLON = re.compile(r"\s*(- )?[^\s:：\"'#]+：")
_TIGHT_COLON = re.compile(r"\s*(- )?[^\s:\"'#]+:[^\s/]")


class Mark(NamedTuple):
    """Line and column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Document:
    """One YAML file as plain data that remembers where everything stands; a path is keys and indexes."""

    file: str
    data: Data
    _values: dict[KeyPath, Mark] = field(repr=False, default_factory=dict)
    _keys: dict[KeyPath, Mark] = field(repr=False, default_factory=dict)

    def place(self, path: KeyPath = ()) -> Place:
        """Return where the value at ``path`` begins; where it does not exist, its nearest existing parent."""
        while path and path not in self._values:
            path = path[:-1]
        return Place(self.file, *self._values.get(path, Mark(1, 1)))

    def key_place(self, path: KeyPath) -> Place:
        """Return where the key of ``path`` stands; of a list item or an unknown path, what ``place`` says."""
        return Place(self.file, *self._keys[path]) if path in self._keys else self.place(path)


def load_yaml(path: Path, *, root: Path | None = None) -> Document:
    """Return the document in the file, named relative to ``root``. Raise KaowuError with all problems."""
    name = (path.relative_to(root) if root and path.is_relative_to(root) else path).as_posix()
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b" " * size
    except OSError as error:
        what = f"文件读不出来（{say_error(error)}）"
        raise KaowuError([Problem(Place(name), "yaml-unreadable", what, "检查文件是否存在、可读")]) from None
    return parse_yaml(raw, name)


def parse_yaml(raw: bytes, file: str) -> Document:
    """Return the document these bytes hold, with ``file`` as the name in places. Raise KaowuError."""
    if len(raw) > MAX_BYTES:
        raise KaowuError([Problem(Place(file), "yaml-too-large", "文件超过 1 MiB", "拆成几个文件")])
    text = _decode(raw, file)
    if problems := list(_forbidden_characters(text, file)):
        raise KaowuError(problems)
    builder = _Builder(file)
    try:
        data = builder.build(iter(yaml.parse(text, Loader=yaml.CSafeLoader)))
    except yaml.MarkedYAMLError as error:
        syntax = _syntax_problem(error, text.splitlines(), file)
        others = [problem for problem in builder.problems if problem.code != "yaml-folded-text"]
        raise KaowuError([*others, syntax]) from None
    if builder.problems:
        raise KaowuError(builder.problems)
    return Document(file, data, builder.values, builder.keys)


def _decode(raw: bytes, file: str) -> str:
    """Return the text without a byte order mark, or raise KaowuError at the first byte not UTF-8."""
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        place = Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        problem = Problem(place, "yaml-not-utf8", "文件不是 UTF-8 编码", "用编辑器另存为 UTF-8")
        raise KaowuError([problem]) from None


def _forbidden_characters(text: str, file: str) -> Iterator[Problem]:
    """Yield a problem for the first forbidden character of each line."""
    if not _FORBIDDEN.search(text):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if found := _FORBIDDEN.search(line):
            place = Place(file, number, found.start() + 1)
            if found[0] == "\t":
                yield Problem(place, "yaml-tab", "含制表符", "改为空格")
            else:
                what = f"含看不见的控制字符 U+{ord(found[0]):04X}"
                yield Problem(place, "yaml-control", what, "删去该字符")


def _syntax_problem(error: yaml.MarkedYAMLError, lines: list[str], file: str) -> Problem:
    """Return the parser's complaint in Chinese, with a hint when a colon near it is the likely cause."""
    said = str(error.problem)
    at_beginning = said.startswith(_BLAME_BEGINNING) and error.context_mark
    mark = error.context_mark if at_beginning else error.problem_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    what = next((words for start, words in _SYNTAX.items() if said.startswith(start)), "不是合法的 YAML 写法")
    return Problem(Place(file, line + 1, column + 1), "yaml-syntax", what, _colon_hint(line, lines))


def _colon_hint(line: int, lines: list[str]) -> str:
    """Return advice naming the line, at most two above ``line`` (from 0), whose colon is wrong."""
    for number in range(line, max(line - 3, -1), -1):
        near = lines[number] if number < len(lines) else ""
        if _FULL_WIDTH_COLON.match(near) and not re.search(r":(\s|$)", near):
            return f"第 {number + 1} 行用了全角冒号，改为半角冒号加空格"
        if _TIGHT_COLON.match(near) and not re.search(r":(\s|$)", near):
            return f"第 {number + 1} 行的冒号后面要空一格"
    return "对照上下行的缩进；含冒号、引号、方括号等符号的文字加引号"


def _mark(event: yaml.Event) -> Mark:
    """Return where the event begins."""
    start = event.start_mark
    return Mark(start.line + 1, start.column + 1) if start else Mark(1, 1)


class _HopelessError(Exception):
    """Stops the building of a document that is too deep or has too many problems."""


class _Builder:
    """Turns parse events into plain data, noting marks and problems on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.values: dict[KeyPath, Mark] = {}
        self.keys: dict[KeyPath, Mark] = {}
        self._events: Iterator[yaml.Event] = iter(())

    def build(self, events: Iterator[yaml.Event]) -> Data:
        """Return the data of the first document; note directives and further documents as problems."""
        self._events, data, documents = events, None, 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if event.version or event.tags:
                    self._refuse(event, "directive", "不支持以“%”开头的指令", "删去这一行")
                if documents > 1:
                    what = "一个文件只能有一份内容，这里又以“---”另起"
                    self._refuse(event, "many-documents", what, "拆成几个文件")
                    break
            elif not isinstance(event, (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)):
                try:
                    data = self._value(event, ())
                except _HopelessError:
                    break
        return data

    def _value(self, event: yaml.Event, path: KeyPath) -> Data:
        """Return the value that begins with this event, taking the events it consists of."""
        self.values[path] = _mark(event)
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, "alias", "不支持引用（*）", "把内容直接写在这里；以“*”开头的文字加引号")
            return None
        self._check_node(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if len(path) >= MAX_DEPTH:
            self._refuse(event, "too-deep", f"层次超过 {MAX_DEPTH} 层", "减少嵌套")
            raise _HopelessError
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._sequence(path)

    def _check_node(self, event: Any) -> None:
        """Note a problem where a scalar, list or mapping carries an anchor or a tag."""
        if event.anchor:
            self._refuse(event, "anchor", "不支持锚点（&）", "删去锚点；以“&”开头的文字加引号")
        if event.tag:
            self._refuse(event, "tag", "不支持类型标记（!）", "删去标记；以“!”开头的文字加引号")

    def _scalar(self, event: yaml.ScalarEvent) -> str | int | bool | None:
        """Return number, truth value or nothing where a plain scalar is exactly one, otherwise its text."""
        text: str = event.value
        if found := _FORBIDDEN_VALUE.search(text):
            code = f"U+{ord(found[0]):04X}"
            self._refuse(event, "control", f"文字里有控制字符 {code}", "删去反斜杠写出的控制字符")
        if len(text) > LONGEST_TEXT:
            self._refuse(event, "long-text", f"一项超过 {LONGEST_TEXT} 个字符", "查对引号，或改短")
        if event.style in ("|", ">"):
            return text
        if event.start_mark and event.end_mark and event.start_mark.line != event.end_mark.line:
            what = "文字分成了几行，行间会多出空格；下一行若是另一项，则是缩进或冒号有误"
            self._refuse(event, "folded-text", what, "写在一行里，或用“|”另起一段")
        if event.style:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text) and len(text) <= _MAX_DIGITS:
            return int(text)
        return text

    def _sequence(self, path: KeyPath) -> list[Data]:
        """Return the list whose items the next events give."""
        items: list[Data] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: KeyPath) -> dict[str, Data]:
        """Return the mapping whose keys and values the next events give; of equal keys the first counts."""
        data: dict[str, Data] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event, path)
            entry = (*path, key)
            if key in data:
                first = self.keys[entry].line
                what = f"“{key}”重复：第 {first} 行已经写过"
                self._refuse(event, "duplicate-key", what, "合并或删去其中一处")
                self._value(next(self._events), (*path, key, "重复"))
                continue
            if len(data) >= MAX_KEYS:
                self._refuse(event, "many-keys", f"一处超过 {MAX_KEYS} 项", "拆开，或写成列表")
                raise _HopelessError
            self.keys[entry] = _mark(event)
            data[key] = self._value(next(self._events), entry)
        return data

    def _key(self, event: yaml.Event, path: KeyPath) -> str:
        """Return the key, always text; note a problem where it is not plain or quoted text or is empty."""
        if not isinstance(event, yaml.ScalarEvent):
            self._value(event, (*path, ""))
            if not isinstance(event, yaml.AliasEvent):
                self._refuse(event, "complex-key", "键只能是一段文字", "含方括号或花括号的键加引号")
            return f"{_mark(event)}"
        self._check_node(event)
        self._scalar(event)
        if event.value == "<<" and not event.style:
            self._refuse(event, "merge-key", "不支持合并键（<<）", "把内容直接写在这里")
        elif not event.value.strip():
            self._refuse(event, "empty-key", "冒号前面没有键", "补上键")
        return str(event.value)

    def _refuse(self, event: yaml.Event, code: str, what: str, remedy: str) -> None:
        """Note a problem at the beginning of the event."""
        place = Place(self.file, *_mark(event))
        self.problems.append(Problem(place, f"yaml-{code}", what, remedy))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _HopelessError
