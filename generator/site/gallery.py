"""Samples of every document: from the example institutions filled and annotated, from each guideline blank.

In: the policy, the sources, the institutions. Out: ``gallery/<document>/…`` with a picture of the first page, and
``forms/<guideline>.zip`` with all its blank forms. What an earlier run made from the same inputs is left alone.
"""

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from generator.check.rules import STATUS_LABELS
from generator.document.export import export_template
from generator.document.render import render
from generator.files import safe_name, write_whole, zip_bytes
from generator.institution.load import Institution
from generator.pack.build import Binder, prepare, run_jobs
from generator.pack.events import EPOCH
from generator.pack.manifest import Manifest, Written, digest, is_current, read_manifest, tool_version, write_manifest
from generator.pack.plan import Piece, describe_plan, plan_pack
from generator.pack.press import Options, Press
from generator.pack.trial import blank_context
from generator.pack.write import Job, Outcome
from generator.policy.load import Guideline
from generator.problems import KaowuError, Place, Problem
from generator.site.shelf import Shelf

GALLERY, FORMS, BLANKS = "gallery", "forms", "blanks"
FACES = ("filled", "annotated")
FORMATS = ("docx", "pdf")
NO_PHOTOS = Path("no-photos")  # a folder that is not there
RESOLUTION = "75"
PICTURE = "preview.png"


@dataclass(frozen=True)
class Sample:
    """A document of an example round: the piece, what binds it, and what only the front of a pack speaks of."""

    binder: Binder
    piece: Piece
    extra: Mapping[str, Any]

    def job(self, face: str) -> Job:
        """Return the job that writes the sample with one face."""
        options = replace(self.binder.press.options, face=face, formats=FORMATS)
        binder = replace(self.binder, press=replace(self.binder.press, options=options))
        return replace(binder.bind(self.piece, self.extra), stem=f"{GALLERY}/{self.piece.source.id}/{face}")


