"""Who should deliver each package of home care: a county's allocation, proven, checked and explained.

The names below are the public door. They load what they need only when used, so that importing the package is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from optimiser import version

if TYPE_CHECKING:
    from optimiser.allocating.story import Allocation
    from optimiser.county import County
    from optimiser.domain.brief import Brief, Part
    from optimiser.domain.snapshot import Snapshot
    from optimiser.door import (
        UnknownIdError,
        allocate,
        build_rounds,
        explain,
        reoptimise,
        stress,
        transfer,
        write_allocation,
    )
    from optimiser.explaining.explanation import Explanation
    from optimiser.io.faults import InputRefusedError
    from optimiser.io.reading import Reading, read_snapshot
    from optimiser.judging.briefing import BriefRefusedError
    from optimiser.judging.checking import DisagreementError, PlanRefusedError, VerifiedPlan, verify
    from optimiser.reoptimising.story import Reoptimisation
    from optimiser.rounds.built import BuiltRounds
    from optimiser.rules.book import standard_rules
    from optimiser.solving.outcome import Effort
    from optimiser.transferring.story import CannotPlanError
    from optimiser.transferring.transfer_plan import TransferPlan
    from optimiser.whatif.stress.story import Stress

__version__ = version.SOFTWARE

_DOOR = {
    "Allocation": "optimiser.allocating.story",
    "Brief": "optimiser.domain.brief",
    "BriefRefusedError": "optimiser.judging.briefing",
    "BuiltRounds": "optimiser.rounds.built",
    "CannotPlanError": "optimiser.transferring.story",
    "County": "optimiser.county",
    "DisagreementError": "optimiser.judging.checking",
    "Effort": "optimiser.solving.outcome",
    "Explanation": "optimiser.explaining.explanation",
    "InputRefusedError": "optimiser.io.faults",
    "Part": "optimiser.domain.brief",
    "PlanRefusedError": "optimiser.judging.checking",
    "Reading": "optimiser.io.reading",
    "Reoptimisation": "optimiser.reoptimising.story",
    "Snapshot": "optimiser.domain.snapshot",
    "Stress": "optimiser.whatif.stress.story",
    "TransferPlan": "optimiser.transferring.transfer_plan",
    "UnknownIdError": "optimiser.door",
    "VerifiedPlan": "optimiser.judging.checking",
    "allocate": "optimiser.door",
    "build_rounds": "optimiser.door",
    "explain": "optimiser.door",
    "read_snapshot": "optimiser.io.reading",
    "reoptimise": "optimiser.door",
    "standard_rules": "optimiser.rules.book",
    "stress": "optimiser.door",
    "transfer": "optimiser.door",
    "verify": "optimiser.judging.checking",
    "write_allocation": "optimiser.door",
}
"""Where each name is; the imports above say the same to whoever checks types, and a test compares the two."""

__all__ = [
    "Allocation", "Brief", "BriefRefusedError", "BuiltRounds", "CannotPlanError", "County", "DisagreementError", "Effort",
    "Explanation", "InputRefusedError", "Part", "PlanRefusedError", "Reading", "Reoptimisation", "Snapshot", "Stress",
    "TransferPlan", "UnknownIdError", "VerifiedPlan", "__version__", "allocate", "build_rounds", "explain", "read_snapshot",
    "reoptimise", "standard_rules", "stress", "transfer", "verify", "write_allocation",
]  # fmt: skip


if not TYPE_CHECKING:  # else every misspelt name would have a type

    def __getattr__(name: str) -> Any:
        if name in _DOOR:
            return getattr(importlib.import_module(_DOOR[name]), name)
        raise AttributeError(f"module 'optimiser' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
