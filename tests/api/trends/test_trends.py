"""Counts of single days: written once a day, cut after thirteen months, exact for those who place care and for nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from api.clock import LONDON
from api.forgetting.acts import forget
from api.nights.watching import watch_of
from api.state.store import Store
from api.storage.audit import Actor
from api.storage.database import reading, writing
from api.trends.answers import day_json
from api.trends.comings_and_goings import gone_lately
from api.trends.counting import counts_of_day
from api.trends.kept_days import keep_day, kept_days
from tests.api.desk import Desk, code_of, desk
from tests.api.runs.working import calling
from tests.making import area, days, framework, legacy, noon, offer, package, principal, snapshot

Json = dict[str, Any]
AFTER = days(1)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Nine wait in A1, one of them asked for; two in A2. ALDER has half of A1's hours, and has declined twice."""
    file = tmp_path_factory.mktemp("trends") / "county.db"
    people = [
        *(package(f"N{number}", requested_at=noon(-number)) for number in range(1, 10)),
        package("N10", hours=20, workers=2, skills=("double_handed",), area_id="A2", requested_at=noon(-30)),
        package("N11", hours=1, area_id="A2", part_of="N10"),
        package("R1", hours=45, contract_id="P-ALDER"),
    ]
    offers = [
        offer("N9", "F-BRACKEN"),
        offer("N1", "P-ALDER", "declined", reason="no_capacity"),
        offer("N2", "P-ALDER", "declined", reason="no_capacity", offered_at=noon(-27), responded_at=noon(-27)),
        offer("N3", "P-ALDER", "declined", reason="no_capacity", offered_at=noon(-28), responded_at=noon(-28)),
    ]
    contracts = [principal("ALDER"), framework("BRACKEN"), legacy("DOCK")]
    here = snapshot(people, contracts, offers=offers, areas=[area("A1"), area("A2", go_live=None)])
    with desk(f"sqlite:///{file}", here, run_workers=0) as found:
        with writing(found.store.engine) as connection:
            keep_day(connection, counts_of_day(found.state()) | {"day": str(days(-1))})
            keep_day(connection, counts_of_day(found.state()))
        yield found


def kept(store: Store) -> list[str]:
    with reading(store.engine) as connection:
        return [each["day"] for each in kept_days(connection, dt.date.min, dt.date.max)]


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_day_is_kept_once_and_for_thirteen_months(store: Store) -> None:
    for day in ("2025-10-22", "2025-10-23", "2026-11-22", "2026-11-23", "2026-11-23"):
        with writing(store.engine) as connection:
            keep_day(connection, {"day": day, "county": []})
    assert kept(store) == ["2025-10-23", "2026-11-22", "2026-11-23"]


def test_the_counts_of_a_day_by_hand(at: Desk) -> None:
    """Eight unmet of A1 have waited 1 to 8 days. Of 90 hours ALDER has 45. A decline of 28 days ago is past."""
    counts = counts_of_day(at.state())
    one, two = counts["area"]
    assert {name: one[name] for name in ("group", "people", "pending", "unmet", "unmet_hours_per_week")} == {
        "group": "A1", "people": 9, "pending": 1, "unmet": 8, "unmet_hours_per_week": "40.00",
    }  # fmt: skip
    assert (one["median_days_waited"], one["longest_days_waited"]) == (5, 8)
    assert (float(one["principal_share"]), one["declines"]) == (0.5, 2)
    assert (two["people"], two["unmet"], two["principal_share"], two["declines"]) == (1, 1, None, 0), "parts are one person"
    (whole,) = counts["county"]
    assert (whole["unmet"], whole["unmet_hours_per_week"], whole["declines"]) == (9, "61.00", 2)
    assert {each["group"]: each["unmet"] for each in counts["workers"]} == {"one care worker": 8, "two care workers": 1}
    assert [(each["requests"], each["ends"], each["people_in_all"]) for each in counts["area"]] == [(9, 0, 10), (0, 0, 1)]
    assert "N1" not in str(counts)


def test_a_decline_counts_also_once_its_package_has_ended(tmp_path: Path) -> None:
    """ALDER declines N1 today, BRACKEN N2 28 days ago; both have ended since, and N3, who is asked for, has not."""
    declined: Json = {"response": "declined", "reason": "no_capacity"}
    offers = [
        offer("N1", "P-ALDER", **declined),
        offer("N2", "F-BRACKEN", **declined, offered_at=noon(-28), responded_at=noon(-28)),
        offer("N3", "P-ALDER"),
    ]
    people = [package(f"N{number}", requested_at=noon(-number)) for number in (1, 2, 3)]
    with desk(
        f"sqlite:///{tmp_path / 'county.db'}", snapshot(people, [principal("ALDER"), framework("BRACKEN")], offers=offers)
    ) as at:
        for package_id in ("N1", "N2"):
            at.act(package_id, "end", reason="Moved away")
        assert today(at) == [("A1", 1), ("county", 1)]
        assert today_in_all(at) == (3, 1), "two of three have ended since"
        assert ended_by(at) == {"A1": 2}
        forget(calling(Store(at.store.engine, at.store.clock), Actor("Ada Admin", "admin")), ["N1"])
        assert (today_in_all(at), ended_by(at)) == ((2, 1), {"A1": 1})
        assert today(at) == [("A1", 0), ("county", 0)], "of whoever is forgotten nothing is known"


