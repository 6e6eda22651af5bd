"""The life of a contract over HTTP, every day and figure by hand, in the county of ``tests/making/transfers.py``.

Monday 23 November 2026. NEW is the principal of A1: N0's 30 hours run with it. OLD has a county-wide contract with 100 hours.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx
import pytest

from optimiser.domain.snapshot import Snapshot
from optimiser.nightly.buying_anew import dates_to_keep
from optimiser.nightly.gaps import gaps
from tests.api.desk import Desk, Json, desk
from tests.api.records.test_random_lives import who_cares
from tests.api.runs.working import claimed, work_here
from tests.api.talking import code
from tests.making import days, legacy, principal, provider
from tests.making.transfers import small_county

WHY = {"reason": "minute 14 of the board"}
BOARD = {"authorised_by": "Director of Commissioning", "decided_on": "2026-11-16", "reference": "minute 14"}
ENDS = dt.date(2027, 10, 4)


def county(**given: Any) -> Snapshot:
    """The small county, whose principal's contract runs until 4 October 2027, with a further provider."""
    new = principal("NEW", max_hours_4w=Fraction(400), rates_pence=(2300, 2300, 2300), ends=ENDS)
    parts: dict[str, Any] = {"contracts": [new, legacy("OLD"), legacy("SMALL")]} | given
    return small_county(**parts, offices=[], providers=[provider(name) for name in ("NEW", "OLD", "SMALL", "FERN")])


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(f"sqlite:///{tmp_path / 'county.db'}", county(), "contracts", run_workers=0) as found:
        yield found


def lived(client: httpx.Client, address: str, deed: str, /, **given: Any) -> httpx.Response:
    """An act on a record as it is now; with ``dry_run`` it is tried alone."""
    params = {"dry_run": True} if given.pop("dry_run", False) else {}
    headers = {"If-Match": client.get(address).headers["etag"]}
    return client.post(f"{address}/{deed}", json=given | WHY, headers=headers, params=params)


def done(answer: httpx.Response, status: int = 200) -> Json:
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def faults(answer: httpx.Response, name: str = "out_of_order") -> list[str]:
    assert code(answer) == (409 if name == "out_of_order" else 422, name), answer.text
    return [str(each) for each in answer.json()["faults"]]


def entries(at: Desk, action: str) -> list[str]:
    return [str(row["details"]) for row in at.trail() if row["action"] == action]


NEW, OLD = "/v1/contracts/P-NEW", "/v1/contracts/L-OLD"


def test_an_extension_has_an_authority_and_the_calendar_follows(at: Desk) -> None:
    """Two years more, of three that the contract allows; staff notice moves from 5 July 2027 (91 days before) to 5 July 2029."""
    assert at.client.patch(
        NEW, json={"extension_until": "2030-10-04", **WHY}, headers={"If-Match": at.client.get(NEW).headers["etag"]}
    ).is_success
    before = at.state().version
    told = done(lived(at.client, NEW, "extend", dry_run=True, ends="2029-10-04", authority=BOARD))
    assert (told["ends"], told["dry_run"], at.state().version) == ("2029-10-04", True, before)
    told = done(lived(at.client, NEW, "extend", ends="2029-10-04", authority=BOARD))
    assert (told["ends"], told["dry_run"], told["follows"]["next"]) == ("2029-10-04", False, [])
    (kept,) = entries(at, "contracts.extend")
    assert '"authorised_by":"Director of Commissioning"' in kept
    assert '"before":{"ends":"2027-10-04"}' in kept
    staff = {row["date"] for row in dates_to_keep(replace(at.state().snapshot, as_of=dt.date(2029, 1, 1)))}
    assert "2029-07-05" in staff
    assert gaps(at.state().snapshot) == [each for each in gaps(at.state().snapshot) if each.missing == ("framework",)]
    assert faults(lived(at.client, NEW, "extend", ends="2031-10-04", authority=BOARD | {"decided_on": "2026-12-01"})) == [
        "authority.decided_on: a day up to today, 2026-11-23; it is 2026-12-01.",
        "It may be extended until 2030-10-04 at the latest (extension_until), not until 2031-10-04.",
    ]
    assert "is an early end" in faults(lived(at.client, NEW, "extend", ends="2029-10-03", authority=BOARD))[0]
    assert "nothing to extend" in faults(lived(at.client, OLD, "extend", ends="2029-10-03", authority=BOARD))[0]
    late = {"ends": "2031-01-01", "reason": "past what it allows"}
    answer = at.client.patch(NEW, json=late, headers={"If-Match": at.client.get(NEW).headers["etag"]})
    assert "extension_until" in faults(answer, "refused")[0], "however it is sent"


