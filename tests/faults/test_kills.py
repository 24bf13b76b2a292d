"""A build killed at any moment leaves no broken file, and building again ends as if it had never been killed."""

import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest

from tests.faults.conftest import ROUND, Ended, Run, read_rows, read_tree, write_rows
from tests.faults.whole import broken, outputs

SIGKILL = -9
CHAIN = 5


@dataclass(frozen=True)
class Scene:
    """What is built, what lies in the target before, and by what the moment of the kill is counted."""

    documents: str
    formats: str
    jobs: int
    moment: str
    earlier: bool
    kills: int

    @property
    def options(self) -> tuple[str, ...]:
        """Return the options of the command."""
        only = (word for document in self.documents.split() for word in ("--only", document))
        return (*only, "--format", self.formats, "--jobs", str(self.jobs), "--zip")

    def __str__(self) -> str:
        """Return the name of the case."""
        return f"{self.formats}-{self.jobs}-{self.moment}-{'over' if self.earlier else 'new'}"


SCENES = [
    Scene("sign-in", "docx,pdf", 1, "file", earlier=True, kills=11),
    Scene("sign-in application-form", "docx,pdf", 2, "time", earlier=False, kills=11),
    Scene("application-form score-summary", "docx", 1, "step", earlier=True, kills=30),
    Scene("application-form score-summary", "docx", 1, "step", earlier=False, kills=30),
    Scene("application-form score-summary", "docx", 1, "time", earlier=True, kills=30),
    Scene("application-form score-summary", "docx", 1, "file", earlier=False, kills=30),
    Scene("application-form score-summary sign-in", "docx", 2, "file", earlier=True, kills=30),
    Scene("application-form score-summary sign-in", "docx", 2, "time", earlier=False, kills=30),
]


def change(school: Path) -> None:
    """Change the data: one candidate goes, another gets a new name."""
    path = school / ROUND / "考生.csv"
    head, first, *others = read_rows(path)
    first[head.index("姓名")] = "王改名"
    write_rows(path, [head, first, *others[:-1]])
    gone = others[-1][head.index("考生编号")]
    for table in (school / ROUND).glob("scores/*.csv"):
        table.write_text(re.sub(rf"(?m)^{gone},.*\n", "", table.read_text(encoding="utf-8")), encoding="utf-8")


def moments(scene: Scene, whole: Ended) -> Iterator[dict[str, object]]:
    """Yield where to kill, drawn over the whole run; counted, the same in every run of the tests."""
    drawn = random.Random(str(scene))
    while True:
        if scene.moment == "time":
            yield {"kill_after": drawn.uniform(0, whole.seconds)}
        else:
            yield {"kill_at": drawn.randint(1, whole.events)}


@pytest.mark.parametrize("scene", SCENES, ids=str)
def test_a_killed_build_leaves_no_broken_file_and_the_next_one_ends_as_a_clean_one(
    scene: Scene, school: Path, run: Run, tmp_path: Path
) -> None:
    def build(name: str, **options: object) -> Ended:
        counted = {"steps": True} if scene.moment == "step" else {"watch": str(tmp_path)}
        return run("build", school, "--to", tmp_path / name, *scene.options, **{**counted, **options})

    build("old")
    change(school)
    whole = build("clean")
    old, clean = (read_tree(tmp_path / name) if name == "clean" or scene.earlier else {} for name in ("old", "clean"))
    assert whole.status == 0, whole.stderr
    assert not [*broken(clean)]
    out, kills, fresh = tmp_path / "out", 0, True
    for moment in islice(moments(scene, whole), 4 * scene.kills):
        if fresh:
            shutil.rmtree(out, ignore_errors=True)
            shutil.copytree(tmp_path / "old", out) if scene.earlier else None
        ended = build("out", **moment)
        assert ended.status in (SIGKILL, 0), ended.stderr
        left = outputs(read_tree(out)) if out.exists() else {}
        assert not [*broken(left)], f"killed at {moment}"
        strange = [name for name, data in left.items() if data not in (clean.get(name), old.get(name))]
        assert strange == [], f"killed at {moment}"
        kills += ended.status == SIGKILL
        fresh = ended.status == 0 or kills % CHAIN == 0
        if fresh:
            last = ended if ended.status == 0 else build("out")
            assert last.status == 0, last.stderr
            assert read_tree(out) == clean, f"after a kill at {moment}"
        if kills == scene.kills:
            return
    pytest.fail(f"only {kills} of {scene.kills} runs were killed")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_a_killed_build_left_of_data_that_have_changed_since_is_gone(
    jobs: str, school: Path, run: Run, tmp_path: Path
) -> None:
    only = ("--only", "application-form", "--only", "sign-in", "--format", "docx", "--jobs", jobs)
    whole = run("build", school, "--to", tmp_path / "old", *only, watch=str(tmp_path))
    late = run("build", school, "--to", tmp_path / "out", *only, watch=str(tmp_path), kill_at=whole.events - 3)
    assert late.status == SIGKILL
    (tmp_path / "out" / "学校" / ROUND / "签字页扫描.pdf").write_bytes(b"ours")
    change(school)
    run("build", school, "--to", tmp_path / "clean", *only)

    run("build", school, "--to", tmp_path / "out", *only)

    clean = read_tree(tmp_path / "clean")
    assert set(read_tree(tmp_path / "old")) - set(clean)
    assert read_tree(tmp_path / "out") == clean | {f"学校/{ROUND}/签字页扫描.pdf": b"ours"}
