from __future__ import annotations

from optimiser.rules.longest_first.longest_waiting import LongestWaitingLevel


class LongestUnmet(LongestWaitingLevel):
    """Of other need, whoever has waited longest before newcomers: the fewest of their hours unmet."""

    name = "longest_unmet"
    order = 25
    priorities = ("standard", "planned")
