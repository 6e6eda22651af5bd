"""What recorded visits come to under a scenario: the same visits, paid by the terms and prices that it says.

Steps of five minutes against fifteen are such a scenario. A guarantee may swallow what a step adds or takes away, so that what
is owed in all stands beside what the visits come to. Every figure is of an account that the independent check has confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from optimiser.accounting.ended_care import NOBODYS, EndedCare, with_ended
from optimiser.accounting.increments import SHORT, Repriced
from optimiser.accounting.report import account_files
from optimiser.accounting.story import Account, account
from optimiser.accounting.tables import hours
from optimiser.county import County
from optimiser.domain.accounts import AccountBook, Period, Terms
from optimiser.domain.actuals import Actuals
from optimiser.domain.records import Contract
from optimiser.domain.words import pounds
from optimiser.whatif.compare.indicators import Indicator
from optimiser.whatif.compare.problem import Billing, Scenario


@dataclass(frozen=True)
class RecordedVisits:
    """Records of visits and what they are paid by. ``again``: reads the records anew, for the check."""

    actuals: Actuals
    book: AccountBook
    period: Period
    again: Callable[[], Iterator[list[str]]]
    ended: EndedCare = NOBODYS
    """Those whom the county has no more, and of whom there are records."""

    def __repr__(self) -> str:
        return f"<RecordedVisits of {self.period.starts}: {self.actuals!r}>"


def paid(county: County, visits: RecordedVisits, scenario: Scenario | None) -> list[Indicator]:
    """The figures of a county and a period; ``scenario`` None: paid as the terms are.

    Raises ``AccountRefusedError``, and ``AccountNotConfirmedError`` where the check comes to something else.
    """
    book = visits.book if scenario is None else billed(visits.book, county.snapshot.contracts, scenario.billing)
    made = account(with_ended(county, visits.ended), visits.actuals, book, visits.period)
    _, record = account_files(made, visits.again, (), {})
    return list(_indicators(made, record))


def _indicators(made: Account, record: dict[str, Any]) -> Iterator[Indicator]:
    of = f"recorded visits, {made.period.starts} to {made.period.ends}"
    lines, repriced = made.lines, Repriced(made.case, made.lines)
    short_rural = repriced.rural & (repriced.minutes < SHORT)
    yield Indicator(of, "pounds", record["visits_gbp"])
    yield Indicator(f"{of}, rural and under {SHORT} minutes", "pounds", pounds(int(lines.pence[short_rural].sum())))
    yield Indicator(f"{of}, delivered", "hours", hours(sum(each.delivered_seconds for each in made.statements)))
    yield Indicator(f"{of}, billed", "hours", hours(sum(each.billed_seconds for each in made.statements)))
    yield Indicator(f"{of}, what guarantees add", "pounds", record["guarantee_adds_gbp"])
    yield Indicator(f"{of}, owed in all", "pounds", record["total_gbp"])
    used = np.unique(lines.contract).tolist()
    unknown = sum(not each.can_be_closed for each in made.statements if each.contract in used)
    yield Indicator(f"{of}, contracts of which a term is not known", "contracts", str(unknown))


def billed(book: AccountBook, contracts: Sequence[Contract], billing: Sequence[Billing]) -> AccountBook:
    """The book with other steps, on every day: what is said of a contract before its tier, and that before all."""
    said = {each.contract_id: found for each in contracts if (found := _said(each, billing)) is not None}
    always = {each.contract_id for each in book.terms if each.starts is None}
    unknown = [Terms(each, None, None, None, None, None, None, None) for each in said if each not in always]
    return replace(book, terms=tuple(_otherwise(each, said.get(each.contract_id)) for each in (*book.terms, *unknown)))


def _otherwise(terms: Terms, said: Billing | None) -> Terms:
    if said is None:
        return terms
    increment, rounding = said.increment_minutes or terms.increment_minutes, said.rounding or terms.rounding
    return replace(terms, increment_minutes=increment, rounding=rounding)


def _said(contract: Contract, billing: Sequence[Billing]) -> Billing | None:
    """What is said of it most closely."""
    for of in ((contract.contract_id, ""), ("", contract.tier), ("", "")):
        for each in billing:
            if (each.contract_id, each.tier) == of:
                return each
    return None
