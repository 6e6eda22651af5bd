"""Call-offs over HTTP: one request of each kind, where it stands, and what comes of it, worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from api.forgetting.acts import forget
from api.storage.audit import Actor
from tests.api.desk import Desk, desk
from tests.api.talking import REQUEST, changed, code, exported
from tests.making import area, days, framework, legacy, package, principal, provider, snapshot, specialist

MORNING = {"visit_id": "AM", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "workers": 1}
MORNING |= {"earliest_start": "07:00", "latest_start": "09:30", "duration_minutes": 45}
EVENING = {"visit_id": "PM", "days": ["mon", "tue", "wed", "thu", "fri"], "workers": 2}
EVENING |= {"earliest_start": "19:00", "latest_start": "21:00", "duration_minutes": 30}
TWELVE = (
    REQUEST
    | {"area_id": "A1"}
    | {"hours_per_week": 10.25, "visits_per_week": 12, "workers": 2, "skills": [], "visits": [MORNING, EVENING]}
)
"""Mornings of 7 x 45 minutes (5.25 hours), evenings of 5 x 30 minutes for two care workers (5 hours)."""
VOLUME: dict[str, Any] = {
    "kind": "volume",
    "areas": [{"area_id": "A2", "hours_per_week": 60}, {"area_id": "A1", "hours_per_week": 120}],
    "guarantee": 0.8,
    "starts": str(days(100)),
    "ends": str(days(500)),
    "tier": "legacy",
    "reason": "a provider leaves in spring",
}


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    """A1 has a principal that comes in twos, and a framework provider that does not; two specialists; A2 has nobody."""
    specialists = [specialist("NIGHTJAR", service="night"), specialist("WREN", service="dawn")]
    contracts = [principal("ALDER"), framework("BRACKEN"), *specialists, legacy("ELDER", bands=(3,))]
    able = [provider("ALDER", skills=("double_handed",)), provider("DOCK")]
    areas = [area(name="Larkmere"), area("A2", name="Fens")]
    county = snapshot([package("R1", contract_id="P-ALDER")], contracts, providers=able, areas=areas)
    with desk(f"sqlite:///{tmp_path / 'county.db'}", county) as here:
        yield here


def sent(client: httpx.Client, body: dict[str, Any], **query: Any) -> httpx.Response:
    return client.post("/v1/call-offs", json=body, params=query)


def filed(client: httpx.Client, body: dict[str, Any], **query: Any) -> dict[str, Any]:
    answer = sent(client, body, **query)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def now(client: httpx.Client, call_off_id: str) -> dict[str, Any]:
    answer = client.get(f"/v1/call-offs/{call_off_id}")
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def withdrawn(client: httpx.Client, call_off_id: str, **query: Any) -> httpx.Response:
    path = f"/v1/call-offs/{call_off_id}"
    tag = {"If-Match": client.get(path).headers["etag"]}
    return client.post(f"{path}/withdraw", json={"reason": "no longer asked for"}, headers=tag, params=query)


def one(package_id: str, **other: Any) -> dict[str, Any]:
    return REQUEST | {"package_id": package_id, "area_id": "A1", "skills": []} | other


def in_trail(at: Desk, *actions: str) -> list[tuple[str, str, Any]]:
    rows = [row for row in at.trail() if row["action"] in actions]
    return [(row["action"], row["subject"], orjson.loads(row["details"])) for row in rows]


def test_a_package_from_request_to_care(at: Desk) -> None:
    tried = filed(at.client, {"kind": "package", "package": one("N9")}, dry_run=True)
    assert (tried["dry_run"], at.state().version) == (True, 1), "nothing was written"
    made = at.client.post(
        "/v1/call-offs", json={"kind": "package", "call_off_id": "C-1", "package": one("N9", skills=["medicaton"])}
    )
    assert (made.status_code, made.headers["location"]) == (201, "/v1/call-offs/C-1")
    told = made.json()
    assert told["notes"] == ["No provider has the skill 'medicaton' (nearest: 'double_handed')."] or told["notes"][0].startswith(
        "No provider"
    )
    assert (told["state"], told["asked_by"].partition(" (")[0], told["asked_at"][:10]) == ("waiting", "a planner", "2026-11-23")
    assert (told["hours_per_week"], told["area_ids"], told["service"], told["volume"]) == (5.25, ["A1"], None, None)
    assert at.client.get("/v1/packages/N9").json()["call_off_id"] == "C-1"
    assert code(sent(at.client, {"kind": "package", "call_off_id": "C-1", "package": one("N8")})) == (
        409,
        "already_there",
    )
    assert code(sent(at.client, {"kind": "package", "package": one("N9")})) == (409, "already_there")
    changed(at.client, "/v1/packages/N9", {"skills": []})
    offers = at.ask("N9")
    assert now(at.client, "C-1")["state"] == "asked"
    at.answer(offers["F-BRACKEN"], "accepted", answered_by="S. Marsh", how="telephone")
    found = now(at.client, "C-1")
    (care,) = found["packages"]
    assert (found["state"], care["situation"], care["contract_id"]) == ("accepted", "accepted", "F-BRACKEN")
    assert [(each["response"], each["answered_by"], each["how"]) for each in care["offers"]] == [
        ("accepted", "S. Marsh", "telephone")
    ]
    refused = withdrawn(at.client, "C-1")
    assert (code(refused), refused.json()["faults"]) == ((409, "care_agreed"), ["N9: accepted."])
    at.says("N9", "BRACKEN")
    at.act("N9", "start")
    assert now(at.client, "C-1")["state"] == "placed"
    assert withdrawn(at.client, "C-1").json()["faults"] == ["N9: its care runs."]
    at.act("N9", "end", reason="moved away")
    found = now(at.client, "C-1")
    assert (found["state"], found["packages"], found["packages_gone"]) == ("ended", [], 1)


def test_a_bundle_is_valid_as_a_whole_or_not_at_all_and_is_offered_as_one(at: Desk, tmp_path: Path) -> None:
    wrong: dict[str, Any] = {"kind": "bundle", "packages": [one("B1", area_id="A9"), one("R1"), one("B3", hours_per_week=400)]}
    assert code(sent(at.client, wrong)) == (422, "invalid_request")
    wrong["packages"][2] = one("B3", area_id="A2")
    refused = sent(at.client, wrong)
    assert code(refused) == (422, "refused")
    assert refused.json()["faults"] == [
        "B1: packages.csv, area_id: expected a known area_id; found 'A9'",
        "R1: A package with this package_id is there already.",
    ]
    two_areas = sent(at.client, {"kind": "bundle", "packages": [one("B1"), one("B3", area_id="A2")]})
    assert two_areas.json()["faults"] == ["packages.csv, area_id: expected that of B1, in the same bundle (A1); found 'A2'"]
    twice = sent(at.client, {"kind": "bundle", "packages": [one("B1"), one("B1")]})
    assert twice.json()["faults"] == ["B1: Its id, or that of a visit, is given twice."]
    assert at.state().version == 1, "nothing was written"
    told = filed(at.client, {"kind": "bundle", "packages": [one("B1"), one("B2")]})
    assert told["bundle_id"] == told["call_off_id"]
    assert (told["state"], told["hours_per_week"]) == ("waiting", 10.5)
    assert at.cascade("B1")["asked_with"] == ["B2"]
    offers = at.ask("B2")
    at.decline(offers["P-ALDER"])
    offers = at.ask("B1")
    assert now(at.client, told["call_off_id"])["state"] == "asked"
    at.answer(offers["F-BRACKEN"], "accepted")
    at.says("B1", "BRACKEN")
    at.act("B1", "start")
    found = now(at.client, told["call_off_id"])
    assert [(each["package_id"], each["situation"], each["contract_id"]) for each in found["packages"]] == [
        ("B1", "running", "F-BRACKEN"), ("B2", "accepted", "F-BRACKEN"),
    ]  # fmt: skip
    assert found["state"] == "accepted", "both are agreed, and one has not begun"
    assert [each.bundle_id for each in exported(at.store, tmp_path / "out").packages][:2] == [told["call_off_id"]] * 2


def test_a_specialist_service_is_asked_of_its_specialists_alone(at: Desk) -> None:
    told = filed(at.client, {"kind": "specialist", "service": "night", "package": one("N9")})
    assert (told["service"], told["notes"]) == ("night", [])
    assert at.order("N9") == ["S-NIGHTJAR"]
    told = filed(at.client, {"kind": "specialist", "service": "nigth", "package": one("N8")})
    assert told["notes"] == ["No contract offers the service 'nigth' (nearest: 'night')."]
    assert code(sent(at.client, {"kind": "specialist", "package": one("N7")})) == (422, "invalid_request")


def test_a_part_takes_named_visits_and_gives_them_back(at: Desk, tmp_path: Path) -> None:
    """Mornings at the weekend are 2 x 45 minutes: 1.5 hours in 2 visits; 8.75 hours in 10 visits stay."""
    whole = filed(at.client, {"kind": "package", "package": TWELVE})["call_off_id"]
    before = at.client.get("/v1/packages/N9").json()
    assert at.why_not("N9")["F-BRACKEN"] == ["skills"], "it does not come in twos"
    at.decline(at.ask("N9")["P-ALDER"], "cannot_meet_need")
    told = filed(at.client, {"kind": "part", "package_id": "N9", "visits": [{"visit_id": "AM", "days": ["sat", "sun"]}]})
    (part,) = told["packages"]
    assert (part["package_id"], part["part_of"], part["hours_per_week"]) == ("N9-P1", "N9", 1.5)
    rest, own = (at.client.get(f"/v1/packages/{each}").json() for each in ("N9", "N9-P1"))
    assert [rest[name] for name in ("hours_per_week", "visits_per_week", "workers")] == [8.75, 10, 2]
    assert [own[name] for name in ("hours_per_week", "visits_per_week", "workers")] == [1.5, 2, 1]
    assert [(each["visit_id"], each["days"]) for each in own["visits"]] == [("N9-P1-V1", ["sat", "sun"])]
    assert [(each["visit_id"], each["days"]) for each in rest["visits"]] == [("AM", EVENING["days"]), ("PM", EVENING["days"])]
    assert [own[name] for name in ("latitude", "longitude", "area_id", "priority")] == [
        rest[name] for name in ("latitude", "longitude", "area_id", "priority")
    ]
    area_now = at.client.get("/v1/areas/A1").json()
    assert area_now["unmet_people"] == 1, "one person, divided or not"
    assert at.offers("N9") == {"P-ALDER": "withdrawn"}, "it answered a need that is another now"
    assert now(at.client, whole)["hours_per_week"] == 10.25, "what was asked for is still asked for"
    exported(at.store, tmp_path / "divided")
    assert at.order("N9-P1") == ["P-ALDER", "F-BRACKEN"], "one care worker is enough"
    at.ask("N9-P1")
    tried = withdrawn(at.client, told["call_off_id"], dry_run=True)
    assert tried.is_success, tried.text
    assert (tried.json()["state"], tried.json()["dry_run"], now(at.client, told["call_off_id"])["state"]) == (
        "withdrawn",
        True,
        "asked",
    )
    back = withdrawn(at.client, told["call_off_id"])
    assert (back.json()["state"], back.json()["packages_gone"], back.json()["withdrawn_by"].partition(" (")[0]) == (
        "withdrawn",
        1,
        "a planner",
    )
    assert at.client.get("/v1/packages/N9").json() == before
    assert at.client.get("/v1/packages/N9-P1").status_code == 404
    assert code(withdrawn(at.client, told["call_off_id"])) == (409, "already_withdrawn")
    again = filed(at.client, {"kind": "part", "package_id": "N9", "visits": [{"visit_id": "PM"}]})
    assert again["packages"][0]["package_id"] == "N9-P2", "an id is given once"
    at.answer(at.ask("N9-P2")["P-ALDER"], "accepted")
    assert now(at.client, whole)["state"] == "placed_in_part"
    assert code(withdrawn(at.client, again["call_off_id"])) == (409, "care_agreed")
    assert [action for action, *_ in in_trail(at, "package.divide", "package.rejoin", "call_off.withdraw")] == [
        "package.divide", "package.rejoin", "call_off.withdraw", "package.divide",
    ]  # fmt: skip


def test_a_package_is_not_divided_so(at: Desk) -> None:
    filed(at.client, {"kind": "package", "package": TWELVE})
    filed(at.client, {"kind": "package", "package": one("N1", hours_per_week=2, visits_per_week=4)})

    def faults(package_id: str, *visits: dict[str, Any], **hours: Any) -> list[str]:
        refused = sent(at.client, {"kind": "part", "package_id": package_id, "visits": visits} | hours)
        assert code(refused) == (422, "not_divisible"), refused.text
        found: list[str] = refused.json()["faults"]
        return found

    assert faults("N9", {"visit_id": "AM"}, {"visit_id": "PM"}) == [
        "All of the care would become the part's: leave some of it, or ask for (or say yes to) the package as it is."
    ]
    assert faults("N9", {"visit_id": "NO"}, {"visit_id": "PM", "days": ["sat", "mon"]}, {"visit_id": "PM", "workers": 1}) == [
        "PM: named 2 times; a visit is named once, with all days that become the part's.",
        "NO: this package has no such visit.",
        "PM: it is not on sat; its days are mon, tue, wed, thu, fri.",
        "PM: no two providers come to one visit; only the service double_assist may be shared so.",
    ]
    assert faults("N1", {"visit_id": "AM"})[0].startswith("This package has no visits written down")
    assert faults("N1", hours_per_week=2, visits_per_week=4) == [
        "hours_per_week: more than none and less than all 2, so that some care stays.",
        "visits_per_week: at least 1 and fewer than all 4, so that some visits stay.",
    ]
    assert faults("N9", hours_per_week=2, visits_per_week=4) == [
        "This package has visits written down: name those that become the part's."
    ]
    twenty = MORNING | {"visit_id": "T1", "days": ["mon", "tue", "wed"], "duration_minutes": 20}
    filed(at.client, {"kind": "package", "package": one("N3", hours_per_week=1, visits_per_week=3, visits=[twenty])})
    assert faults("N3", {"visit_id": "T1", "days": ["mon"]})[0].startswith(
        "These visits come to 20 minutes a week: both sides need whole"
    )
    neither = {"kind": "part", "package_id": "N9"}
    assert code(sent(at.client, neither)) == (422, "invalid_request")
    at.ask("N9")
    asked = sent(at.client, neither | {"visits": [{"visit_id": "PM"}]})
    assert code(asked) == (409, "not_in_this_state")
    running = at.client.post(
        "/v1/call-offs", json={"kind": "part", "package_id": "R1", "hours_per_week": 1, "visits_per_week": 1}
    )
    assert code(running) == (409, "not_in_this_state")
    assert code(sent(at.client, neither | {"package_id": "N0", "visits": [{"visit_id": "PM"}]})) == (
        404,
        "not_found",
    )


def test_hours_are_divided_where_no_visits_are_written_down_and_a_part_is_divided_again(at: Desk) -> None:
    """5.25 hours in 7 visits: 2 hours in 3, then of these half an hour in 1."""
    filed(at.client, {"kind": "package", "package": one("N9")})
    first = filed(at.client, {"kind": "part", "package_id": "N9", "hours_per_week": 2, "visits_per_week": 3})
    second = filed(at.client, {"kind": "part", "package_id": "N9-P1", "hours_per_week": 0.5, "visits_per_week": 1})
    shown = {each["package_id"]: each for each in at.client.get("/v1/packages?status=new").json()["items"]}
    assert {name: (each["hours_per_week"], each["visits_per_week"], each["part_of"]) for name, each in shown.items()} == {
        "N9": (3.25, 4, None), "N9-P1": (1.5, 2, "N9"), "N9-P2": (0.5, 1, "N9"),
    }  # fmt: skip
    assert withdrawn(at.client, second["call_off_id"]).is_success, "it goes back to the whole"
    assert at.client.get("/v1/packages/N9").json()["hours_per_week"] == 3.75
    at.ask("N9")
    waits = withdrawn(at.client, first["call_off_id"])
    assert code(waits) == (409, "not_in_this_state")
    at.act("N9", "end", reason="nothing but the part is needed")
    assert at.client.get("/v1/packages/N9-P1").json()["part_of"] is None, "it stands for the person now"
    assert code(withdrawn(at.client, first["call_off_id"])) == (409, "not_in_this_state")


def test_what_was_divided_off_stays_a_part_where_the_need_of_the_rest_remains(at: Desk, tmp_path: Path) -> None:
    whole = filed(at.client, {"kind": "package", "package": one("N9")})["call_off_id"]
    filed(at.client, {"kind": "part", "package_id": "N9", "hours_per_week": 2, "visits_per_week": 3})
    (offer_id,) = at.ask("N9").values()
    at.answer(offer_id, "accepted")
    at.says("N9", "BRACKEN")
    at.act("N9", "start")
    anew = at.act("N9", "end", reason="handed back", need_remains=True)["new_package_id"]
    found = now(at.client, whole)
    assert [(each["package_id"], each["part_of"], each["hours_per_week"]) for each in found["packages"]] == [
        (anew, None, 3.25), ("N9-P1", anew, 2),
    ]  # fmt: skip
    assert (found["state"], found["packages_gone"]) == ("waiting", 0), "it is still asked for"
    exported(at.store, tmp_path / "out")


def test_double_assist_alone_is_shared_by_two(at: Desk) -> None:
    """5 evenings of 30 minutes for two: 2.5 hours for each side."""
    assist = one("N9", hours_per_week=5, visits_per_week=5, workers=2, visits=[EVENING])
    filed(at.client, {"kind": "specialist", "service": "double_assist", "package": assist})
    before = at.client.get("/v1/packages/N9").json()
    told = filed(at.client, {"kind": "part", "package_id": "N9", "visits": [{"visit_id": "PM", "workers": 1}]})
    for each in ("N9", "N9-P1"):
        side = at.client.get(f"/v1/packages/{each}").json()
        assert [side[name] for name in ("hours_per_week", "visits_per_week", "workers", "service")] == [
            2.5,
            5,
            1,
            "double_assist",
        ]
    assert withdrawn(at.client, told["call_off_id"]).is_success
    assert at.client.get("/v1/packages/N9").json() == before


def test_lists_are_narrowed_and_everybody_sees_their_own(at: Desk) -> None:
    filed(at.client, {"kind": "package", "call_off_id": "C-1", "package": one("N1")})
    filed(at.client, {"kind": "package", "call_off_id": "C-2", "package": one("N2", area_id="A2")})
    filed(at.client, VOLUME | {"call_off_id": "C-3"})
    at.ask("N1")

    def listed(client: httpx.Client, **query: Any) -> list[str]:
        return [each["call_off_id"] for each in client.get("/v1/call-offs", params=query).json()["items"]]

    assert listed(at.client) == ["C-1", "C-2", "C-3"]
    assert listed(at.client, state="asked") == ["C-1"]
    assert listed(at.client, kind="package", state="waiting") == ["C-2"]
    assert listed(at.client, area_id="A2") == ["C-2", "C-3"]
    with at.served.client("contracts") as officer:
        assert listed(officer) == ["C-3"]
        assert code(officer.get("/v1/call-offs/C-1")) == (403, "forbidden")
    with at.served.client("auditor") as auditor:
        entries = [each for each in auditor.get("/v1/audit").json()["items"] if each["action"] == "call_off.add"]
    assert [each["subject"] for each in entries] == [None, None, "C-3"], "of people's care only that somebody asked"


def test_nothing_of_a_person_is_left_in_a_call_off_once_they_are_forgotten(at: Desk) -> None:
    told = filed(at.client, {"kind": "bundle", "call_off_id": "C-1", "packages": [one("B1"), one("B2")]})
    assert told["packages_gone"] == 0
    at.act("B1", "end", reason="cared for by her daughter")
    from api.acts.act import Caller

    forget(Caller(at.served.service, Actor("Ada Admin", "admin")), ["B1"])
    found = now(at.client, "C-1")
    assert ([each["package_id"] for each in found["packages"]], found["packages_gone"], found["state"]) == (["B2"], 1, "waiting")
    assert "B1" not in str(at.state().stock["call_offs"]["C-1"].body)
    assert not [row for row in at.trail() if "B1" in str(row["subject"]) + str(row["details"])]
    done = withdrawn(at.client, "C-1")
    assert (done.json()["state"], done.json()["packages"], done.json()["packages_gone"]) == ("withdrawn", [], 2)
    assert "B2" not in at.state().stock["packages"]
