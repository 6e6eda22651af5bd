"""Drafts of statements, made by the engine's accounting from the records of visits that the service has, and checked by the
independent check before anybody sees them.

A closed period is counted anew where records of it have come since: what it comes to otherwise today is an adjustment in the
statement that is drafted. Nothing is written here.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, select

from api.accounts.kept_book import book_in
from api.accounts.records_since import changed_since
from api.accounts.statement_records import closed_before, pence, statement_of
from api.actuals.stored_actuals import counting, newest_batch, write_file
from api.actuals.under_contracts import county_of
from api.enhanced.answers import charged_from
from api.http.errors import Problem
from api.http.zipped_folder import HIDDEN
from api.period_figures.what_a_period_tells import Line, figures_of, rows_of
from api.state.state import State
from api.state.stored_records import Body
from api.storage.table_schema import actuals
from optimiser.accounting.adjustments import ClosedAccount
from optimiser.accounting.line_table import LINES
from optimiser.accounting.report import account_files
from optimiser.accounting.story import Account, AccountRefusedError, account
from optimiser.county import County
from optimiser.domain.accounts import PERIOD_DAYS, AccountBook, Period
from optimiser.domain.dates import days_after
from optimiser.io.actual_files import read_actuals
from optimiser.io.leftovers import hidden_folder
from optimiser.io.records_again import records_again

INCENTIVE = "incentive"
"""What a line is paid for that an incentive is for."""


@dataclass(frozen=True)
class Draft:
    """A contract's, for a period. ``row``: as ``statements.csv`` has it; ``batch``: the records that had come by then."""

    contract_id: str
    period: Period
    row: Mapping[str, str]
    lines: tuple[Line, ...] = field(repr=False)
    adjustments: tuple[Mapping[str, str], ...]
    odd: Mapping[str, int]
    batch: int
    version: int


@dataclass(frozen=True)
class Drafts:
    """A period's. ``figures``: what the whole period tells beside them; None where one contract's alone are drafted."""

    of_contracts: tuple[Draft, ...]
    figures: Body | None = field(default=None, repr=False)


def drafts_of(connection: Connection, state: State, period_starts: dt.date, contract_id: str | None = None) -> Drafts:
    """Drafts of the statements of a period that are not closed, by contract; or of one contract.

    Raises a ``Problem`` where nobody has said when periods begin, and where none begins on that day.
    """
    with hidden_folder(HIDDEN) as folder:
        book = book_in(folder, state, state.snapshot)
    period = Period(period_starts)
    refuse_other_days(book, period)
    if contract_id is not None:
        closed = _to_adjust(connection, state, contract_id, period)
        return _drafted(connection, state, book, period, [contract_id], closed)
    plain, adjusted = list[str](), list[Draft]()
    for each in sorted(state.stock["contracts"]):
        known = statement_of(state, each, period.starts)
        if known is not None and known.body["state"] == "closed":
            continue
        if closed := _to_adjust(connection, state, each, period):
            adjusted += _drafted(connection, state, book, period, [each], closed).of_contracts
        else:
            plain.append(each)
    whole = _drafted(connection, state, book, period, plain, (), whole=True)
    return Drafts((*adjusted, *whole.of_contracts), whole.figures)


def refuse_other_days(book: AccountBook, period: Period, named: str = "period_starts") -> None:
    """Raises a ``Problem`` where no period of payment begins on its first day. ``named``: what the request calls that day."""
    meant = book.settings.period_of(period.starts)
    if meant != period:
        said = f"{named}: {period.starts} begins no period; the one that it is in begins on {meant.starts} (periods_begin)."
        raise Problem("refused", "1 fault(s); nothing was written.", faults=[said])


