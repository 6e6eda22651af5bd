"""A new plan as an ordered list of steps: what must happen together, the most benefit per person moved first.

A step is a placement, or a chain that places somebody by moving others, at most ``step_moves`` of them. After any number of
steps every limit holds and the county is no worse off than without them, so the morning team may stop anywhere. What would need
a longer chain is no step: it is told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.judging.candidates import neutral_hash
from optimiser.judging.limit_use import entry_plan
from optimiser.reoptimising.chains import smallest_chains
from optimiser.reoptimising.headroom import Change, Rooms
from optimiser.rules.book import RuleBook
from optimiser.rules.levels.waiting import UnmetLevel

Placing = tuple[Change, ...]
"""The placement of a package, or of all that are placed together."""


@dataclass(frozen=True)
class Step:
    """Changes that go ahead together: those who move, then those who are placed where they were."""

    changes: tuple[Change, ...]

    @property
    def moves(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.is_move)

    @property
    def placements(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if not change.is_move)


@dataclass(frozen=True)
class Steps:
    """The steps in their order, and the plan that they lead to from the one on entry."""

    steps: tuple[Step, ...]
    plan: Plan
    left_out: tuple[Change, ...]
    """Changes of the plan asked for that no step could be made of: they are not in ``plan``."""
    longer: tuple[Step, ...] = ()
    """What could be made of those left out after all steps, one after the other, if a step might move as many as it takes."""

    def __repr__(self) -> str:
        return f"<Steps: {len(self.steps)}>"

    def after(self, county: County, count: int) -> Plan:
        """The plan once the first so many steps have gone ahead."""
        return _with(entry_plan(county), [change for step in self.steps[:count] for change in step.changes])


def in_steps(county: County, rules: RuleBook, plan: Plan, most_moves: int) -> Steps:
    """The way from where everybody is on entry to a plan (legal, under ``rules``), in steps of at most so many moves."""
    entry = entry_plan(county)
    asked = [
        Change(package, before, after)
        for package, (before, after) in enumerate(zip(entry.contracts, plan.contracts, strict=True))
        if after is not None and before != after
    ]
    search = _Search(county, rules, entry, asked)
    steps = tuple(search.steps(most_moves))
    longer = tuple(search.steps(len(asked)))
    made = [change for step in steps for change in step.changes]
    return Steps(steps, _with(entry, made), tuple(change for change in asked if change not in made), longer)


def _together(changes: Sequence[Change], groups: Sequence[tuple[int, ...]]) -> list[Placing]:
    """Placements one by one, those of a group as one."""
    group_of = {member: group for group in groups for member in group}
    found: dict[tuple[int, ...], list[Change]] = {}
    for change in changes:
        found.setdefault(group_of.get(change.package, (change.package,)), []).append(change)
    return [tuple(placing) for placing in found.values()]


def _with(plan: Plan, changes: Sequence[Change]) -> Plan:
    contracts = list(plan.contracts)
    for change in changes:
        contracts[change.package] = change.after
    return Plan.of(contracts)


class _Search:
    """Takes one step after the other out of the changes asked for."""

    def __init__(self, county: County, rules: RuleBook, entry: Plan, asked: list[Change]) -> None:
        self._county, self._rules = county, rules
        self._rooms = Rooms(county, rules, entry)
        self._waiting = sorted(
            _together([change for change in asked if not change.is_move], rules.groups(county)), key=self._queue
        )
        self._moving = [change for change in asked if change.is_move]

    def _queue(self, placing: Placing) -> tuple[tuple[Fraction, ...], str]:
        gain = tuple(-each for each in self.gains(placing))
        return gain, neutral_hash(self._county, self._county.packages[placing[0].package].package_id)

    def steps(self, most_moves: int) -> Iterator[Step]:
        """Step after step of at most so many moves, as far as there is one."""
        while self._waiting:
            step = self._next_placement() or self._best_chain(most_moves) or self._best_part(most_moves)
            if step is None:
                return
            self._rooms.make(step.changes)
            self._waiting = [placing for placing in self._waiting if placing[0] not in step.changes]
            self._moving = [change for change in self._moving if change not in step.changes]
            yield step

    def gains(self, changes: Sequence[Change]) -> tuple[Fraction, ...]:
        """What changes take off each level of unmet need, the charge for moves counted."""
        gains = []
        for rule in self._rules.levels:
            if isinstance(rule, UnmetLevel):
                gain = sum(
                    (
                        rule.cost(self._county, change.package)
                        for change in changes
                        if not change.is_move and rule.counts(self._county, change.package)
                    ),
                    Fraction(0),
                )
                if rule.charges_moves:
                    gain -= self._county.policy.move_charge * sum(change.is_move for change in changes)
                gains.append(gain)
        return tuple(gains)

    def _next_placement(self) -> Step | None:
        """The placement that takes most off the unmet levels, of those for which there is room as things are."""
        return next((Step(placing) for placing in self._waiting if self._rooms.allow(placing)), None)

    def _best_chain(self, most_moves: int) -> Step | None:
        """The chain with the most benefit per person moved, of those that make the county better off."""
        found = (
            self._worth_while((*moved, *placing))
            for placing in self._waiting
            for moved in smallest_chains(self._rooms, placing, self._moving, most_moves)
        )
        return self._best(step for step in found if step is not None)

    def _best(self, steps: Iterable[Step]) -> Step | None:
        """The first of those with the most benefit per person moved."""
        return max(steps, key=lambda step: tuple(gain / len(step.moves) for gain in self.gains(step.changes)), default=None)

    def _worth_while(self, changes: Placing) -> Step | None:
        """The step of these changes, with as many more placements in the room made as it takes to be worth its moves."""
        for further in self._waiting:
            if self._pays(changes):
                return Step(changes)
            if further[0] not in changes and self._rooms.allow((*changes, *further)):
                changes = (*changes, *further)
        return Step(changes) if self._pays(changes) else None

    def _pays(self, changes: Placing) -> bool:
        return self.gains(changes) > tuple(Fraction(0) for _ in self.gains(()))

    def _best_part(self, most_moves: int) -> Step | None:
        """The best of what hangs together by the limits that it changes: several placements whose moves help one another."""
        parts = (self._trimmed(part) for part in self._parts())
        return self._best(
            step for step in parts if 0 < len(step.moves) <= most_moves and step.placements and self._pays(step.changes)
        )

    def _parts(self) -> list[list[Change]]:
        """The changes left, those together that change a limit in common, directly or through others; moves first."""
        parts: list[tuple[set[int], list[Change]]] = []
        for change in (*self._moving, *(change for placing in self._waiting for change in placing)):
            limits, together = set(self._rooms.shift(change)), [change]
            for part in [part for part in parts if part[0] & limits]:
                parts.remove(part)
                limits, together = limits | part[0], part[1] + together
            parts.append((limits, together))
        return [sorted(together, key=lambda change: not change.is_move) for _, together in parts]

    def _trimmed(self, part: list[Change]) -> Step:
        """Without the moves that the rest can do without; nothing, where its limits do not hold."""
        if not self._rooms.allow(part):
            return Step(())
        for move in [change for change in part if change.is_move]:
            without = [change for change in part if change != move]
            if self._rooms.allow(without):
                part = without
        return Step(tuple(part))
