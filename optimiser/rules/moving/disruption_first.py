from __future__ import annotations

from optimiser.rules.levels.disruption import Disruption


class DisruptionFirst(Disruption):
    """As few people as possible change provider, whatever that would be worth to shares, cost or travel."""

    replaces = Disruption
    order = 35
    source = "snapshot format: nobody's running care is moved for a tidier number"
