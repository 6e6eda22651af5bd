"""A database that is opened to be read is not written by mistake either, however its address is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.settings import Settings
from api.storage.failures import Cause, failure_of
from api.storage.only_reading import looking, open_to_read
from api.storage.patience import Patience


@pytest.mark.parametrize("given", [{}, {"work_mem": "5MB"}, {"work_mem": "5MB", "temp_buffers": "9MB"}])
def test_nothing_is_written_on_a_server(cluster: str, given: dict[str, str]) -> None:
    options = "".join(f"&options=-c {name}={value}" for name, value in given.items())
    engine = open_to_read(Settings(database_url=cluster.format(name="postgres") + options), Patience())
    with looking(engine) as connection:
        for name, value in given.items():
            assert connection.execute(text(f"SHOW {name}")).scalar() == value
        with pytest.raises(DBAPIError) as refused:
            connection.execute(text("CREATE TABLE mistaken (id int)"))
    assert _cause(refused.value) is Cause.READ_ONLY
    engine.dispose()


def test_nothing_is_written_into_a_file(empty: Path) -> None:
    engine = open_to_read(Settings(database_url=f"sqlite:///{empty}"), Patience())
    with pytest.raises(DBAPIError) as refused, looking(engine) as connection:
        connection.execute(text("UPDATE county SET title = 'Elsewhere'"))
    assert _cause(refused.value) is Cause.READ_ONLY
    engine.dispose()


def _cause(error: DBAPIError) -> Cause | None:
    failure = failure_of(error)
    return None if failure is None else failure.cause
