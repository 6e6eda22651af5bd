"""Whether everything in a database can be read: every page of SQLite's file, every row and index of PostgreSQL's tables.

What is only written over in the midst of a text is no damage that a file can show; the audit trail tells of it. Names of tables
and indexes are told, and numbers of pages and rows; never what stands in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, Index, PrimaryKeyConstraint, UniqueConstraint, text
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
    """Each table is read, then along each of its indexes: one that has lost a page may tell of fewer rows, and raise nothing."""
    # What is long is kept beside a table: it is read only where something is made of it.
    asked = {
        each.name: f"SELECT count(md5(every::text)) FROM {each.name} AS every" for each in table_schema.metadata.sorted_tables
    }
    wrong, counted = _counted(connection, asked)
    for means in OTHER_MEANS:
        connection.execute(text(f"SET LOCAL {means} = off"))
    along = {(table, names): f"SELECT count(*) FROM ({_in_order(table, names)}) AS every" for table, names in _indexes()}
    unreadable, told = _counted(connection, {f"the index of {table} by {names}": asks for (table, names), asks in along.items()})
    for means in OTHER_MEANS:
        connection.execute(text(f"SET LOCAL {means} TO DEFAULT"))
    for table, names in along:
        index = f"the index of {table} by {names}"
        if index in told and told[index] != counted.get(table, told[index]):
            wrong.append(f"{index} tells of {told[index]:,} rows, the table of {counted[table]:,}")
    return wrong + unreadable


OTHER_MEANS = ("enable_seqscan", "enable_bitmapscan", "enable_sort")
"""How PostgreSQL would read a table in the order of an index, but along it."""


def _counted(connection: Connection, asked: Mapping[str, str]) -> tuple[list[str], dict[str, int]]:
    """What cannot be read, in words, and how many rows all else has. ``asked``: per name the question."""
    wrong, counted = [], {}
    for name, question in asked.items():
        try:
            with apart(connection):
                counted[name] = int(connection.execute(text(question)).scalar_one())
        except SQLAlchemyError as error:
            wrong.append(f"{name} cannot be read: {why(error)}")
    return wrong, counted


def _in_order(table: str, names: str) -> str:
    """A question that is answered by going all along an index."""
    return f"SELECT {names} FROM {table} ORDER BY {names} OFFSET 0"


def _indexes() -> Iterator[tuple[str, str]]:
    """Per index its table and columns."""
    for table in table_schema.metadata.sorted_tables:
        for each in (*table.indexes, *table.constraints):
            if isinstance(each, Index | PrimaryKeyConstraint | UniqueConstraint):
                yield table.name, ", ".join(column.name for column in each.columns)
