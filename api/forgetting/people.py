"""Who may be forgotten: people whose care has ended, named or due; and which records are about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

import orjson

from api.forgetting.mentions import names_any
from api.state import IN_SNAPSHOT, RELOAD, State

ENDED = "ended"
"""The kind of the records of packages whose care has ended: their cells as they were."""
ENDED_ON = "ended_on"
"""The day of it, which the service adds to the cells: YYYY-MM-DD."""
PERSONAL_KINDS = ("packages", "visits", "offers")


class CannotForgetError(Exception):
    """Nobody was forgotten; ``faults`` says of each why."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} cannot be forgotten")


def due(state: State, today: dt.date, after_days: int) -> list[str]:
    """The packages that ended so many days ago or earlier."""
    last = (today - dt.timedelta(days=after_days)).isoformat()
    return sorted(each for each, stored in state.stock.get(ENDED, {}).items() if stored.body[ENDED_ON] <= last)


def refuse_living(state: State, package_ids: Iterable[str]) -> None:
    """Raises ``CannotForgetError`` with everybody who is waiting or cared for, or whom the service does not know."""
    faults = []
    for package_id in package_ids:
        running = state.get("packages", package_id)
        if running is not None:
            doing = "waiting for care" if running.record.status == "new" else "cared for"
            faults.append(f"{package_id}: {doing}; only a package that has ended can be forgotten")
        elif state.get(ENDED, package_id) is None:
            faults.append(f"{package_id}: there is no such package, or it is forgotten already")
    if faults:
        raise CannotForgetError(faults)


def records_about(state: State, package_ids: Collection[str]) -> list[tuple[str, str]]:
    """Kind and id of every record that is about these packages: in the service's own kinds, whatever names one."""
    found = []
    for kind, stock in state.stock.items():
        for record_id, stored in stock.items():
            if kind in PERSONAL_KINDS or kind == ENDED:
                about = stored.body["package_id"] in package_ids
            else:
                own = kind not in IN_SNAPSHOT and kind != RELOAD
                about = own and (record_id in package_ids or names_any(orjson.dumps(stored.body), package_ids))
            if about:
                found.append((kind, record_id))
    return sorted(found)
