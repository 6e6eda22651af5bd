"""A contract that is handed back: where its rounds go, urgent ones first, with no lead time possible.

The reverse of a transfer. Everybody on the contract needs another provider, so that neither a pending nor a negative decision
keeps anybody where they are: such people are marked, and need a plan of their own from a social worker before anything changes.
Rounds go whole where one provider can take them; others are placed person by person.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimiser.county import County, Ints
from optimiser.county.succession import taken_over
from optimiser.domain.dates import days_after
from optimiser.domain.level_result import Amount, LevelResult
from optimiser.domain.person_records import HAND_BACK, NOT_SUITABLE
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.base import Bools
from optimiser.rules.book import standard_rules
from optimiser.solving.outcome import Stopped
from optimiser.transferring.handing_back.first_plan import one_after_another
from optimiser.transferring.problem import STAYS, Limit, Linear, OwnLevel, Payment, Problem
from optimiser.transferring.solve import solve
from optimiser.transferring.story import CannotPlanError, Search, need_a_calendar
from optimiser.transferring.who_may_move import allowed_whatever_was_decided

ORDER = ("urgent", "discharge", "standard", "planned")


@dataclass(frozen=True)
class Option:
    """Some people of one round, and a contract that every rule lets take all of them."""

    members: tuple[int, ...]
    contract: int
    whole: bool


@dataclass(frozen=True)
class HandBack:
    """Where everybody on a returned contract, or on several, goes."""

    county: County
    policy: TransferPolicy
    contracts: tuple[int, ...]
    """Those that are handed back."""
    members: tuple[int, ...]
    placed: dict[int, Option]
    """Per package that has a place: the option taken."""
    day: dict[int, dt.date]
    """Per package that has a place: when its new provider starts, and the old one ends."""
    levels: tuple[LevelResult[Amount], ...]
    stopped: Stopped

    @property
    def all_proven(self) -> bool:
        return all(level.proven for level in self.levels)

    @property
    def without_a_place(self) -> list[int]:
        """The packages that nobody can take yet."""
        return [member for member in self.members if member not in self.placed]

    @property
    def contract_ids(self) -> tuple[str, ...]:
        return tuple(self.county.contracts[contract].contract_id for contract in self.contracts)

    def contract_of(self, member: int) -> int:
        """The contract that somebody with a place goes to: the one in force on their day."""
        named = self.county.contracts[self.placed[member].contract].contract_id
        return self.county.contract_index[self.county.succession.contract_on(named, self.day[member])]

    @property
    def whole_rounds(self) -> tuple[str, ...]:
        """The rounds that go whole."""
        names = {self.county.packages[m].round_id for m, option in self.placed.items() if option.whole}
        return tuple(sorted(names - {""}))

    def needs_own_plan(self, package: int) -> bool:
        """Whether a change for this person needs a plan of its own from a social worker first."""
        return bool(self.county.packages[package].protected) or self.decision_on(package) == NOT_SUITABLE

    def decision_on(self, package: int) -> str:
        """What a social work decision says of this person's change, to where they have a place, else of any; empty: nothing."""
        to = self.county.provider(self.contract_of(package)).provider_id if package in self.placed else ""
        day = self.day.get(package, self.county.as_of)
        return replace(self.county, move=HAND_BACK, moves_on=day).decision_on(package, to)


def plan_hand_back(
    snapshot: Snapshot, contract_ids: str | Sequence[str], policy: TransferPolicy, search: Search | None = None
) -> HandBack:
    """Where the care of a returned contract goes, or of several at once. Raises ``CannotPlanError``."""
    search = search or Search()
    county = County.of(snapshot)
    need_a_calendar(county.as_of)
    named = sorted({contract_ids} if isinstance(contract_ids, str) else set(contract_ids))
    problems = [why for contract_id in named if (why := _why_not(county, contract_id))]
    if problems:
        raise CannotPlanError(problems)
    contracts = tuple(county.contract_index[contract_id] for contract_id in named)
    members = tuple(np.flatnonzero(np.isin(county.running_on, contracts)).tolist())
    options = _options(county, members, contracts, possible_days(snapshot.as_of, len(members), policy))
    problem = _problem(county, policy, members, options)
    solved = solve(
        problem,
        one_after_another(problem),
        wall_seconds=search.wall_seconds,
        report=search.report,
        should_stop=search.should_stop,
    )
    taken = [option for option, wave in zip(options, solved.choice, strict=True) if wave != STAYS]
    placed = {member: option for option in taken for member in option.members}
    days = _days(county, taken, policy)
    return HandBack(county, policy, contracts, members, placed, days, solved.levels, solved.stopped)


