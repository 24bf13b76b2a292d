"""What a pack is made from, as hashes, and whether one that is there still is what a build would make.

The manifest of a pack keeps these hashes. Where all are the same and every file stands as it was written, nothing of
the institution is read, let alone rendered.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from generator.pack.manifest import digest, hash_file, hash_folder, program_hash, read_whole_manifest, stands
from generator.pack.press import Press
from generator.pack.write import face_hash
from generator.policy.load import Guideline

SHARED = ("calendar", "duties", "fields", "terms")
REFERENCES = "references.yaml"


def used_guidelines(guideline: Guideline) -> list[str]:
    """Return the guideline's id and those of the ones it replaced, whose sheets it may have left as a reference."""
    return [guideline.id, *(old.guideline for old in guideline.head.supersedes)]


def hash_data(folder: Path) -> str:
    """Return a hash of all that an institution states."""
    return hash_folder(folder)


def hash_inputs(press: Press, data: str, guidelines: Iterable[str]) -> dict[str, str]:
    """Return what a pack is made from, by name: the institution's ``data``, the guidelines in use, and what all share.

    A guideline stands under ``policy/`` and its id, so that the manifest says which ones a pack hangs on.
    """
    options = press.options
    asked = (repr(options.formats), repr(sorted(options.only)), options.face, repr(options.zip), repr(options.bind))
    return {
        "program": program_hash(),
        "fonts": face_hash() if "pdf" in options.formats else "",
        "options": digest(*asked),
        "templates": press.once("templates", hash_templates),
        "area": press.once("area", hash_area),
        "policy": press.once("policy", hash_shared_policy),
        **{f"policy/{name}": press.once(f"policy/{name}", partial(hash_guideline, name)) for name in guidelines},
        "data": data,
    }


def hash_templates(press: Press) -> str:
    """Return a hash of the document sources."""
    sources = [source for _name, source in sorted(press.sources.items())]
    told = ((s.title, s.scope, s.paper, s.look, s.when, s.extra, s.compact) for s in sources)
    return digest(*sorted(press.sources), *map(repr, told))


def hash_area(press: Press) -> str:
    """Return a hash of the folder of a whole area's templates and rows."""
    return hash_folder(press.options.shared) if press.options.shared else ""


def hash_guideline(name: str, press: Press) -> str:
    """Return a hash of one guideline."""
    return hash_folder(press.policy.root / name)


def hash_shared_policy(press: Press) -> str:
    """Return a hash of what all guidelines share."""
    root = press.policy.root
    references = root / REFERENCES
    return digest(*(hash_folder(root / name) for name in SHARED), hash_file(references) if references.is_file() else "")


def count_current(press: Press, data: str, out: Path) -> int | None:
    """Return how many files a pack has, where the manifest proves that a build would write the same; else None.

    A pack from which a PDF was withheld is not proven: what was lacking may be there by now.
    """
    manifest = read_whole_manifest(out)
    if press.options.force or manifest is None or manifest.withheld:
        return None
    guidelines = [name.removeprefix("policy/") for name in manifest.inputs if name.startswith("policy/")]
    if hash_inputs(press, data, guidelines) != manifest.inputs:
        return None
    archive = archive_of(out)
    if press.options.zip and not (archive.is_file() and hash_file(archive) == manifest.archive):
        return None
    return len(manifest.files) if all(stands(out, entry) for entry in manifest.files.values()) else None


def archive_of(out: Path) -> Path:
    """Return where the archive of a pack stands: beside it."""
    return out.with_name(f"{out.name}.zip")
