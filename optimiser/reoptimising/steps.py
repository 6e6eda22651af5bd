"""A new plan as an ordered list of steps: what must happen together, the most benefit per person moved first.

A step is a placement, or a chain that places somebody by moving one or two others. After any number of steps every limit
holds and the county is no worse off than without them, so the morning team may stop anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from optimiser.county import County
from optimiser.domain.plan import Plan
from optimiser.judging.candidates import neutral_hash
from optimiser.judging.limit_use import entry_plan
from optimiser.reoptimising.headroom import Change, Rooms
from optimiser.rules.book import RuleBook
from optimiser.rules.levels.waiting import UnmetLevel, waiting_cost

MOST_MOVED = 2
"""A chain that places somebody moves no more than this many others."""


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

    def __repr__(self) -> str:
        return f"<Steps: {len(self.steps)}>"

    def after(self, county: County, count: int) -> Plan:
        """The plan once the first so many steps have gone ahead."""
        return _with(entry_plan(county), [change for step in self.steps[:count] for change in step.changes])


def in_steps(county: County, rules: RuleBook, plan: Plan) -> Steps:
    """The way from where everybody is on entry to a plan (legal, under ``rules``), in steps."""
    entry = entry_plan(county)
    asked = [
        Change(package, before, after)
        for package, (before, after) in enumerate(zip(entry.contracts, plan.contracts, strict=True))
        if after is not None and before != after
    ]
    search = _Search(county, rules, entry, asked)
    steps = tuple(search.steps())
    made = [change for step in steps for change in step.changes]
    return Steps(steps, _with(entry, made), tuple(change for change in asked if change not in made))


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

    def steps(self) -> Iterator[Step]:
        while self._waiting:
            step = self._next_placement() or self._best_chain()
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
                        waiting_cost(self._county, change.package)
                        for change in changes
                        if not change.is_move and self._county.packages[change.package].priority in rule.priorities
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

    def _best_chain(self) -> Step | None:
        """The chain with the most benefit per person moved, of those that make the county better off."""
        best: tuple[tuple[Fraction, ...], Step] | None = None
        for placing in self._waiting:
            for moved in self._making_room_for(placing):
                step = self._worth_while((*moved, *placing), len(moved))
                if step is not None:
                    per_person = tuple(gain / len(moved) for gain in self.gains(step.changes))
                    if best is None or per_person > best[0]:
                        best = per_person, step
        return None if best is None else best[1]

    def _making_room_for(self, placing: Placing) -> Iterator[tuple[Change, ...]]:
        """The smallest sets of moves that together with a placement keep every limit."""
        short = self._rooms.short(placing)
        helpful = [move for move in self._moving if any(self._rooms.shift(move).get(limit, 0) < 0 for limit in short)]
        found = [(move,) for move in helpful if self._rooms.allow((move, *placing))]
        if found:
            yield from found
            return
        for first, second in combinations(self._moving, MOST_MOVED):
            if (first in helpful or second in helpful) and self._rooms.allow((first, second, *placing)):
                yield first, second

    def _worth_while(self, changes: tuple[Change, ...], moved: int) -> Step | None:
        """The step of these changes, with as many more placements in the room made as it takes to be worth its moves."""
        nothing = tuple(Fraction(0) for _ in self.gains(()))
        for further in self._waiting:
            if self.gains(changes) > nothing:
                return Step(changes)
            if further[0] not in changes and self._rooms.allow((*changes, *further)):
                changes = (*changes, *further)
        return Step(changes) if self.gains(changes) > nothing else None
