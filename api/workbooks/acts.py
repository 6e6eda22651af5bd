"""What a run has found, and statements, as workbooks: no more than their reader is told otherwise."""

from __future__ import annotations

from collections.abc import Callable

import orjson

from api.accounts import acts as accounts
from api.acts.act import Caller, act
from api.http.paging import Page
from api.http.responses import Shown
from api.http.strict import Query
from api.http.whole_lists import every
from api.own.whose import OWN
from api.runs import acts as runs
from api.runs.acts import OF_ITS_OWN, STARTERS
from api.security.roles import JOB

AT_ONCE = 1000
"""Lines that one reading of a statement tells."""


@act("runs.workbook", {**STARTERS, JOB: OF_ITS_OWN}, writes=("run.result.read",))
def read_workbook(by: Caller, run_id: str) -> bytes:
    """The plan of a run as one workbook: what it is, its levels, its proposals and every table of it, a sheet each."""
    from optimiser.io.result_workbook import record_workbook

    told = orjson.loads(runs.read_result(by, run_id).body)
    return record_workbook(told["result"], {"proposals": told["proposals"]})


@act("accounts.workbook", accounts.WHO_PAYS, writes=("statement.read_lines",))
def read_statement_workbook(by: Caller, statement_id: str) -> bytes:
    """A statement as a workbook: its figures, and its lines on a sheet of their own."""
    return _of_statement(accounts.read_statement(by, statement_id), lambda query: accounts.list_lines(by, statement_id, query))


@act("own.account_workbook", OWN, writes=("statement.read_lines",))
def read_own_statement_workbook(by: Caller, statement_id: str) -> bytes:
    """One of the provider's own statements as a workbook."""
    return _of_statement(accounts.read_own(by, statement_id), lambda query: accounts.list_own_lines(by, statement_id, query))


def _of_statement(told: Shown, read: Callable[[Query], Page[bytes]]) -> bytes:
    from optimiser.io.result_workbook import record_workbook

    lines = every(lambda query: read(Query(limit=AT_ONCE, cursor=query.cursor)))
    return record_workbook(orjson.loads(told.body), {"statement-lines": lines})
