"""Records that somebody should look at: all of them are listed, none is dropped, and each says what it does to the money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optimiser.accounting.account_case import AccountCase
from optimiser.accounting.merging import Merged
from optimiser.accounting.not_made import is_among
from optimiser.county import NOWHERE
from optimiser.domain.accounts import Period
from optimiser.domain.actuals import CANCELLED_LATE, HOSPITAL, NEVER, NONE, OUTCOMES, REFUSED, Ints, Truths

NOT_STATED, UNPAID, PAID_LESS, PAID = "in_no_statement", "pays_nothing", "pays_the_less", "pays_as_recorded"

KINDS: dict[str, tuple[str, str]] = {
    "unknown_package": (NOT_STATED, "no such package in the county"),
    "unknown_contract": (NOT_STATED, "no such contract in the county"),
    "no_contract": (NOT_STATED, "the person's care is under no contract, and the record names none"),
    "no_times": (UNPAID, "somebody came, but arrival or end is not recorded"),
    "ends_before_it_begins": (UNPAID, "the visit ends before it begins"),
    "no_minutes": (UNPAID, "the visit ends when it begins"),
    "too_long": (UNPAID, "longer than a visit can be (longest_visit_minutes)"),
    "time_shown_twice": (PAID_LESS, "clocks showed this time twice that night; the shorter visit counts"),
    "time_skipped": (PAID_LESS, "clocks did not show this time that night; an hour later is meant"),
    "another_day": (PAID, "the arrival is not on the record's date, nor on the day before or after it"),
    "contract_not_in_force": (PAID, "the contract is not in force on that date"),
    "before_care_started": (PAID, "the person's care began later, as the county has it"),
    "unknown_visit": (PAID, "the person's plan has no such visit"),
    "planned_minutes_differ": (PAID_LESS, "plan and record differ in the planned minutes; the fewer count"),
    "planned_minutes_not_known": (PAID, "neither plan nor record says how long the visit should be"),
    "told_twice": (PAID_LESS, "another record tells of the same time of the same care worker; it counts once"),
    "worker_in_two_places": (PAID, "the same care worker is recorded at another visit at that time"),
    "one_came_of_two": (PAID_LESS, "the visit needs two care workers, and one came"),
    "two_claimed_one_named": (PAID_LESS, "two are said to have come, and one is named; one counts"),
    "more_named_than_came": (PAID_LESS, "two are named, and one is said to have come; one counts"),
    "more_came_than_commissioned": (PAID_LESS, "more care workers came than the visit needs"),
    "some_not_named": (PAID, "one record of the visit names who came, another does not: perhaps the same person"),
    "two_contracts": (PAID, "the same visit is recorded under another contract, too"),
    "outcomes_disagree": (PAID_LESS, "records of one visit tell different outcomes"),
    "not_said_by_whom": (UNPAID, "called off late or refused, and it is not said by whom"),
    "stay_may_have_begun_before": (PAID, "the stay in hospital may have begun before the first record of the person"),
}
"""What each kind of oddity does to the money, and in words what is odd."""


@dataclass(frozen=True, slots=True, order=True)
class Odd:
    """A record and what is odd about it."""

    kind: str
    actual_id: str

    @property
    def effect(self) -> str:
        return KINDS[self.kind][0]

    @property
    def words(self) -> str:
        return KINDS[self.kind][1]


def odd_ones(case: AccountCase, period: Period, groups: Merged) -> tuple[Odd, ...]:
    """Every odd record of a period that stands (neither corrected nor withdrawn), by kind and id."""
    ids = case.actuals.ids
    found = dict[str, set[str]]()
    for kind, which in (*_alone(case, period), *_together(case, period, groups)):
        found.setdefault(kind, set()).update(ids[at] for at in which.tolist())
    return tuple(Odd(kind, actual_id) for kind in sorted(found) for actual_id in sorted(found[kind]))


def _alone(case: AccountCase, period: Period) -> Iterator[tuple[str, Ints]]:
    """What is odd about a record by itself."""
    actuals, here = case.actuals, case.actuals.counts & case.within(period)
    names = np.array([bool(name) for name in actuals.contract_names], np.bool_)
    named = names[actuals.contracts] if len(actuals) else here
    unknown, nowhere = here & (case.package == NOWHERE), case.contract == NOWHERE
    yield "unknown_package", np.flatnonzero(unknown)
    yield "unknown_contract", np.flatnonzero(here & nowhere & named)
    yield "no_contract", np.flatnonzero(here & nowhere & ~named & ~unknown)
    made = here & case.made
    given = (actuals.arrived != NEVER) & (actuals.left != NEVER)
    length = np.where(given, actuals.left - actuals.arrived, 0)
    yield "no_times", np.flatnonzero(made & ~given)
    yield "ends_before_it_begins", np.flatnonzero(made & (length < 0))
    yield "no_minutes", np.flatnonzero(made & given & (length == 0))
    yield "too_long", np.flatnonzero(made & (length > case.book.settings.longest_visit_minutes * 60))
    yield "time_shown_twice", np.flatnonzero(made & actuals.repeated)
    yield "time_skipped", np.flatnonzero(made & actuals.skipped)
    noon = (actuals.days - dt.date(1970, 1, 1).toordinal()) * 86400 + 43200
    yield "another_day", np.flatnonzero(made & given & (np.abs(actuals.arrived - noon) > 36 * 3600))
    stated = here & case.stated
    yield "contract_not_in_force", np.flatnonzero(stated & ~_in_force(case))
    started = np.array([each.care_started.toordinal() if each.care_started else 0 for each in case.county.packages] or [0])
    yield "before_care_started", np.flatnonzero(stated & ~named & (started[case.package] > actuals.days))
    visit_named = np.array([bool(name) for name in actuals.visit_names], np.bool_)
    says_visit = visit_named[actuals.visits] if len(actuals) else here
    yield "unknown_visit", np.flatnonzero(stated & says_visit & (case.visit == NONE))
    own = actuals.planned_minutes
    differs = (case.visit != NONE) & (own != NONE) & (own != _plan(case))
    yield "planned_minutes_differ", np.flatnonzero(stated & differs)
    yield "planned_minutes_not_known", np.flatnonzero(stated & (case.planned_minutes == NONE))
    keys = np.array([len(each) for each in actuals.key_lists], np.int64)
    count = keys[actuals.keys] if len(actuals) else own
    yield "two_claimed_one_named", np.flatnonzero(made & (actuals.workers == 2) & (count == 1))
    yield "more_named_than_came", np.flatnonzero(made & (actuals.workers == 1) & (count == 2))
    called_off = np.isin(actuals.outcomes, [OUTCOMES.index(CANCELLED_LATE), OUTCOMES.index(REFUSED)])
    yield "not_said_by_whom", np.flatnonzero(here & called_off & (actuals.who == NONE))
    first = case.hospital_stays.first_in_file
    stays = np.flatnonzero(stated & (actuals.outcomes == OUTCOMES.index(HOSPITAL)))
    days = zip(case.package[stays].tolist(), actuals.days[stays].tolist(), strict=True)
    yield "stay_may_have_begun_before", stays[np.array([each in first for each in days], np.bool_)]


def _plan(case: AccountCase) -> Ints:
    lengths = np.array([visit.duration_minutes for visit in case.visits] or [NONE], np.int64)
    return lengths[case.visit]


def _in_force(case: AccountCase) -> Truths:
    contracts = case.county.contracts
    starts = np.array([each.starts.toordinal() if each.starts else 0 for each in contracts] or [0])
    ends = np.array([each.ends.toordinal() if each.ends else dt.date.max.toordinal() + 1 for each in contracts] or [0])
    days = case.actuals.days
    within: Truths = (starts[case.contract] <= days) & (days < ends[case.contract])
    return within


def _together(case: AccountCase, period: Period, groups: Merged) -> Iterator[tuple[str, Ints]]:
    """What is odd about records beside others."""
    here = np.flatnonzero(case.stated & case.within(period))
    yield from _overlaps(case, groups)
    yield from _of_visits(case, groups)
    yield "outcomes_disagree", _disagreeing(case, here)
    yield "two_contracts", _under_two(case, here)


def _overlaps(case: AccountCase, groups: Merged) -> Iterator[tuple[str, Ints]]:
    """Time that two records tell of one care worker: of one visit told twice, of two visits in two places at once."""
    if not len(groups):
        return
    record, lengths = groups.records, groups.lengths
    arrived, left = case.actuals.arrived[record], case.actuals.left[record]
    yield "told_twice", record[_met(arrived, left, np.repeat(np.arange(len(groups)), lengths))]
    named = np.flatnonzero(groups.who >= 0)
    came, went, who = arrived[groups.begins][named], np.maximum.reduceat(left, groups.begins)[named], groups.who[named]
    by_worker = np.lexsort((came, who))
    odd = np.zeros(len(groups), np.bool_)
    odd[named[by_worker][_met(came[by_worker], went[by_worker], who[by_worker])]] = True
    yield "worker_in_two_places", record[np.repeat(odd, lengths)]


def _met(arrived: Ints, left: Ints, group: Ints) -> Ints:
    """Of times sorted by group and arrival the places of those that begin before an earlier one of their group has ended, and
    of that earlier one.
    """
    if len(arrived) < 2:
        return np.zeros(0, np.int64)
    changes = np.concatenate([[0], np.cumsum(group[1:] != group[:-1])])
    begin, span = int(arrived.min()), int(left.max()) - int(arrived.min()) + 1
    longest = np.maximum.accumulate(left - begin + changes * span)
    later = np.flatnonzero(arrived[1:] - begin + changes[1:] * span < longest[:-1]) + 1
    return np.unique(np.concatenate([later, np.searchsorted(longest, longest[later - 1])]))


def _of_visits(case: AccountCase, groups: Merged) -> Iterator[tuple[str, Ints]]:
    """How many came beside how many should, and whether all are named."""
    came, named = np.bincount(groups.visit)[groups.visit], np.bincount(groups.visit[groups.who >= 0])
    named = np.concatenate([named, np.zeros(len(groups), np.int64)])[groups.visit]
    needed = case.planned_workers[groups.first]
    for kind, odd in (
        ("one_came_of_two", (needed == 2) & (came == 1)),
        ("more_came_than_commissioned", (needed != NONE) & (came > needed)),
        ("some_not_named", (named > 0) & (named < came)),
    ):
        yield kind, groups.records[np.repeat(odd, groups.lengths)]


def _disagreeing(case: AccountCase, here: Ints) -> Ints:
    """Records of one visit of which some tell that somebody came and others not, or of those others different things."""
    keys, made = case.visit_keys[here], case.made[here]
    others, outcome = keys[~made], case.actuals.outcomes[here][~made]
    order = np.lexsort((outcome, others))
    others, outcome = others[order], outcome[order]
    differ = others[1:][(others[1:] == others[:-1]) & (outcome[1:] != outcome[:-1])]
    told = keys[made][is_among(keys[made], others)]
    return here[is_among(keys, np.unique(np.concatenate([differ, told])))]


def _under_two(case: AccountCase, here: Ints) -> Ints:
    """Records of visits that are recorded under more than one contract."""
    contract, package = case.contract[here], case.package[here]
    least, most = np.full(len(case.county.packages), len(case.county.contracts)), np.full(len(case.county.packages), NONE)
    np.minimum.at(least, package, contract)
    np.maximum.at(most, package, contract)
    here = here[(least < most)[package]]  # of most people all care is under one contract
    visits, contract = case.own_visits[here], case.contract[here]
    order = np.lexsort((contract, visits))
    visits_in, contracts = visits[order], contract[order]
    return here[is_among(visits, np.unique(visits_in[1:][(visits_in[1:] == visits_in[:-1]) & (contracts[1:] != contracts[:-1])]))]
