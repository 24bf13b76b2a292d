"""``kaowu pages`` and ``kaowu gallery``: the pages of the site, and the pictures and samples they show."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.commands.output import console
from generator.problems import KaowuError, Place, Problem

if TYPE_CHECKING:
    from generator.site.reference import Command

Out = Annotated[Path, typer.Argument(metavar="OUT", help="写到哪个文件夹；其中多余的文件会删除")]
GALLERY, FORMS = "gallery", "forms"
WORDS = "words.txt"


def pages(
    out: Out,
    own: Annotated[Path | None, typer.Option("--own", help="手写的网页，一并复制进去")] = Path("site"),
    gallery: Annotated[Path | None, typer.Option("--gallery", help="kaowu gallery 写出的文件夹")] = None,
    changelog: Annotated[Path, typer.Option("--changelog", help="变更记录")] = Path("CHANGELOG.md"),
    words: Annotated[Path | None, typer.Option("--words", help="搜索分词用的词表写到这个文件")] = None,
) -> None:
    """写出网站的全部网页（Markdown）和数据文件。"""
    from generator.commands.setting import open_setting
    from generator.files import write_whole
    from generator.pack.plan import load_sources
    from generator.paths import templates_dir
    from generator.site import write
    from generator.site.dictionary import write_words
    from generator.site.shelf import Shelf

    refuse_foreign(out)
    setting = open_setting(whole=True)
    copied = write.copies_under(own, without=(WORDS,)) if own and own.is_dir() else {}
    copied |= write.copies_under(gallery, only=(GALLERY, FORMS)) if gallery else {}
    shelf = Shelf(
        setting.policy,
        load_sources(templates_dir()),
        setting.calendar,
        write.list_samples(copied, f"{GALLERY}/"),
        write.count_forms(copied, f"{FORMS}/"),
    )
    history = changelog.read_text(encoding="utf-8") if changelog.is_file() else ""
    made = write.page_bytes(write.make_pages(shelf, history, list(list_commands())))
    changed, removed = write.write_tree(out, {**made, **dict(write.make_files(shelf))}, copied)
    if words:
        listed = own / WORDS if own else None
        mine = listed.read_text(encoding="utf-8").split() if listed and listed.is_file() else []
        write_whole(words, write_words(setting.policy, mine).encode())
    console.print(f"{len(made)} 页，{changed} 个文件有变化，{removed} 个不再需要 → {out}", markup=False)


def refuse_foreign(out: Path) -> None:
    """Refuse a folder that holds something but pages: what is not ours would be removed."""
    if out.is_dir() and any(out.iterdir()) and not (out / "policy.json").is_file():
        what = "文件夹里有别的东西"
        raise KaowuError([Problem(Place(str(out)), "not-pages", what, "换一个空文件夹，如 build/pages")])


def list_commands() -> Iterator["Command"]:
    """Yield every command with its parameters, as the help tells them."""
    from typer.main import get_command

    from generator.cli import app

    yield from walk_commands(get_command(app), "")


def walk_commands(command: object, name: str) -> Iterator["Command"]:
    """Yield a command, or those of a group."""
    from generator.site.reference import Command, Parameter

    inner = getattr(command, "commands", None)
    if inner is not None:
        for key in inner:
            yield from walk_commands(inner[key], f"{name} {key}".strip())
        return
    parameters = [
        Parameter(write_parameter(one), getattr(one, "help", None) or "")
        for one in getattr(command, "params", ())
        if one.name != "help"
    ]
    yield Command(name, getattr(command, "help", "") or "", tuple(parameters))


def write_parameter(parameter: object) -> str:
    """Return how a parameter is written."""
    option = getattr(parameter, "param_type_name", "") == "option"
    metavar = getattr(parameter, "metavar", None) or str(getattr(parameter, "name", "")).upper()
    return "、".join(getattr(parameter, "opts", ())) if option else metavar


def gallery(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="写到哪个文件夹")],
    institutions: Annotated[Path, typer.Option("--from", help="样例取自哪些机构")] = Path("institutions"),
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="用几个进程")] = 1,
) -> None:
    """写出每份文书的样张：第一页的图、填好的、附依据的、空白的、Word 模板；每份指引一个空白表 ZIP。"""
    from generator.commands.setting import load_targets, open_setting
    from generator.pack.plan import load_sources
    from generator.paths import templates_dir
    from generator.site.gallery import write_gallery
    from generator.site.shelf import Shelf

    setting = open_setting(whole=True)
    shelf = Shelf(setting.policy, load_sources(templates_dir()), setting.calendar)
    found = [institution for _target, institution in load_targets([institutions], setting.policy) if institution]
    made, kept = write_gallery(shelf, found, out, jobs=jobs)
    console.print(f"写出 {made} 个文件，{kept} 个没有变化 → {out}", markup=False)
