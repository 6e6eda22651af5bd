from __future__ import annotations

from optimiser.rules.longest_first.longest_waiting import LongestWaitingLevel


class LongestUrgent(LongestWaitingLevel):
    """Of urgent care, whoever has waited longest before newcomers: the fewest of their hours unmet."""

    name = "longest_urgent"
    order = 5
    priorities = ("urgent",)
