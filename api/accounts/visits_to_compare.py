"""What a comparison of scenarios takes from the service's own records of visits: those of one period of payment, and what they
are paid by. Who may ask for it is a setting, as sums of accounts stand in the result of such a run.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from api.accounts.drafting import days_looked_at, refuse_other_days
from api.accounts.kept_book import book_in
from api.acts.act import Caller
from api.actuals.stored_actuals import counting, write_file
from api.actuals.under_contracts import ended_care
from api.http.errors import Problem
from api.http.zipped_folder import HIDDEN
from api.runs.kinds.kind import CannotRunError
from api.settings import Settings
from api.state.state import State
from optimiser.domain.accounts import AccountBook, Period
from optimiser.io.actual_files import read_actuals
from optimiser.io.faults import InputRefusedError
from optimiser.io.leftovers import hidden_folder
from optimiser.whatif.compare.visits_paid import RecordedVisits

Asked = Mapping[str, Any]


def refuse_visits(by: Caller, state: State, asked: Asked) -> None:
    """Raises a ``Problem`` where somebody may not ask what visits come to, nobody has said when periods of payment begin, or none
    begins on that day; ``InputRefusedError`` where what was kept fits the county no longer.
    """
    if not asked.get("visits_from"):
        return
    may = by.settings.visits_compared_by
    if not set(may) & set(by.actor.roles):
        those = " or ".join(may) or "nobody"
        said = f"What recorded visits come to is asked for by {those}; you have {', '.join(by.actor.roles)}."
        raise Problem("forbidden", said)
    _book_and_period(state, asked)


def _book_and_period(state: State, asked: Asked) -> tuple[AccountBook, Period]:
    with hidden_folder(HIDDEN) as folder:
        book = book_in(folder, state, state.snapshot)
    period = Period(dt.date.fromisoformat(asked["visits_from"]))
    refuse_other_days(book, period, "settings.compare.visits_from")
    return book, period


def visits_to_compare(connection: Connection, state: State, _: Settings, asked: Asked) -> RecordedVisits | CannotRunError | None:
    """The records as they stand, corrections in place of what they correct, with those of people whose care has ended since.

    None where they were not asked for; why not, where they cannot be told any more.
    """
    if not asked.get("visits_from"):
        return None
    try:
        book, period = _book_and_period(state, asked)
    except Problem as problem:
        return CannotRunError(problem.more.get("faults") or [problem.detail])
    except InputRefusedError as refused:
        return CannotRunError(fault.message() for fault in refused.faults)
    records = list(counting(connection, *days_looked_at(book, period.starts, period.ends)))
    ended = ended_care(connection, state, {each["package_id"] for each in records})
    with hidden_folder(HIDDEN) as folder:
        file = write_file(folder, records)
        del records
        read, _notes = read_actuals(file)
        content = file.read_text(encoding="utf-8")

    def again() -> Iterator[list[str]]:
        return csv.reader(io.StringIO(content, newline=""))

    return RecordedVisits(read, book, period, again, ended)
