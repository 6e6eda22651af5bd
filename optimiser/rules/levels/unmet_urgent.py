from __future__ import annotations

from optimiser.rules.levels.waiting import UnmetLevel


class UnmetUrgent(UnmetLevel):
    """Nobody urgent waits: the least urgent need left without care."""

    name = "unmet_urgent"
    order = 10
    source = "domain: nobody urgent waits"
    priorities = ("urgent",)
    told_as = "urgent"
