"""Areas, the rule book, price bands and people waiting, over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Any

from api.overview.answers import for_viewers
from api.packages.answers import key_of
from api.settings import Settings
from api.state.store import Store
from optimiser.rules.book import records, standard_rules
from tests.api.conftest import Served, serving
from tests.api.databases import ON_SQLITE, prepared
from tests.api.talking import REQUEST, all_pages, changed, code


@ON_SQLITE
def test_an_area_today(served: Served) -> None:
    """Worked out on paper from the three villages: 13 people, 405 hours; Alder has 40 of its 60 hours, and declined once."""
    with served.client("planner") as client:
        area = client.get("/v1/areas/A1")
        found = area.json()
        (listed,) = client.get("/v1/areas").json()["items"]
        assert found == listed | {"outline": found["outline"]}, "an outline may have thousands of corners"
        assert client.get("/v1/areas/A1", headers={"If-None-Match": area.headers["etag"]}).status_code == 304
        assert code(client.get("/v1/areas/A9")) == (404, "not_found")
    assert [found[f"{part}_people"] for part in ("principal", "framework", "legacy", "unmet", "pending")] == [2, 2, 1, 6, 1]
    assert (found["people"], found["demand_hours_4w"]) == (12, 400.0)
    assert (found["framework_providers"], found["framework_below_three"]) == (2, True)
    principal = found["principal"]
    assert (principal["share"], principal["guarantee_used"]) == (0.4, 0.8333)
    assert principal["declines_below_guarantee"] == 1
    alder = next(each for each in found["contracts"] if each["contract_id"] == "P-ALDER")
    assert (alder["hours_4w"], alder["headroom_hours_4w"]) == (160.0, 60.0), "an unanswered offer holds 20 of 80"
    assert found["withheld"] == []


@ON_SQLITE
def test_outlines_for_a_map_tell_of_nobody_and_viewers_read_those_of_the_close(served: Served) -> None:
    with served.client("contracts") as client:
        answer = client.get("/v1/outlines")
        (larkmere,) = answer.json()["features"]
        assert client.get("/v1/outlines", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
        assert larkmere["properties"] == {"area_id": "A1", "name": "Larkmere and Villages", "inside": [0.96779, 52.65008]}
        assert larkmere["geometry"]["type"] == "MultiPolygon"
        assert sorted(larkmere) == ["geometry", "properties", "type"]
        moved = {"type": "Polygon", "coordinates": [[[0.5, 52.5], [1.5, 52.5], [1.5, 52.8], [0.5, 52.5]]]}
        changed(client, "/v1/areas/A1", {"outline": moved, "name": "Sedge", "reason": "surveyed anew"})
        (now,) = client.get("/v1/outlines").json()["features"]
    assert now["properties"]["name"] == "Sedge" and now["geometry"]["coordinates"][0][0][0] == [0.5, 52.5]
    with served.client("viewer") as client:
        assert client.get("/v1/outlines").json()["features"] == [larkmere], "nothing tells them of a change of today"


@ON_SQLITE
def test_a_viewer_sees_no_small_count_and_no_way_to_one(served: Served) -> None:
    with served.client("viewer") as client:
        found = client.get("/v1/areas/A1").json()
    assert found["people"] is None
    assert [found[f"{part}_people"] for part in ("principal", "framework", "legacy", "unmet", "pending")] == [None] * 5
    assert found["contracts"] is None
    assert {"people", "unmet_hours_4w", "principal.share", "principal.why_short"} <= set(found["withheld"])
    assert found["framework_below_three"] is True, "how many providers there are tells of no person"


def test_what_a_viewer_sees_of_a_large_area() -> None:
    counts = {"legacy": 60, "framework": 90, "principal": 250, "unmet": 12, "pending": 3}
    view: dict[str, Any] = {f"{part}_people": count for part, count in counts.items()}
    view |= {f"{part}_hours_4w": 30.0 * count for part, count in counts.items()}
    principal = {"share": 0.7, "guarantee_used": 0.9, "due_first_hours_4w": 1, "short_hours_4w": 1, "why_short": ["1 waiting"]}
    view |= {"people": 415, "demand_hours_4w": 12450.0, "weekly_cost_gbp": 1.0, "contracts": [], "withheld": []}
    view |= {"principal": principal | {"contract_id": "P", "declines_below_guarantee": 7}}
    seen = for_viewers(view, 5)
    assert (seen["people"], seen["principal_people"], seen["framework_people"], seen["unmet_people"]) == (415, 250, 90, 12)
    assert (seen["pending_people"], seen["legacy_people"], seen["pending_hours_4w"], seen["legacy_hours_4w"]) == (None,) * 4
    assert seen["principal"] == view["principal"] | {"why_short": None}


@ON_SQLITE
def test_the_rule_book_is_the_one_that_decides(served: Served) -> None:
    with served.client("viewer") as client:
        answer = client.get("/v1/rules")
        assert answer.json() == {"version": standard_rules().version, "rules": records(standard_rules())}
        assert client.get("/v1/rules", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


@ON_SQLITE
def test_the_band_of_a_place(served: Served) -> None:
    """Middle Sedge is 6,400 m from Larkmere, the one centre: 3.98 miles, band 2."""
    with served.client("viewer") as client:
        found = client.post("/v1/bands", json={"latitude": 52.652155, "longitude": 0.902049}).json()
        assert found == {"band": 2, "miles": 3.98, "surgery_id": "S1", "name": "Larkmere Surgery"}
        for latitude, longitude in ((0.9, 52.6), ("nan", 0.9), (None, 0.9), ("", 0.9), (52.6, "")):
            answer = client.post("/v1/bands", json={"latitude": latitude, "longitude": longitude})
            assert code(answer) == (422, "invalid_request")


def test_who_is_waiting_and_what_would_clear_each(served: Served) -> None:
    with served.client("planner") as client:
        changed(client, "/v1/packages/N3", {"start_by": "2026-11-22"})
        changed(client, "/v1/packages/N6", {"start_by": "2026-11-20", "priority": "discharge"})
        found = all_pages(client, "/v1/unmet", limit=2)
        assert client.get("/v1/unmet", params={"area_id": "A9"}).json()["items"] == []
    order = [(each["package_id"], each["overdue_first"]) for each in found]
    # N6, from hospital, is past its start; N1 is urgent, N2 from hospital; N3 is late, but standard; N7 is being asked for.
    assert order == [("N6", True), ("N1", False), ("N2", False), ("N3", False), ("N4", False), ("N5", False)]
    by_id = {each["package_id"]: each for each in found}
    assert by_id["N3"]["overdue"]
    assert by_id["N4"]["times_offered"] == 1
    # N6 needs ten hours of end-of-life care: Clover alone can, and its contract has nine; Alder has the hours, and cannot.
    assert by_id["N6"]["contracts_with_room"] == 0
    changes = [(each["change"], each["subject"], each["amount"]) for each in by_id["N6"]["changes"]]
    assert changes == [("contract hours", "F-CLOVER", 4.0), ("skill", "ALDER", 1.0)]
    assert by_id["N1"]["age_days"] == 1, "asked on the 22nd at 16:00"


def test_lists_go_on_where_they_were_whatever_changes(served: Served) -> None:
    with served.client("planner") as client:
        whole = [each["package_id"] for each in all_pages(client, "/v1/packages")]
        assert [each["package_id"] for each in all_pages(client, "/v1/packages", limit=1)] == whole == sorted(whole)
        page = client.get("/v1/packages", params={"limit": 4}).json()
        client.post("/v1/packages", json=REQUEST | {"package_id": "A0"})
        client.post("/v1/packages", json=REQUEST | {"package_id": "Z0"})
        rest: list[str] = []
        cursor = page["next_cursor"]
        while cursor:
            page = client.get("/v1/packages", params={"limit": 4, "cursor": cursor}).json()
            rest, cursor = rest + [each["package_id"] for each in page["items"]], page["next_cursor"]
        assert rest == [*whole[4:], "Z0"]
        new = all_pages(client, "/v1/packages", status="new", priority="urgent", area_id="A1")
        assert {(each["status"], each["priority"]) for each in new} == {("new", "urgent")}
        assert len(client.get("/v1/packages", params={"limit": 10**9}).json()["items"]) == len(whole) + 2
        for query in ({"limit": 0}, {"limit": "x"}, {"cursor": "?"}, {"cursor": "WzFd"}, {"order": "id"}, {"status": "old"}):
            assert code(client.get("/v1/packages", params=query)) == (422, "invalid_request"), query


@ON_SQLITE
def test_the_order_of_people_waiting(store: Store) -> None:
    today = dt.date(2026, 11, 23)
    keys = [key_of(package, today) for package in store.state().snapshot.packages]
    assert len(set(keys)) == len(keys)
    assert all(key[0] == 1 for key in keys), "nobody urgent or from hospital is past the start there"


def test_an_empty_county_has_nothing_and_no_defect(database_url: str) -> None:
    engine = prepared(database_url)
    engine.dispose()
    with serving(Settings(database_url=database_url)) as served, served.client("admin") as client:
        for kind in ("areas", "packages", "providers", "contracts", "restrictions", "unmet"):
            assert client.get(f"/v1/{kind}").json() == {"items": [], "next_cursor": None}
        assert code(client.post("/v1/bands", json={"latitude": 52.6, "longitude": 0.9})) == (503, "not_ready")
