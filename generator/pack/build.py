"""Build the pack of a round: an institution, the policy and the document sources in; files, index and manifest out.

All documents are rendered before the first file is written. A file that the manifest of an earlier build proves
current is left alone; the manifest is written last, so a build that was killed is simply continued by the next.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from generator.check.report import Report, report_round, tell_report
from generator.check.rules import RuleScene, connect, open_scene
from generator.document.render import render
from generator.document.run_program import write_source
from generator.document.tree import Document
from generator.files import write_whole, zip_bytes
from generator.ics import write_ics
from generator.institution.load import Institution
from generator.institution.world import Thing
from generator.pack.area import extend
from generator.pack.bind import bind_volumes, volumes_of
from generator.pack.context import describe_guideline, empty_thing, facts_for, tell_periods, tell_rows, tell_steps
from generator.pack.current import archive_of, hash_data, hash_inputs, used_guidelines
from generator.pack.events import day_of, step_events
from generator.pack.manifest import (
    Manifest,
    Written,
    announce,
    read_announced,
    read_manifest,
    stands,
    tool_version,
    write_manifest,
)
from generator.pack.materials import Row, list_materials
from generator.pack.overrides import find_override
from generator.pack.plan import Piece, Plan, describe_plan, plan_pack
from generator.pack.press import Press
from generator.pack.scorebook import Workbook, write_fill_book
from generator.pack.write import Job, Outcome, expect, open_worker, printed_characters, write_job
from generator.problems import KaowuError
from generator.schedule import schedule

NO_TREE = Document((), "")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Built:
    """What a build did: the folder, how many files were written and left alone, and what was withheld and why."""

    folder: Path
    written: int
    kept: int
    withheld: Mapping[str, str]


def build_round(press: Press, institution: Institution, path: Path, out: Path, progress: Progress) -> Built:
    """Build the pack of one round into ``out``; raise KaowuError, with nothing written, when data cannot be used."""
    data = hash_data(institution.folder)  # now: what is changed while the pack is built belongs to the next build
    binder = prepare(press, institution, path)
    round_thing = institution.rounds[path]
    plan = plan_pack(binder.rows, press.sources, binder.scene, round_thing)
    body = [binder.bind(piece) for piece in plan.pieces() if piece not in plan.front and wanted(press, piece)]
    body += bind_volumes(body) if press.options.bind else ()
    written = write_all(press, body, out, progress)
    beside = [*workbooks_of(press, plan), *volumes_of(written)]
    front = binder.bind_front(plan, written, beside)
    written += write_all(press, front, out, progress)
    written += write_extras(out, binder, plan)
    files = {entry.path: entry for outcome in written for entry in outcome.files}
    kept = sum(outcome.kept for outcome in written)
    withheld = {outcome.stem: outcome.withheld for outcome in written if outcome.withheld}
    guideline = binder.scene.guideline
    edition = {"issued": guideline.head.issued or "", "status": guideline.head.status}
    inputs = hash_inputs(press, data, used_guidelines(guideline))
    finish(press, out, Manifest(tool_version(), guideline.id, edition, inputs, files, withheld))
    return Built(out, len(files) - kept, kept, withheld)


def prepare(press: Press, institution: Institution, path: Path) -> "Binder":
    """Return what renders the pieces of one round: its scene, its rows, and all that documents can speak of."""
    round_thing = institution.rounds[path]
    guideline = press.policy.guideline(str(round_thing.one("guideline")))
    scene = open_scene(press.policy, guideline, press.calendar)
    connect(institution.world, scene)
    listed = extend(guideline, press.area, press.policy)
    rows = list_materials(press.policy, listed, scene, round_thing)
    day = day_of(round_thing)
    blank = press.options.face == "blank"
    told = empty_thing(institution.world, scene, round_thing.entity) if blank else round_thing
    told_rows = [leave_open(row) for row in list_materials(press.policy, listed, scene, told)] if blank else rows
    report = Report("", "", "", (), ()) if blank else report_round(institution, round_thing, scene, today=day)
    context = {
        **describe_guideline(press.policy, guideline),
        "材料": tell_rows(told_rows),
        "归档": tell_periods(press.policy, told_rows),
        "日程": tell_steps(press.policy, schedule(guideline, scene, told)),
        "检查": tell_report(report),
    }
    return Binder(press, institution, path, scene, tuple(rows), context, day)


def leave_open(row: Row) -> Row:
    """Return the row of a blank list, where nothing tells yet whether it applies."""
    return replace(row, applies=None, because="")


def wanted(press: Press, piece: Piece) -> bool:
    """Return whether a piece is asked for, and is one that has this face (``faces`` of its description; else all)."""
    faces = piece.source.extra.get("faces", (press.options.face,))
    return press.options.face in faces and (not press.options.only or piece.source.id in press.options.only)


@dataclass(frozen=True)
class Binder:
    """Renders the pieces of one round."""

    press: Press
    institution: Institution
    round: Path
    scene: RuleScene
    rows: tuple[Row, ...]
    context: dict[str, Any]
    day: date

    def bind(self, piece: Piece, extra: Mapping[str, Any] | None = None) -> Job:
        """Return the job that writes a piece: its rendered document, or the user's own template with the context."""
        thing = piece.thing
        if self.press.options.face == "blank":
            thing = empty_thing(self.institution.world, self.scene, thing.entity)
        context = {**self.context_for(thing, piece.row), **(extra or {})}
        override = find_override(piece.source.id, (self.institution.folder / "templates", self.press.options.shared))
        if override is None and (docx := self.write_docx(piece, context)):
            return Job(piece.stem, NO_TREE, self.press.options.formats, self.day, self.round / "photos", docx)
        document = render(piece.source, context, face=self.press.options.face, cite=self.cite)
        photos = self.round / "photos"
        filled = override.fill(context, title=document.title, day=self.day, photos=photos) if override else None
        many = piece.source.scope != self.institution.rounds[self.round].entity
        return Job(piece.stem, document, self.press.options.formats, self.day, photos, filled, many=many)

    def write_docx(self, piece: Piece, context: Mapping[str, Any]) -> bytes | None:
        """Return the DOCX where nothing else is asked for; None where the tree is needed, if only to tell a fault."""
        options, photos = self.press.options, self.round / "photos"
        if options.formats != ("docx",) or options.bind or options.face == "annotated":
            return None
        with suppress(KaowuError):
            return write_source(piece.source, context, day=self.day, photos=photos if photos.is_dir() else None)
        return None

    def context_for(self, thing: Thing, row: Row | None = None) -> dict[str, Any]:
        """Return all that a document about ``thing``, for a row of the list, can speak of."""
        told: list[dict[str, Any]] = self.context["材料"]
        own = next((entry for entry in told if row and entry["名称"] == row.name), {})
        return {**self.context, **facts_for(thing), "材料行": own}

    def bind_front(self, plan: Plan, written: Iterable[Outcome], beside: Sequence[str] = ()) -> list[Job]:
        """Return the jobs of the front pieces, which speak of all the others and of what lies ``beside`` them."""
        withheld = {outcome.stem: outcome.withheld for outcome in written if outcome.withheld}
        extra = {"目录": describe_plan(plan, withheld, beside)}
        return [self.bind(piece, extra) for piece in plan.front if wanted(self.press, piece)]

    def cite(self, rule: str) -> str:
        """Return the clause and title of a rule, for the annotated face; nothing for what this guideline lacks."""
        guideline = self.scene.guideline
        found = guideline.rules.get(rule)
        title = self.press.policy.duties.get(rule, rule)
        return f"{'、'.join(found.at)} {title}" if found else ""


