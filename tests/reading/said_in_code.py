"""Where the code writes to people, found by reading it: modules that make letters, news or a copy, and the words in them.

A module writes to people where it makes a ``Letter`` of a transfer, says how to complain, or says what ``record["person"]`` is. A
command hands on what others have written: of it only the words in the making of the letter itself count.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import api
import optimiser
from optimiser.transferring import letters

LETTERS, NOTES = letters.__name__, "optimiser.explaining.notes"
COMMANDS = "optimiser.commands"
FEWEST_WORDS = 3


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the engine and the service that may write to people, by name."""
    found = {}
    for package in (optimiser, api):
        (root,) = map(Path, package.__path__)
        for file in sorted(root.rglob("*.py")):
            source = file.read_text()
            if re.search(r'Letter|complaints|\["person"\]', source):
                name = ".".join((package.__name__, *file.relative_to(root).with_suffix("").parts))
                found[name.removesuffix(".__init__")] = ast.parse(source)
    return found


def imported(module: ast.Module) -> dict[str, tuple[str, str]]:
    """By the name that it has in a module, where it comes from and what it is called there."""
    froms = [each for each in ast.walk(module) if isinstance(each, ast.ImportFrom) and each.module]
    return {alias.asname or alias.name: (str(each.module), alias.name) for each in froms for alias in each.names}


def _called(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for each in ast.walk(tree):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == name:
            yield each


def makings_of_letters() -> Iterator[tuple[str, ast.Call]]:
    """Every ``Letter(…)`` of a transfer, with the module that it stands in."""
    for name, tree in modules().items():
        if name == LETTERS or imported(tree).get("Letter") == (LETTERS, "Letter"):
            yield from ((name, call) for call in _called(tree, "Letter"))


def kind_of(module: str, call: ast.Call) -> str | None:
    """The kind of letter that is made there; None where it is read from a record of one that was made before."""
    kind = call.args[1]
    if isinstance(kind, ast.Constant):
        return str(kind.value)
    return str(getattr(importlib.import_module(module), kind.id)) if isinstance(kind, ast.Name) else None


def modules_that_write() -> set[str]:
    """Those whose words people read."""
    found = {name for name, call in makings_of_letters() if kind_of(name, call) is not None}
    for name, tree in modules().items():
        own = imported(tree)
        if own.get("complaints") == (NOTES, "complaints"):
            found.add(name)
        for each in ast.walk(tree):
            if isinstance(each, ast.Assign | ast.AugAssign):
                targets = each.targets if isinstance(each, ast.Assign) else [each.target]
                if any(ast.unparse(target).endswith("record['person']") for target in targets):
                    names = {node.id for node in ast.walk(each.value) if isinstance(node, ast.Name)}
                    found |= {own[name][0] for name in names if name in own}
    return {name for name in found if not name.startswith(COMMANDS)}


def words_of(module: str) -> list[str]:
    """What a module says: its texts of three words and more, cut where something is filled in. Not its docstrings, nor errors."""
    return list(prose_in(ast.parse(Path(str(importlib.import_module(module).__file__)).read_text())))


def words_in_commands() -> list[str]:
    """What commands themselves say in the making of a letter."""
    return [said for name, call in makings_of_letters() if name.startswith(COMMANDS) for said in prose_in(call)]


def prose_in(tree: ast.AST) -> Iterator[str]:
    """The texts in a piece of code, in their order."""
    if isinstance(tree, ast.Raise | ast.Expr) and not (isinstance(tree, ast.Expr) and not isinstance(tree.value, ast.Constant)):
        return
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        for piece in re.split(r"\{[^}]*\}", tree.value):
            said = " ".join(piece.split())
            if " " in said and len(re.findall(r"[A-Za-z]+", said)) >= FEWEST_WORDS:
                yield said
    for child in ast.iter_child_nodes(tree):
        yield from prose_in(child)
