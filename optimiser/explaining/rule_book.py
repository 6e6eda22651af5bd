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


def without_settled(rules: RuleBook) -> dict[str, Level]:
    """The names under which levels may be required without the settled care that counts on them."""
    return {f"new_{level.name}": level for level in rules.levels if level.settled_in_words}


def names_to_require(rules: RuleBook) -> str:
    """Every level that may be required, in words."""
    without = {level.name: name for name, level in without_settled(rules).items()}
    said = (
        f"{level.name}, {without[level.name]} (without what is there already)" if level.name in without else level.name
        for level in rules.levels
    )
    return ", ".join(said)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(_shown(each) for each in value) or "none"
    return f"{float(value):g}" if not isinstance(value, bool | int | str) else str(value).lower()
