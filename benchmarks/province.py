"""A province made up for measuring: so many institutions of so many candidates each, always the same for the same ask.

Each has the shape of one of the example institutions, in turn, with one round; names, people, ID numbers and credit
codes are its own. Run as a program: ``python -m benchmarks.province OUT 1000 10``.
"""

import csv
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from stdnum.cn import ric, uscc

ROOT = Path(__file__).parents[1]
PATTERNS = (
    ("示例技师学院", "2026-autumn"),
    ("示例精工机械公司", "2026-level4"),
    ("示例技能评价公司", "2026-autumn"),
    ("示例评价中心吉林", "2026-autumn"),
)
ROSTER, KEY = "考生.csv", "考生编号"
SPEAKS_OF = ("考生", "考生编号", "应回避考生")
NAME = "姓名"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "安柏晨丹恩芳冠浩嘉凯岚明宁佩启荣思庭维晓雅远泽志"
ID = re.compile(r"(?<!\d)\d{17}[\dX](?![\dX])")
CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NP-RT-UW-Y]{18}(?![0-9A-Z])")

Table = list[list[str]]


@dataclass(frozen=True)
class Kind:
    """An example institution cut down to one round: its texts by path, and its pictures."""

    name: str
    texts: Mapping[str, str]
    pictures: Mapping[str, bytes]


def write_province(root: Path, count: int, candidates: int) -> None:
    """Write so many institutions under ``root``."""
    kinds = [read_kind(*pattern, candidates) for pattern in PATTERNS]
    for number in range(count):
        kind = kinds[number % len(kinds)]
        folder = root / f"机构{number:06}"
        for path, text in rename(kind, number).items():
            put(folder / path, text.encode())
        for path, data in kind.pictures.items():
            put(folder / path, data)


def put(path: Path, data: bytes) -> None:
    """Write a file and its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def read_kind(name: str, round_name: str, candidates: int) -> Kind:
    """Return an example with one round of so many candidates."""
    home = ROOT / "institutions" / name
    paths = [path for path in sorted(home.rglob("*")) if path.is_file()]
    own = [path for path in paths if path.parent in (home, home / "filing") or (home / round_name) in path.parents]
    read = {path.relative_to(home).as_posix(): path.read_bytes() for path in own}
    texts = {path: data.decode("utf-8-sig") for path, data in read.items() if path.endswith((".yaml", ".csv"))}
    title = re.search(r"^单位名称: *(\S+)", texts["institution.yaml"], re.MULTILINE)
    assert title is not None
    texts |= dict(resize(texts, round_name, candidates))
    return Kind(title[1], texts, {path: data for path, data in read.items() if path not in texts})


def resize(texts: Mapping[str, str], round_name: str, candidates: int) -> Iterator[tuple[str, str]]:
    """Yield the tables of a round that speak of candidates, with so many of them; further ones are like the first."""
    roster = read_table(texts[f"{round_name}/{ROSTER}"])
    keys = [row[roster[0].index(KEY)] for row in roster[1:]]
    stand_ins = {f"{number + 1:03}": keys[number % len(keys)] for number in range(candidates)}
    for path, text in texts.items():
        table = read_table(text) if path.startswith(f"{round_name}/") and path.endswith(".csv") else [[]]
        column = next((table[0].index(word) for word in SPEAKS_OF if word in table[0]), None)
        if column is not None:
            numbered = table[0][0].endswith("编号") and table[0][0] != KEY  # rows with a number of their own stand once
            there = {key: like for key, like in stand_ins.items() if key == like} if numbered else stand_ins
            yield path, write_table([table[0], *pick(table[1:], column, there)])


def pick(rows: Table, column: int, stand_ins: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the rows of the candidates that are there, and those that speak of none."""
    yield from (row for row in rows if not row[column] or "、" in row[column])
    for key, like in stand_ins.items():
        yield from ([*row[:column], key, *row[column + 1 :]] for row in rows if row[column] == like)


def rename(kind: Kind, number: int) -> dict[str, str]:
    """Return the texts of the institution with this number."""
    names = sorted({name for path, text in kind.texts.items() for name in names_in(path, text)}, key=len, reverse=True)
    others = {name: person(f"{number} {name}") for name in names}
    others[kind.name] = f"{kind.name}{number:06}"
    known = re.compile("|".join(map(re.escape, sorted(others, key=len, reverse=True))))
    done = {}
    for path, text in kind.texts.items():
        told = known.sub(lambda found: others[found[0]], text)
        told = ID.sub(lambda found: other_id(found[0], number), told)
        done[path] = tell_apart(path, CODE.sub(lambda found: other_code(found[0], number), told))
    return done


def names_in(path: str, text: str) -> Iterator[str]:
    """Yield the names of the people of a table."""
    table = read_table(text) if path.endswith(".csv") else [[]]
    if NAME in table[0]:
        yield from (row[table[0].index(NAME)] for row in table[1:])


def tell_apart(path: str, text: str) -> str:
    """Return a roster in which candidates who were made alike have ID numbers of their own."""
    if Path(path).name != ROSTER:
        return text
    head, *rows = read_table(text)
    column = head.index("身份证号")
    for at, row in enumerate(rows):
        row[column] = vary(row[column], at)
    return write_table([head, *rows])


def vary(given: str, at: int) -> str:
    """Return the ID number of the candidate in a row, moved on by the row; what is none is left as it is."""
    return other_id(given, at) if ID.fullmatch(given) else given


def person(seed: str) -> str:
    """Return a name."""
    mark = sha256(seed.encode()).digest()
    return SURNAMES[mark[0] % len(SURNAMES)] + GIVEN[mark[1] % len(GIVEN)] + GIVEN[mark[2] % len(GIVEN)]


def other_id(given: str, number: int) -> str:
    """Return another valid ID number of the same place, birthday and sex."""
    if not ric.is_valid(given):
        return given
    serial = (int(given[14:17]) + 2 * number) % 1000
    body = f"{given[:14]}{serial:03}"
    return body + ric.calc_check_digit(body + "0")


def other_code(given: str, number: int) -> str:
    """Return another valid credit code of the same authority; what is none is left as it is."""
    if not uscc.is_valid(given):
        return given
    body = f"{given[:9]}{(int(sha256(given.encode()).hexdigest(), 16) + number) % 10**8:08}"
    return body + uscc.calc_check_digit(body + "0")


def read_table(text: str) -> Table:
    """Return the rows of a CSV file."""
    return list(csv.reader(io.StringIO(text)))


def write_table(rows: Sequence[Sequence[str]]) -> str:
    """Return the rows as a CSV file."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(rows)
    return target.getvalue()


if __name__ == "__main__":
    write_province(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
