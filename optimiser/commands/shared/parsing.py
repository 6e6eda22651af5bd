"""The parser of a command line: an option of one value is given once, and every command's help ends with an example."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

Text = str | Callable[[], str]
"""Words of a help; a function where they take their time to find, and so are looked up only when that help is shown."""


class Once(argparse.Action):
    """Keeps the one value of an option, and refuses another: a second would silently take the place of the first.

    What was given is noted beside the values.
    """

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


class Paragraphs(argparse.HelpFormatter):
    """Help whose paragraphs are filled, but for those that have lines of their own."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        filled = (
            part if "\n" in part else super(Paragraphs, self)._fill_text(part, width, indent) for part in text.split("\n\n")
        )
        return "\n\n".join(filled)


class Parser(argparse.ArgumentParser):
    """A parser, of a command or of all, whose options of one value are ``Once``. Those of its commands are of its class too."""

    _add_arguments: Callable[[argparse.ArgumentParser], None] | None

    def __init__(
        self,
        *names: Any,
        description: str = "",
        describe: Callable[[], str] | None = None,
        example: str = "",
        more: Text = "",
        arguments: Callable[[argparse.ArgumentParser], None] | None = None,
        run: Callable[[argparse.Namespace], int] | None = None,
        **given: Any,
    ) -> None:
        """``example``: command lines, one a line, at the end of the help; ``more``: what stands before them.

        ``describe`` finds a description that is not at hand, where it is shown. ``arguments`` adds the arguments once they are
        asked for: of two dozen commands a command line names one.
        """
        super().__init__(*names, **{"formatter_class": Paragraphs, **given})
        self._about, self.example, self._more = describe or description, example, more
        self.register("action", None, _value)
        self.register("action", "store", _value)
        if run is not None:
            self.set_defaults(run=run)
        self._add_arguments = arguments

    @property
    def _actions(self) -> list[argparse.Action]:
        """What everything goes by that reads a command line, or tells of the parser."""
        add, self._add_arguments = self._add_arguments, None
        if add is not None:
            add(self)
        return self._all_actions

    @_actions.setter
    def _actions(self, actions: list[argparse.Action]) -> None:
        self._all_actions = actions
        self._add_arguments = None

    def about(self) -> str:
        """What the command is for."""
        return _found(self._about)

    def ending(self) -> str:
        """What stands below the arguments."""
        lines = self.example.splitlines()
        heading = "example" if len(lines) == 1 else "examples"
        example = "\n".join([f"{heading}:", *(f"  {line}" for line in lines)]) if lines else ""
        return "\n\n".join(part for part in (_found(self._more), example) if part)

    def format_help(self) -> str:
        self.description, self.epilog = self.about(), self.ending()
        return super().format_help()

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        read, left = super().parse_known_args(args, namespace)
        if hasattr(read, GIVEN):
            delattr(read, GIVEN)
        return read, left


def _found(text: Text) -> str:
    return text if isinstance(text, str) else text()


def _value(option_strings: Sequence[str], dest: str, **given: Any) -> argparse.Action:
    """What keeps a value: an argument by its place comes once in any case."""
    kind = Once if option_strings else argparse._StoreAction
    return kind(option_strings, dest, **given)
