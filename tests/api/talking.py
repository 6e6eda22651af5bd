"""Requests that several tests make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from api.state.store import Store
from optimiser.domain.snapshot import Snapshot
from optimiser.io.exporting import write_snapshot
from optimiser.io.reading import read_snapshot

PLACE = {"latitude": 52.654433, "longitude": 0.80756}
REQUEST: dict[str, Any] = {
    "package_id": "N9",
    **PLACE,
    "hours_per_week": 5.25,
    "visits_per_week": 7,
    "workers": 1,
    "skills": ["medication"],
    "priority": "discharge",
    "start_by": "2026-11-25",
}
MORNINGS: dict[str, Any] = {
    "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "earliest_start": "07:00",
    "latest_start": "09:30",
    "duration_minutes": 45,
    "workers": 1,
}


def seen(client: httpx.Client, address: str) -> dict[str, str]:
    """The header that says which version of a record was read: the one that is there now."""
    return {"If-Match": client.get(address).headers["etag"]}


def changed(client: httpx.Client, address: str, changes: dict[str, Any]) -> httpx.Response:
    """A PATCH of a record as it is now."""
    return client.patch(address, json=changes, headers=seen(client, address))


def code(answer: httpx.Response) -> tuple[int, str]:
    """The status of an answer and the code of its problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


def all_pages(client: httpx.Client, address: str, **query: Any) -> list[dict[str, Any]]:
    """Every record of a list, page by page."""
    items, cursor = [], None
    while True:
        page = client.get(address, params=query | ({"cursor": cursor} if cursor else {})).json()
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


def exported(store: Store, folder: Path) -> Snapshot:
    """The state written to a folder and read again, which must give the same state."""
    state = Store(store.engine, store.clock).state()
    write_snapshot(state.snapshot, folder)
    again = read_snapshot(folder).snapshot
    assert (again.digest(), again.extra) == (state.snapshot.digest(), state.snapshot.extra)
    return again
