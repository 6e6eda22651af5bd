"""The reserve over HTTP: opened and closed on a running service, with what becomes of those who are asked for and cared for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from optimiser import exits
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import SMALL, serving
from tests.api.desk import Desk, desk
from tests.api.imports.test_imports import send, zipped
from tests.api.runs.working import worked_on
from tests.api.talking import code, exported
from tests.commands.running import run
from tests.making import area, days, framework, package, principal, reserve, snapshot

FLOOD = {"areas": ["A1"], "reason": "flooding in the north", "review_on": str(days(14))}
OVER = {"areas": ["A1"], "reason": "the water has gone"}


def county(**given: Any) -> Snapshot:
    """Three wait in A1, one in A2; a framework provider, and Wren for the whole county where the reserve is open."""
    people = [package(name) for name in ("N1", "N2", "N3")] + [package("N4", area_id="A2")]
    areas = [area(name="Larkmere"), area("A2", name="Fens")]
    return snapshot(people, [principal("ALDER"), framework("BRACKEN"), reserve("WREN")], areas=areas, **given)


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    """A planner's desk, on SQLite."""
    with desk(f"sqlite:///{tmp_path / 'county.db'}", county()) as here:
        yield here


def opened(officer: httpx.Client, **other: Any) -> httpx.Response:
    return officer.post("/v1/reserve", json=FLOOD | other)


def closed(officer: httpx.Client, **other: Any) -> httpx.Response:
    tag = officer.get("/v1/reserve").headers["etag"]
    return officer.post("/v1/reserve/close", json=OVER | other, headers={"If-Match": tag})


def asked_of_the_reserve(here: Desk, package_id: str) -> str:
    """The offer to Wren, once everybody before it has said no."""
    for contract_id in ("P-ALDER", "F-BRACKEN"):
        here.decline(here.ask(package_id)[contract_id])
    return here.ask(package_id)["V-WREN"]


def test_opened_used_and_closed_and_care_stays(database_url: str, tmp_path: Path) -> None:
    with desk(database_url, county()) as here, here.served.client("contracts") as officer:
        assert here.why_not("N1") == {"V-WREN": ["reserve_open"]}
        done = opened(officer)
        (told,) = done.json()["areas"]
        assert told.pop("opened_by").startswith("a contracts")
        assert told == {
            "area_id": "A1",
            "name": "Larkmere",
            "opened_on": "2026-11-23",
            **{k: FLOOD[k] for k in told.keys() & FLOOD},
        }
        assert (done.status_code, done.json()["notes"]) == (200, [])
        read = here.client.get("/v1/reserve")
        assert (read.headers["etag"], read.json()["areas"]) == (done.headers["etag"], done.json()["areas"])
        assert here.client.get("/v1/reserve", headers={"If-None-Match": done.headers["etag"]}).status_code == 304
        assert here.order("N1") == ["P-ALDER", "F-BRACKEN", "V-WREN"], "after everybody else"
        assert here.order("N4") == [], "it is open in A1 alone, and nobody else serves A2"
        for name in ("N1", "N2"):
            here.answer(asked_of_the_reserve(here, name), "accepted")
        here.says("N1", "WREN")
        here.act("N1", "start")
        waits = asked_of_the_reserve(here, "N3")
        figures = here.client.get("/v1/areas/A1").json()
        assert (figures["other_people"], figures["other_hours_4w"]) == (2, 40.0)
        done = closed(officer)
        assert (done.status_code, done.json()["areas"]) == (200, [])
        assert done.json()["notes"] == [
            "The care of 1 person stays with reserve providers in A1.",
            "Accepted offers of reserve providers stand for 1 person in A1.",
            "Reserve providers asked for 1 person in A1 may still answer.",
        ]
        assert here.offers("N3")["V-WREN"] is None, "a yes may still come"
        here.answer(waits, "accepted")
        for name in ("N2", "N3"):
            here.says(name, "WREN")
            here.act(name, "start")
        again = exported(here.store, tmp_path / "out")
        assert [each.contract_id for each in again.packages] == ["V-WREN"] * 3 + [""]
        assert again.reserve_areas == ()
        entries = [row for row in here.trail() if row["action"].startswith("reserve.")]
        assert [(row["action"], row["role"], row["subject"]) for row in entries] == [
            ("reserve.open", "contracts", "A1"),
            ("reserve.close", "contracts", "A1"),
        ]
        details = [orjson.loads(row["details"]) for row in entries]
        assert (details[0]["reason"], details[1]["reason"]) == (FLOOD["reason"], OVER["reason"])
        assert details[1]["before"]["opened_by"] == entries[0]["actor"]