def _why_not(county: County, contract_id: str) -> str | None:
    """Why a contract cannot be handed back, with what to do about it."""
    if contract_id not in county.contract_index:
        return f"there is no contract {contract_id}"
    after = county.succession.named_instead(contract_id, county.as_of)
    if after is not None:
        return taken_over(contract_id, after)
    if not (county.running_on == county.contract_index[contract_id]).any():
        return f"nobody's care runs on contract {contract_id}: there is nothing to place"
    return None


def possible_days(as_of: dt.date, people: int, policy: TransferPolicy) -> list[dt.date]:
    """The days on which somebody may have to move: tomorrow, and so many waves on as the people can need."""
    most = people if policy.reviews_per_wave == 0 else 2 * people // policy.reviews_per_wave + 1
    return [days_after(as_of, 1 + wave * policy.handback_wave_days) for wave in range(most + 1)]


def _options(county: County, members: tuple[int, ...], contracts: tuple[int, ...], days: list[dt.date]) -> list[Option]:
    """Whole rounds on every contract that can take all of a round on any of the days, and everybody alone.

    One that ends in the meantime and is taken over from stands for the one that has taken over by the day.
    """
    people = np.array(members, dtype=np.int64)
    allowed = np.logical_and.reduce([_allowed_on(county, people, day) for day in days])
    allowed[:, list(contracts)] = False
    row_of = {member: row for row, member in enumerate(members)}
    found = []
    for group in _rounds(county, members):
        together = np.flatnonzero(np.logical_and.reduce([allowed[row_of[member]] for member in group]))
        found += [Option(tuple(group), int(to), True) for to in together]
        if len(group) > 1:
            found += [Option((member,), int(to), False) for member in group for to in np.flatnonzero(allowed[row_of[member]])]
    return found


def _rounds(county: County, members: tuple[int, ...]) -> list[list[int]]:
    """The people of each round; whoever is in none is alone."""
    groups: dict[str, list[int]] = defaultdict(list)
    for member in members:
        package = county.packages[member]
        groups[package.round_id or f" {package.package_id}"].append(member)
    return [groups[name] for name in sorted(groups)]


def _allowed_on(county: County, people: Ints, day: dt.date) -> Bools:
    """Whether each person may go, on a day, to the contract that care under each contract is under on it."""
    under = np.array([county.contract_index[county.succession.contract_on(c.contract_id, day)] for c in county.contracts])
    that_day = county.moving_on(day, move_pending=True, move=HAND_BACK)
    return np.asarray(allowed_whatever_was_decided(that_day, standard_rules(), people)[:, under])


def _problem(county: County, policy: TransferPolicy, members: tuple[int, ...], options: list[Option]) -> Problem:
    minutes = tuple(int(county.minutes[list(option.members)].sum()) for option in options)
    return Problem(
        minutes=minutes,
        towards_mark=(0,) * len(options),
        people=tuple(len(option.members) for option in options),
        metres=tuple(_metres(county, option) for option in options),
        waves=((0,),) * len(options),
        excludes=_once_each(options),
        limits=tuple(_limits(county, policy, options)),
        short_minutes=int(county.minutes[list(members)].sum()),
        moved_from={},
        before_minutes={},
        payments=tuple(_payments(county, options)),
        fixed={},
        cost_proof_pence=county.waiting_minutes // county.policy.proof_pence_divisor,
        cost_tolerance_pence=county.waiting_minutes // county.policy.tolerance_pence_divisor,
        own_levels=(
            OwnLevel("unplaced_urgent", _unplaced_unit(county), _unplaced(county, members, options, urgent_only=True)),
            OwnLevel("unplaced", _unplaced_unit(county), _unplaced(county, members, options, urgent_only=False)),
            OwnLevel(
                "apart", "people placed apart from their round", Linear(0, tuple(0 if option.whole else 1 for option in options))
            ),
            OwnLevel(
                "legacy",
                "minutes a week",
                Linear(0, tuple(m * _is_legacy(county, o) for m, o in zip(minutes, options, strict=True))),
            ),
            OwnLevel("distance", "metres", Linear(0, tuple(_metres(county, option) for option in options)), to_a_share=True),
        ),
    )


