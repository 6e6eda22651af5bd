"""Declines of offers whose package has ended since: its records have left the county, the audit trail tells of them still."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Connection, select

from api.overview.answers import is_declined_lately
from api.state.known_people import END
from api.state.state import State
from api.state.stored_records import Stored
from api.storage.table_schema import audit
from optimiser.io.record_cells import record_of


def declines_of_ended(connection: Connection, state: State) -> Counter[str]:
    """How many by the area of the package, as many days back as others are counted. Of whoever is forgotten nothing is known."""
    offers = ((details["package"]["area_id"], body) for details in _ends(connection) for body in details["offers"])
    return Counter(
        area_id for area_id, body in offers if is_declined_lately(Stored(body, 0, record_of("offers", body)), state.as_of)
    )


def _ends(connection: Connection) -> Iterator[dict[str, Any]]:
    """What the trail says of packages that have ended, of parts that were put together again, too."""
    entries = select(audit.c.details).where(audit.c.action == END, audit.c.details.is_not(None))
    return map(orjson.loads, connection.execute(entries).scalars())
