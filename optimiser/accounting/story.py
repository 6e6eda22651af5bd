"""A period's account: the whole of it, from a county and records of visits to a statement for each contract.

Nothing here is closed, sent or paid: statements are drafts until a named person closes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from optimiser.accounting.account_case import AccountCase
from optimiser.accounting.adjustments import Adjustment, ClosedAccount, adjustments_of
from optimiser.accounting.enhanced_hours import NO_NOTICES, EnhancedHours, enhanced_hours
from optimiser.accounting.guarantee_use import AreaShare, GuaranteeUse, area_shares, guarantee_uses
from optimiser.accounting.incentives import Incentive, incentives_of
from optimiser.accounting.increments import BothWays, Repriced, ShortVisits
from optimiser.accounting.odd_ones import Odd, odd_ones
from optimiser.accounting.statement_lines import Lines, lines_of
from optimiser.accounting.statements import Statement, statements_of
from optimiser.county import County
from optimiser.domain.accounts import AccountBook, Period
from optimiser.domain.actuals import Actuals


class AccountRefusedError(Exception):
    """What was asked for cannot be accounted; every reason."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(reasons))


@dataclass(frozen=True)
class Account:
    """A period's."""

    case: AccountCase
    period: Period
    lines: Lines
    statements: tuple[Statement, ...]
    incentives: tuple[Incentive, ...]
    adjustments: tuple[Adjustment, ...]
    odd: tuple[Odd, ...]
    both_ways: tuple[BothWays, ...]
    """The same visits in steps of five and of fifteen minutes."""
    short_visits: tuple[ShortVisits, ...]
    guarantees: tuple[GuaranteeUse, ...]
    shares: tuple[AreaShare, ...]
    enhanced: tuple[EnhancedHours, ...]
    """Of enhanced home support, by contract."""
    charged_from: Mapping[str, dt.date]
    """By package id the day from which such support is charged."""

    def __repr__(self) -> str:
        return f"<Account of {self.period.starts}: {len(self.statements)} statements>"

    @property
    def total_pence(self) -> int:
        return sum(each.total_pence for each in self.statements)


def account(
    county: County,
    actuals: Actuals,
    book: AccountBook,
    period: Period,
    closed: Sequence[ClosedAccount] = (),
    charged_from: Mapping[str, dt.date] = NO_NOTICES,
) -> Account:
    """A period's statements. ``closed``: those of earlier periods, which later records may adjust; ``charged_from``: by package
    of enhanced home support the day from which a notice and a financial assessment are both recorded.

    Raises ``AccountRefusedError``.
    """
    _refuse(county, actuals, book, period, closed)
    case = AccountCase.of(county, actuals, book)
    adjustments = adjustments_of(closed, {key: pence for one in closed for key, pence in _own(case, one.period).items()})
    by_contract: dict[int, int] = {}
    for each in adjustments:
        contract = county.contract_index[each.contract_id]
        by_contract[contract] = by_contract.get(contract, 0) + each.pence
    lines, incentives = lines_of(case, period), incentives_of(case, period)
    statements = statements_of(case, lines, incentives, by_contract)
    repriced = Repriced(case, lines)
    return Account(
        case=case,
        period=period,
        lines=lines,
        statements=statements,
        incentives=incentives,
        adjustments=adjustments,
        odd=odd_ones(case, period, lines.groups),
        both_ways=repriced.both_ways(),
        short_visits=repriced.short_visits(),
        guarantees=guarantee_uses(case, lines, statements),
        shares=tuple(area_shares(case, lines)),
        enhanced=enhanced_hours(case, lines, charged_from),
        charged_from=charged_from,
    )


def _own(case: AccountCase, period: Period) -> dict[tuple[str, Period], int]:
    """Per contract what a period comes to by itself."""
    statements = statements_of(case, lines_of(case, period), incentives_of(case, period), {})
    return {(case.county.contracts[each.contract].contract_id, period): each.own_pence for each in statements}


def _refuse(county: County, actuals: Actuals, book: AccountBook, period: Period, closed: Sequence[ClosedAccount]) -> None:
    reasons = []
    if book.settings.period_of(period.starts) != period:
        meant = book.settings.period_of(period.starts)
        reasons.append(f"{period.starts} begins no period; the one that it is in began on {meant.starts} (periods_begin)")
    ids = set[str]()
    for one in closed:
        if one.period >= period:
            reasons.append(f"a closed period that begins on {one.period.starts} is not before {period.starts}")
        if sum(one.period == other.period for other in closed) > 1:
            reasons.append(f"the closed period that begins on {one.period.starts} is given more than once")
        ids |= one.actual_ids
        named = {*one.own_pence, *(contract_id for contract_id, _ in one.adjusted_pence)}
        unknown = sorted(named - county.contract_index.keys())
        reasons += [
            f"the closed period that begins on {one.period.starts} names contract {each}, unknown today" for each in unknown
        ]
    if ids and (gone := sorted(ids - set(actuals.ids))):
        reasons.append(
            f"{len(gone)} record(s) that closed statements were made of are not in the actuals, such as {gone[0]}:"
            " give the whole file, so that nothing seems to have been taken back"
        )
    if reasons:
        raise AccountRefusedError(reasons)
