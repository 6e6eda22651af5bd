"""Five minutes against fifteen: the same visits priced both ways, for each provider, tier, area, length of visit and rurality.

Everything else stays as the terms have it: what is capped, and how minutes round. Legacy contracts bill in steps of five minutes,
newer ones in steps of fifteen; nobody can say which is right without knowing what either would cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.accounting.account_case import AccountCase
from optimiser.accounting.adding_up import added_up
from optimiser.accounting.paying import in_increments, pence_of
from optimiser.accounting.statement_lines import Lines
from optimiser.domain.actuals import NONE, WHO, WHY, Ints, Truths

FINE, COARSE = 5, 15
"""Minutes."""
SHORT = 30
"""Visits of fewer minutes are for a known care worker and a specific task only (NICE NG21)."""
LENGTHS = ((15, "under 15 minutes"), (30, "15 to 29 minutes"), (45, "30 to 44 minutes"), (60, "45 to 59 minutes"))
LONGEST = "60 minutes and more"
NEAR, RURAL, SHORT_RURAL = "not rural", "rural", "rural, under 30 minutes"
PLANNED, DELIVERED = "planned", "delivered"
NOT_RECORDED = "not_recorded"


@dataclass(frozen=True, slots=True)
class BothWays:
    """A group of lines, priced both ways. Seconds as they were delivered."""

    by: str
    group: str
    lines: int
    seconds: int
    fine_pence: int
    coarse_pence: int

    @property
    def difference(self) -> int:
        """What steps of fifteen minutes cost more."""
        return self.coarse_pence - self.fine_pence

    @property
    def factor(self) -> Fraction | None:
        """By what the rates would be multiplied in steps of fifteen minutes, for the total to be that of five."""
        return Fraction(self.fine_pence, self.coarse_pence) if self.coarse_pence else None


@dataclass(frozen=True, slots=True)
class ShortVisits:
    """Lines of under 30 minutes: planned so, or delivered so where more was planned; and why, as far as that is recorded."""

    kind: str
    rurality: str
    why: str
    lines: int
    seconds: int
    fine_pence: int
    coarse_pence: int


class Repriced:
    """A period's lines, each at both prices."""

    def __init__(self, case: AccountCase, lines: Lines) -> None:
        self._case, self._lines = case, lines
        self.fine, self.coarse = (
            pence_of(in_increments(lines.allowed, np.full_like(lines.allowed, minutes * 60), lines.rounding), lines.rate_pence)
            for minutes in (FINE, COARSE)
        )
        planned = lines.groups.planned
        self.minutes: Ints = np.where(planned == NONE, lines.groups.seconds // 60, planned)
        """Planned; where that is not known, as it was."""
        beyond = [Fraction(float(miles)) > case.county.policy.rural_beyond_miles for miles in case.county.centre_miles]
        self.rural: Truths = np.array([*beyond, False], np.bool_)[lines.package]

    def both_ways(self) -> tuple[BothWays, ...]:
        """Every group, the whole first."""
        county, lines = self._case.county, self._lines
        contracts = county.contracts
        found = list(self._grouped("all", [("all", np.ones(len(lines.pence), np.bool_))]))
        for by, names in (
            ("provider", [each.provider_id for each in contracts]),
            ("tier", [str(each.tier) for each in contracts]),
        ):
            found += self._grouped(by, _those(names, lines.contract))
        areas = [package.area_id for package in county.packages]
        found += self._grouped("area", _those(areas, lines.package))
        found += self._grouped("length", self._lengths())
        short = self.rural & (self.minutes < SHORT)
        found += self._grouped("rurality", [(NEAR, ~self.rural), (RURAL, self.rural), (SHORT_RURAL, short)])
        return tuple(found)

    def _lengths(self) -> Iterator[tuple[str, Truths]]:
        least = 0
        for below, name in LENGTHS:
            yield name, (self.minutes >= least) & (self.minutes < below)
            least = below
        yield LONGEST, self.minutes >= least

    def _grouped(self, by: str, groups: Iterable[tuple[str, Truths]]) -> Iterator[BothWays]:
        for name, those in groups:
            if those.any() or by == "all":
                seconds = int(self._lines.groups.seconds[those].sum())
                yield BothWays(by, name, int(those.sum()), seconds, int(self.fine[those].sum()), int(self.coarse[those].sum()))

    def short_visits(self) -> tuple[ShortVisits, ...]:
        """By kind, rurality and reason."""
        groups, said = self._lines.groups, list[str]()
        short = np.flatnonzero((self.minutes < SHORT) | (groups.seconds < SHORT * 60))
        planned, rural = self.minutes[short] < SHORT, self.rural[short]
        reason = np.where(planned, self._needs(groups.first[short], said), self._cuts(short, said))
        keys = (planned.astype(np.int64), rural.astype(np.int64), reason)
        sums = added_up(keys, (groups.seconds[short], self.fine[short], self.coarse[short]))
        found = [
            ShortVisits(PLANNED if is_planned else DELIVERED, RURAL if is_rural else NEAR, said[why], *figures)
            for (is_planned, is_rural, why), figures in sums.items()
        ]
        return tuple(sorted(found, key=lambda each: (each.kind, each.rurality, each.why)))

    def _needs(self, records: Ints, said: list[str]) -> Ints:
        """Per record the place in ``said`` of what the plan says that its visit is for."""
        words = [";".join(visit.needs) or NOT_RECORDED for visit in self._case.visits] + [NOT_RECORDED]
        said += sorted(set(words))
        place = {word: at for at, word in enumerate(said)}
        return np.array([place[word] for word in words], np.int64)[self._case.visit[records]]  # the last one is of none

    def _cuts(self, short: Ints, said: list[str]) -> Ints:
        """Per line the place in ``said`` of by whom its visit was cut short and why, as the first of its records has it that
        says so.
        """
        groups, actuals = self._lines.groups, self._case.actuals
        told = (actuals.who + 1) * (len(WHY) + 1) + actuals.why + 1
        found, begins, lengths = told[groups.first[short]], groups.begins[short], groups.lengths[short]
        for at in np.flatnonzero(lengths > 1).tolist():
            of_line = groups.records[begins[at] : begins[at] + lengths[at]].tolist()
            found[at] = next((told[each] for each in sorted(of_line, key=lambda each: actuals.ids[each]) if told[each]), 0)
        first = len(said)
        for who in ("", *WHO):
            said += [f"{who} {why}".strip() or NOT_RECORDED for why in ("", *WHY)]
        return found + first


def _those(names: list[str], places: Ints) -> Iterator[tuple[str, Truths]]:
    """Per name the entries whose place has it."""
    distinct = sorted(set(names))
    rank = {name: at for at, name in enumerate(distinct)}
    of = np.array([rank[name] for name in names] or [0], np.int64)[places]
    for at, name in enumerate(distinct):
        yield name, of == at
