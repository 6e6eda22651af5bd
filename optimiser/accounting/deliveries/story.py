"""What the records of some weeks say that somebody should look at: the whole of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from optimiser.accounting.account_case import AccountCase
from optimiser.accounting.deliveries.continuity import Continuity, continuity
from optimiser.accounting.deliveries.persons_weeks import ABOVE, BELOW, NO_RECORDS, WEEK_DAYS, PersonsWeeks, persons_weeks
from optimiser.accounting.deliveries.punctuality import Punctuality, punctuality
from optimiser.accounting.merging import merged
from optimiser.county import County
from optimiser.domain.accounts import AccountBook, Period
from optimiser.domain.actuals import Actuals

CUT_SHORT, MISSED, LATE = "cut_short", "missed", "late"
KINDS = {
    BELOW: "in every week that can be judged less came than is commissioned: is so much still needed, and does it come?",
    ABOVE: "in every week that can be judged more came than is commissioned: is more needed?",
    NO_RECORDS: "care runs, and no visit at all is recorded: does anybody come?",
    MISSED: "visits were missed",
    CUT_SHORT: "many visits were cut short: at whose wish, and is the time still right?",
    LATE: "many visits of the round began late: is the round too full, or the travel too short?",
}
"""What each finding asks somebody to look at."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something to look at: of a person's package, or of a round under a contract."""

    kind: str
    package_id: str
    contract_id: str
    round_id: str


@dataclass(frozen=True)
class Deliveries:
    """Of a county's records of some weeks. Nothing of it changes anything."""

    case: AccountCase
    span: Period
    people: tuple[PersonsWeeks, ...]
    rounds: tuple[Punctuality, ...]
    continuity: tuple[Continuity, ...]
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return f"<Deliveries of {self.span.length_days // WEEK_DAYS} weeks: {len(self.findings)} findings>"


def deliveries(county: County, actuals: Actuals, book: AccountBook, until: dt.date) -> Deliveries:
    """Of the last weeks before a day (setting ``delivery_weeks``)."""
    days = book.settings.delivery_weeks * WEEK_DAYS
    span = Period(until - dt.timedelta(days=days), days)
    case = AccountCase.of(county, actuals, book)
    people = tuple(persons_weeks(case, span, merged(case, span)))
    rounds = punctuality(case, span)
    return Deliveries(case, span, people, rounds, continuity(case, span), _findings(case, people, rounds))


def _findings(case: AccountCase, people: tuple[PersonsWeeks, ...], rounds: tuple[Punctuality, ...]) -> tuple[Finding, ...]:
    """By kind and id."""
    found = []
    for each in people:
        record = case.county.packages[each.package]
        kinds = [each.finding] * bool(each.finding) + [MISSED] * bool(each.missed)
        if is_often_cut_short(case.book, each.cut_short, each.visits_made):
            kinds.append(CUT_SHORT)
        found += [Finding(kind, record.package_id, record.contract_id, record.round_id) for kind in kinds]
    contracts = case.county.contracts
    found += [Finding(LATE, "", contracts[each.contract].contract_id, each.round_id) for each in rounds if each.is_late]
    return tuple(sorted(found))


def is_often_cut_short(book: AccountBook, cut_short: int, made: int) -> bool:
    """Whether so many of a person's visits were that somebody should look."""
    least, share = book.settings.cut_short_least, book.settings.cut_short_share
    return cut_short >= least and Fraction(cut_short, made) >= share
