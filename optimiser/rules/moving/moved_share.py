from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.county import NOWHERE, County, Ints
from optimiser.domain.dates import months_after
from optimiser.domain.plan import EarlierMove, Plan
from optimiser.domain.words import hours_per_4w_in_words
from optimiser.rules.base import MovingRule
from optimiser.rules.moving.moved_people import moves, moves_of
from optimiser.rules.vocabulary import Finding


def most_moved(share: Fraction, minutes: int) -> int:
    """Model half: the whole minutes a week that may move away from a provider of so many within twelve months."""
    return math.floor(share * minutes)


def moves_too_much(share: Fraction, minutes: int, lost: int) -> bool:
    """Check half: whether a provider of so many minutes a week loses more of them within twelve months than may move."""
    return lost > share * minutes


class MovedShare(MovingRule):
    """Within twelve months no provider loses more than a set share of its hours to moves, or more than one package."""

    name = "moved_share"
    order = 20
    source = "briefing: the volume moved from any one provider is a manageable share; domain: 15%, over twelve months, all areas"
    settings = ("moved_share_limit",)

    def __init__(self, history: Sequence[EarlierMove] = ()) -> None:
        self._history = tuple(history)

    def rows(self, county: County, packages: Ints, contracts: Ints) -> Iterator[tuple[Ints, int]]:
        moved = moves(county, packages, contracts)
        leaving = np.where(moved, np.append(county.provider_of, NOWHERE)[county.running_on[packages]], NOWHERE)
        # What it has now, under whichever contract: `minlength` keeps providers without running care.
        runs = county.running_on != NOWHERE
        holds = np.bincount(
            county.provider_of[county.running_on[runs]], weights=county.minutes[runs], minlength=len(county.providers)
        )
        for provider, record in enumerate(county.providers):
            earlier = [move.minutes_per_week for move in self._counting(county, record.provider_id)]
            most = most_moved(county.policy.moved_share_limit, int(holds[provider]) + sum(earlier))
            amounts = county.minutes[packages] * (leaving == provider)
            if earlier:
                yield amounts, max(0, most - sum(earlier))
            else:
                # One package may always go: one larger than the limit fills it alone.
                yield np.minimum(amounts, max(most, 1)), max(most, 1)

    def findings(self, county: County, plan: Plan) -> Iterator[tuple[str, Finding]]:
        leaving: dict[str, list[int]] = defaultdict(list)
        for package, provider_id in moves_of(county, plan).items():
            leaving[provider_id].append(county.packages[package].minutes_per_week)
        for provider_id in sorted(leaving):
            earlier = [move.minutes_per_week for move in self._counting(county, provider_id)]
            yield provider_id, self._finding(county, provider_id, _Lost(leaving[provider_id], earlier))

    def _finding(self, county: County, provider_id: str, lost: _Lost) -> Finding:
        held = sum(
            package.minutes_per_week
            for package in county.packages
            if package.contract_id and county.contracts[county.contract_index[package.contract_id]].provider_id == provider_id
        )
        share, base = county.policy.moved_share_limit, held + sum(lost.earlier)
        most = share * base
        return Finding(
            rule=self.name,
            passed=lost.packages == 1 or not moves_too_much(share, base, lost.minutes),
            measured=lost.minutes,
            limit=str(most),
            unit="minutes a week",
            sentence=(
                f"Provider {provider_id} would lose {hours_per_4w_in_words(lost.minutes)} to moves within twelve months; at most"
                f" {hours_per_4w_in_words(most)} ({float(share):.0%} of its hours) or one package may go."
            ),
        )

    def _counting(self, county: County, provider_id: str) -> list[EarlierMove]:
        since = a_year_before(county)
        return [m for m in self._history if m.from_provider_id == provider_id and since < m.date.toordinal()]


@dataclass(frozen=True)
class _Lost:
    """What a provider loses: now, and earlier within the twelve months (minutes a week, one number a package)."""

    now: list[int]
    earlier: list[int]

    @property
    def minutes(self) -> int:
        return sum(self.now) + sum(self.earlier)

    @property
    def packages(self) -> int:
        return len(self.now) + len(self.earlier)


def a_year_before(county: County) -> int:
    """The same day a year before ``as_of``, as an ordinal (28 February for a leap day): a move on it no longer counts."""
    return months_after(county.as_of, -12).toordinal()
