"""``optimiser rules``: the rule book, generated from the rules themselves."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.saying import tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands
    from optimiser.rules.book import RuleBook

ORDER = 430
SUMMARY = "the rule book: each rule's sentence, source, settings and effect"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "rules",
        description="The rule book, made from the rules themselves: each rule's sentence, where it comes from, its settings and"
        " what it does. Markdown, unless JSON is asked for.",
        example="optimiser rules",
        run=run,
        arguments=_arguments,
    )


def _arguments(rules: argparse.ArgumentParser) -> None:
    as_json(rules, "the rule book")


def run(options: argparse.Namespace) -> int:
    """Prints the rule book as Markdown, or as JSON."""
    from optimiser.rules.book import records, standard_rules

    rules = standard_rules()
    tell(options, lambda: records(rules), lambda: print(book(rules), end=""))
    return exits.PROVEN


def book(rules: RuleBook) -> str:
    """The rule book as Markdown."""
    from optimiser.rules.book import records

    lines = [f"# Rule book {rules.version}", ""]
    for record in records(rules):
        settings = ", ".join(f"`{name}` = {value}" for name, value in record["settings"].items())
        lines += [
            f"## {record['name']}",
            "",
            record["sentence"],
            "",
            f"- Effect: {record['effect']}",
            f"- Source: {record['source']}",
            f"- Settings (defaults): {settings or 'none'}",
            "",
        ]
    return "\n".join(lines)
