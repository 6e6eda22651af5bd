"""Whether everything in a database can be read: every page of SQLite's file and its indexes, every row of PostgreSQL's tables.

What is only written over in the midst of a text is no damage that a file can show; the audit trail tells of it. Names of tables
and indexes are told, and numbers of pages and rows; never what stands in them.
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from api.storage import table_schema
from api.storage.row_ledger import apart, why

MOST = 20
"""So many faults are told at most."""


def faults_of_files(connection: Connection) -> list[str]:
    """What is wrong, in words; none: nothing. PostgreSQL judges its pages by their checksums, where the cluster has any."""
    return _of_sqlite(connection) if connection.dialect.name == "sqlite" else _of_postgresql(connection)


def _of_sqlite(connection: Connection) -> list[str]:
    try:
        told = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA integrity_check({MOST})")]
    except SQLAlchemyError as error:
        return [f"the file cannot be read: {why(error)}"]
    lines = [line for each in told for line in each.splitlines() if line != "ok" and not line.startswith("***")]
    return lines[:MOST]


def _of_postgresql(connection: Connection) -> list[str]:
    wrong = []
    for table in table_schema.metadata.sorted_tables:
        try:
            with apart(connection):
                # What is long is kept beside a table: it is read only where something is made of it.
                connection.execute(text(f"SELECT count(md5(every::text)) FROM {table.name} AS every")).scalar_one()
        except SQLAlchemyError as error:
            wrong.append(f"{table.name} cannot be read: {why(error)}")
    return wrong
