"""``optimiser rules``: the rule book, generated from the rules themselves."""

from __future__ import annotations

import argparse
import json

from optimiser import exits
from optimiser.explaining.rule_book import records
from optimiser.rules.book import RuleBook, standard_rules


def run(options: argparse.Namespace) -> int:
    """Prints the rule book as Markdown, or as JSON."""
    rules = standard_rules()
    print(json.dumps(records(rules), indent=2) if options.json else book(rules), end="\n" if options.json else "")
    return exits.PROVEN


def book(rules: RuleBook) -> str:
    """The rule book as Markdown."""
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
