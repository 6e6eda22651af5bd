"""Periods that are closed are never rewritten: what records say otherwise since then is an adjustment in a later period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from optimiser.domain.accounts import Period


@dataclass(frozen=True)
class ClosedAccount:
    """What was stated for a period that is closed, by contract id."""

    period: Period
    own_pence: Mapping[str, int]
    """Without what it adjusted of earlier periods."""
    adjusted_pence: Mapping[tuple[str, Period], int]
    """What it adjusted of earlier ones."""
    actual_ids: frozenset[str] = field(repr=False, default=frozenset())
    """The records that its lines were made of."""


@dataclass(frozen=True, slots=True, order=True)
class Adjustment:
    """What a closed period of a contract comes to otherwise today. ``stated_pence``: with earlier adjustments of it."""

    period: Period
    contract_id: str
    stated_pence: int
    now_pence: int

    @property
    def pence(self) -> int:
        return self.now_pence - self.stated_pence


def stated_so_far(closed: Iterable[ClosedAccount]) -> dict[tuple[str, Period], int]:
    """Per contract and closed period what has been stated of it, adjustments in later closed periods included."""
    sums: defaultdict[tuple[str, Period], int] = defaultdict(int)
    for account in closed:
        for contract_id, pence in account.own_pence.items():
            sums[contract_id, account.period] += pence
        for key, pence in account.adjusted_pence.items():
            sums[key] += pence
    return dict(sums)


def adjustments_of(closed: Iterable[ClosedAccount], now: Mapping[tuple[str, Period], int]) -> tuple[Adjustment, ...]:
    """``now``: per contract and closed period what its own lines come to with the records of today. Those that differ."""
    stated = stated_so_far(closed)
    found = [Adjustment(key[1], key[0], stated.get(key, 0), now.get(key, 0)) for key in {*stated, *now}]
    return tuple(sorted(each for each in found if each.pence))
