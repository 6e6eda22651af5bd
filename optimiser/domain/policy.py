"""The settings of the model, each with its cautious default: the policy table of a snapshot.

Source: ``data/README.md``, "Settings". Decimals are exact fractions, never binary floats.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Policy:
    """Every setting; an input may override any of them by name."""

    principal_share_target: Fraction = Fraction(7, 10)
    """The part of an area's hours that its principal should deliver."""
    share_tolerance: Fraction = Fraction(1, 20)
    """How far from the target counts as on target."""
    person_minutes: int = 420
    """What each person waiting adds to their own minutes a week, so that people count as well as hours."""
    overdue_factor: Fraction = Fraction(2)
    """How many times a person past their start date counts."""
    overdue_weeks: int = 4
    """A person past their start date counts once more for every so many weeks; 0: no more as time goes by."""
    band_limits_miles: tuple[Fraction, Fraction] = (Fraction(3), Fraction(6))
    """Price bands: up to and including the first is band 1, the second band 2, beyond it band 3."""
    decline_days: int = 14
    """How long a decline for a passing reason stands."""
    expired_days: int = 1
    """How long an offer that ran out stands as a decline."""
    max_moves: int = 25
    """Re-optimisation only: how many people may change provider."""
    step_moves: int = 4
    """Re-optimisation only: how many people one step may move; every provider in it has to accept before it goes ahead."""
    move_charge: int = 720
    """Re-optimisation only: what a move must be worth, in minutes of unmet need."""
    move_pending: bool = False
    """Whether running care may move while its social work decision is pending."""
    rest_days: int = 84
    """How many days care that has begun stays where it is, so that nobody is moved twice in a few weeks."""
    moved_share_limit: Fraction = Fraction(3, 20)
    """Re-optimisation with a history: the part of a provider's hours that may be moved from it within twelve months."""
    bar_cqc: tuple[str, ...] = ("inadequate",)
    """CQC ratings that bar new work."""
    bar_pamms: tuple[str, ...] = ("poor",)
    """Published PAMMS ratings that bar new work."""
    tolerance_minutes_divisor: int = 400
    """The shares may give away the waiting minutes divided by this."""
    tolerance_pence_divisor: int = 10
    """The cost may give away, in pence, the waiting minutes divided by this."""
    proof_pence_divisor: int = 50
    """The cost is proven when its gap in pence is at most the waiting minutes divided by this."""

    @property
    def share_low(self) -> Fraction:
        return self.principal_share_target - self.share_tolerance

    @property
    def share_high(self) -> Fraction:
        return self.principal_share_target + self.share_tolerance
