"""A plan: for each package the contract that it is on, or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
