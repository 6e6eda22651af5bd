from __future__ import annotations

from optimiser.rules.levels.waiting import UnmetLevel


class Unmet(UnmetLevel):
    """As little other need unmet as possible, counting people as well as hours, and more for those overdue."""

    name = "unmet"
    order = 30
    source = "domain: as little unmet need as possible"
    priorities = ("standard", "planned")
