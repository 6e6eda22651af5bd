"""Whether a package may still go to a contract: every rule of the check, on the county as it is now.

Room is counted on as proposals are taken, so that a whole plan can be judged in one transaction without working out the county
anew after each: what one proposal takes, the next one does not find.
"""

from __future__ import annotations

from collections.abc import Iterator

from api.state import State
from optimiser.county import NOWHERE
from optimiser.rules.base import Limit
from optimiser.rules.findings import Finding


class Room:
    """What every limit is used for, from a state on."""

    def __init__(self, state: State) -> None:
        self._state, self._county = state, state.county
        usage = state.usage  # with all that is held for somebody, what the format does not count included
        self._limits, self._touching = usage.limits, usage.touching
        self._used = list(usage.on_entry)

    def broken(self, package: int, contract: int) -> list[Finding]:
        """Every rule that stands in the way of a package on a contract that it is not on yet; none: it may go there."""
        return [*self._eligibility(package, contract), *self._full(package, contract)]

    def take(self, package: int, contract: int) -> None:
        """The package's hours are held on the contract from now on."""
        for index in self._counting(package, contract):
            self._used[index] += int(self._county.minutes[package])

    def _eligibility(self, package: int, contract: int) -> Iterator[Finding]:
        runs = self._county.running_on[package] != NOWHERE
        for rule in self._state.rules.eligibility:
            if runs or not rule.running_only:
                finding = rule.finding(self._county, package, contract)
                if not finding.passed:
                    yield finding

    def _full(self, package: int, contract: int) -> Iterator[Finding]:
        for index in self._counting(package, contract):
            limit, used = self._limits[index], self._used[index] + int(self._county.minutes[package])
            if used > limit.whole_minutes:  # it takes something: a limit that was passed before is passed still further
                yield Finding(
                    rule=limit.rule,
                    passed=False,
                    measured=used,
                    limit=str(limit.minutes),
                    unit="minutes a week",
                    sentence=limit.sentence(self._county, used),
                )

    def _counting(self, package: int, contract: int) -> Iterator[int]:
        for index in self._touching.get(contract, ()):
            if self._limits[index].counts(self._county, package, contract):
                yield index


def passes_no_limit(before: State, after: State) -> bool:
    """Whether a change passes no limit, counted afresh: nothing above it that was not as high before."""
    then = {(limit.rule, limit.subject): used for limit, used in zip(*_entry(before), strict=True)}
    return all(
        used <= max(limit.whole_minutes, then[limit.rule, limit.subject]) for limit, used in zip(*_entry(after), strict=True)
    )


def _entry(state: State) -> tuple[tuple[Limit, ...], tuple[int, ...]]:
    usage = state.usage
    return usage.limits, usage.on_entry
