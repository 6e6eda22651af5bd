"""Hospital notices: assessment, discharge, change, withdrawal, in any order; one request, and no offer after a withdrawal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.acts.act import Caller
from api.forgetting.acts import forget
from api.storage.audit import Actor
from tests.api.desk import Desk, Json, code_of, desk
from tests.making import DEREHAM, days, framework, legacy, noon, package, principal, snapshot

NEEDS = {**DEREHAM._asdict(), "area_id": "A1", "hours_per_week": 5, "visits_per_week": 5, "workers": 1}
CONTRACTS = [principal("ALDER"), framework("BRACKEN"), legacy("DOCK")]


def notice(kind: str, hour: int, case: str = "C1", **given: Any) -> Json:
    """A notice of a case, sent so many hours after noon three days ago; its id tells both."""
    said: Json = {
        "notice_id": f"{case}-{hour}",
        "case_ref": case,
        "kind": kind,
        "sent_at": noon(-3).replace(hour=hour).isoformat(),
    }
    if kind == "assessment":
        said["needs"] = NEEDS
    if kind == "discharge":
        said["discharge_on"] = str(days(2))
    return said | given


ASSESSED, LEAVES = notice("assessment", 1), notice("discharge", 2)
CHANGED = notice("changed", 3, needs=NEEDS | {"hours_per_week": 7.5}, discharge_on=str(days(4)))
WITHDRAWN = notice("withdrawn", 4)


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    people = [package("N1"), package("R1", contract_id="L-DOCK")]
    with desk(f"sqlite:///{tmp_path / 'county.db'}", snapshot(people, CONTRACTS)) as here:
        yield here


def hear(at: Desk, said: Json) -> Json:
    answer = at.client.post("/v1/hospital-notices", json=said)
    assert answer.is_success, answer.text
    body: Json = answer.json()
    return body


def requests(at: Desk) -> dict[str, tuple[float, str | None]]:
    """Per request that a case has made its hours a week and its day."""
    found = at.client.get("/v1/packages").json()["items"]
    return {each["package_id"]: (each["hours_per_week"], each["start_by"]) for each in found if each["package_id"][:2] == "H-"}


def in_every_order(*said: Json) -> Iterator[tuple[str, list[Json]]]:
    """The notices in each order, of a case of its own."""
    for number, order in enumerate(permutations(said)):
        case = f"CASE{number}"
        yield case, [each | {"case_ref": case, "notice_id": each["notice_id"].replace("C1", case)} for each in order]


def test_whatever_comes_first_there_is_one_request_with_what_was_said_last(at: Desk) -> None:
    for case, order in in_every_order(ASSESSED, LEAVES, CHANGED):
        for said in order:
            told = hear(at, said)
            assert hear(at, said) == told, "the same again changes nothing"
        assert requests(at)[told["package_id"]] == (7.5, str(days(4)))
        assert (told["situation"], told["discharge_on"]) == ("asked_for", str(days(4)))
        assert [each["notice_id"] for each in told["notices"]] == [f"{case}-1", f"{case}-2", f"{case}-3"]
        person = at.client.get(f"/v1/packages/{told['package_id']}").json()
        assert (person["priority"], person["source"]) == ("discharge", "acute_hospital")
        assert case not in told["package_id"], "the hospital's reference is not the request's"
    assert len(requests(at)) == 6, "one a case"
    listed = at.client.get("/v1/hospital-notices", params={"situation": "asked_for"}).json()["items"]
    assert [each["case_ref"] for each in listed] == [f"CASE{number}" for number in range(6)]


def test_withdrawn_in_whatever_order_it_comes_nobody_is_asked_for(at: Desk) -> None:
    for _, order in in_every_order(ASSESSED, CHANGED, WITHDRAWN):
        for said in order:
            told = hear(at, said)
        assert (requests(at), told["situation"]) == ({}, "withdrawn")
        assert code_of(at.client.post(f"/v1/packages/{told['package_id']}/offers")) == (404, "not_found")
        alerted = ("hospital_withdrew", told["package_id"]) in at.alerts()
        assert alerted == (order[0]["kind"] != "withdrawn"), "whoever was asked for is not dropped unseen"


def test_a_withdrawal_ends_what_waits_and_what_was_accepted_and_a_later_notice_brings_it_back(at: Desk) -> None:
    package_id = hear(at, ASSESSED)["package_id"]
    at.says(package_id, "DOCK", "no", reason="Her sister's carers")
    at.answer(at.ask(package_id)["P-ALDER"], "accepted")
    at.says(package_id, "ALDER")
    assert hear(at, WITHDRAWN)["sentence"].startswith("The hospital has withdrawn its notice; nobody is asked.")
    assert not at.state().county.offers_in_force.accepted
    (end,) = [orjson.loads(row["details"]) for row in at.trail() if row["action"] == "package.end"]
    assert (end["reason"], end["offers"][0]["reason"]) == ("the hospital has withdrawn its notice",) * 2
    again = hear(at, notice("changed", 5, discharge_on=str(days(9))))
    assert (again["package_id"], again["situation"]) == (package_id, "asked_for")
    assert requests(at) == {package_id: (5, str(days(9)))}
    assert at.why_not(package_id) == {"L-DOCK": ["not_excluded"]}, "the no is kept"
    at.answer(at.ask(package_id)["P-ALDER"], "accepted")
    at.says(package_id, "ALDER")
    assert at.act(package_id, "start")["situation"] == "running"


def test_a_change_for_whom_somebody_was_asked_is_alerted_and_one_without_needs_asks_for_them(at: Desk) -> None:
    told = hear(at, LEAVES)
    assert (told["situation"], requests(at)) == ("needs_not_told", {})
    assert at.alerts() == [("hospital_needs_not_told", told["package_id"])]
    hear(at, ASSESSED)
    at.ask(told["package_id"])
    hear(at, CHANGED)
    assert at.alerts()[-1] == ("hospital_changed", told["package_id"])


def test_care_that_has_begun_stays_and_a_request_of_the_councils_own_too(at: Desk) -> None:
    before = at.client.get("/v1/packages/R1").json()
    assert hear(at, ASSESSED | {"package_id": "R1"})["situation"] == "care_runs"
    hear(at, WITHDRAWN)
    assert at.client.get("/v1/packages/R1").json() == before
    assert set(at.alerts()) == {("hospital_changed", "R1")}
    at.ask("N1")
    for said in (notice("assessment", 1, "C2"), notice("withdrawn", 2, "C2")):
        told = hear(at, said | {"package_id": "N1"})
    assert (told["package_id"], told["situation"]) == ("N1", "withdrawn")
    assert at.offers("N1") == {"P-ALDER": "withdrawn"}
    assert at.cascade("N1")["situation"] == "waiting", "the request was there before the hospital's"
    assert requests(at) == {}


def test_two_cases_of_one_person_are_one_request_which_ends_with_the_last(at: Desk) -> None:
    package_id = hear(at, ASSESSED)["package_id"]
    hear(at, notice("assessment", 2, "C2", package_id=package_id))
    hear(at, WITHDRAWN)
    assert list(requests(at)) == [package_id], "the other case is open"


def test_a_request_that_somebody_has_ended_comes_back_only_with_something_new(at: Desk) -> None:
    package_id = hear(at, LEAVES | {"needs": NEEDS})["package_id"]
    at.act(package_id, "end", reason="Goes to live with her son")
    assert hear(at, ASSESSED)["situation"] == "ended", "it was sent earlier and says nothing new"
    assert requests(at) == {}
    hear(at, CHANGED)
    assert requests(at) == {package_id: (7.5, str(days(4)))}


def test_what_is_refused_and_who_may(at: Desk) -> None:
    hear(at, ASSESSED)
    version = at.state().version
    other = at.client.post("/v1/hospital-notices", json=ASSESSED | {"sent_at": noon(-2).isoformat()})
    assert code_of(other) == (409, "notice_differs")
    assert code_of(at.client.post("/v1/hospital-notices", json=LEAVES | {"package_id": "N1"})) == (409, "another_person")
    unknown = notice("assessment", 1, "C9", package_id="N99")
    assert code_of(at.client.post("/v1/hospital-notices", json=unknown)) == (404, "not_found")
    for wrong in (
        {name: value for name, value in ASSESSED.items() if name != "needs"},
        {name: value for name, value in LEAVES.items() if name != "discharge_on"},
        WITHDRAWN | {"needs": NEEDS},
        notice("changed", 6),
        LEAVES | {"sent_at": "yesterday"},
    ):
        assert code_of(at.client.post("/v1/hospital-notices", json=wrong)) == (422, "invalid_request")
    for role in ("viewer", "transition", "job", "contracts"):
        with at.served.client(role) as client:
            assert code_of(client.post("/v1/hospital-notices", json=LEAVES)) == (403, "forbidden")
    assert at.state().version == version


def test_whoever_is_forgotten_leaves_no_case(at: Desk) -> None:
    package_id = hear(at, ASSESSED)["package_id"]
    at.says(package_id, "DOCK", "no")
    hear(at, WITHDRAWN)
    forget(Caller(at.served.service, Actor("Ada Admin", "admin")), [package_id])
    stock = at.state().stock
    assert stock["hospital_cases"] == {}
    assert package_id not in {alerted for _, alerted in at.alerts()}
    details = [row["details"] for row in at.trail() if row["details"]]
    assert not [each for each in details if package_id in each or "52.6" in each]
