"""The gallery: one page per document with its picture, what triggers it, the rows it serves, and samples."""

from collections.abc import Iterator

from generator.document.source import Source
from generator.policy.load import Guideline
from generator.policy.wording import open_book, word_all
from generator.site.labels import word_retention, word_when
from generator.site.page import Page, facts, items, join, link, mark, relative, section, table
from generator.site.shelf import Shelf, document_path

INDEX = "documents/index.md"
PAPERS = {"portrait": "A4 竖", "landscape": "A4 横"}
LOOKS = {"official": "公文", "form": "表格"}
PICTURE = "preview.png"
SAMPLES = {
    "filled.docx": "填好的 DOCX",
    "filled.pdf": "填好的 PDF",
    "blank.docx": "空白 DOCX",
    "blank.pdf": "空白 PDF",
    "annotated.pdf": "附依据 PDF",
    "annotated.docx": "附依据 DOCX",
    "template.docx": "Word 模板",
}


def pages(shelf: Shelf) -> Iterator[Page]:
    """Yield the gallery and the page of each document."""
    yield list_documents(shelf)
    for name, source in shelf.sources.items():
        yield tell_document(shelf, name, source)


def list_documents(shelf: Shelf) -> Page:
    """Return the gallery: one card per document."""
    cards = []
    for name, source in shelf.sources.items():
        title = link(shelf.title_of(name), document_path(name), here=INDEX)
        used = "、".join(guideline.head.short for guideline in shelf.users_of(name))
        scope = shelf.policy.entities[source.scope].label
        cards.append(join(show_picture(shelf, name, here=INDEX), f"**{title}**<br><small>每{scope} · {used}</small>"))
    body = "\n\n".join(f'<div class="card" markdown="1">\n\n{card}\n\n</div>' for card in cards)
    return Page(INDEX, "文书样张", f'<div class="cards" markdown="1">\n\n{body}\n\n</div>', boost=2, wide=True)


def show_picture(shelf: Shelf, name: str, *, here: str) -> str:
    """Return the picture of a document's first page; nothing where none was made."""
    if PICTURE not in shelf.gallery.get(name, ()):
        return ""
    way = relative(f"gallery/{name}/{PICTURE}", here=here)
    return f"![{mark(shelf.title_of(name))}的第一页]({way}){{ loading=lazy width=420 }}"


def tell_document(shelf: Shelf, name: str, source: Source) -> Page:
    """Return the page of one document."""
    here = document_path(name)
    rows = list(tell_rows(shelf, name, here))
    body = join(
        facts(
            [
                ("每", shelf.policy.entities[source.scope].label),
                ("版式", f"{LOOKS[source.look]} · {PAPERS[source.paper]}"),
                ("什么时候出", word_trigger(shelf, source)),
                ("编号", f"`{name}`"),
                ("下载", tell_samples(shelf, name, here)),
            ]
        ),
        show_picture(shelf, name, here=here),
        section("承载清单的哪一行", table(["指引", "序号", "材料", "保存", "什么时候要"], rows), anchor="rows"),
        section("写进它的规定", tell_rules(shelf, name, here), anchor="rules", searched=False),
        section("用自己的 Word 模板", tell_template(name, here), anchor="template", searched=False),
    )
    tags = {shelf.policy.labels("institution-kind")[kind] for g in shelf.users_of(name) for kind in g.head.kinds}
    return Page(here, shelf.title_of(name), body, tuple(sorted(tags)), boost=2)


def word_trigger(shelf: Shelf, source: Source) -> str:
    """Return what has to hold for a thing to get the document."""
    told = word_all(source.when or [], source.scope, open_book(shelf.policy))
    return mark(told) if told else "清单要它的时候"


def tell_samples(shelf: Shelf, name: str, here: str) -> str:
    """Return links to the samples that were made."""
    made = shelf.gallery.get(name, ())
    return " · ".join(
        link(label, f"gallery/{name}/{file}", here=here) for file, label in SAMPLES.items() if file in made
    )


def tell_rows(shelf: Shelf, name: str, here: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the lists that a document serves."""
    for guideline in shelf.guidelines:
        for row in guideline.materials.values():
            if name in row.documents:
                yield (
                    shelf.link_guideline(guideline, here=here),
                    str(row.no) if row.no is not None else f"正文 {mark(row.at[0])}",
                    mark(row.name),
                    word_retention(shelf.policy, row),
                    word_when(shelf.policy, guideline, row),
                )


def tell_rules(shelf: Shelf, name: str, here: str) -> str:
    """Return the rules a document cites or draws on, by guideline."""
    lines = []
    for guideline in shelf.users_of(name):
        linked = [
            shelf.link_rule(guideline, rule, here=here)
            for rule, record in guideline.rules.items()
            if name in shelf.carrying(guideline, rule, record)
        ]
        if linked:
            lines.append(f"{shelf.link_guideline(guideline, here=here)}：{'、'.join(linked)}")
    return items(lines)


def tell_template(name: str, here: str) -> str:
    """Return how to get the Word template."""
    guide = link("怎样用", "guides/word-template.md", here=here)
    return f"```sh\nkaowu template export {name} --to 我的机构/templates\n```\n\n{guide}"


def forms_page(shelf: Shelf, guidelines: list[Guideline]) -> Page:
    """Return the page of the blank forms, one archive per guideline."""
    here = "forms.md"
    rows = []
    for guideline in guidelines:
        if number := shelf.forms.get(guideline.id):
            archive = link("下载 ZIP", f"forms/{guideline.id}.zip", here=here)
            own = [shelf.link_document(name, here=here) for name in shelf.own[guideline.id]]
            rows.append((shelf.link_guideline(guideline, here=here), f"{archive}（{number} 个文件）", "、".join(own)))
    body = table(["指引", "全部空白表", "有哪些"], rows) or "这一次没有生成空白表。"
    note = "从纸上开始的，下载后打印；每份文书有 DOCX 和 PDF 各一，栏目与填好的相同，只是没有数据。"
    return Page(here, "空白表", join(note, body), boost=2)
