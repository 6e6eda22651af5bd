"""An option that takes one value is given once: a second would silently take the place of the first."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any


class Once(argparse.Action):
    """Keeps the one value of an option, and refuses another. What was given is noted beside the values."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        given: set[str] = vars(namespace).setdefault(GIVEN, set())
        if self.dest in given:
            raise argparse.ArgumentError(self, "given twice: it takes one value")
        given.add(self.dest)
        setattr(namespace, self.dest, values)


GIVEN = "_given"
"""Where the options that were given are noted while a command line is read."""


class Parser(argparse.ArgumentParser):
    """A parser, of a command or of all, whose options of one value are ``Once``. Those of its commands are of its class too."""

    def __init__(self, *names: Any, **given: Any) -> None:
        super().__init__(*names, **given)
        self.register("action", None, _value)
        self.register("action", "store", _value)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        read, left = super().parse_known_args(args, namespace)
        if hasattr(read, GIVEN):
            delattr(read, GIVEN)
        return read, left


def _value(option_strings: Sequence[str], dest: str, **given: Any) -> argparse.Action:
    """What keeps a value: an argument by its place comes once in any case."""
    kind = Once if option_strings else argparse._StoreAction
    return kind(option_strings, dest, **given)
