"""Draws as bands: between which two values a figure lies in half, four fifths and nineteen twentieths of the draws.

Quantiles are values that were drawn (the inverse of the empirical distribution), so that counts and pence stay whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.county import Ints
from optimiser.forecasting.weekly_figures import AT, LONG_WEEKS, SIZES

QUANTILES = {
    "low_95": 0.025, "low_80": 0.10, "low_50": 0.25, "median": 0.50, "high_50": 0.75, "high_80": 0.90, "high_95": 0.975,
}  # fmt: skip
BANDS = ((50, "low_50", "high_50"), (80, "low_80", "high_80"), (95, "low_95", "high_95"))
ENOUGH_DRAWS = 40
"""With fewer, the outermost values drawn lie inside of the 95% band."""
NONE = -1
"""A share of an area without home care, or without a principal."""
PER_SHARE = 10_000
"""Shares are told in hundredths of a percent."""


@dataclass(frozen=True)
class Told:
    """A figure that is told. ``unit``: people, minutes, pence or share."""

    name: str
    unit: str
    words: str
    of: Callable[[Ints], Ints]
    """From figures, whose last axis is ``FIGURES``."""


def _as_counted(name: str) -> Callable[[Ints], Ints]:
    return lambda figures: figures[..., AT[name]]


def _share(name: str) -> Callable[[Ints], Ints]:
    def of(figures: Ints) -> Ints:
        part, whole = figures[..., AT[name]], figures[..., AT["share_of_minutes"]]
        return np.where(whole > 0, (2 * PER_SHARE * part + whole) // np.maximum(1, 2 * whole), NONE)

    return of


IN_WORDS = {"up_to_7_hours": "up to 7 hours", "above_7_to_15_hours": "above 7 to 15 hours", "above_15_hours": "above 15 hours"}
TOLD = (
    Told("people_waiting", "people", "People whose care nobody has taken on", _as_counted("people_waiting")),
    Told("unmet", "minutes", "Unmet need, hours a week", _as_counted("unmet_minutes")),
    *(
        Told(f"waiting_{size}", "people", f"Waiting for {IN_WORDS[size]} a week", _as_counted(f"waiting_{size}"))
        for size in SIZES
    ),
    Told("waiting_over_4_weeks", "people", f"Waiting for more than {LONG_WEEKS} weeks", _as_counted("waiting_over_4_weeks")),
    Told("principal_share", "share", "The principal's share of home care in live areas", _share("principal_minutes")),
    Told("framework_share", "share", "The framework's share of home care in live areas", _share("framework_minutes")),
    Told("legacy", "minutes", "Hours a week on the legacy framework", _as_counted("legacy_minutes")),
    Told(
        "ended_contract", "minutes", "Hours a week under a contract that has ended, with none that follows",
        _as_counted("ended_contract_minutes"),
    ),
    Told("people_with_care", "people", "People with care", _as_counted("people_with_care")),
    Told("cost", "pence", "Cost a week, guarantees included", _as_counted("cost_pence")),
    Told("guarantee_unused", "pence", "Guaranteed and not used, a week", _as_counted("guarantee_unused_pence")),
)  # fmt: skip
BY_NAME: Mapping[str, Told] = {each.name: each for each in TOLD}


def quantiles(values: Ints) -> dict[str, Ints]:
    """Per name of ``QUANTILES`` the values drawn at it, over the first axis; and ``mean``, in the same unit, to the nearest."""
    found = np.quantile(values, list(QUANTILES.values()), axis=0, method="inverted_cdf")
    return {**dict(zip(QUANTILES, found.astype(np.int64), strict=True)), "mean": np.rint(values.mean(axis=0)).astype(np.int64)}


def first_week_at(shares: Ints, target: int) -> Ints:
    """Per draw the first week in which a share is at its target or above; NONE: in none. ``shares``: (draws, weeks)."""
    reached = shares >= target
    return np.where(reached.any(axis=1), reached.argmax(axis=1), NONE)


def within(actual: int, drawn: Sequence[int] | Ints, low: float, high: float) -> bool:
    """Whether a value lies in a band of the draws, its ends included."""
    ends = np.quantile(np.asarray(drawn), [low, high], method="inverted_cdf")
    return bool(ends[0] <= actual <= ends[1])