def test_an_early_end_takes_notice_and_leads_into_a_hand_back(at: Desk) -> None:
    """Old says on 20 November that it stops: 91 days are 19 February 2027. Six people stay until they have a place."""
    early = {"notice_given_on": "2026-11-20", "given_by": "provider"}
    short = faults(lived(at.client, OLD, "end-early", ends="2027-02-18", **early))
    assert short == [
        "Notice is 91 days, as its settings say: 90 lie between 2026-11-20 and 2027-02-18."
        " Name in shorter_notice who decided that it may be shorter."
    ]
    assert done(lived(at.client, OLD, "end-early", dry_run=True, ends="2027-02-19", **early))["ends"] == "2027-02-19"
    cares = who_cares(at.state())
    told = done(lived(at.client, OLD, "end-early", ends="2027-02-18", **early, shorter_notice=BOARD))
    follows = told["follows"]
    assert follows["notice"] == {"days_needed": 91, "rests_on": "settings", "days_given": 90}
    on_it = {"people": 6, "hours_per_week": 100.0, "place_by": "2027-02-18", "listed_at": "/v1/packages?contract_id=L-OLD"}
    assert follows["care"] == on_it
    assert who_cares(at.state()) == cares, "nobody's care ends by it"
    (kept,) = entries(at, "contracts.end_early")
    assert '"given_by":"provider"' in kept
    assert '"shorter_notice":{"authorised_by"' in kept
    with at.served.client("planner") as planner:
        listed = planner.get(follows["care"]["listed_at"]).json()["items"]
        assert [each["package_id"] for each in listed] == ["A1", "A2", "B1", "B2", "D1", "X1"]
        (call,) = follows["next"]
        asked = planner.request(call["method"], call["address"], json=call["body"], headers={"Idempotency-Key": "hand-back"})
        work_here(at.store, claimed(at.store))
        plan = planner.get(f"/v1/runs/{asked.json()['run_id']}/result").json()["result"]
    assert (plan["command"], plan["contract_id"], len(plan["hand_back"])) == ("hand-back", "L-OLD", 6)
    assert "later day is an extension" in faults(lived(at.client, OLD, "end-early", ends="2027-02-18", **early))[0]


@pytest.mark.parametrize(
    ("of_contract", "of_provider", "needed", "rests_on"),
    [(30, 60, 30, "contract"), (None, 60, 60, "provider"), (None, None, 91, "settings")],
)
def test_whose_notice_it_is(at: Desk, of_contract: int | None, of_provider: int | None, needed: int, rests_on: str) -> None:
    for address, days_of in ((OLD, of_contract), ("/v1/providers/OLD", of_provider)):
        headers = {"If-Match": at.client.get(address).headers["etag"]}
        assert at.client.patch(address, json={"notice_days": days_of, **WHY}, headers=headers).is_success
    last = days(needed).isoformat()
    told = done(lived(at.client, OLD, "end-early", ends=last, notice_given_on="2026-11-23", given_by="council"))
    assert told["follows"]["notice"] == {"days_needed": needed, "rests_on": rests_on, "days_given": needed}


def test_an_early_end_out_of_order_is_refused_with_everything(at: Desk) -> None:
    told = faults(lived(at.client, NEW, "end-early", ends="2027-12-01", notice_given_on="2026-12-01", given_by="council"))
    assert told == [
        "notice_given_on: a day up to today, 2026-11-23; it is 2026-12-01.",
        "It ends on 2027-10-04 of itself: a later day is an extension.",
    ]
    with at.served.client("finance") as finance:
        forbidden = lived(finance, NEW, "end-early", ends="2027-05-01", notice_given_on="2026-11-20", given_by="council")
        assert code(forbidden) == (403, "forbidden")
    given = {"ends": "2027-05-01", "notice_given_on": "2026-11-20", "given_by": "council", **WHY}
    assert code(at.client.post(f"{NEW}/end-early", json=given)) == (428, "precondition_required")
    assert code(at.client.post(f"{NEW}/end-early", json=given, headers={"If-Match": '"0"'})) == (412, "changed_since")


