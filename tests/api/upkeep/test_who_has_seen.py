"""Who has seen a person: every reading in which N5 was shown is found, and none in which they were not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from api.acts.act import Caller
from api.storage.audit import Actor
from api.upkeep import acts
from optimiser.domain.snapshot import Snapshot
from tests.api.desk import Desk, desk
from tests.api.talking import REQUEST, all_pages

ADMIN = Actor("Ada", "admin")


@pytest.fixture
def villages(tmp_path: Path, small: Snapshot) -> Iterator[Desk]:
    with desk(f"sqlite:///{tmp_path / 'county.db'}", small, "admin") as at:
        yield at


def about(villages: Desk, package_id: str) -> list[str]:
    """The actions of the entries that tell of somebody, without those that ask for entries."""
    return [each["action"] for each in all_pages(villages.client, "/v1/audit", subject=package_id)]


READINGS: dict[str, Callable[[httpx.Client, str], httpx.Response]] = {
    "package.read": lambda client, _: client.get("/v1/packages/N5"),
    "packages.read": lambda client, _: client.get("/v1/packages"),
    "cascade.read": lambda client, _: client.get("/v1/packages/N5/cascade"),
    "offers.read": lambda client, _: client.get("/v1/packages/N5/offers"),
    "offers.list": lambda client, _: client.get("/v1/offers"),
    "offer.read": lambda client, offer_id: client.get(f"/v1/offers/{offer_id}"),
    "broadcast.read": lambda client, offer_id: client.get(f"/v1/offers/{offer_id}/broadcast"),
    "alerts.list": lambda client, _: client.get("/v1/alerts"),
    "meanwhile.list": lambda client, _: client.get("/v1/meanwhile"),
    "answers.read": lambda client, _: client.get("/v1/packages/N5/answers"),
    "decisions.read": lambda client, _: client.get("/v1/packages/N5/decisions"),
}
"""Requests that show N5, by the action that is written down; given the id of an offer of theirs."""


def test_every_reading_that_showed_somebody_is_found(villages: Desk) -> None:
    assert villages.client.get("/v1/unmet").status_code == 200
    assert about(villages, "N5").count("unmet.read") == 1
    offer_id = next(iter(villages.ask("N5").values()))
    caller = Caller(villages.served.service, ADMIN)
    for action, read in READINGS.items():
        before = about(villages, "N5").count(action)
        assert read(villages.client, offer_id).status_code == 200, action
        assert about(villages, "N5").count(action) == before + 1, action
    acts.export(caller)
    acts.read_for_report(caller, "nightly")
    list(acts.show_audit(caller, acts.Wanted(actor="Ada")))
    assert {"county.export", "county.report"} <= {*about(villages, "N5")}
    assert about(villages, "N5").count("audit.show") > about(villages, "N77").count("audit.show"), "of N77 there is nothing"


def test_whoever_came_later_or_had_left_was_not_seen(villages: Desk) -> None:
    """N9 comes after the first report, and leaves before the third."""
    caller = Caller(villages.served.service, ADMIN)
    acts.read_for_report(caller, "first")
    assert villages.client.post("/v1/packages", json=REQUEST).status_code == 201
    acts.read_for_report(caller, "second")
    villages.act("N9", "end", reason="Moved away")
    acts.read_for_report(caller, "third")

    def reports(package_id: str) -> list[str]:
        found = acts.show_audit(caller, acts.Wanted(subject=package_id))
        return [name for row in found for name in ("first", "second", "third") if f'"{name}"' in row["details"]]

    assert reports("N9") == ["second"]
    assert reports("N5") == ["first", "second", "third"]
    assert reports("none-such") == []


def test_a_reading_from_before_this_was_kept_may_have_shown_anybody(villages: Desk) -> None:
    with villages.store.change(ADMIN) as change:
        change.remember("offers.list", "offers")
        change.remember("county.export", "county", details={"digest": "0" * 64, "packages": 13})
    assert {"offers.list", "county.export"} <= {*about(villages, "N5")}
    assert not {"offers.list", "county.export"} & {*about(villages, "none-such")}
    with villages.served.client("auditor") as client:
        assert all_pages(client, "/v1/audit", subject="N5") == [], "it would tell that there is an N5"


def test_places_are_told_to_roles_that_need_them(villages: Desk) -> None:
    for role, told in (("planner", True), ("transition", True), ("admin", True), ("social_work", False)):
        with villages.served.client(role) as client:
            one, several = client.get("/v1/packages/N5").json(), client.get("/v1/packages").json()["items"]
        for each in (one, *several):
            assert (each["latitude"] is not None, each["longitude"] is not None) == (told, told), role


def test_readings_of_the_whole_county_are_named_as_such_and_stay_small(villages: Desk) -> None:
    caller = Caller(villages.served.service, ADMIN)
    acts.read_for_report(caller, "nightly")
    entry = villages.trail()[-1]
    assert (entry["action"], entry["details"]) == ("county.report", '{"report":"nightly","whole_county":1}')
