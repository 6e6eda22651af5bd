"""The cascade's order for one person, a contract at a time: that of ``judging.ranking.Cascade.in_turn``, with less work.

A planner asks the first and most often no other, so distances and hashes are worked out only where all else is equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

import numpy as np

from optimiser.domain.money import weekly_pence
from optimiser.forecasting.this_week import ThisWeek
from optimiser.geography.grid import half_up
from optimiser.judging.candidates import neutral_hash
from optimiser.judging.ranking import turn
from optimiser.rules.levels.shares import AreaShares, live_areas

Key = tuple[Fraction | int, int]


class AskedNext:
    """Who is asked next for whom in one week, given who has how much: tell it of every place that is found."""

    def __init__(self, week: ThisWeek) -> None:
        self._week = week
        county = week.county
        self._tier = [contract.tier for contract in county.contracts]
        self._role: dict[int, tuple[AreaShares, Fraction | None]] = {}
        for area in live_areas(county):
            if area.principal is not None:
                self._role[area.principal] = (area, None)
            for contract, part in zip(area.framework, area.parts, strict=True):
                self._role[contract] = (area, part)
        self._minutes: dict[int, int] = {
            one: sum(week.on[each] for each in county.counting_with.get(one, ())) for one in self._role
        }
        self._counts_with: list[int] = county.counts_with.tolist()
        self._today = county.as_of.toordinal()

    def order(self, members: Sequence[int], contracts: Sequence[int]) -> Iterator[int]:
        """Those of the contracts that have room, in the order in which they are asked for somebody of the week's list.

        ``members``: that person, with those who are placed together with them.
        """
        by_turn: dict[float, list[int]] = {}
        for contract in contracts:
            over = self._over_upper_edge(members[0], contract)
            by_turn.setdefault(turn(self._tier[contract], over_upper_edge=over), []).append(contract)
        for each in sorted(by_turn):
            able = [contract for contract in by_turn[each] if self._week.has_room(members, contract)]
            yield from self._in_turn(members[0], able)

    def add(self, contract: int, minutes: int) -> None:
        """Care placed on a contract."""
        one = self._counts_with[contract]
        if one in self._minutes:
            self._minutes[one] += minutes

    def _in_turn(self, person: int, contracts: list[int]) -> Iterator[int]:
        if len(contracts) < 2:
            yield from contracts
            return
        keyed = sorted((self._key(person, contract), contract) for contract in contracts)
        for _, equal in groupby(keyed, key=lambda each: each[0]):
            tied = [contract for _, contract in equal]
            yield from tied if len(tied) == 1 else sorted(tied, key=lambda contract: self._last_resort(person, contract))

    def _over_upper_edge(self, person: int, contract: int) -> bool:
        one = self._counts_with[contract]
        area, part = self._role.get(one, (None, None))
        return area is not None and part is None and self._minutes[one] + int(self._week.county.minutes[person]) > area.upper

    def _key(self, person: int, contract: int) -> Key:
        return -self._below_part(contract), self._pence(person, contract)

    def _below_part(self, contract: int) -> Fraction | int:
        one = self._counts_with[contract]
        if one not in self._role:
            return 0
        area, part = self._role[one]
        if part is None:
            return area.entitlement - self._minutes[one]
        return part * sum(self._minutes[each] for each in area.framework) - self._minutes[one]

    def _pence(self, person: int, contract: int) -> int:
        county = self._week.county
        begins_later = int(county.start_day[person]) > self._today
        rates = county.rates_pence(contract, county.start_of(person)) if begins_later else self._week.played.rates[contract]
        return weekly_pence(int(county.minutes[person]), rates[int(county.band[person]) - 1])

    def _last_resort(self, person: int, contract: int) -> tuple[int, str]:
        county = self._week.county
        names = county.packages[person].package_id, county.contracts[contract].contract_id
        return self._metres(person, int(county.provider_of[contract])), neutral_hash(county, *names)

    def _metres(self, person: int, provider: int) -> int:
        """To the nearest of the provider's offices and of the people whom it has care for in the area."""
        week, county = self._week, self._week.county
        area = int(county.package_area[person])
        held = np.flatnonzero(county.provider_of == provider)
        rows = [each.row for contract in held for each in week.played.on[contract].values() if each.area == area]
        metres = county.office_metres[person, provider]
        if rows:
            homes = week.played.ground.county.place[rows]
            metres = min(metres, county.travel.metres(county.place[person : person + 1], homes).min())
        return int(half_up(np.array([metres]))[0])
