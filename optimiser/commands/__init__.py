"""The command line: one file a command, its arguments beside its run. What commands share stands in ``shared``.

A command's file is loaded when the command is named; for the list in ``--help`` only its top is read, as text.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from optimiser.commands.shared.parsing import Parser

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[Any]
else:
    _Commands = argparse._SubParsersAction

SHARED = "shared"
"""The one folder here that holds no command."""
TOP = re.compile(r'^ORDER = (\d+)\b.*\nSUMMARY = "([^"\\\n]+)"', re.MULTILINE)
"""What a command's file says of its place in the list, and on the line below of what it does, in a few words."""
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
    add_all(__name__, __path__, top, dest="command", metavar="COMMAND")
    return top


def add_all(package: str, folders: Iterable[str], to: argparse.ArgumentParser, **given: Any) -> None:
    """Every command that stands in a package's folders, in their ``ORDER``. What is ``given`` is that of ``add_subparsers``."""
    commands = to.add_subparsers(action=Found, **given)
    assert isinstance(commands, Found)
    commands.hold(package, in_order(files_in(folders)))


class Found(_Commands):
    """Commands that stand in a folder: listed by the tops of their files, and each loaded when it is asked for."""

    def hold(self, package: str, summaries: Mapping[str, str]) -> None:
        """``summaries``: what each command does, in the order in which they are listed."""
        self._choices_actions += [self._ChoicesPseudoAction(name, (), said) for name, said in summaries.items()]
        self.choices = self._name_parser_map = Loaded(package, summaries, self)

    def add_parser(self, name: str, **given: Any) -> Any:
        """Its parser, for a command that is being loaded."""
        self._name_parser_map[name] = made = self._parser_class(prog=f"{self._prog_prefix} {name}", **given)
        return made


class Loaded(dict[str, Any]):
    """The parser of each command by its name; the command's file is loaded when that is asked for."""

    def __init__(self, package: str, names: Iterable[str], commands: Found) -> None:
        super().__init__(dict.fromkeys(names))
        self._package, self._commands = package, commands

    def __getitem__(self, name: str) -> Any:
        if super().__getitem__(name) is None:
            importlib.import_module(f"{self._package}.{name}").add(self._commands)
        return super().__getitem__(name)

    def items(self) -> Any:
        return {name: self[name] for name in self}.items()

    def values(self) -> Any:
        return {name: self[name] for name in self}.values()


def files_in(folders: Iterable[str]) -> dict[str, str]:
    """The file of each command that stands in a package's folders; of one that takes a folder, the file it begins with."""
    found = (_file_of(entry) for folder in folders for entry in os.scandir(folder))
    return dict(sorted(each for each in found if each is not None and each[0] != SHARED))


def _file_of(entry: os.DirEntry[str]) -> tuple[str, str] | None:
    # ``pkgutil`` would say so too, but takes a third of the time of ``--help`` to load.
    name, ending = os.path.splitext(entry.name)  # noqa: PTH122
    if entry.is_dir():
        file = os.path.join(entry.path, "__init__.py")  # noqa: PTH118
        return (entry.name, file) if os.path.exists(file) else None  # noqa: PTH110
    return (name, entry.path) if ending == ".py" and name != "__init__" else None


def in_order(files: Mapping[str, str]) -> dict[str, str]:
    """What each command does, in the order in which they are listed.

    Raises ``ValueError`` where two have one place, and where a file does not say its own.
    """
    placed: dict[int, tuple[str, str]] = {}
    for name, file in files.items():
        with open(file, encoding="utf-8") as text:  # noqa: PTH123
            top = TOP.search(text.read())
        if top is None:
            raise ValueError(f'{file}: expected a line ORDER = NUMBER and, below it, a line SUMMARY = "WORDS"')
        order = int(top[1])
        if order in placed:
            raise ValueError(f"{placed[order][0]} and {name} have one ORDER: {order}")
        placed[order] = name, top[2]
    return dict(placed[order] for order in sorted(placed))
