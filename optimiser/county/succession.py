"""Contracts that take over from each other: under which one care is on a day, and which ones count as one.

Care carries over: under a contract that has ended by a day it is, on that day, under the one that succeeds it and has begun,
and so on. Without one it stays where it is: nothing ends anybody's care.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from optimiser.domain.records import Contract, Package
from optimiser.domain.snapshot import Snapshot


def taken_over(contract_id: str, after: str) -> str:
    """What whoever names an ended contract is told."""
    return f"contract {contract_id} has ended, and {after} has taken over from it: name that one"


@dataclass(frozen=True)
class Succession:
    """The contracts of a county by id, and which one succeeds which."""

    contracts: Mapping[str, Contract]
    successor: Mapping[str, str]
    """Per contract that another takes over from: that other one."""

    def __repr__(self) -> str:
        return f"<Succession: {len(self.successor)} of {len(self.contracts)} contracts are taken over from>"

    @staticmethod
    def of(contracts: Iterable[Contract]) -> Succession:
        by_id = {contract.contract_id: contract for contract in contracts}
        return Succession(by_id, {c.succeeds: c.contract_id for c in by_id.values() if c.succeeds in by_id})

    def contract_on(self, contract_id: str, day: dt.date) -> str:
        """The contract that care under this one is under on a day."""
        for _ in self.successor:  # a chain is no longer than that, whatever the file says
            after = self.successor.get(contract_id)  # none for an id that there is not, either
            if after is None or not self.contracts[contract_id].has_ended(day) or not self.contracts[after].has_begun(day):
                break
            contract_id = after
        return contract_id

    def named_instead(self, contract_id: str, day: dt.date) -> str | None:
        """Which contract has to be named in place of one that has ended by a day and is taken over from; None for any other."""
        after = self.contract_on(contract_id, day)
        return None if after == contract_id else after

    def counts_with(self, contract_id: str, day: dt.date) -> str:
        """The contract that this one counts as one with: one that has not begun stands with the one that it succeeds."""
        for _ in self.successor:
            before = self.contracts[contract_id].succeeds
            if before not in self.contracts or self.contracts[contract_id].has_begun(day):
                break
            contract_id = before
        return contract_id

    def carried_to(self, contract_id: str, as_of: dt.date) -> tuple[str, ...]:
        """The contracts whose care is under this one today or, where it has not begun, on its first day."""
        record = self.contracts[contract_id]
        if not record.succeeds and contract_id not in self.successor:
            return (contract_id,)
        day = max(as_of, record.starts or as_of)
        return tuple(sorted(each for each in self.contracts if self.contract_on(each, day) == contract_id))


def carried_over(snapshot: Snapshot, succession: Succession) -> tuple[Package, ...]:
    """The packages, with their care under the contracts that have taken over by ``as_of``; the very same where none has."""
    if not succession.successor:
        return snapshot.packages
    ids = {contract.contract_id: succession.contract_on(contract.contract_id, snapshot.as_of) for contract in snapshot.contracts}
    return tuple(
        replace(package, contract_id=ids[package.contract_id])
        if ids.get(package.contract_id, package.contract_id) != package.contract_id
        else package
        for package in snapshot.packages
    )
