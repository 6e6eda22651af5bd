"""When the check does not confirm the model: told in the same way by every command that makes plans."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import wraps

from optimiser import exits
from optimiser.io.faults import clean
from optimiser.judging.checking import DisagreementError, PlanRefusedError
from optimiser.rules.book import standard_rules

MOST_SHOWN = 20
"""How many broken rules of a defect are shown."""


def telling_defects(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A command that ends with the exit code of a defect, after saying what the check found."""

    @wraps(run)
    def told(options: argparse.Namespace) -> int:
        try:
            return run(options)
        except (PlanRefusedError, DisagreementError) as defect:
            print(f"DEFECT: the check does not confirm the model, so nothing was written.\n{_found(defect)}", file=sys.stderr)
            print("This is a mistake in the software, not in your data. Please report it with the lines above.", file=sys.stderr)
            return exits.DEFECT

    return told


def _found(defect: PlanRefusedError | DisagreementError) -> str:
    """A defect as it may stand in a log: a rule whose findings may tell something of the person is named, no more."""
    if isinstance(defect, DisagreementError):
        return str(defect)
    private = standard_rules().private_names
    said = [
        f"  {broken.subject}: {broken.finding.rule}: (left out, since it may tell something of the person)"
        if broken.finding.rule in private
        else f"  {broken}"
        for broken in defect.broken[:MOST_SHOWN]
    ]
    return "\n".join([f"the plan breaks {len(defect.broken)} rule(s):", *map(clean, said)])