def write_all(press: Press, jobs: Sequence[Job], out: Path, progress: Progress) -> list[Outcome]:
    """Write the jobs, in order, on as many processes as asked for; files that are current are left alone."""
    earlier = {} if press.options.force else read_manifest(out)
    pending = [(job, out, own_entries(job, earlier)) for job in jobs]
    announce(out, (f"{job.stem}.{form}" for job in jobs for form in job.formats))
    done: list[Outcome] = []
    for outcome in run_jobs(pending, press.options.jobs):
        done.append(outcome)
        progress(len(done), len(jobs))
    return done


def own_entries(job: Job, earlier: Mapping[str, Written]) -> dict[str, Written]:
    """Return what an earlier build made of a job."""
    paths = [f"{job.stem}.{form}" for form in job.formats]
    return {path: earlier[path] for path in paths if path in earlier}


def run_jobs(pending: Sequence[tuple[Job, Path, Mapping[str, Written]]], workers: int) -> Iterator[Outcome]:
    """Yield the outcome of each job in order."""
    characters = printed_characters(job for job, _out, _earlier in pending)
    if workers <= 1 or len(pending) < 2 * workers:
        expect(characters)
        yield from (write_job(*work) for work in pending)
        return
    with ProcessPoolExecutor(workers, initializer=open_worker, initargs=(characters,)) as pool:
        yield from pool.map(write_job, *zip(*pending, strict=True), chunksize=4)


