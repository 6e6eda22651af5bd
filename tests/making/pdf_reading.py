"""A tagged PDF read as a screen reader does: its elements in the order of their tree, each with its words."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator
from typing import Any

import pikepdf

BLOCKS = ("/P", "/H1", "/H2")
TABLES = ("/Caption", "/TH", "/TD", "/LBody")


def elements(content: bytes, kinds: Collection[str] = BLOCKS) -> list[tuple[str, str]]:
    """The kind and the words of each paragraph and heading, or of other kinds, in the order of reading."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        words = {(page.obj.objgen, number): said for page in pdf.pages for number, said in _marked(page)}
        return list(_blocks(pdf.Root.StructTreeRoot.K, words, kinds))


def unheaded(content: bytes) -> list[str]:
    """The cells of tables that do not say what they stand under."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        cells = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/TD"]
        return [str(each) for each in cells if not len(each.A.get("/Headers", []))]


def _blocks(node: Any, words: dict[tuple[Any, int], str], kinds: Collection[str]) -> Iterator[tuple[str, str]]:
    for each in node if isinstance(node, pikepdf.Array) else [node]:
        if isinstance(each, pikepdf.Dictionary) and str(each.get("/S", "")) in kinds:
            said = " ".join(words[place] for place in _places(each, each.get("/Pg")))  # each line is marked by itself
            yield str(each.S).removeprefix("/"), " ".join(said.split())
        elif isinstance(each, pikepdf.Dictionary) and "/K" in each:
            yield from _blocks(each.K, words, kinds)


def _places(node: Any, page: Any) -> Iterator[tuple[Any, int]]:
    """Where the content of an element stands: a page and a number."""
    kids = node.get("/K", [])
    for each in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(each, pikepdf.Dictionary):
            where = each.get("/Pg", page)
            if "/MCID" in each:
                yield where.objgen, int(each.MCID)
            else:
                yield from _places(each, where)
        else:
            yield page.objgen, int(each)


def _marked(page: Any) -> Iterator[tuple[int, str]]:
    """The words of a page by the number that marks them; what is marked by none is no content: an artifact."""
    fonts = {str(name): _letters_of(font) for name, font in page.Resources.Font.items()}
    number, letters, said = -1, dict[int, str](), dict[int, str]()
    for each in pikepdf.parse_content_stream(page):
        operands: Any = each.operands
        match str(each.operator):
            case "BDC" if "/MCID" in operands[1]:
                number = int(operands[1].MCID)
            case "EMC":
                number = -1
            case "Tf":
                letters = fonts[str(operands[0])]
            case "Tj" | "TJ":
                parts = operands[0] if str(each.operator) == "TJ" else operands
                for raw in (bytes(part) for part in parts if isinstance(part, pikepdf.String)):
                    codes = (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))
                    said[number] = said.get(number, "") + "".join(letters[code] for code in codes)
    assert -1 not in said, "everything that is written stands in the tree"
    yield from said.items()


def _letters_of(font: Any) -> dict[int, str]:
    """By the code of a glyph what it stands for."""
    told = font.ToUnicode.read_bytes().decode()
    pairs = re.findall(r"<([0-9a-fA-F]+)> <([0-9a-fA-F]+)>", told)
    return {int(code, 16): bytes.fromhex(said).decode("utf-16-be") for code, said in pairs}
