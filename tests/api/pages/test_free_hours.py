"""The free hours of a provider on its page: in words, and where its answers disagree for contract officers alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.capacity_returns.schemas import RETURN
from api.pages.providers.free_hours_board import free_hours_of
from api.security.keys import create_key
from api.security.roles import PROVIDER
from tests.api.conftest import LOADER, loaded, serving
from tests.api.pages.reading import Browser
from tests.api.pages.test_step_deeds import forms_of
from tests.making import days, framework, noon, offer, package, principal, snapshot

DECLINED = {"offer_id": "O1", "area_id": "A1", "declined_on": "2026-11-22"}


def test_what_a_provider_told_in_words() -> None:
    assert free_hours_of([], [], {}) is None
    told: dict[str, Any] = RETURN
    now = free_hours_of([told], [], {})
    assert now is not None and (now.says, now.ask_again, now.declined) == ("Told 3 days ago: 12 h, mornings, A1.", "", [])
    assert now.facts == [
        ("Told on", "20 November 2026"),
        ("Said by", "S. Marsh, duty manager (telephone)"),
        ("Written down by", "Ada Planner"),
        ("Counts until", "4 December 2026"),
    ]
    later = free_hours_of([told | {"ask_again": True, "said_by": "", "how": ""}], [{"declined": [DECLINED]}], {"A1": "Larkmere"})
    assert later is not None and later.ask_again == "It counted until 4 December 2026: ask again."
    assert later.facts[1] == ("Said by", "Not said")
    assert later.declined == [("O1", "Larkmere", "22 November 2026")]


def test_a_planner_writes_down_what_a_provider_tells_and_contract_officers_see_what_disagrees(tmp_path: Path) -> None:
    people = [package("N1", hours=5), package("N2", hours=5)]
    no = offer("N1", "F-BRACKEN", "declined", reason="no_capacity", offered_at=noon(-1))
    made = snapshot(people, [principal("ALDER"), framework("BRACKEN")], offers=[no])
    with serving(loaded(tmp_path, made, run_workers=0, tick_seconds=0)) as served:
        planner, officer = Browser(served), Browser(served)
        with planner.client, officer.client:
            planner.signed_in(served.key("planner"))
            officer.signed_in(served.key("contracts"))
            address = "/providers/BRACKEN/free-hours"
            seen = forms_of(planner.read(address))[address]
            wrong = planner.post(address, {"hours-1": "12", "hours-2": "a lot", "from-1-day": "31", "said_by": "S. Marsh"})
            assert (
                wrong.status_code == 422 and "Give the hours a week in quarters" in wrong.text and 'value="a lot"' in wrong.text
            )
            assert "Give a day such as 27 3 2027" in wrong.text
            twice = planner.post(address, seen | {"hours-1": "12", "hours-2": "3"})
            assert twice.status_code == 422 and "add the hours up" in twice.text
            told = {
                "hours-1": "12.25",
                "area-1": "A1",
                "part-1": "morning",
                "hours-2": "",
                "said_by": "S. Marsh",
                "how": "telephone",
            }
            done = planner.post(address, told | seen)
            assert (done.status_code, done.headers["location"]) == (303, "/providers/BRACKEN?done=told")
            page = planner.read("/providers/BRACKEN?done=told")
            assert "Its free hours are written down." in page.words and "Told today: 12.25 h, mornings, A1." in page.words
            assert planner.post(address, told | seen | {"hours-1": "1"}).status_code == 409, (
                "somebody has written since that form was opened"
            )
            assert 'value="12.25"' in planner.get(address).text, "the form has what was told last"
            assert "Told today: 12.25 h, mornings, A1" in planner.read("/people/N2").words
            csv = f"provider_id,hours_per_week,told_on\nALDER,0,{days(-9)}\n"
            with served.client("contracts") as by_program:
                read = by_program.get("/v1/capacity-returns/BRACKEN")
                assert read.json()["last"]["free"][0]["hours_per_week"] == 12.25
                assert by_program.get("/v1/capacity-returns/NOBODY").status_code == 404
                given = {"provider_id": "BRACKEN", "free": []}
                stale = by_program.post("/v1/capacity-returns", json=given, headers={"If-Match": '"0"'})
                assert (stale.status_code, stale.json()["code"]) == (412, "changed_since")
                assert by_program.get("/v1/capacity-returns/BRACKEN").headers["etag"] == read.headers["etag"]
                assert by_program.post("/v1/capacity-returns/BRACKEN/withdraw", json={"reason": "To be sent"}).is_success
                csv += f"BRACKEN,40,{days(-2)}\n"
                sent = by_program.post("/v1/capacity-returns/file", content=csv, headers={"Content-Type": "text/csv"})
                assert sent.json()["taken"] == ["ALDER", "BRACKEN"]
            heading = "To be told to this provider first"
            assert heading in officer.read("/providers/BRACKEN").words and heading not in planner.read("/providers/BRACKEN").words
            assert heading not in officer.read("/providers/ALDER").words
            assert "Free hours" not in officer.signed_in(served.key("finance")).read("/providers/BRACKEN").words
            key = create_key(
                served.service.store.engine, LOADER, "Sam", [PROVIDER], served.settings.clock.instant(), provider_id="BRACKEN"
            )
            served.knows_new_keys()
            own = officer.signed_in(key).read("/own/contracts")
            assert "As you told the council: told 2 days ago: 40 h." in own.words and [no.offer_id, "Area A1"] == own.rows[-1][:2]


def test_a_provider_tells_its_own_by_form_and_by_file_and_officers_read_who_has_not(tmp_path: Path) -> None:
    made = snapshot([package("N1", hours=5)], [principal("ALDER"), framework("BRACKEN")])
    with serving(loaded(tmp_path, made, run_workers=0, tick_seconds=0)) as served:
        sam, cora = Browser(served), Browser(served)
        with sam.client, cora.client:
            sam.signed_in(served.key("provider"))
            cora.signed_in(served.key("contracts"))
            assert [row[0] for row in cora.read("/free-hours").rows[1:]] == ["Alder", "Bracken"]
            assert "/free-hours" in [each["href"] for each in cora.read("/providers").all("a")]
            page = sam.read("/own/free-hours")
            seen = forms_of(page)["/own/free-hours"]
            assert "You have told the council none yet." in page.words and "Area A1" in page.said("option")
            assert "in quarters" in sam.post("/own/free-hours", {"hours-1": "1.1"}).text
            done = sam.post("/own/free-hours", seen | {"hours-1": "12", "area-1": "A1", "part-1": "morning"})
            assert done.headers["location"] == "/own/free-hours?done=told"
            assert "Told today: 12 h, mornings, A1." in sam.read("/own/free-hours?done=told").words
            assert sam.post("/own/free-hours", seen | {"hours-1": "3"}).status_code == 409, "told since that form was opened"
            assert [row[0] for row in cora.read("/free-hours").rows[1:]] == ["Bracken"]
            for name, text, status, said in (
                ("hours.txt", "hours_per_week\n1\n", 422, "Choose a file"),
                ("hours.csv", "provider_id,hours_per_week\nBRACKEN,1\n", 422, "your own provider id"),
                ("hours.csv", "hours_per_week,area_id\n7,A1\n", 303, ""),
            ):
                files = {"file": (name, text.encode(), "text/csv")}
                answer = sam.client.post(
                    "/own/free-hours/file", files=files, headers=sam._headers({"Sec-Fetch-Site": "same-origin"})
                )
                assert (answer.status_code, said in answer.text) == (status, True), answer.text
            assert "Told today: 7 h, A1." in sam.read("/own/free-hours?done=told").words
