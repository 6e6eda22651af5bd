"""The incentive payments of 2018/19 from the bundled list, as if they were today's."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

from optimiser.domain.accounts import IncentiveAmount

PRICES = Path(__file__).parents[2] / "data" / "prices"


def incentive_amounts() -> list[IncentiveAmount]:
    """By care workers and hours from the request to care in place."""
    with (PRICES / "capacity_incentives.csv").open(encoding="utf-8", newline="") as file:
        return [
            IncentiveAmount(
                None, None, int(row["workers"]), Fraction(row["over_hours"]), Fraction(row["up_to_hours"]),
                int(Fraction(row["pounds"]) * 100),
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip
