"""``python -m api.acts``: who may do what, role x act, as a table to read. A test holds it to what was agreed."""

from __future__ import annotations

import importlib.util
import pkgutil
from collections.abc import Iterable
from typing import Any

import api
from api.acts.act import ACTS, Act
from api.security.roles import EVERY_ROLE

ALL, PART, NONE = "all", "part", "-"


def every_act() -> list[Act[..., Any]]:
    """The acts of every feature, by name: a feature is a folder of the service with a module ``acts``."""
    for found in pkgutil.iter_modules(api.__path__):
        if found.ispkg and importlib.util.find_spec(f"api.{found.name}.acts") is not None:
            importlib.import_module(f"api.{found.name}.acts")
    return [ACTS[name] for name in sorted(ACTS)]


def table(acts: Iterable[Act[..., Any]]) -> str:
    """A line an act: what each role may, whether it changes something, and its sentence; under it, which part is meant."""
    rows = [("act", *EVERY_ROLE, "changes", "what it is")]
    parts = []
    for each in acts:
        may = [_may(each, role) for role in EVERY_ROLE]
        rows.append((each.name, *may, "yes" if each.changes else "-", each.sentence))
        parts += [f"{each.name}, {role}: {words}." for role, words in each.roles.items() if words]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)] + [0]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, "", *parts]) + "\n"


def _may(each: Act[..., Any], role: str) -> str:
    return NONE if role not in each.roles else PART if each.roles[role] else ALL


if __name__ == "__main__":
    print(table(every_act()), end="")