def test_new_people_are_not_asked_for_once_it_is_closed(at: Desk) -> None:
    with at.served.client("contracts") as officer:
        opened(officer)
        for contract_id in ("P-ALDER", "F-BRACKEN"):
            at.decline(at.ask("N1")[contract_id])
        assert at.cascade("N1")["next_step"]["contract_ids"] == ["V-WREN"]
        closed(officer)
        assert at.why_not("N1")["V-WREN"] == ["reserve_open"]
        assert code(at.client.post("/v1/packages/N1/offers")) == (409, "nobody_to_ask")


def test_where_the_settings_say_so_waiting_offers_are_withdrawn(tmp_path: Path) -> None:
    with (
        desk(f"sqlite:///{tmp_path / 'county.db'}", county(), closed_reserve_offers="withdrawn") as here,
        here.served.client("admin") as officer,
    ):
        opened(officer)
        waits = asked_of_the_reserve(here, "N3")
        assert closed(officer).json()["notes"] == []
        assert here.offers("N3")["V-WREN"] == "withdrawn"
        assert code(here.try_answer(waits, "accepted")) == (409, "already_answered")


def test_refused_whole_with_every_fault(at: Desk) -> None:
    with at.served.client("contracts") as officer:
        wrong = opened(officer, areas=["A1", "A22", "larkmeer", "?"], review_on=str(days(-1)))
        assert code(wrong) == (422, "refused")
        assert wrong.json()["faults"] == [
            "review_on: a day from today, 2026-11-23, on; it is 2026-11-22.",
            "?: there is no such area.",
            "A22: there is no such area; the nearest is A2 (Fens).",
            "larkmeer: there is no such area; the nearest is A1 (Larkmere).",
        ]
        for body in ({}, FLOOD | {"areas": []}, FLOOD | {"reason": ""}, FLOOD | {"review_on": "soon"}, FLOOD | {"until": 1}):
            assert code(officer.post("/v1/reserve", json=body)) == (422, "invalid_request"), body
        first = officer.get("/v1/reserve").headers["etag"]
        assert (at.state().version, at.state().snapshot.reserve_areas) == (1, ()), "nothing was written"
        assert opened(officer, areas=["A2"], reason="snow").json()["areas"][0]["area_id"] == "A2"
        again = opened(officer, areas=["A1", "A2"])
        assert code(again) == (409, "already_open")
        assert again.json()["faults"] == ["A2: the reserve is open there already, since 2026-11-23: snow"]
        not_open = closed(officer, areas=["A1", "A2"])
        assert (code(not_open), not_open.json()["faults"]) == ((409, "not_open"), ["A1: the reserve is not open there."])
        assert code(closed(officer, areas=["B7"])) == (422, "refused")
        assert code(officer.post("/v1/reserve/close", json=OVER)) == (428, "precondition_required")
        stale = {"If-Match": first}
        assert code(officer.post("/v1/reserve/close", json=OVER | {"areas": ["A2"]}, headers=stale)) == (412, "changed_since")
        assert code(officer.post("/v1/reserve", json=FLOOD, headers=stale)) == (412, "changed_since")
        assert at.state().snapshot.reserve_areas == ("A2",)
        assert closed(officer, areas=["A2"]).headers["etag"] == first, "as it was"
    assert code(at.client.post("/v1/reserve", json=FLOOD)) == (403, "forbidden"), "a planner reads"
    assert at.client.get("/v1/reserve").json() == {"areas": []}


def test_a_restart_keeps_it_and_an_export_reads_the_same(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'county.db'}"
    with desk(database, county(reserve_areas=["A2"])) as here, here.served.client("contracts") as officer:
        assert opened(officer).status_code == 200
        shown = officer.get("/v1/reserve").json()["areas"]
        assert [each["reason"] for each in shown] == [FLOOD["reason"], None], "of A2 the folder held its id alone"
        with serving(here.served.settings) as again, again.client("planner") as client:
            assert client.get("/v1/reserve").json()["areas"] == shown, "another service on the same database"
        assert exported(here.store, tmp_path / "out").reserve_areas == ("A1", "A2")
        with desk(f"sqlite:///{tmp_path / 'other.db'}", exported(here.store, tmp_path / "again")) as other:
            areas = other.client.get("/v1/reserve").json()["areas"]
            assert [(each["area_id"], each["opened_on"]) for each in areas] == [("A1", None), ("A2", None)]


def test_a_folder_that_opens_it_opens_it_in_the_name_of_whoever_takes_it_in(tmp_path: Path, small: Snapshot) -> None:
    settings = (SMALL / "snapshot.toml").read_text(encoding="utf-8")
    folder = zipped({"snapshot.toml": f'{settings}\n[reserve]\nareas = ["A1"]\n'})
    with desk(f"sqlite:///{tmp_path / 'county.db'}", small, "admin") as at:
        listed = send(at.client, folder)
        assert send(at.client, folder, "snow", listed.headers["etag"], dry_run=False).status_code == 200
        (opening,) = at.client.get("/v1/reserve").json()["areas"]
        assert (opening["opened_on"], opening["opened_by"], opening["reason"]) == ("2026-11-23", at.trail()[-1]["actor"], "snow")
        assert send(at.client, zipped()).json()["writes"] is False, "a folder without it leaves it open"


