"""Per person and week what was delivered beside what was commissioned; visits that were missed or cut short."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.accounting.account_case import AccountCase
from optimiser.accounting.merging import Merged
from optimiser.county import NOWHERE
from optimiser.domain.accounts import Period
from optimiser.domain.actuals import CUT_SHORT, HOSPITAL, MISSED, OUTCOMES, WHO, WHY, Ints

BELOW, ABOVE, NO_RECORDS = "below", "above", "no_records"
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class PersonsWeeks:
    """A person's whose care runs. Minutes are care workers'.

    A week is judged when their care ran on each of its days, they were in hospital on none, and there is a record.
    """

    package: int
    delivered_seconds: tuple[int, ...]
    """Per week of the span, judged or not."""
    judged: tuple[int, ...]
    """The weeks that are judged, counted from 0."""
    in_hospital: int
    without_records: int
    """Weeks in which their care ran and nothing at all was recorded."""
    below: int
    above: int
    """Judged weeks that differ from what is commissioned by more than the setting."""
    visits_made: int
    missed: int
    cut_short: int
    at_persons_wish: int
    """Of those cut short."""
    finding: str
    """``BELOW`` or ``ABOVE``: every judged week is, and at least half of the span are judged. ``NO_RECORDS``: no week has one."""

    def delivered_minutes_per_week(self) -> Fraction | None:
        """In the judged weeks; None without any."""
        if not self.judged:
            return None
        return Fraction(sum(self.delivered_seconds[week] for week in self.judged), 60 * len(self.judged))


def persons_weeks(case: AccountCase, span: Period, groups: Merged) -> Iterator[PersonsWeeks]:
    """One for everybody whose care runs, by id. ``groups``: the visits made in the span."""
    weeks = span.length_days // WEEK_DAYS
    seconds = _per_week(case, span, case.package[groups.first], case.actuals.days[groups.first], groups.seconds)
    here = np.flatnonzero(case.stated & case.within(span))
    package, day = case.package[here], case.actuals.days[here]
    records = _per_week(case, span, package, day, np.ones(len(here), np.int64))
    counts = case.actuals.counts & (case.package != NOWHERE) & case.within(span)
    hospital = np.flatnonzero(counts & (case.actuals.outcomes == OUTCOMES.index(HOSPITAL)))  # whatever contract it names
    away = _per_week(case, span, case.package[hospital], case.actuals.days[hospital], np.ones(len(hospital), np.int64))
    made, cut, wished, missed = _visits(case, here)
    for place in sorted(range(len(case.county.packages)), key=lambda each: case.county.packages[each].package_id):
        record = case.county.packages[place]
        if record.status != "active" or not record.minutes_per_week:
            continue
        began = ((record.care_started or span.starts) - span.starts).days
        ran = [week for week in range(weeks) if began <= week * WEEK_DAYS]
        judged = [week for week in ran if records[place, week] and not away[place, week]]
        told = seconds[place].tolist()
        differs = case.book.settings.delivery_differs_by * record.minutes_per_week * 60
        below = sum(told[week] < record.minutes_per_week * 60 - differs for week in judged)
        above = sum(told[week] > record.minutes_per_week * 60 + differs for week in judged)
        silent = sum(not records[place, week] for week in ran)
        finding = ""
        if 2 * len(judged) >= weeks and len(judged) in (below, above):
            finding = BELOW if below else ABOVE
        elif ran and silent == len(ran):
            finding = NO_RECORDS
        yield PersonsWeeks(
            package=place,
            delivered_seconds=tuple(told),
            judged=tuple(judged),
            in_hospital=sum(bool(away[place, week]) for week in ran),
            without_records=silent,
            below=below,
            above=above,
            visits_made=int(made[place]),
            missed=int(missed[place]),
            cut_short=int(cut[place]),
            at_persons_wish=int(wished[place]),
            finding=finding,
        )


def _per_week(case: AccountCase, span: Period, package: Ints, day: Ints, figure: Ints) -> Ints:
    """A row for each package, a column for each week: what the figures come to."""
    sums = np.zeros((len(case.county.packages), span.length_days // WEEK_DAYS), np.int64)
    np.add.at(sums, (package, (day - span.starts.toordinal()) // WEEK_DAYS), figure)
    return sums


def _visits(case: AccountCase, here: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Per package its visits that were made, cut short, at the person's wish, and missed: a visit that several records tell of is
    one, and whichever of them says that it was cut short says it of the visit; missed is what nobody came to.
    """
    actuals = case.actuals
    keys, visit = np.unique(case.own_visits[here], return_inverse=True)
    owner = np.zeros(len(keys), np.int64)
    owner[visit] = case.package[here]

    def any_of(which: object) -> Ints:
        told = np.zeros(len(keys), np.int64)
        np.maximum.at(told, visit, np.asarray(which, np.int64))
        return told

    made = any_of(case.made[here])
    is_cut = actuals.outcomes[here] == OUTCOMES.index(CUT_SHORT)
    wish = (actuals.why[here] == WHY.index("persons_wish")) | (actuals.who[here] == WHO.index("person"))
    cut, wished = any_of(is_cut), any_of(is_cut & wish)
    missed = any_of(actuals.outcomes[here] == OUTCOMES.index(MISSED)) * (1 - made)
    packages = len(case.county.packages)
    counts = [np.bincount(owner, weights=each, minlength=packages).astype(np.int64) for each in (made, cut, wished, missed)]
    return counts[0], counts[1], counts[2], counts[3]
