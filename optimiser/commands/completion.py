"""``optimiser completion bash | zsh``: what a shell needs to complete commands and their options."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 620
SUMMARY = "a script by which a shell completes commands and options"
FILES, FOLDERS = ("FILE",), ("DIR", "FOLDER")
"""What the values are called that a shell completes as paths."""


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "completion",
        description="A script by which bash or zsh completes commands, their options, and paths. Bash loads it from its folder of"
        " completions, zsh from a folder in its fpath, under the name _optimiser.",
        example="optimiser completion bash",
        run=run,
        arguments=_arguments,
    )


def _arguments(completion: argparse.ArgumentParser) -> None:
    completion.add_argument("shell", metavar="SHELL", choices=("bash", "zsh"), help="bash or zsh")


def run(options: argparse.Namespace) -> int:
    """Prints the script."""
    import shtab

    from optimiser.commands import parser

    top = parser()
    _complete_paths(top, shtab)
    print(shtab.complete(top, options.shell))
    return exits.PROVEN


def _complete_paths(command: argparse.ArgumentParser, shtab: Any) -> None:
    """Marks what takes a file or folder, in a command and in its own commands."""
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                _complete_paths(one, shtab)
        elif action.metavar in FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.metavar in FOLDERS:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
