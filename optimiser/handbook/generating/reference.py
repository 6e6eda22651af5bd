"""Pages made from the code alone: columns, commands, the Python door and the rules."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator

import optimiser
from optimiser.commands import EXIT_CODES, parser
from optimiser.commands.rules import book
from optimiser.commands.shared.parsing import Parser
from optimiser.handbook.generating import code, table
from optimiser.io.cells import Column
from optimiser.io.fault_codes import MEANINGS, Code
from optimiser.io.schema import MAY_BE_ABSENT, TABLES
from optimiser.io.staffing import COLUMNS as WORKER_COLUMNS
from optimiser.io.staffing import WORKERS
from optimiser.rules.book import standard_rules

ABOUT_COLUMNS = """# Columns at a glance

Made from the schema that reads a snapshot. What each column means, with units and an example:
[Data, file by file](data.md). Values of personal columns are never shown in a message: only their kind is told.
"""
COLUMNS_HEADER = ("column", "must be there", "personal")


def columns_page() -> str:
    files = {**TABLES, WORKERS: WORKER_COLUMNS}
    return ABOUT_COLUMNS + "".join(_part(name, columns) for name, columns in files.items())


def _part(file: str, columns: tuple[Column, ...]) -> str:
    absent = " (may be left out)" if file in MAY_BE_ABSENT or file == WORKERS else ""
    rows = [(f"`{each.name}`", "no" if each.optional else "yes", "yes" if each.personal else "") for each in columns]
    return f"\n## `{file}`{absent}\n\n{table(COLUMNS_HEADER, rows)}"


ABOUT_FAULTS = """# Codes of faults

Made from the code. `optimiser check FOLDER --json` prints `faults`, an empty list where the snapshot is accepted: each fault by
itself with its `code`, the `file`, the `row` (the line of the file, the number of a feature of a map, null of the file as a
whole), the `column` (null where it is none) and the `message` that people read. Messages may be worded anew in any version; codes
stay what they are, and a new way to be wrong gets a new one.

"""


def faults_page() -> str:
    return ABOUT_FAULTS + table(("code", "what is wrong"), [(f"`{each}`", MEANINGS[each]) for each in Code])


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


ABOUT_PYTHON = """# The Python door

Made from the code: every name that `import optimiser` offers. How to begin: [Notebooks and programs](../how-to/analyst.md).

"""


def python_page() -> str:
    names = sorted(name for name in optimiser.__all__ if name != "__version__")
    functions = [name for name in names if inspect.isfunction(inspect.unwrap(getattr(optimiser, name)))]
    return ABOUT_PYTHON + "".join(map(_function, functions)) + "".join(_class(name) for name in names if name not in functions)


def _function(name: str) -> str:
    made = getattr(optimiser, name)
    return f"## `{name}`\n\n```python\n{_signature(name, made)}\n```\n\n{_said(made)}\n\n"


def _signature(name: str, made: object) -> str:
    """As it would be written, an argument a line where there are many."""
    found = inspect.signature(inspect.unwrap(made))  # type: ignore[arg-type]
    arguments = [_argument(each) for each in found.parameters.values()]
    kinds = [each.kind for each in found.parameters.values()]
    if inspect.Parameter.KEYWORD_ONLY in kinds:
        arguments.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    gives = found.return_annotation
    whole = f"{name}({', '.join(arguments)}) -> {gives}"
    return whole if len(whole) < 100 else f"{name}(\n" + "".join(f"    {each},\n" for each in arguments) + f") -> {gives}"


def _argument(each: inspect.Parameter) -> str:
    return f"{each.name}: {each.annotation}" + ("" if each.default is each.empty else f" = {each.default!r}")


def _class(name: str) -> str:
    made = getattr(optimiser, name)
    rows = [f"- `{member}`: {_said(part)}" for member, part in vars(made).items() if not member.startswith("_") and _said(part)]
    return f"## `{name}`\n\n{_said(made)}\n\n" + "\n".join([*rows, "", ""])


def _said(thing: object) -> str:
    """What a function, property or class says of itself, as one paragraph."""
    made = thing.__func__ if isinstance(thing, staticmethod | classmethod) else thing
    if not (callable(made) or isinstance(made, property)):
        return ""
    text = inspect.getdoc(made) or ""
    return " ".join(text.split()).replace("``", "`")


ABOUT_RULES = """
Made from the rules themselves, in the order in which they are asked. Each rule is one file that serves the model, the check, the
explanation and this page.

"""


def rules_page() -> str:
    heading, _, rest = book(standard_rules()).partition("\n")
    return f"{heading}\n{ABOUT_RULES}{rest.lstrip()}"
