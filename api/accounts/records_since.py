"""Whether records of visits have come since a statement was made that could change it."""

from __future__ import annotations

from sqlalchemy import Connection, and_, literal, or_, select

from api.storage.table_schema import actuals


def changed_since(connection: Connection, contract_id: str, batch: int, since: str, until: str) -> bool:
    """Whether a later batch has a record of the contract on one of these days, or corrects one that was."""
    before = actuals.alias("before")
    of_days = and_(before.c.contract_id == contract_id, before.c.date >= since, before.c.date < until)
    corrects = select(before.c.actual_id).where(before.c.actual_id == actuals.c.corrects, of_days).exists()
    own = and_(actuals.c.contract_id == contract_id, actuals.c.date >= since, actuals.c.date < until)
    newer = select(actuals.c.actual_id).where(actuals.c.batch > batch, or_(own, corrects)).limit(1)
    return connection.execute(newer).first() is not None


def any_came_since(connection: Connection, batch: int, since: str, until: str) -> bool:
    """Whether a later batch has a record of one of these days, whosever it is.

    Few records are of later batches, and very many of the days: it is by the batch that they are found.
    """
    day = actuals.c.date + literal("")  # which no index is of
    newer = select(actuals.c.actual_id).where(actuals.c.batch > batch, day >= since, day < until).limit(1)
    return connection.execute(newer).first() is not None
