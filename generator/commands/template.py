"""``kaowu template``: the documents there are, what they can speak of, and the user's own Word templates."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from generator.commands.output import console, escape, make_table, print_problems, print_table
from generator.problems import KaowuError, Place, Problem, nearest

if TYPE_CHECKING:
    from generator.document.source import Source
    from generator.policy.load import Policy

app = typer.Typer(help="文书模板：列出、字段、导出、检查", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_() -> None:
    """列出全部文书：编号、名称、按什么出、在哪些指引里。"""
    from generator.commands.setting import open_setting
    from generator.pack.plan import load_sources, plain_title
    from generator.pack.trial import users_of
    from generator.paths import templates_dir

    policy = open_setting(whole=True).policy
    table = make_table("文书", "名称", "每", "指引")
    for name, source in load_sources(templates_dir()).items():
        used = [guideline.head.short for guideline in users_of(policy, name)]
        scope = policy.entities[source.scope].label
        table.add_row(name, escape(plain_title(source)), scope, escape("、".join(used)))
    print_table(table)


@app.command()
def fields(entity: Annotated[str | None, typer.Argument(help="实体，如 考生；默认全部")] = None) -> None:
    """列出模板里可以写的名字。"""
    from generator.commands.setting import open_setting

    policy = open_setting().policy
    labels = {kind.label: name for name, kind in policy.entities.items()}
    if entity is not None and entity not in labels and entity not in policy.entities:
        raise KaowuError([Problem(Place(entity), "unknown-entity", f"没有“{entity}”", nearest(entity, labels))])
    for label, name in labels.items():
        if entity not in (None, label, name):
            continue
        table = make_table("写法", "类型", "说明", title=escape(label))
        for row in describe_names(policy, name):
            table.add_row(*map(escape, row))
        print_table(table)


def describe_names(policy: "Policy", entity: str) -> Iterator[tuple[str, str, str]]:
    """Yield (how to write it, type, meaning) for all that a template can ask of an entity."""
    from generator.policy.vocabulary import FIELD_TYPES

    label = policy.entities[entity].label
    for name in policy.dictionary.askable(entity):
        station = policy.dictionary.find(entity, name)
        if station is None or name == entity:
            continue
        kind = FIELD_TYPES[station.field.type] if station.field else "集合" if station.many else "由其他项得出"
        if station.entity:
            kind += f"（{policy.entities[station.entity].label}）"
        yield f"{label}.{station.label}", kind, (station.field.hint or "") if station.field else ""


@app.command()
def export(
    document: Annotated[str, typer.Argument(help="文书编号，见 kaowu template list")],
    to: Annotated[Path, typer.Option("--to", help="写到哪个文件夹")] = Path("templates"),
) -> None:
    """导出一份文书的 Word 模板；改好放进机构的 templates 文件夹，就用你的。"""
    from generator.document.export import export_template
    from generator.files import write_whole

    source = find_source(document)
    path = to / f"{document}.docx"
    if path.exists():
        raise KaowuError([Problem(Place(str(path)), "already-there", "文件已经存在", "换一个文件夹，或先移走")])
    write_whole(path, export_template(source))
    console.print(f"{path}（放进机构的 templates 文件夹即可使用）", markup=False)


def find_source(document: str) -> "Source":
    """Return the source of a document; raise KaowuError with the nearest name."""
    from generator.pack.plan import load_sources
    from generator.paths import templates_dir

    sources = load_sources(templates_dir())
    if document not in sources:
        raise KaowuError(
            [Problem(Place(document), "unknown-document", f"没有文书“{document}”", nearest(document, sources))]
        )
    return sources[document]


@app.command()
def lint(
    files: Annotated[list[Path] | None, typer.Argument(help="Word 模板；不写则检查本项目的全部文书")] = None,
    guideline: Annotated[str, typer.Option("--guideline", help="用哪份指引试填")] = "",
) -> None:
    """检查模板：不认识的名字、写坏的标签、试填。"""
    from generator.pack.trial import lint_sources, lint_word

    problems = lint_word(files, guideline) if files else lint_sources()
    print_problems(problems)
    console.print(f"共 {len(problems)} 处问题" if problems else "没有问题")
    raise typer.Exit(1 if problems else 0)
