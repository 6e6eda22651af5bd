"""The book of rules that a county's settings ask for."""

from __future__ import annotations

from functools import cache

from optimiser.domain.policy import Policy
from optimiser.rules.book import RuleBook, standard_rules
from optimiser.rules.longest_first.longest_discharge import LongestDischarge
from optimiser.rules.longest_first.longest_unmet import LongestUnmet
from optimiser.rules.longest_first.longest_urgent import LongestUrgent


def rules_for(policy: Policy) -> RuleBook:
    """The standard book; with levels for those who have waited longest, where the setting is on."""
    return _longest_first() if policy.largest_first_after_days else standard_rules()


@cache
def _longest_first() -> RuleBook:
    return standard_rules().with_rule(LongestUrgent()).with_rule(LongestDischarge()).with_rule(LongestUnmet())
