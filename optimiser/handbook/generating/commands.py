"""Every command with its arguments, from the parser that reads them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from optimiser.commands import EXIT_CODES, parser
from optimiser.commands.shared.parsing import Parser
from optimiser.handbook.generating.markdown import code, table

WIDTH = 110


def commands_page() -> str:
    top = parser()
    parts = ["# Commands\n", top.about(), ""]
    parts += [_command(f"optimiser {name}", command) for name, command in commands_of(top)]
    return "\n".join([*parts, "## Exit codes\n", code(EXIT_CODES)])


def commands_of(top: argparse.ArgumentParser, before: str = "") -> Iterator[tuple[str, Parser]]:
    """Each command that does something: ``rounds build``, not ``rounds``."""
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                inner = list(commands_of(command, f"{before}{name} "))
                yield from inner or [(before + name, command)]


def _command(name: str, command: Parser) -> str:
    formatter = argparse.HelpFormatter(prog=name, width=WIDTH)
    formatter.add_usage(None, command._actions, command._mutually_exclusive_groups, prefix="")
    usage = formatter.format_help()
    rows = [(_names(action), formatter._expand_help(action) if action.help else "") for action in command._actions]
    arguments = table(("argument", "what it does"), rows)
    return f"## `{name}`\n\n{command.about()}\n\n{code(usage)}{arguments}For example:\n\n{code(command.example)}"


def _names(action: argparse.Action) -> str:
    value = action.metavar or (action.dest if not action.option_strings else "")
    takes = f" {value}" if action.option_strings and action.nargs != 0 else ""
    names = ", ".join(action.option_strings) or str(value)
    return f"`{names}{takes}`"
