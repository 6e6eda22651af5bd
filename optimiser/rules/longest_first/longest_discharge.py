from __future__ import annotations

from optimiser.rules.longest_first.longest_waiting import LongestWaitingLevel


class LongestDischarge(LongestWaitingLevel):
    """Of discharges, whoever has waited longest before newcomers: the fewest of their hours unmet."""

    name = "longest_discharge"
    order = 15
    priorities = ("discharge",)
