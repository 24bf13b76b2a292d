"""Markup with Jinja in it as XML: tags become processing instructions, so that their place is known."""

import re
from typing import Any

from lxml import etree

from generator.document.vocabulary import BLOCKS

TAG = re.compile(r"\{%\s*(.*?)\s*%\}", re.DOTALL)
PRINT = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_Instruction = type(etree.PI("jinja"))
_PARSER_OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "remove_comments": True,
    "huge_tree": True,
}


def parse_markup(text: str) -> etree._Element:
    """Return the root ``body`` of rendered markup; raise etree.XMLSyntaxError."""
    return etree.fromstring(f"<body>{text}</body>", etree.XMLParser(**_PARSER_OPTIONS))


def mark_tags(text: str) -> str:
    """Return unrendered markup with its ``{% %}`` as processing instructions.

    Never for rendered markup: there a ``{%`` is text of the data.
    """
    return TAG.sub(lambda hit: f"<?jinja {hit[1]}?>" if "?>" not in hit[1] else hit[0], text)


def is_tag(node: etree._Element) -> bool:
    """Return whether the node stands for a Jinja tag."""
    return isinstance(node, _Instruction)


def line_of(node: etree._Element, default: int = 1) -> int:
    """Return the line of a node in its markup, from 1."""
    line: Any = node.sourceline
    return int(line) if line else default


def code_of(node: etree._Element) -> str:
    """Return the code of a Jinja tag as the author wrote it, without its brackets."""
    return " ".join((node.text or "").split())


def holds_blocks(element: etree._Element) -> bool:
    """Return whether a cell holds paragraphs rather than text."""
    return any(not is_tag(child) and child.tag in BLOCKS for child in element)
