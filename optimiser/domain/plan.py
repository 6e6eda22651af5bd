"""A plan: for each package the contract that it is on, or none. And what is known of moves beside the snapshot: those made
before, those agreed, and who has said no.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property


@dataclass(frozen=True)
class Plan:
    """``contracts[i]`` is the index of the contract that package i is on, or None. Nothing is promised of it."""

    contracts: tuple[int | None, ...]

    def __repr__(self) -> str:
        placed = sum(contract is not None for contract in self.contracts)
        return f"<Plan: {placed} of {len(self.contracts)} packages on a contract>"

    @staticmethod
    def of(contracts: Iterable[int | None]) -> Plan:
        return Plan(tuple(contracts))

    @cached_property
    def on(self) -> dict[int, list[int]]:
        """The packages on each contract that has any."""
        on: dict[int, list[int]] = {}
        for package, contract in enumerate(self.contracts):
            if contract is not None:
                on.setdefault(contract, []).append(package)
        return on

    def placed(self) -> Iterator[tuple[int, int]]:
        """Every package that is on a contract, with the contract."""
        for package, contract in enumerate(self.contracts):
            if contract is not None:
                yield package, contract

    def with_package(self, package: int, contract: int | None) -> Plan:
        """The same plan with one package elsewhere."""
        return Plan((*self.contracts[:package], contract, *self.contracts[package + 1 :]))


@dataclass(frozen=True, slots=True)
class EarlierMove:
    """A person whose care moved away from a provider on or before the day of the snapshot: a line of a history of moves."""

    date: dt.date
    package_id: str
    from_provider_id: str
    minutes_per_week: int


@dataclass(frozen=True, slots=True)
class AgreedMove:
    """A round whose move on a day is agreed: it is kept where it is."""

    round_id: str
    date: dt.date


@dataclass(frozen=True, slots=True)
class AgreedLimit:
    """What was agreed with a provider about its viability: less may move away from it within twelve months than from others.

    ``share`` of its running hours or ``minutes_per_week``, one of the two.
    """

    provider_id: str
    reason: str = field(repr=False)
    share: Fraction | None = None
    minutes_per_week: int | None = None

    def share_of(self, minutes: int) -> Fraction:
        """The share that may move of so many minutes a week that it has."""
        return self.share if self.share is not None else Fraction(self.minutes_per_week or 0, max(1, minutes))


@dataclass(frozen=True, slots=True)
class Known:
    """All of it. ``refused``: package ids of people for whom a family or a social worker has said no."""

    history: tuple[EarlierMove, ...] = ()
    agreed: tuple[AgreedMove, ...] = ()
    refused: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    """Package ids of people who have asked to stay with their provider by a direct payment."""
    limits: tuple[AgreedLimit, ...] = ()
    """Lower limits that were agreed with single providers, by provider."""

    def limit_of(self, provider_id: str) -> AgreedLimit | None:
        """What was agreed with a provider; None: nothing."""
        return next((each for each in self.limits if each.provider_id == provider_id), None)

    def share_that_may_go(self, provider_id: str, minutes: int, general: Fraction) -> Fraction:
        """The share of a provider's ``minutes`` a week that may move away within twelve months: agreed, or as for all."""
        agreed = self.limit_of(provider_id)
        return general if agreed is None else min(general, agreed.share_of(minutes))

    def __repr__(self) -> str:
        return (
            f"<Known: {len(self.history)} earlier moves, {len(self.agreed)} agreed,"
            f" {len(self.refused)} refusals, {len(self.wishes)} wishes>"
        )
