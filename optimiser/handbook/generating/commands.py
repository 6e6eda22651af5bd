"""Every command with its arguments, from the parser that reads them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from optimiser.handbook.generating.markdown import code, table
from optimiser.options import parser

WIDTH = 110


def commands_page() -> str:
    top = parser()
    parts = ["# Commands\n", top.description or "", ""]
    for name, command, said in commands_of(top):
        parts.append(_command(f"optimiser {name}", command, said))
    return "\n".join([*parts, "## Exit codes\n", code(top.epilog or "")])


def commands_of(top: argparse.ArgumentParser, before: str = "") -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    """Each command that does something, with its help: ``rounds build``, not ``rounds``."""
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            told = {each.dest: each.help or "" for each in action._choices_actions}
            for name, command in action.choices.items():
                inner = list(commands_of(command, f"{before}{name} "))
                yield from inner or [(before + name, command, told.get(name, ""))]


def _command(name: str, command: argparse.ArgumentParser, said: str) -> str:
    formatter = argparse.HelpFormatter(prog=name, width=WIDTH)
    formatter.add_usage(None, command._actions, command._mutually_exclusive_groups, prefix="")
    usage = formatter.format_help()
    rows = [(_names(action), formatter._expand_help(action) if action.help else "") for action in command._actions]
    about = command.description or f"{said[:1].upper()}{said[1:]}."
    more = code(command.epilog) if command.epilog else ""
    return f"## `{name}`\n\n{_expanded(about)}\n\n{code(usage)}{table(('argument', 'what it does'), rows)}{more}"


def _expanded(text: str) -> str:
    return text.replace("%%", "%")


def _names(action: argparse.Action) -> str:
    value = action.metavar or (action.dest if not action.option_strings else "")
    takes = f" {value}" if action.option_strings and action.nargs != 0 else ""
    names = ", ".join(action.option_strings) or str(value)
    return f"`{names}{takes}`"
