"""Open an edition of the policy by name: a guideline of ours, a folder, or a git revision.

In: what the user wrote. Out: the loaded policy with the calendar, templates and cases that belong to it.
"""

import io
import subprocess
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from generator.calendar import WorkCalendar
from generator.change.comparisons import Settled, load_settled
from generator.change.renames import Renames, load_renames
from generator.change.touched import Template, load_templates
from generator.policy.load import Policy, find_guidelines, load_policy
from generator.problems import KaowuError, Place, Problem, nearest

KEPT = ("policy", "templates", "tests/cases")


@dataclass(frozen=True)
class Edition:
    """One edition: its name, its policy, what goes with it, and the one guideline meant (None: all)."""

    name: str
    policy: Policy
    calendar: WorkCalendar
    renames: Renames
    sources: Path | None = None
    cases: Path | None = None
    only: str | None = None
    templates: Mapping[str, Template] = field(default_factory=dict)
    settled: Settled = field(default_factory=Settled)

    @property
    def title(self) -> str | None:
        """Return the title of the one guideline, if one is meant."""
        return self.policy.guidelines[self.only].head.title if self.only else None


def open_edition(name: str, *, home: Path, scratch: Path) -> Edition:
    """Return the edition a name stands for; ``home`` is our own policy folder, revisions are laid out in ``scratch``.

    Raises KaowuError when the name stands for nothing, or the edition cannot be read.
    """
    if name in find_guidelines(home):
        return load_edition(name, home, only=name)
    folder = Path(name)
    for root in (folder / "policy", folder):
        if (root / "terms").is_dir():
            return load_edition(name, root)
    root = lay_out_revision(name, home, scratch / f"edition-{len(list(scratch.iterdir()))}")
    try:
        return load_edition(name, root)
    except KaowuError as error:
        raise KaowuError([*tell_old(name, error.problems)]) from None


def tell_old(revision: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield why a revision cannot be read as policy is written now, each with the revision, and what to do."""
    what = "这个版本的 policy 不能按现在的格式读"
    advice = "换一个较新的版本比较；或用 git worktree 取出那个版本，用它自己的 kaowu 导出报告"
    yield Problem(Place(revision), "old-revision", what, advice)
    for problem in problems:
        yield replace(problem, place=replace(problem.place, file=f"{revision}:policy/{problem.place.file}"))


def load_edition(name: str, root: Path, *, only: str | None = None) -> Edition:
    """Return the edition whose policy lies in ``root``, under a name; a folder is read once."""
    return replace(read_edition(root.resolve()), name=name, only=only)


@cache
def read_edition(root: Path) -> Edition:
    """Return the edition whose policy lies in ``root``, with the templates and cases that lie beside it."""
    beside = root.parent
    sources = beside / "templates" if (beside / "templates").is_dir() else None
    cases = beside / "tests" / "cases"
    return Edition(
        root.name,
        load_policy(root),
        WorkCalendar.load(root / "calendar"),
        load_renames(root),
        sources,
        cases if cases.is_dir() else None,
        None,
        load_templates(sources),
        load_settled(root),
    )


def lay_out_revision(revision: str, home: Path, folder: Path) -> Path:
    """Return the policy folder of a git revision, laid out in ``folder``; raise KaowuError for an unknown one."""
    found = run_git(home, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found is None:
        known = find_guidelines(home)
        what = f"“{revision}”不是指引编号、policy 文件夹，也不是 git 版本"
        raise KaowuError([Problem(Place(revision), "unknown-edition", what, nearest(revision, known) or "检查写法")])
    commit = found.decode().strip()
    top = Path((run_git(home, "rev-parse", "--show-toplevel") or b"").decode().strip())
    inside = home.resolve().parent.relative_to(top.resolve()).as_posix()
    there = [path for path in KEPT if run_git(top, "cat-file", "-e", f"{commit}:{in_tree(inside, path)}") is not None]
    archive = run_git(top, "archive", "--format=tar", f"{commit}:{in_tree(inside)}", "--", *there)
    if archive is None or "policy" not in there:
        raise KaowuError([Problem(Place(revision), "no-policy", f"版本“{revision}”里没有 policy 文件夹", "换一个版本")])
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    return folder / "policy"


def in_tree(*parts: str) -> str:
    """Return a path inside a commit; nothing for its root."""
    return "/".join(part for part in parts if part not in ("", "."))


def run_git(folder: Path, *words: str) -> bytes | None:
    """Return what git prints, or None when it fails or is not there."""
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
