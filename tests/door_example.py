"""The public door as another program uses it: every type is stated, so that ``mypy --strict`` proves that the door has them.

``tests/test_door.py`` runs it on the three villages.
"""

from __future__ import annotations

from pathlib import Path
from typing import assert_type

import optimiser


def morning(folder: str) -> list[object]:
    """What a program may do with a county before breakfast."""
    reading = assert_type(optimiser.read_snapshot(folder), optimiser.Reading)
    snapshot = assert_type(reading.snapshot, optimiser.Snapshot)
    allocation = assert_type(optimiser.allocate(snapshot), optimiser.Allocation)
    assert_type(allocation.all_proven, bool)
    changes = assert_type(optimiser.reoptimise(folder, max_moves=2), optimiser.Reoptimisation)
    assert_type(changes.moves, int)
    failures = assert_type(optimiser.stress(Path(folder), providers=["ALDER"]), optimiser.Stress)
    built = assert_type(optimiser.build_rounds(reading, providers="ALDER"), optimiser.BuiltRounds)
    explanation = assert_type(optimiser.explain(allocation, "N6"), optimiser.Explanation)
    assert_type(explanation.reason, str)
    unmet = [level.value for level in allocation.levels if level.name == "unmet"]
    assert_type(unmet, list[int])
    return [reading, allocation, changes, failures, built, explanation]


def plan(folder: str, area: str) -> list[str]:
    """A transfer's plan, round by round."""
    made = assert_type(optimiser.transfer(folder, area), optimiser.TransferPlan)
    return [each.round_id for each in made.candidates]
