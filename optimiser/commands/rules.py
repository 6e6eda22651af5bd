"""``optimiser rules``: the rule book, generated from the rules themselves."""

from __future__ import annotations

import argparse
import json
from typing import Any

from optimiser import exits
from optimiser.domain.policy import Policy
from optimiser.rules.base import Level
from optimiser.rules.book import RuleBook, standard_rules


def run(options: argparse.Namespace) -> int:
    """Prints the rule book as Markdown, or as JSON."""
    rules = standard_rules()
    print(json.dumps(records(rules), indent=2) if options.json else book(rules), end="\n" if options.json else "")
    return exits.PROVEN


def records(rules: RuleBook) -> list[dict[str, Any]]:
    """The rule book as plain data."""
    return [
        {
            "name": rule.name,
            "sentence": rule.sentence(),
            "source": rule.source,
            "settings": {name: _shown(getattr(Policy(), name)) for name in rule.settings},
            "effect": rule.effect
            + (f" (level {rules.levels.index(rule) + 1}, in {rule.unit})" if isinstance(rule, Level) else ""),
        }
        for rule in rules
    ]


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


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(_shown(each) for each in value) or "none"
    return f"{float(value):g}" if not isinstance(value, bool | int | str) else str(value).lower()
