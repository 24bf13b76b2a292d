"""A roster of fifty thousand."""

from pathlib import Path

from tests.faults.conftest import ROUND, Run, read_rows, write_rows

NUMBER = 50_000
MOST = 1600  # megabytes


def test_a_roster_of_fifty_thousand_is_read_and_checked_within_bounds(school: Path, run: Run) -> None:
    path = school / ROUND / "考生.csv"
    head, first, *_others = read_rows(path)
    key, name = head.index("考生编号"), head.index("姓名")
    head.append("别处的一列")
    rows = []
    for number in range(NUMBER):
        row = [*first, "无"]
        row[key], row[name] = f"N{number:05}", f"甲{number}"
        rows.append(row)
    write_rows(path, [head, *rows])
    for table in (school / ROUND).glob("*.csv"):
        own, *others = read_rows(table)
        if "应回避考生" in own:
            write_rows(table, [own, *([*row[:-1], ""] for row in others)])
    for table in (school / ROUND).glob("scores/*.csv"):
        table.unlink()
    ended = run("check", school, "--format", "json")
    assert ended.status in (0, 1), ended.stderr[-500:]
    assert ended.megabytes < MOST
    assert len(ended.stderr) < 100_000