def test_no_contract_to_ask_is_told(tmp_path: Path) -> None:
    here = county()
    without = [each for each in here.contracts if each.tier != "reserve"]
    local = reserve("WREN", area_id="A2", ends=days(0))
    for contracts in (without, [*without, local]):
        ending = snapshot(here.packages, contracts, areas=here.areas)
        database = f"sqlite:///{tmp_path / f'{len(contracts)}.db'}"
        with desk(database, ending, "contracts") as officer:
            notes = opened(officer.client, areas=["A2", "A1"]).json()["notes"]
            assert notes == [
                f"No reserve contract is in force for {each} today: nobody can be asked there." for each in ("A1", "A2")
            ]


def test_the_nightly_report_tells_every_use(
    at: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One person of five hours a week runs with Wren, one is accepted, one asked for; the day to look again has gone by."""
    nights = tmp_path / "nights"

    def report(day: int) -> tuple[int, str, list[dict[str, Any]], str]:
        monkeypatch.setenv("OPTIMISER_AS_OF", str(days(day)))
        ran = run(capsys, "nightly", "--out", nights, "--quiet")
        made = nights / "latest"
        told = orjson.loads((made / "nightly.json").read_bytes())["reserve"]
        return ran.code, ran.out, told, (made / "nightly.html").read_text(encoding="utf-8")

    monkeypatch.setenv("DATABASE_URL", at.served.settings.database_url)
    with at.served.client("contracts") as officer:
        opened(officer, review_on=str(days(2)))
        for name in ("N1", "N2"):
            at.answer(asked_of_the_reserve(at, name), "accepted")
        at.says("N1", "WREN")
        at.act("N1", "start")
        asked_of_the_reserve(at, "N3")
        used = {
            "running_people": 1,
            "running_hours_per_week": "5.00",
            "accepted_people": 1,
            "accepted_hours_per_week": "5.00",
            "asked_people": 1,
        }
        _, printed, (row,), page = report(0)
        assert row.pop("opened_by").startswith("a contracts")
        facts = {"area_id": "A1", "name": "Larkmere", "contracts": 1}
        since = {"open": True, "opened_on": "2026-11-23", "reason": FLOOD["reason"], "review_on": "2026-11-25"}
        assert row == facts | since | used | {"days_past_review": 0}
        assert (
            "The reserve is open in 1 area(s), past its review date in 0; with reserve providers: 1 running, 1 accepted"
            in printed
        )
        assert "To be looked at again on 2026-11-25." in page
        assert report(0)[0] == exits.NOTHING_NEW
        assert report(2)[2][0]["days_past_review"] == 0, "on the day itself it is not past it"
        _, printed, (row,), page = report(3)
        assert (row["days_past_review"], "past its review date in 1" in printed) == (1, True)
        assert "It was to be looked at again on 2026-11-25, 1 day ago" in page
        closed(officer)
        code_, _, (row,), page = report(3)
        assert code_ != exits.NOTHING_NEW, "closing it is news"
        nothing = {"open": False, "opened_on": None, "opened_by": "", "reason": "", "review_on": None, "days_past_review": 0}
        assert row == facts | nothing | used
        assert "not open; nobody new is asked for, and care that runs stays where it is" in page


def test_a_run_sees_it_at_once_and_what_it_proposed_is_judged_again(tmp_path: Path) -> None:
    """Nobody but Wren serves A2."""

    def outcome(client: httpx.Client, run_id: str) -> tuple[str, str | None]:
        found = client.get(f"/v1/runs/{run_id}/result").json()["proposals"]
        return next((each["outcome"], each["contract_id"]) for each in found if each["package_id"] == "N4")

    with (
        desk(f"sqlite:///{tmp_path / 'county.db'}", county(), run_workers=0) as here,
        here.served.client("contracts") as officer,
    ):
        assert outcome(here.client, worked_on(here.store)) == ("unmet", None)
        opened(officer, areas=["A2"])
        run_id = worked_on(here.store)
        assert outcome(here.client, run_id) == ("placed", "V-WREN")
        closed(officer, areas=["A2"])
        digest = here.client.get(f"/v1/runs/{run_id}").json()["plan_digest"]
        wish = {"plan_digest": digest, "package_ids": ["N4"]}
        told = here.client.post(f"/v1/runs/{run_id}/apply", json=wish).json()
        assert (told["applied"], [each["package_id"] for each in told["refused"]]) == ([], ["N4"])
        assert "The reserve is not opened in area A2." in str(told["refused"])
