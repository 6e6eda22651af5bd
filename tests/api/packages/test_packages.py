"""Packages over HTTP: new requests, changed needs, readings that are written down; whatever is accepted can be exported."""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from api.state.store import Store
from api.storage import table_schema
from api.storage.database import reading
from tests.api.conftest import LOADER, Served
from tests.api.databases import ON_SQLITE
from tests.api.talking import MORNINGS, PLACE, REQUEST, changed, code, exported


def trail(store: Store, action: str) -> list[tuple[str, dict[str, Any]]]:
    """The subjects and details of the audit trail's entries of an action."""
    with reading(store.engine) as connection:
        rows = connection.execute(select(table_schema.audit).where(table_schema.audit.c.action == action)).all()
    return [(row.subject, orjson.loads(row.details)) for row in rows]


def test_a_new_request_is_there_for_all_and_comes_back_from_an_export(served: Served, store: Store, tmp_path: Path) -> None:
    asked = REQUEST | {
        "visits": [MORNINGS],
        "protected": 'said "no",\nsee letter; ü €',
        "excluded_provider_ids": ["DOCK", "ALDER"],
    }
    with served.client("planner", "social_work") as client:
        made = client.post("/v1/packages", json=asked)
        assert (made.status_code, made.headers["location"]) == (201, "/v1/packages/N9")
        found = client.get("/v1/packages/N9")
    assert made.json() == found.json() | {"notes": []}
    assert found.headers["etag"] == made.headers["etag"]
    assert found.json()["area_id"] == "A1", "the outline around the place"
    assert found.json()["status"] == "new"
    assert found.json()["visits"][0]["visit_id"] == "N9-V1"
    package = next(each for each in exported(store, tmp_path / "out").packages if each.package_id == "N9")
    assert package.minutes_per_week == 315
    assert package.excluded_provider_ids == ("ALDER", "DOCK")
    assert package.protected == asked["protected"]
    assert package.requested_at is not None
    assert package.requested_at.date() == dt.date(2026, 11, 23), "now, where the request does not say when"


@ON_SQLITE
def test_what_a_snapshot_would_be_refused_for_is_refused(served: Served, store: Store) -> None:
    before = store.state().version
    cases: list[tuple[dict[str, Any], tuple[int, str]]] = [
        ({"package_id": "N1"}, (409, "already_there")),
        ({"area_id": "A9"}, (422, "refused")),
        ({"excluded_provider_ids": ["NOBODY"]}, (422, "refused")),
        ({"visits": [MORNINGS | {"duration_minutes": 30}]}, (422, "refused")),
        ({"visits": [MORNINGS | {"latest_start": "25:00"}]}, (422, "invalid_request")),
        ({"visits": [MORNINGS | {"visit_id": "V01"}]}, (409, "already_there")),
        ({"latitude": 51.5, "longitude": -0.1}, (422, "no_area")),
        ({"latitude": 0.80756, "longitude": 52.654433}, (422, "invalid_request")),
        ({"hours_per_week": 5.3}, (422, "invalid_request")),
        ({"hours_per_week": "5.25"}, (422, "invalid_request")),
        ({"workers": True}, (422, "invalid_request")),
        ({"skills": ["a;b"]}, (422, "invalid_request")),
        ({"protected": "half a character \ud83d"}, (422, "invalid_request")),
        ({"protected": "a bell \x07"}, (422, "invalid_request")),
        ({"start_by": "2026-11-25T00:00:00"}, (422, "invalid_request")),
        ({"start_by": 20261125}, (422, "invalid_request")),
        ({"requested_at": "2026-11-25T00:00:00Z"}, (422, "invalid_request")),
        ({"status": "active"}, (422, "invalid_request")),
        ({"package_id": "N 9"}, (422, "invalid_request")),
    ]
    with served.client("planner") as client:
        for more, expected in cases:
            answer = client.post("/v1/packages", content=_json(REQUEST | more), headers={"Content-Type": "application/json"})
            assert code(answer) == expected, more
            assert "52.654433" not in answer.text, "a problem tells no place"
        for text in ("NaN", "Infinity", "1e999"):
            body = _json(REQUEST).replace(b"5.25", text.encode())
            answer = client.post("/v1/packages", content=body, headers={"Content-Type": "application/json"})
            assert code(answer) == (422, "invalid_request")
    assert store.state().version == before


def _json(value: Any) -> bytes:
    """As Python writes it, half characters included."""
    return json.dumps(value).encode()


