"""What a page says, block by block: each paragraph, heading, item of a list or button by itself."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from jinja2 import Environment
from jinja2.nodes import Const

from tests.explaining.reading import FEWEST_WORDS, words

ENDS = {
    *("address", "article", "br", "button", "caption", "dd", "div", "dt", "footer", "h1", "h2", "h3", "h4", "header", "label"),
    *("li", "main", "nav", "p", "pre", "section", "td", "th", "title", "tr", "ul"),
}
UNSEEN = {"title", "style", "script", "svg"}
WAYS = " of ways"
"""What an open element is marked with that is a row of links: to sort by, or to other days."""
VOID = {"meta", "input", "link", "br", "hr"}


class _Blocks(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self._open: list[str] = []
        self._text = ""
        self.found: list[str] = []
        self.feed(html)
        self._end()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ENDS:
            self._end()
        if tag not in VOID:
            ways = any(name == "class" and "sorts" in str(value).split() for name, value in attrs)
            self._open.append(f"{tag}{WAYS}" if ways else tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ENDS:
            self._end()
        while self._open and self._open.pop().partition(" ")[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if UNSEEN.isdisjoint(self._open) and not any(each.endswith(WAYS) for each in self._open):
            self._text += data

    def _end(self) -> None:
        block = " ".join(self._text.split())
        self._text = ""
        if words(block):
            self.found.append(block)


def blocks(html: str) -> list[str]:
    """All text of a page, each block with a stop at its end."""
    return [block if block[-1] in ".!?" else f"{block.rstrip(' :;,')}." for block in _Blocks(html).found]


def prose(html: str) -> list[str]:
    """The blocks that are sentences: short ones (headings, buttons, labels) would flatter the whole."""
    return [block for block in blocks(html) if len(words(block)) >= FEWEST_WORDS]


def prose_of_template(source: str) -> list[str]:
    """The same of a template, with every branch of it; and what it hands to macros. A value that is filled in stands as "it"."""
    shown = re.sub(r"\{#.*?#\}|\{% block (?:style|title) %\}.*?\{% endblock %\}", "", source, flags=re.DOTALL)
    filled = re.sub(r"\{\{.*?\}\}", "it", re.sub(r"\{%.*?%\}", " ", shown))
    constants = Environment(autoescape=True).parse(source).find_all(Const)
    handed = [each.value for each in constants if isinstance(each.value, str)]
    return [block for text in (filled, *handed) for block in prose(text)]