def write_extras(out: Path, binder: Binder, plan: Plan) -> list[Outcome]:
    """Write what is no document: the calendar file of the steps, and the workbook beside each summary."""
    round_thing = binder.institution.rounds[binder.round]
    guideline = binder.scene.guideline
    steps = schedule(guideline, binder.scene, round_thing)
    data = write_ics(step_events(steps, guideline, round_thing), name=f"{round_thing}日程", stamp=binder.day)
    dated = {} if binder.press.options.face == "blank" else {"00 日程.ics": data}
    extras = {**dated, **write_workbooks(binder, plan)}
    announce(out, extras)
    return [save(out, name, content) for name, content in extras.items()]


def write_workbooks(binder: Binder, plan: Plan) -> dict[str, bytes]:
    """Return the workbooks of the documents that people also calculate in, by path."""
    round_thing = binder.institution.rounds[binder.round]
    asked = workbooks_of(binder.press, plan).items()
    made = {path: write_fill_book(Workbook(**described), binder.scene, round_thing) for path, described in asked}
    return {path: data for path, data in made.items() if data is not None}


def workbooks_of(press: Press, plan: Plan) -> dict[str, dict[str, Any]]:
    """Return path → ``workbook`` of the description: in the folder of several documents, else beside the one."""
    found: dict[str, dict[str, Any]] = {}
    for piece in plan.pieces() if press.options.face == "filled" else ():
        described = piece.source.extra.get("workbook")
        if described and wanted(press, piece):
            folder, several, _name = piece.stem.partition("/")
            found[f"{folder}/{described['sheet']}.xlsx" if several else f"{piece.stem}.xlsx"] = described
    return found


def save(out: Path, name: str, data: bytes) -> Outcome:
    """Write one file whole, unless it is there already."""
    own = sha256(data).hexdigest()
    entry = Written(name, own, own)
    kept = stands(out, entry)
    if not kept:
        write_whole(out / name, data)
    return Outcome(name, (entry,), int(kept))


def finish(press: Press, out: Path, manifest: Manifest) -> None:
    """Remove what an earlier build left and this one did not make, then write the archive and last the manifest."""
    for path in {*read_manifest(out), *read_announced(out)} - set(manifest.files):
        (out / path).unlink(missing_ok=True)
    if press.options.zip:
        data = zip_bytes({path: (out / path).read_bytes() for path in sorted(manifest.files)})
        write_whole(archive_of(out), data)
        manifest = replace(manifest, archive=sha256(data).hexdigest())
    write_manifest(out, manifest)