def today(at: Desk) -> list[tuple[str, int]]:
    """Declines by area and of the county, as a night's report is told them."""
    with reading(at.store.engine) as connection:
        (*_, last) = watch_of(connection, at.store.live.at(connection), at.served.settings).trend
    return [(each["group"], each["declines"]) for table in ("area", "county") for each in last[table]]


def ended_by(at: Desk) -> Mapping[str, int]:
    """Whose care has ended by area; the trail keeps real days."""
    with reading(at.store.engine) as connection:
        return gone_lately(connection, at.store.clock.instant().astimezone(LONDON).date()).ends


def today_in_all(at: Desk) -> tuple[int, int]:
    """Of A1, as the night keeps it: people asked for within 28 days, and who is there."""
    with reading(at.store.engine) as connection:
        (*_, last) = watch_of(connection, at.store.live.at(connection), at.served.settings).trend
    (one,) = last["area"]
    return one["requests"], one["people_in_all"]


def test_who_places_care_reads_exact_counts_day_by_day(at: Desk) -> None:
    found = at.client.get("/v1/trends").json()["items"]
    assert [each["day"] for each in found] == [str(days(-1)), str(days(0))]
    (one, two) = found[1]["groups"]
    assert (one["group"], one["unmet"], one["principal_share"], one["declines"]) == ("A1", 8, 0.5, 2)
    assert (two["unmet"], two["unmet_hours_per_week"], two["longest_days_waited"]) == (1, 21.0, 30)
    asked = {"by": "workers", "group": "two care workers", "since": str(days(0)), "until": str(AFTER)}
    (only,) = at.client.get("/v1/trends", params=asked).json()["items"]
    assert [(each["group"], each["unmet"], each["principal_share"]) for each in only["groups"]] == [("two care workers", 1, None)]
    assert (one["requests"], one["ends"], one["people_in_all"], only["groups"][0]["requests"]) == (9, 0, 10, None)
    page = at.client.get("/v1/trends", params={"limit": 1}).json()
    assert at.client.get("/v1/trends", params={"limit": 1, "cursor": page["next_cursor"]}).json()["items"] == [found[1]]
    assert code_of(at.client.get("/v1/trends", params={"by": "person"})) == (422, "invalid_request")


@pytest.mark.parametrize("role", ["viewer", "auditor"])
def test_who_reads_counts_alone_reads_none_that_is_small_or_exact(at: Desk, role: str) -> None:
    with at.served.client(role) as client:
        (*_, last) = client.get("/v1/trends").json()["items"]
        assert last["day"] == str(days(-1)), "today's counts may be made again, which would tell of changes"
        assert client.get("/v1/trends", params={"since": str(days(0)), "until": "2027-01-01"}).json()["items"] == []
        (*_, workers) = client.get("/v1/trends", params={"by": "workers"}).json()["items"]
    (one, two) = last["groups"]
    assert one["unmet"] == 10, "eight, to the nearest five"
    assert two["unmet"] is None
    assert one["principal_share"] is None, "one person alone is with ALDER"
    assert one["declines"] is None
    told = {
        "people", "placed", "pending", "unmet_hours_per_week", "median_days_waited", "longest_days_waited", "requests", "ends",
        "people_in_all",
    }  # fmt: skip
    assert {each[name] for each in last["groups"] for name in told} == {None}
    assert [(each["group"], each["unmet"]) for each in workers["groups"]] == [("one care worker", 10)]


def test_a_share_is_told_to_the_percent_where_enough_people_stand_behind_it() -> None:
    row = {
        "group": "A1", "people": 20, "placed": 0, "pending": 6, "unmet": 7, "unmet_hours_per_week": "35.00",
        "median_days_waited": 3, "longest_days_waited": 9, "principal_share": "0.676543", "declines": 6,
        "parts": {"legacy": 5, "framework": 6, "principal": 9, "unmet": 7, "pending": 6},
    }  # fmt: skip
    counts: Json = {"day": "2026-11-23", "area": [row]}
    (exact,) = day_json(counts, "area", None, None)["groups"]
    assert (exact["unmet"], exact["principal_share"]) == (7, 0.676543)
    (told,) = day_json(counts, "area", None, 5)["groups"]
    assert (told["unmet"], told["principal_share"], told["declines"], told["people"]) == (5, 0.68, 6, None)
    few: Json = {**counts, "area": [row | {"parts": row["parts"] | {"principal": 4}}]}  # type: ignore[operator]
    assert day_json(few, "area", None, 5)["groups"][0]["principal_share"] is None