def test_changed_needs_need_the_version_that_was_read(served: Served) -> None:
    with served.client("planner") as client:
        first = client.get("/v1/packages/N1")
        tag = {"If-Match": first.headers["etag"]}
        assert code(client.patch("/v1/packages/N1", json={"priority": "standard"})) == (428, "precondition_required")
        done = client.patch("/v1/packages/N1", json={"priority": "standard"}, headers=tag)
        assert done.json() == first.json() | {"priority": "standard", "priority_set_on": "2026-11-23", "notes": []}
        stale = client.patch("/v1/packages/N1", json={"priority": "urgent"}, headers=tag)
        assert code(stale) == (412, "changed_since")
        assert stale.headers["etag"] == done.headers["etag"]
        known = client.get("/v1/packages/N1", headers={"If-None-Match": f'"0", W/{done.headers["etag"]}'})
        assert (known.status_code, known.content) == (304, b"")
        assert code(client.patch("/v1/packages/N1", json={}, headers={"If-Match": '"1"'})) == (422, "invalid_request")
        assert code(client.patch("/v1/packages/NO", json={"priority": "urgent"}, headers={"If-Match": '"1"'})) == (
            404,
            "not_found",
        )


def test_of_many_who_read_the_same_version_one_changes_it(served: Served) -> None:
    with served.client("planner") as client:
        tag = {"If-Match": client.get("/v1/packages/N1").headers["etag"]}
        seen: list[int] = []

        def change(day: int) -> None:
            seen.append(client.patch("/v1/packages/N1", json={"start_by": f"2026-12-{day:02d}"}, headers=tag).status_code)

        threads = [threading.Thread(target=change, args=(day,)) for day in range(1, 9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(seen) == [200, *[412] * 7]


@ON_SQLITE
@pytest.mark.parametrize(
    ("changes", "stands"),
    [
        ({"priority": "urgent", "start_by": None, "excluded_provider_ids": ["DOCK"]}, True),
        ({"hours_per_week": 5}, True),  # as it was
        ({"skills": ["medication"]}, False),
        ({"hours_per_week": 7, "visits_per_week": 7, "visits": []}, False),
    ],
)
def test_a_decline_of_needs_stands_until_they_change(
    served: Served, store: Store, tmp_path: Path, changes: dict[str, Any], *, stands: bool
) -> None:
    with store.change(LOADER) as change:
        offer = dict(change.state.stock["offers"]["OF1"].body)
        change.put("offers", "OF1", offer | {"reason": "cannot_meet_need"})
    assert (offer["package_id"], "ALDER") == ("N4", "ALDER")
    assert ("N4", "ALDER") in store.state().county.offers_in_force.declines
    with served.client("planner") as client:
        assert changed(client, "/v1/packages/N4", changes).status_code == 200
    assert (("N4", "ALDER") in store.state().county.offers_in_force.declines) is stands
    kept = next(each for each in exported(store, tmp_path / "out").offers if each.offer_id == "OF1")
    assert kept.response == ("declined" if stands else "withdrawn")
    assert kept.reason == "cannot_meet_need", "the record of what was said stays"
    assert len(trail(store, "offer.supersede")) == (not stands)


def test_visits_are_replaced_whole(served: Served, store: Store, tmp_path: Path) -> None:
    times = {"earliest_start": "17:00:00", "latest_start": "18:30:00", "duration_minutes": 15}
    evenings = MORNINGS | times | {"visit_id": "tea", "needs": ["meals"], "extra": {"call_id": "+44"}}
    with served.client("planner") as client:
        before = [each["visit_id"] for each in client.get("/v1/packages/N1").json()["visits"]]
        assert before
        changes = {"hours_per_week": 7, "visits_per_week": 14, "visits": [MORNINGS, evenings]}
        after = changed(client, "/v1/packages/N1", changes).json()
        assert [each["visit_id"] for each in after["visits"]] == ["N1-V1", "tea"]
        assert after["visits"][1] == evenings
        assert code(changed(client, "/v1/packages/N1", {"hours_per_week": 8})) == (422, "refused")
    assert {each.visit_id for each in exported(store, tmp_path / "out").visits}.isdisjoint(before)


def test_a_window_over_midnight_is_taken_as_it_is_said(served: Served, store: Store, tmp_path: Path) -> None:
    nights = MORNINGS | {"earliest_start": "23:00:00", "latest_start": "01:00:00", "visit_id": "night", "needs": [], "extra": {}}
    with served.client("planner") as client:
        made = client.post("/v1/packages", json=REQUEST | {"visits": [nights]})
        assert (made.status_code, made.json()["visits"]) == (201, [nights])
        later = nights | {"latest_start": "02:30:00"}
        assert changed(client, "/v1/packages/N9", {"visits": [later]}).json()["visits"] == [later]
    (visit,) = [each for each in exported(store, tmp_path / "out").visits if each.visit_id == "night"]
    assert (visit.earliest_start, visit.latest_start) == (dt.time(23), dt.time(2, 30))


@ON_SQLITE
def test_social_work_alone_records_protection_and_decisions(served: Served, store: Store) -> None:
    decided, both = {"transfer_decision": "suitable"}, {"transfer_decision": None, "priority": "urgent"}
    for role in ("planner", "transition", "admin"):
        with served.client(role) as client:
            assert code(changed(client, "/v1/packages/R1", decided)) == (403, "forbidden"), role
    with served.client("admin") as client:
        told = client.post("/v1/packages", json=REQUEST | {"protected": "autism"})
        assert code(told) == (403, "forbidden")
        assert told.json()["detail"] == "protected needs the role social_work; you have admin."
    with served.client("social_work") as client:
        assert changed(client, "/v1/packages/R1", decided).json()["transfer_decision"] == "suitable"
        assert code(changed(client, "/v1/packages/R1", both)) == (403, "forbidden")
        assert code(client.post("/v1/packages", json=REQUEST)) == (403, "forbidden")
    with served.client("planner", "social_work") as client:
        assert changed(client, "/v1/packages/R1", both).json()["priority"] == "urgent"
        assert client.post("/v1/packages", json=REQUEST | {"protected": "autism"}).status_code == 201
    with reading(store.engine) as connection:
        written = connection.execute(select(table_schema.audit).where(table_schema.audit.c.action.startswith("package."))).all()
    recorded = [(row.role, sorted(orjson.loads(row.details).get("after", {}))) for row in written if row.action != "package.read"]
    assert recorded == [
        ("social_work", ["transfer_decision"]),
        ("planner", ["priority"]),
        ("social_work", ["transfer_decision"]),
        ("planner", []),
        ("social_work", ["protected"]),
    ], "an entry for each role that was used"


def test_every_reading_of_a_person_is_written_down(served: Served, store: Store) -> None:
    with served.client("planner") as client:
        client.get("/v1/packages/N1")
        client.get("/v1/packages/N1", headers={"If-None-Match": "*"})
        assert code(client.get("/v1/packages/nobody%00")) == (404, "not_found")
        listed = client.get("/v1/packages", params={"status": "new", "limit": 2}).json()["items"]
        waiting = client.get("/v1/unmet").json()["items"]
    assert [subject for subject, _ in trail(store, "package.read")] == ["N1", "N1"]
    assert [details["package_ids"] for _, details in trail(store, "packages.read")] == [[each["package_id"] for each in listed]]
    assert [details["package_ids"] for _, details in trail(store, "unmet.read")] == [[each["package_id"] for each in waiting]]


def test_a_place_on_the_greenwich_meridian_is_kept_as_it_is(served: Served, store: Store, tmp_path: Path) -> None:
    with served.client("planner") as client:
        asked = REQUEST | PLACE | {"longitude": 0.00002, "area_id": "A1"}
        assert client.post("/v1/packages", json=asked).json()["longitude"] == 0.00002
    exported(store, tmp_path / "out")


@ON_SQLITE
def test_a_skill_that_no_provider_has_is_accepted_and_noted(served: Served, store: Store) -> None:
    with served.client("planner") as client:
        made = client.post("/v1/packages", json=REQUEST | {"skills": ["Medication", "stoma"], "start_by": "2206-11-25"})
        assert (made.status_code, made.json()["skills"]) == (201, ["Medication", "stoma"])
        assert made.json()["notes"] == [
            "No provider has the skill 'Medication' (nearest: 'medication').",
            "No provider has the skill 'stoma'.",
            "start_by is more than 20 years from 2026-11-23.",
        ]
        better = changed(client, "/v1/packages/N9", {"skills": ["medication"], "start_by": "2026-11-25"})
        assert (better.status_code, better.json()["notes"]) == (200, [])
        assert "notes" not in client.get("/v1/packages/N9").json(), "what is noted belongs to the writing of it"
    assert not any("notes" in details for _, details in trail(store, "package.add"))
