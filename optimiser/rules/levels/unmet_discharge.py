from __future__ import annotations

from optimiser.rules.levels.waiting import UnmetLevel


class UnmetDischarge(UnmetLevel):
    """Nobody waits in hospital: the least need among discharges left without care."""

    name = "unmet_discharge"
    order = 20
    source = "domain: nobody from hospital waits"
    priorities = ("discharge",)
    told_as = "from hospital"
