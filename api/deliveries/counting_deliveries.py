"""The lists of deliveries, made by the engine from the records of visits that the service has, and confirmed by its check before
anybody sees them. Nothing is written here.

Of people those alone are kept of whom there is something to look at; of rounds those that began late. What holds of all of them
is kept in sums by contract, in which nobody is named.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import Connection

from api.accounts.kept_book import kept_files, write_files
from api.actuals.stored_actuals import counting, newest_batch, write_file
from api.actuals.under_contracts import county_of
from api.http.zipped_folder import HIDDEN
from api.period_figures.what_a_period_tells import Line, rows_of
from api.state.state import State
from api.state.stored_records import Body
from api.storage.table_schema import actuals
from optimiser.accounting.deliveries.persons_weeks import ABOVE, BELOW, NO_RECORDS, WEEK_DAYS
from optimiser.accounting.deliveries.report import delivery_files
from optimiser.accounting.deliveries.story import CUT_SHORT, MISSED, deliveries
from optimiser.domain.accounts import AccountBook
from optimiser.domain.dates import days_after
from optimiser.io.account_files import read_account_book
from optimiser.io.actual_files import read_actuals
from optimiser.io.leftovers import hidden_folder
from optimiser.io.records_again import records_again

OF_PEOPLE = (NO_RECORDS, MISSED, BELOW, CUT_SHORT, ABOVE)
"""What there may be to look at of a person's care, in the order in which it is listed: first where perhaps nobody comes."""
WEEKS = ("weeks_judged", "weeks_below", "weeks_above", "weeks_in_hospital", "weeks_without_records")
VISITS = ("visits_made", "missed", "cut_short", "cut_short_at_persons_wish")
HOURS = ("commissioned_hours_per_week", "delivered_hours_per_week")
TIMES = ("visits", "early", "on_time", "late")


def deliveries_of(connection: Connection, state: State, until: dt.date) -> Body:
    """As they are kept, but for who had them counted and when. ``until``: the first day that does not count any more.

    Raises ``InputRefusedError`` where the account book fits the county no longer, and ``AccountNotConfirmedError``.
    """
    with hidden_folder(HIDDEN) as folder:
        book = _book(state, folder)
        since = days_after(until, -book.settings.delivery_weeks * WEEK_DAYS)
        here = actuals.c.date >= since.isoformat(), actuals.c.date < until.isoformat()
        records = list(counting(connection, *here))
        county = county_of(connection, state, {each["package_id"] for each in records})
        file = write_file(folder, records)
        del records
        read, _ = read_actuals(file)
        files, record = delivery_files(deliveries(county, read, book, until), records_again(file), {})
    found = {name: list(rows_of(content)) for name, content in files.items() if name.endswith(".csv")}
    told = ("starts", "ends", "weeks", "records", "records_of_nobody_known", "people", "findings")
    return {
        **{name: record[name] for name in told},
        "settings": {name: float(each) if isinstance(each, str) else each for name, each in record["settings"].items()},
        "batch": newest_batch(connection),
        **kept_tables(found),
    }


def kept_tables(found: Mapping[str, list[Line]]) -> Body:
    """What is kept of the engine's tables, which are given by the names of their files."""
    return {
        "rows": _people(found["to-review.csv"], found["delivered.csv"], found["continuity.csv"]),
        "rounds": [_round(each) for each in found["punctuality.csv"] if each["finding"]],
        "contracts": _contracts(found),
    }


def _book(state: State, folder: Path) -> AccountBook:
    """What was kept of settings: nothing is paid by these lists, so that they need no periods of payment."""
    write_files(folder, kept_files(state))
    return read_account_book(folder, state.snapshot, needs_periods=False)[0]


def _people(to_review: Iterable[Line], delivered: Iterable[Line], continuity: Iterable[Line]) -> list[Body]:
    """A row for everybody of whom there is something to look at, by id."""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    for each in to_review:
        if each["package_id"]:
            kinds[each["package_id"]].add(each["kind"])
    came = {each["package_id"]: each for each in continuity}
    return [
        {
            **{name: line[name] for name in ("package_id", "contract_id", "provider_id", "round_id")},
            "kinds": [kind for kind in OF_PEOPLE if kind in kinds[line["package_id"]]],
            **{name: float(line[name]) if line[name] else None for name in HOURS},
            **{name: int(line[name]) for name in (*WEEKS, *VISITS)},
            **_who_came(came.get(line["package_id"])),
        }
        for line in delivered
        if line["package_id"] in kinds
    ]


def _who_came(line: Line | None) -> Body:
    """How many different care workers came, where records tell one from another."""
    if line is None:
        return {"care_workers": None, "share_of_one": None}
    return {"care_workers": int(line["care_workers"]), "share_of_one": float(line["share_of_one"])}


def _round(line: Line) -> Body:
    ids = {name: line[name] for name in ("contract_id", "provider_id", "round_id")}
    counts = {name: int(line[name]) for name in TIMES}
    return ids | counts | {name: float(line[name]) for name in ("late_share", "median_minutes_late")}


def _contracts(found: Mapping[str, list[Line]]) -> list[Body]:
    """Sums of each contract, by id: how many people, of how many there is what to look at, and how visits began."""
    people = Counter(each["contract_id"] for each in found["delivered.csv"])
    kinds = Counter((each["contract_id"], each["kind"]) for each in found["to-review.csv"])
    times: defaultdict[str, Counter[str]] = defaultdict(Counter)
    workers: defaultdict[str, list[int]] = defaultdict(list)
    provider = {each["contract_id"]: each["provider_id"] for each in (*found["delivered.csv"], *found["punctuality.csv"])}
    for each in found["punctuality.csv"]:
        times[each["contract_id"]].update({name: int(each[name]) for name in TIMES})
    for each in found["continuity.csv"]:
        workers[each["contract_id"]].append(int(each["care_workers"]))
    return [
        {
            "contract_id": contract_id,
            "provider_id": provider[contract_id],
            "people": people[contract_id],
            **{kind: kinds[contract_id, kind] for kind in OF_PEOPLE},
            **{f"visits_{name}" if name != "visits" else "visits_timed": times[contract_id][name] for name in TIMES},
            "people_told_apart": len(workers[contract_id]),
            "care_workers_each": _mean(workers[contract_id]),
        }
        for contract_id in sorted(provider)
    ]


def _mean(counts: list[int]) -> float | None:
    """To a tenth; None of nobody."""
    return round(sum(counts) / len(counts), 1) if counts else None