@dataclass(frozen=True)
class Blanks:
    """The blank forms of one guideline, in the order of its list."""

    shelf: Shelf
    guideline: Guideline

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Return the row of the list each document stands at."""
        rows = [(row.no, name) for row in self.guideline.materials.values() for name in row.documents if row.no]
        return {name: number for number, name in sorted(rows, reverse=True)}

    def stem(self, document: str) -> str:
        """Return the path of a blank form without suffix."""
        number = f"{self.numbers[document]:02d} " if document in self.numbers else ""
        return f"{BLANKS}/{self.guideline.id}/{safe_name(number + self.shelf.title_of(document))}"

    def jobs(self) -> Iterator[Job]:
        """Yield the job of each blank form."""
        contexts: dict[str, dict[str, Any]] = {}
        names = {name: row.name for row in self.guideline.materials.values() for name in row.documents}
        for document in self.shelf.own[self.guideline.id]:
            source = self.shelf.sources[document]
            if source.scope not in contexts:
                contexts[source.scope] = blank_context(self.shelf.policy, self.guideline, source.scope)
            context = contexts[source.scope]
            told: list[dict[str, Any]] = context["材料"]
            row = next((one for one in told if one["名称"] == names.get(document)), dict[str, Any]())
            rendered = render(source, {**context, "材料行": row}, face="blank")
            yield Job(self.stem(document), rendered, FORMATS, EPOCH, NO_PHOTOS)


def pick_samples(press: Press, institutions: Iterable[Institution]) -> dict[str, Sample]:
    """Return a sample of each document that some round needs: from the round with the fewest violations."""
    binders = [prepare(press, one, path) for one in institutions for path in one.rounds]
    found: dict[str, Sample] = {}
    for binder in sorted(binders, key=count_violations):
        plan = plan_pack(binder.rows, press.sources, binder.scene, binder.institution.rounds[binder.round])
        extra = {"目录": describe_plan(plan, {})}
        for piece in plan.pieces():
            found.setdefault(piece.source.id, Sample(binder, piece, extra if piece in plan.front else {}))
    return found


def count_violations(binder: Binder) -> tuple[bool, int]:
    """Return whether a round follows an old guideline, then how many rules it violates."""
    counts: Mapping[str, Any] = binder.context["检查"]
    told = sum(
        int(group.get("数量", 0)) for group in counts.get("统计", ()) if group.get("结果") == STATUS_LABELS["fail"]
    )
    return binder.scene.guideline.head.status != "current", told


def write_gallery(shelf: Shelf, institutions: Iterable[Institution], out: Path, *, jobs: int = 1) -> tuple[int, int]:
    """Write samples, pictures, templates and archives under ``out``; return how many files were made and kept.

    Raises KaowuError where pdftoppm is missing.
    """
    press = Press(shelf.policy, shelf.sources, shelf.calendar, Options(FORMATS))
    samples = pick_samples(press, institutions)
    blanks = [Blanks(shelf, guideline) for guideline in shelf.guidelines]
    pending = [sample.job(face) for _name, sample in sorted(samples.items()) for face in FACES]
    pending += [job for one in blanks for job in one.jobs()]
    earlier = read_manifest(out)
    work = [(job, out, own_entries(job, earlier)) for job in pending]
    outcomes: list[Outcome] = list(run_jobs(work, jobs))
    files = {entry.path: entry for outcome in outcomes for entry in outcome.files}
    more = Rest(shelf, out, earlier, files)
    files |= {entry.path: entry for entry in more.write(blanks)}
    for path in set(earlier) - set(files):
        (out / path).unlink(missing_ok=True)
    write_manifest(out, Manifest(tool_version(), "", {}, {}, files))
    kept = sum(earlier.get(path) == entry for path, entry in files.items())
    return len(files) - kept, kept


def own_entries(job: Job, earlier: Mapping[str, Written]) -> dict[str, Written]:
    """Return what an earlier run made of a job."""
    paths = [f"{job.stem}.{form}" for form in job.formats]
    return {path: earlier[path] for path in paths if path in earlier}


@dataclass(frozen=True)
class Rest:
    """What is made of written samples: Word templates, blank samples, pictures of first pages, archives."""

    shelf: Shelf
    out: Path
    earlier: Mapping[str, Written]
    files: Mapping[str, Written]

    def write(self, blanks: Iterable[Blanks]) -> Iterator[Written]:
        """Yield the entry of each file."""
        for name, source in self.shelf.sources.items():
            yield self.put(f"{GALLERY}/{name}/template.docx", export_template(source))
        stems: dict[str, str] = {}
        for one in blanks:
            for document in self.shelf.own[one.guideline.id]:
                stems.setdefault(document, one.stem(document))
            yield from self.write_archive(one.guideline)
        for document, stem in stems.items():
            for form in FORMATS:
                if f"{stem}.{form}" in self.files:
                    yield self.put(f"{GALLERY}/{document}/blank.{form}", self.read(f"{stem}.{form}"))
        for name in self.shelf.sources:
            yield from self.write_picture(name, stems.get(name))

    def read(self, path: str) -> bytes:
        """Return a file that was written."""
        return (self.out / path).read_bytes()

    def put(self, path: str, data: bytes) -> Written:
        """Write a file unless it is there already, and return its entry."""
        own = sha256(data).hexdigest()
        if not is_current(self.out, path, own, self.earlier):
            write_whole(self.out / path, data)
        return Written(path, own, own)

    def write_archive(self, guideline: Guideline) -> Iterator[Written]:
        """Yield the archive of a guideline's blank forms."""
        folder = f"{BLANKS}/{guideline.id}/"
        forms = {path.removeprefix(folder): self.read(path) for path in self.files if path.startswith(folder)}
        if forms:
            yield self.put(f"{FORMS}/{guideline.id}.zip", zip_bytes(forms))

    def write_picture(self, name: str, blank: str | None) -> Iterator[Written]:
        """Yield the picture of a document's first page, of the filled sample where there is one."""
        candidates = [f"{GALLERY}/{name}/filled.pdf", f"{blank}.pdf"]
        pdf = next((path for path in candidates if path in self.files), None)
        if pdf is None:
            return
        path = f"{GALLERY}/{name}/{PICTURE}"
        made_from = digest(self.files[pdf].sha256, RESOLUTION)
        if is_current(self.out, path, made_from, self.earlier):
            yield self.earlier[path]
            return
        data = draw_page(self.out / pdf)
        write_whole(self.out / path, data)
        yield Written(path, made_from, sha256(data).hexdigest())


def draw_page(pdf: Path) -> bytes:
    """Return the first page of a PDF as PNG; raise KaowuError where pdftoppm is missing or fails."""
    program = shutil.which("pdftoppm")
    if program is None:
        remedy = "sudo apt-get install -y --no-install-recommends poppler-utils"
        raise KaowuError([Problem(Place("pdftoppm"), "no-pdftoppm", "本机没有 pdftoppm，画不出样张", remedy)])
    command = [program, "-png", "-r", RESOLUTION, "-f", "1", "-l", "1", "-singlefile", str(pdf)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode or not done.stdout:
        raise KaowuError([Problem(Place(str(pdf)), "pdftoppm-failed", "pdftoppm 画不出这一页", "看 PDF 是否完整")])
    return done.stdout
