"""The rule book as plain data, generated from the rules themselves."""

from __future__ import annotations

from typing import Any

from optimiser.domain.policy import Policy
from optimiser.rules.base import Level
from optimiser.rules.book import RuleBook


def records(rules: RuleBook) -> list[dict[str, Any]]:
    """A record per rule, in the order of the book: its name, sentence, source, settings with their defaults, and effect."""
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


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(_shown(each) for each in value) or "none"
    return f"{float(value):g}" if not isinstance(value, bool | int | str) else str(value).lower()