def days_looked_at(book: AccountBook, begins: dt.date, ends: dt.date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Of which days records are read for an account: what stays in hospital come to hangs on the days before it."""
    looks_back = max(2 * PERIOD_DAYS, *(each.retainer_days or 0 for each in book.terms), 0)
    return actuals.c.date >= days_after(begins, -looks_back).isoformat(), actuals.c.date < ends.isoformat()


def _to_adjust(connection: Connection, state: State, contract_id: str, period: Period) -> tuple[ClosedAccount, ...]:
    """Of a contract's closed periods those of which records have come since, each with all that was stated of it so far."""
    closed = closed_before(state, contract_id, period.starts)
    told: dict[str, int] = {each["period_starts"]: each["own_pence"] for each in closed}
    for each in closed:
        for adjustment in each["adjustments"]:
            told[adjustment["period_starts"]] += adjustment["pence"]
    newer = [
        each
        for each in closed
        if changed_since(connection, contract_id, each["batch"], each["period_starts"], each["period_ends"])
    ]
    return tuple(
        ClosedAccount(Period(dt.date.fromisoformat(starts)), {contract_id: told[starts]}, {})
        for starts in (each["period_starts"] for each in newer)
    )


def _drafted(
    connection: Connection,
    state: State,
    book: AccountBook,
    period: Period,
    contract_ids: Collection[str],
    closed: Sequence[ClosedAccount],
    *,
    whole: bool = False,
) -> Drafts:
    """Drafts of some contracts. ``whole``: all records of the period are counted, whatever contracts these are."""
    begins = min([period, *(each.period for each in closed)]).starts
    days = days_looked_at(book, begins, period.ends)
    where: list[ColumnElement[bool]] = list(days)
    if not whole:
        (only,) = contract_ids
        people = select(actuals.c.package_id).where(*days, actuals.c.contract_id == only).distinct()
        where.append(actuals.c.package_id.in_(people))
    batch, under = newest_batch(connection), dict[str, str]()
    with hidden_folder(HIDDEN) as folder:
        records = list(counting(connection, *where))
        county = county_of(connection, state, {each["package_id"] for each in records})
        under = {each["actual_id"]: each["contract_id"] for each in records}
        file = write_file(folder, records)
        del records
        made, files = _checked(folder, file, state, county, period, closed)
    wanted = set(contract_ids)
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for odd in made.odd:
        counted[under[odd.actual_id]][odd.kind] += 1
    lines, adjustments = _by_contract(files["statement-lines.csv"], wanted), _by_contract(files["adjustments.csv"], wanted)
    earned = _by_contract(files["incentives-earned.csv"], wanted)
    drafts = tuple(
        Draft(
            contract_id,
            period,
            row,
            (*lines.get(contract_id, ()), *map(_line_of, _paid(earned.get(contract_id, ())))),
            tuple(adjustments.get(contract_id, ())),
            dict(sorted(counted[contract_id].items())),
            batch,
            state.version,
        )
        for row in rows_of(files["statements.csv"])
        if (contract_id := row["contract_id"]) in wanted
    )
    return Drafts(drafts, figures_of(made, files, batch) if whole else None)


def _checked(
    folder: Path, file: Path, state: State, county: County, period: Period, closed: Sequence[ClosedAccount]
) -> tuple[Account, dict[str, bytes]]:
    """An account that the independent check has confirmed, and its files."""
    book = book_in(folder, state, county.snapshot)
    read, _ = read_actuals(file)
    try:
        made = account(county, read, book, period, closed, charged_from(state))
    except AccountRefusedError as refused:
        raise Problem("refused", f"{len(refused.reasons)} fault(s)", faults=list(refused.reasons)) from None
    files, _ = account_files(made, records_again(file), closed, {})
    return made, files


def _by_contract(content: bytes, wanted: Collection[str]) -> dict[str, list[Line]]:
    found: defaultdict[str, list[Line]] = defaultdict(list)
    for row in rows_of(content):
        if row["contract_id"] in wanted:
            found[row["contract_id"]].append(row)
    return dict(found)


def _paid(earned: Sequence[Line]) -> Iterator[Line]:
    return (each for each in earned if pence(each["gbp"]))


def _line_of(earned: Line) -> Line:
    """An incentive as a line, so that all lines together are what is paid beside the guarantee and adjustments."""
    told = {
        "contract_id": earned["contract_id"],
        "package_id": earned["package_id"],
        "date": earned["first_visit_at"][:10],
        "outcome": earned["kind"],
        "paid_for": INCENTIVE,
        "why": earned["outcome"],
        "gbp": earned["gbp"],
    }
    return dict.fromkeys(LINES, "") | told