FERN: Json = {
    "contract_id": "P-FERN",
    "provider_id": "FERN",
    "starts": "2027-10-04",
    "ends": None,
    "max_hours_4w": 400,
    "rate_band_1": 23.5,
    "rate_band_2": None,
    "rate_band_3": None,
    "billing_increment_minutes": None,
    "extension_until": None,
    "notice_days": None,
    "regime": None,
}


def test_a_re_award_leads_into_a_transfer_that_the_calendar_sees(at: Desk) -> None:
    """Fern follows New on 4 October 2027; the staff are told by Monday 5 July 2027."""
    assert [each.missing for each in gaps(at.state().snapshot) if "principal" in each.missing] == [("principal", "framework")]
    told = done(lived(at.client, NEW, "award-anew", **FERN, authority=BOARD), 201)
    assert (told["contract_id"], told["tier"], told["area_id"], told["succeeds"]) == ("P-FERN", "principal", "A1", None)
    assert told["follows"]["staff_notice"] == {"by": "2027-07-05", "days": 91, "kept": True}
    assert told["follows"]["care"]["people"] == 1
    assert [each for each in gaps(at.state().snapshot) if "principal" in each.missing] == []
    later = replace(at.state().snapshot, as_of=dt.date(2027, 4, 1))
    rows = [row for row in dates_to_keep(later) if row["contract_ids"] == ["P-NEW"]]
    assert [(row["step"], row["date"], row["awarded_to"]) for row in rows] == [("staff_notice", "2027-07-05", ["Fern"])]
    (call,) = told["follows"]["next"]
    assert call["body"] == {"kind": "transfer", "settings": {"transfer": {"area_ids": ["A1"]}}}
    with at.served.client("transition") as transition:
        asked = transition.post(call["address"], json=call["body"], headers={"Idempotency-Key": "to Fern".replace(" ", "-")})
        assert asked.status_code == 202, asked.text
        work_here(at.store, claimed(at.store))
        result = transition.get(f"/v1/runs/{asked.json()['run_id']}/result").json()["result"]
    assert {row["to_contract_id"] for row in result["transfers"] if row["decision"] == "transfer"} == {"P-FERN"}


def test_a_re_award_out_of_order_is_refused_with_everything(at: Desk) -> None:
    late = FERN | {"starts": "2027-01-04", "provider_id": "OLD", "contract_id": "L-AGAIN"}
    told = faults(lived(at.client, OLD, "award-anew", **late, authority=BOARD))
    assert told == [
        "L-OLD is that provider's already: add a contract that succeeds it, and the care carries over.",
        "L-OLD has no end: end it first, with notice.",
        "Notice to the staff (TUPE) was to begin by 2026-10-05, 91 days before 2027-01-04; today is 2026-11-23."
        " Begin later, or name in shorter_staff_notice who decided that it may be shorter or is not needed.",
    ]
    early = lived(at.client, NEW, "award-anew", **FERN | {"starts": "2027-05-03"}, authority=BOARD)
    assert "one principal contract in force in an area on 2027-05-03" in faults(early, "refused")[0]
    end = {"ends": "2027-01-04", "notice_given_on": "2026-09-01", "given_by": "council"}
    assert done(lived(at.client, NEW, "end-early", **end))["follows"]["notice"]["days_given"] == 125
    soon = FERN | {"starts": "2027-01-04"}
    assert "TUPE" in faults(lived(at.client, NEW, "award-anew", **soon, authority=BOARD))[0]
    told_why = lived(at.client, NEW, "award-anew", **soon, authority=BOARD, shorter_staff_notice=BOARD)
    assert done(told_why, 201)["follows"]["staff_notice"] == {"by": "2026-10-05", "days": 91, "kept": False}
    again = lived(at.client, NEW, "award-anew", **soon, authority=BOARD, shorter_staff_notice=BOARD)
    assert code(again) == (409, "already_there")
