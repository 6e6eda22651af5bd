"""Records of one visit, date and care worker are one before anything is paid: whether one is split changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.accounting.account_case import AccountCase
from optimiser.domain.accounts import Period
from optimiser.domain.actuals import NONE, Ints, Truths

UNNAMED = -2
"""Of care workers without a pseudonym the first is this, the second one less."""


@dataclass(frozen=True)
class Merged:
    """A group for each visit, date and care worker who came, in the order of contract, person, date, visit and minutes."""

    first: Ints
    """Per group a record of it: what they have in common is read from it."""
    seconds: Ints
    """Per group how long the care worker was there: time that several records tell counts once."""
    who: Ints
    """Per group the care worker: the place of a pseudonym, or ``UNNAMED`` and below."""
    visit: Ints
    """Per group the visit that it belongs to, counted from 0."""
    worker: Ints
    """Per group its number among those who came to the visit: 1 for whoever stayed longest."""
    planned: Ints
    """Per group the planned minutes, the fewest of its visit's records; or NONE."""
    cut_short: Truths
    records: Ints
    """The records of all groups, one group's after another's."""
    begins: Ints
    """Per group where its records begin."""

    def __len__(self) -> int:
        return len(self.first)

    @property
    def lengths(self) -> Ints:
        """Per group how many records it has."""
        lengths: Ints = np.diff(self.begins, append=len(self.records))
        return lengths


def merged(case: AccountCase, period: Period) -> Merged:
    """The visits that were made in a period, each care worker's time once."""
    chosen = np.flatnonzero(case.stated & case.timed & case.within(period))
    keys = case.visit_keys
    record, worker = by_worker(case, chosen)
    actuals = case.actuals
    if not len(record):
        none = np.zeros(0, np.int64)
        return Merged(none, none, none, none, none, none, none.astype(np.bool_), none, none)
    order = np.lexsort((actuals.arrived[record], worker, keys[record]))
    record, worker = record[order], worker[order]
    key = keys[record]
    new_visit = np.concatenate([[True], key[1:] != key[:-1]])
    new = new_visit | np.concatenate([[True], worker[1:] != worker[:-1]])
    begins, group = np.flatnonzero(new), np.cumsum(new) - 1
    seconds = np.add.reduceat(_own_time(actuals.arrived[record], actuals.left[record], group), begins)
    visit_of_group = (np.cumsum(new_visit) - 1)[begins]
    planned = case.planned_minutes[record]
    fewest = np.minimum.reduceat(np.where(planned == NONE, np.iinfo(np.int64).max, planned), np.flatnonzero(new_visit))
    fewest = np.where(fewest == np.iinfo(np.int64).max, NONE, fewest)[visit_of_group]
    cut = np.logical_or.reduceat(actuals.outcomes[record] == 1, begins)
    by_length = np.lexsort((worker[begins], -seconds, visit_of_group))
    number = np.empty(len(begins), np.int64)
    first_of_visit = np.flatnonzero(np.concatenate([[True], np.diff(visit_of_group[by_length]) > 0]))
    place = np.arange(len(begins)) - np.repeat(first_of_visit, np.diff([*first_of_visit, len(begins)]))
    number[by_length] = place + 1
    return Merged(record[begins], seconds, worker[begins], visit_of_group, number, fewest, cut, record, begins)


def by_worker(case: AccountCase, chosen: Ints) -> tuple[Ints, Ints]:
    """A row for each care worker that a record tells of: the record, and who. Who is named counts; else as many as it says."""
    actuals = case.actuals
    named = sorted({key for keys in actuals.key_lists for key in keys})
    place = {key: at for at, key in enumerate(named)}
    keys = [[place[key] for key in each[:2]] for each in actuals.key_lists]
    first = np.array([each[0] if each else UNNAMED for each in keys], np.int64)
    second = np.array([each[1] if len(each) > 1 else NONE if each else UNNAMED - 1 for each in keys], np.int64)
    if not len(chosen):
        return chosen, chosen
    of = actuals.keys[chosen]
    two = (actuals.workers[chosen] == 2) & (second[of] != NONE)
    return np.concatenate([chosen, chosen[two]]), np.concatenate([first[of], second[of][two]])


def _own_time(arrived: Ints, left: Ints, group: Ints) -> Ints:
    """Per row, sorted by group and arrival, what of its time no row of its group before it has told."""
    begin = int(arrived.min())
    span = int(left.max()) - begin + 1
    told = np.maximum.accumulate(left - begin + group * span)
    before = np.concatenate([[np.int64(-1)], told[:-1]])
    free_from = np.maximum(arrived - begin + group * span, before)
    own: Ints = np.maximum(0, left - begin + group * span - free_from)
    return own
