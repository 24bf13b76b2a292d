"""The words an author may use in ``body.html``: elements, their attributes, and the values of those.

Read by the checks of the sources and by the parser; ``templates/README.md`` explains each word.
"""

HEADINGS = {"h1": 0, "h2": 1, "h3": 2, "h4": 3}
PARAGRAPH_KINDS = frozenset(
    {"body", "noindent", "center", "right", "signature", "note", "line", "subtitle", "attachment"}
)
BLOCKS = frozenset({*HEADINGS, "p", "table", "pagebreak", "lines"})
FORMATS = frozenset({"b", "u", "kai", "hei", "song", "fang"})
INLINES = FORMATS | {"br", "blank", "check", "sign", "seal", "photo", "box"}

_CELL = frozenset({"colspan", "rowspan", "align", "valign", "class", "merge"})
ATTRIBUTES: dict[str, frozenset[str]] = {
    **dict.fromkeys(HEADINGS, frozenset({"rule"})),
    "p": frozenset({"class", "rule"}),
    "table": frozenset({"class", "rule"}),
    "col": frozenset({"width"}),
    "thead": frozenset(),
    "tbody": frozenset(),
    "tr": frozenset({"height", "rule"}),
    "td": _CELL,
    "th": _CELL,
    "blank": frozenset({"width", "hint"}),
    "check": frozenset({"when"}),
    "sign": frozenset({"width"}),
    "seal": frozenset(),
    "photo": frozenset({"of", "width", "height"}),
    "lines": frozenset({"of", "least", "class"}),
}
VALUES: dict[tuple[str, str], frozenset[str]] = {
    ("p", "class"): PARAGRAPH_KINDS,
    ("lines", "class"): PARAGRAPH_KINDS,
    ("table", "class"): frozenset({"grid", "plain", "small"}),
    **dict.fromkeys((("td", "class"), ("th", "class")), frozenset({"vertical"})),
    **dict.fromkeys((("td", "align"), ("th", "align")), frozenset({"left", "center", "right"})),
    **dict.fromkeys((("td", "valign"), ("th", "valign")), frozenset({"top", "center", "bottom"})),
    **dict.fromkeys((("td", "merge"), ("th", "merge")), frozenset({"loop"})),
}
CHILDREN: dict[str, frozenset[str]] = {
    "body": BLOCKS,
    "table": frozenset({"col", "thead", "tbody"}),
    "thead": frozenset({"tr"}),
    "tbody": frozenset({"tr"}),
    "tr": frozenset({"td", "th"}),
    "td": INLINES | {"p", "lines"},
    "th": INLINES | {"p", "lines"},
    **dict.fromkeys((*HEADINGS, *FORMATS, "p", "check", "sign", "seal"), INLINES),
    **dict.fromkeys(("blank", "photo", "box"), FORMATS | {"br"}),
    **dict.fromkeys(("br", "col", "pagebreak", "lines"), frozenset()),
}
JINJA_TAGS = frozenset({"for", "endfor", "if", "elif", "else", "endif", "set"})
