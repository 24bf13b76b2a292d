"""Build one institution of many: an errand in, its packs and its log written, a report out that never raises.

Runs in the process that builds one institution, in the processes that share many, and on the machines of a cluster.
Whatever goes wrong with an institution stands in its report and its log; the others are none the worse.
"""

import contextlib
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from generator.calendar import WorkCalendar
from generator.files import hold_folder, remove_parts, write_whole
from generator.institution.given import hide_ids
from generator.institution.load import Institution, load_institution
from generator.pack.area import load_area
from generator.pack.build import Built, build_round
from generator.pack.current import count_current, hash_data
from generator.pack.manifest import digest, hash_folder, program_hash
from generator.pack.plan import load_sources
from generator.pack.press import Options, Press
from generator.pack.write import face_hash
from generator.paths import policy_dir, templates_dir
from generator.policy.load import open_policy
from generator.problems import KaowuError, Place, Problem

LOG = "生成记录.txt"
DONE, FAILED = "完成", "没有完成"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Order:
    """What is the same for all institutions of a run: the target folder, the options, and the edition asked for."""

    to: Path
    options: Options
    edition: str = ""


@dataclass(frozen=True)
class Errand:
    """One institution to build: its folder, the rounds asked for, and the path of its target below that of the run."""

    folder: Path
    rounds: tuple[Path, ...]
    name: str


@dataclass(frozen=True)
class Pack:
    """One round that was built, or found as it should be: what it is called, and what was done."""

    title: str
    built: Built


@dataclass(frozen=True)
class Report:
    """What became of an errand: the packs that are there now, and why others are not."""

    errand: Errand
    packs: tuple[Pack, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def written(self) -> int:
        """Return how many files were written."""
        return sum(pack.built.written for pack in self.packs)

    @property
    def kept(self) -> int:
        """Return how many files were left alone."""
        return sum(pack.built.kept for pack in self.packs)


def ignore_progress(_done: int, _total: int) -> None:
    """Show nothing."""


def edition_here() -> str:
    """Return a hash of all that an installation brings along: program, policy, templates and fonts."""
    return digest(program_hash(), hash_folder(policy_dir()), hash_folder(templates_dir()), face_hash())


@lru_cache(maxsize=1)
def open_press(order: Order) -> Press:
    """Return the press of a run, one in each process; raise KaowuError where it cannot be had as it was ordered."""
    if order.edition and order.edition != edition_here():
        what = "这个进程的 kaowu（程序、指引、模板或字体）与发出任务的不一致"
        raise KaowuError([Problem(Place("kaowu"), "other-edition", what, "各处装同一版本，重新启动工作进程")])
    root = policy_dir()
    policy, sources = open_policy(root), load_sources(templates_dir())
    area = load_area(order.options.shared, policy, sources)
    return Press(policy, {**sources, **area.sources}, WorkCalendar.load(root / "calendar"), order.options, area)


def build_errand(order: Order, errand: Errand, progress: Progress = ignore_progress) -> Report:
    """Build an institution and return what became of it; only what ends the process is raised."""
    try:
        return build_institution(open_press(order), order, errand, progress)
    except KaowuError as error:
        return fail(order, errand, error.problems)
    except Exception:  # noqa: BLE001  whatever it is, it must not stop the other institutions
        trace = hide_ids(traceback.format_exc())
        what = f"程序出错，这个机构没有做完：{trace.strip().splitlines()[-1]}"
        advice = f"详情见{LOG}，请告诉维护者；其他机构不受影响"
        return fail(order, errand, [Problem(Place(errand.name), "crash", what, advice)], trace)


def build_institution(press: Press, order: Order, errand: Errand, progress: Progress) -> Report:
    """Build what the manifests do not prove current; raise KaowuError when the data cannot be used.

    Whatever killed runs left half written is removed; so nobody else may be writing there.
    """
    out = order.to / errand.name
    refuse_inside(out, errand.folder)
    with hold_folder(out):
        remove_parts(out)
        return build_packs(press, errand, out, progress)


def refuse_inside(out: Path, folder: Path) -> None:
    """Raise KaowuError where the packs would lie among the data they are made from."""
    if out.resolve().is_relative_to(folder.resolve()):
        what = "文书会写进机构自己的文件夹，下次就被当成数据"
        raise KaowuError([Problem(Place(str(out)), "target-inside", what, "--to 写别处")])


def build_packs(press: Press, errand: Errand, out: Path, progress: Progress) -> Report:
    """Build the packs of an institution into ``out``, unless all are proven current, and write its log."""
    current = list(find_current(press, errand, out)) if was_done(out) else []
    if current and all(pack is not None for pack in current):
        return Report(errand, tuple(pack for pack in current if pack))
    with contextlib.suppress(OSError):  # should this run be killed, nothing says that all went well
        (out / LOG).unlink()
    institution = load_institution(errand.folder, errand.rounds, press.policy)
    packs, problems = [], list[Problem]()
    for path, thing in institution.rounds.items():
        try:
            built = build_round(press, institution, path, out / path.name, progress)
        except KaowuError as error:
            problems += error.problems
        else:
            packs.append(Pack(f"{institution.thing} {thing}", built))
    report = Report(errand, tuple(packs), tuple(problems))
    write_log(out, tell(report, institution))
    return report


def find_current(press: Press, errand: Errand, out: Path) -> Iterator[Pack | None]:
    """Yield the pack of each round that is proven current, None for the first that is not."""
    data = hash_data(errand.folder)
    for path in errand.rounds:
        kept = count_current(press, data, out / path.name)
        if kept is None:
            yield None
            return
        yield Pack(f"{errand.name} {path.name}", Built(out / path.name, 0, kept, {}))


def fail(order: Order, errand: Errand, problems: "list[Problem] | tuple[Problem, ...]", trace: str = "") -> Report:
    """Return the report of an errand that came to nothing, and leave its log where it can be written."""
    report = Report(errand, (), tuple(problems))
    if any(problem.code in ("folder-held", "target-inside") for problem in problems):
        return report  # the log there is another's
    with contextlib.suppress(KaowuError):
        write_log(order.to / errand.name, [*tell(report), *trace.splitlines()])
    return report


def tell(report: Report, institution: Institution | None = None) -> list[str]:
    """Return the lines of a log: what is there and what is wrong, not what this run did, so it hangs on no clock."""
    lines = [FAILED if report.problems else DONE, f"机构：{institution.thing if institution else report.errand.name}"]
    for pack in report.packs:
        lines.append(f"{pack.title}：{pack.built.written + pack.built.kept} 个文件")
        lines += [f"  未生成 PDF：{stem}（{reason}）" for stem, reason in sorted(pack.built.withheld.items())]
    lines += [f"不能使用：{problem}" for problem in report.problems]
    return lines + [f"疑点：{problem}" for problem in (institution.doubts if institution else ())]


def write_log(out: Path, lines: list[str]) -> None:
    """Write the log of an institution beside its packs, unless it says so already."""
    data = ("\n".join(lines) + "\n").encode()
    path = out / LOG
    if not path.is_file() or path.read_bytes() != data:
        write_whole(path, data)


def was_done(out: Path) -> bool:
    """Return whether the log of an earlier build says that all went well."""
    try:
        with (out / LOG).open(encoding="utf-8") as log:
            return log.readline().rstrip("\n") == DONE
    except (OSError, UnicodeDecodeError):
        return False