def _is_legacy(county: County, option: Option) -> bool:
    return county.contracts[option.contract].tier == "legacy"


def _unplaced_unit(county: County) -> str:
    return f"minutes a week and {county.policy.person_minutes} a person"


def _unplaced(county: County, members: tuple[int, ...], options: list[Option], *, urgent_only: bool) -> Linear:
    """What those without a place count: minutes and ``person_minutes`` each."""

    def counts(member: int) -> int:
        if urgent_only and county.packages[member].priority != "urgent":
            return 0
        return int(county.minutes[member]) + county.policy.person_minutes

    return Linear(sum(map(counts, members)), tuple(-sum(map(counts, option.members)) for option in options))


def _metres(county: County, option: Option) -> int:
    metres = county.office_metres[list(option.members), county.provider_of[option.contract]]
    return int(np.floor(metres + 0.5).sum())


def _once_each(options: list[Option]) -> tuple[tuple[int, ...], ...]:
    by_person: dict[int, list[int]] = defaultdict(list)
    for index, option in enumerate(options):
        for member in option.members:
            by_person[member].append(index)
    return tuple(sorted({tuple(group) for group in by_person.values() if len(group) > 1}))


def _limits(county: County, policy: TransferPolicy, options: list[Option]) -> list[Limit]:
    """Every limit of the snapshot format: the staff need not come with the round, so the providers' own bind too (a setting)."""
    entry, found, rules = entry_plan(county), [], standard_rules()
    for limit in rules.all_limits(county):
        own = rules.setting(limit).providers_own
        weights = {
            index: sum(int(county.minutes[m]) for m in option.members if limit.counts(county, m, option.contract))
            for index, option in enumerate(options)
            if option.contract in limit.contracts and not (own and _with_staff(county, policy, option))
        }
        weights = {index: weight for index, weight in weights.items() if weight}
        if weights:
            room = max(0, limit.whole_minutes - used_minutes(county, limit, entry))
            found.append(Limit(limit.rule, limit.subject, weights, frozenset({0}), room, f"{limit.rule} of {limit.subject}"))
    return found


def _with_staff(county: County, policy: TransferPolicy, option: Option) -> bool:
    return policy.handback_staff_come and option.whole and bool(county.packages[option.members[0]].round_id)


def _payments(county: County, options: list[Option]) -> list[Payment]:
    """The price of each place, at tomorrow's rates: on which day somebody goes is known once everybody has a place.

    What is guaranteed elsewhere does not change.
    """
    county = county.moving_on(days_after(county.as_of, 1), move_pending=True, move=HAND_BACK)
    change = {
        index: sum(county.price_pence(member, option.contract) for member in option.members)
        for index, option in enumerate(options)
    }
    return [Payment(0, 0, change)]


def _days(county: County, taken: list[Option], policy: TransferPolicy) -> dict[int, dt.date]:
    """From tomorrow on, urgent people's rounds first, then the larger ones; so many people a wave as can be reviewed."""

    def turn(option: Option) -> tuple[int, int, str]:
        urgency = min(ORDER.index(county.packages[member].priority) for member in option.members)
        return urgency, -len(option.members), county.packages[option.members[0]].package_id

    day, used, found = days_after(county.as_of, 1), 0, {}
    for option in sorted(taken, key=turn):
        if used and used + len(option.members) > policy.reviews_per_wave:
            day, used = days_after(day, policy.handback_wave_days), 0
        used += len(option.members)
        found.update(dict.fromkeys(option.members, day))
    return found
