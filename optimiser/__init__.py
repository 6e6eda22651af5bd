"""Who should deliver each package of home care: a county's allocation, proven, checked and explained.

The names below are the public door. They load what they need only when used, so that importing the package is quick.
"""

from __future__ import annotations

import importlib
from typing import Any

from optimiser import version

__version__ = version.SOFTWARE

_DOOR = {
    "Allocation": "optimiser.pipeline",
    "County": "optimiser.county",
    "DisagreementError": "optimiser.checking",
    "InputRefusedError": "optimiser.io.faults",
    "PlanRefusedError": "optimiser.checking",
    "Snapshot": "optimiser.domain.snapshot",
    "VerifiedPlan": "optimiser.checking",
    "allocate": "optimiser.pipeline",
    "read_snapshot": "optimiser.io.reading",
    "standard_rules": "optimiser.rules.book",
    "verify": "optimiser.checking",
    "write_allocation": "optimiser.io.writing",
}

__all__ = ["__version__", *_DOOR]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name in _DOOR:
        return getattr(importlib.import_module(_DOOR[name]), name)
    raise AttributeError(f"module 'optimiser' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
