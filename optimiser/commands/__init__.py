"""The command line: one file a command, its arguments beside its run. What commands share stands in ``shared``.

Nothing heavy is imported before a command runs: ``--help`` answers at once.
"""

from __future__ import annotations

import argparse
import importlib
import os
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from optimiser.commands.shared.parsing import Parser

SHARED = "shared"
"""The one folder here that holds no command."""
EXIT_CODES = """exit codes:
  0    done; for an allocation: every level proven
  2    input refused, every fault listed
  3    a verified plan with open gaps
  4    model and check disagree: a defect of this software, please report it
  5    the service's audit trail does not hold: every break is listed
  6    another nightly run holds the lock; nothing was done
  7    nightly: nothing new since the latest report; nothing was changed
  130  interrupted; the best plan so far is kept
"""


def parser() -> Parser:
    """All commands and their arguments."""
    top = Parser(
        prog="optimiser",
        description="Who should deliver each package of home care: proven, checked and explained.",
        more=EXIT_CODES,
    )
    top.add_argument("--version", action="store_true", help="print the version and stop")
    add_all(__name__, __path__, top.add_subparsers(dest="command", metavar="COMMAND"))
    return top


def add_all(package: str, folder: Iterable[str], commands: argparse._SubParsersAction[Any]) -> None:
    """The arguments of every command that stands in a folder, in their ``ORDER``."""
    for module in in_order(importlib.import_module(f"{package}.{name}") for name in names_in(folder)):
        module.add(commands)


def names_in(folders: Iterable[str]) -> list[str]:
    """The commands that stand in a package's folder, each a file or, where it takes more than one, a folder."""
    found = (entry.name.removesuffix(".py") for folder in folders for entry in os.scandir(folder) if _is_module(entry))
    return sorted(name for name in found if name != SHARED)


def _is_module(entry: os.DirEntry[str]) -> bool:
    # ``pkgutil`` would say so too, but takes a third of the time of ``--help`` to load.
    if entry.is_dir():
        return os.path.exists(os.path.join(entry.path, "__init__.py"))  # noqa: PTH110, PTH118
    return os.path.splitext(entry.path)[1] == ".py" and entry.name != "__init__.py"  # noqa: PTH122


def in_order(modules: Iterable[ModuleType]) -> list[ModuleType]:
    """Commands as they are listed. Raises ``ValueError`` where two have one place."""
    placed: dict[int, ModuleType] = {}
    for module in modules:
        if module.ORDER in placed:
            raise ValueError(f"{placed[module.ORDER].__name__} and {module.__name__} have one ORDER: {module.ORDER}")
        placed[module.ORDER] = module
    return [placed[order] for order in sorted(placed)]
