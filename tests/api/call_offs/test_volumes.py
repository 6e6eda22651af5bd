"""Volumes over HTTP: asked for, offered to named providers, answered, and awarded: then they are contracts."""

from __future__ import annotations

from pathlib import Path

from tests.api.call_offs.test_call_offs import VOLUME, at, filed, in_trail, one, sent
from tests.api.desk import Desk, desk
from tests.api.talking import code, exported, seen
from tests.making import area, days, legacy, principal, restriction, snapshot

__all__ = ["at"]


def test_a_volume_is_offered_answered_and_awarded_and_is_contracts_then(at: Desk, tmp_path: Path) -> None:
    told = filed(at.client, VOLUME)
    assert (told["state"], told["hours_per_week"], told["area_ids"], told["packages"]) == ("waiting", 180, ["A1", "A2"], [])
    path = f"/v1/call-offs/{told['call_off_id']}"
    assert code(at.client.post(f"{path}/offers", json={"provider_ids": ["DOCK"]})) == (403, "forbidden"), (
        "a planner asks for it alone"
    )
    with at.served.client("contracts") as officer:
        assert code(officer.post(f"{path}/offers", json={"provider_ids": ["DOCK", "NOBODY"]})) == (422, "refused")
        offered = officer.post(f"{path}/offers", json={"provider_ids": ["DOCK", "BRACKEN"], "answer_by": str(days(18))})
        assert (offered.status_code, offered.json()["state"]) == (200, "asked")
        again = officer.post(f"{path}/offers", json={"provider_ids": ["DOCK"]})
        assert (code(again), again.json()["faults"]) == (
            (409, "already_asked"),
            ["DOCK: it is asked already, and has not answered yet."],
        )
        no = officer.patch(f"{path}/offers/BRACKEN", json={"response": "declined", "reason": "no staff", "how": "letter"})
        assert no.json()["state"] == "asked"
        assert code(officer.patch(f"{path}/offers/BRACKEN", json={"response": "accepted"})) == (409, "already_answered")
        assert code(officer.patch(f"{path}/offers/ALDER", json={"response": "accepted"})) == (404, "not_found")
        award = {
            "provider_id": "DOCK",
            "areas": [{"area_id": "A1", "contract_id": "B-1"}],
            "rate_band_1": 23.5,
            "reason": "minute 7",
        }
        tag = {"If-Match": officer.get(path).headers["etag"]}
        early = officer.post(f"{path}/award", json=award, headers=tag)
        assert (code(early), early.json()["detail"]) == (
            (409, "not_in_this_state"),
            "DOCK has not said yes: it has not answered yet.",
        )
        yes = {"response": "accepted", "answered_by": "J. Reed, director", "how": "e_mail"}
        said = officer.patch(f"{path}/offers/DOCK", json=yes, headers=tag)
        assert said.json()["state"] == "accepted"
        assert officer.patch(f"{path}/offers/DOCK", json=yes).headers["etag"] == said.headers["etag"], (
            "the same again changes nothing"
        )
        tag = {"If-Match": said.headers["etag"]}
        assert code(officer.post(f"{path}/award", json=award)) == (428, "precondition_required")
        other = officer.post(f"{path}/award", json=award | {"areas": [{"area_id": "A3", "contract_id": "B-1"}]}, headers=tag)
        assert other.json()["faults"] == ["A3: the volume is not for this area."]
        tried = officer.post(f"{path}/award", json=award, headers=tag, params={"dry_run": True})
        assert (tried.json()["state"], officer.get("/v1/contracts/B-1").status_code) == ("placed_in_part", 404)
        done = officer.post(f"{path}/award", json=award, headers=tag)
        assert (done.status_code, done.json()["state"]) == (200, "placed_in_part")
        made = officer.get("/v1/contracts/B-1").json()
        asked = {name: VOLUME[name] for name in ("guarantee", "starts", "ends", "tier")}
        assert {name: made[name] for name in asked} == asked
        assert [made[name] for name in ("provider_id", "area_id", "max_hours_4w", "rate_band_1", "rate_band_3")] == [
            "DOCK",
            "A1",
            480,
            23.5,
            23.5,
        ]
        twice = officer.post(
            f"{path}/award", json=award | {"areas": [{"area_id": "A1", "contract_id": "B-2"}]}, headers=seen(officer, path)
        )
        assert (code(twice), twice.json()["faults"]) == ((409, "already_placed"), ["A1: it is contract B-1 already."])
        rest = award | {"provider_id": "ELDER", "areas": [{"area_id": "A2", "contract_id": "B-2"}]}
        last = officer.post(f"{path}/award", json=rest, headers=seen(officer, path))
        assert last.is_success, last.text
        assert last.json()["state"] == "placed"
        gone = officer.post(f"{path}/withdraw", json={"reason": "x y z"}, headers=seen(officer, path))
        assert code(gone) == (409, "already_placed")
    assert {each.contract_id for each in exported(at.store, tmp_path / "out").contracts} > {"B-1", "B-2"}
    assert [(action, details.get("contract_ids")) for action, _, details in in_trail(at, "call_off.award")] == [
        ("call_off.award", ["B-1"]), ("call_off.award", ["B-2"]),
    ]  # fmt: skip


def test_a_volume_is_judged_as_a_contract_is_and_whoever_is_given_no_new_work_gets_none(tmp_path: Path) -> None:
    barred = [restriction("DOCK", starts=days(-22), area_id="A1")]
    contracts = [principal("ALDER"), legacy("DOCK"), legacy("ELDER")]
    county = snapshot([], contracts, restrictions=barred, areas=[area(name="Larkmere"), area("A2")])
    with desk(f"sqlite:///{tmp_path / 'county.db'}", county, "contracts") as at:
        wrong = VOLUME | {"areas": [{"area_id": "A7", "hours_per_week": 1}] * 2, "ends": VOLUME["starts"], "service": "night"}
        refused = sent(at.client, wrong)
        assert (code(refused), refused.json()["faults"]) == ((422, "refused"), [
            "A7: an area is named once, with all of its hours.",
            f"ends: a day after it starts, {VOLUME['starts']}; it is {VOLUME['starts']}.",
            "service: specialist contracts have one and no others do.",
            "A7: there is no such area.",
        ])  # fmt: skip
        path = f"/v1/call-offs/{filed(at.client, VOLUME | {'tier': 'principal'})['call_off_id']}"
        no = at.client.post(f"{path}/offers", json={"provider_ids": ["DOCK", "ELDER"]})
        assert (code(no), no.json()["faults"]) == ((409, "may_not_be_asked"), ["DOCK: no new work since 2026-11-01."])
        award = {
            "provider_id": "DOCK",
            "areas": [{"area_id": "A1", "contract_id": "B-1"}],
            "rate_band_1": 23.5,
            "reason": "minute 7",
        }
        no = at.client.post(f"{path}/award", json=award, headers=seen(at.client, path))
        assert (code(no), no.json()["detail"]) == (
            (409, "may_not_be_asked"),
            "DOCK is given no new contract: no new work since 2026-11-01.",
        )
        second = at.client.post(f"{path}/award", json=award | {"provider_id": "ELDER"}, headers=seen(at.client, path))
        assert code(second) == (422, "refused")
        assert "expected one principal contract in force in an area" in second.json()["faults"][0]
        stranger = at.client.post(f"{path}/award", json=award | {"provider_id": "NOBODY"}, headers=seen(at.client, path))
        assert code(stranger) == (422, "refused")
        assert code(sent(at.client, {"kind": "package", "package": one("N9")})) == (403, "forbidden")
        over = at.client.post(f"{path}/withdraw", json={"reason": "tender anew"}, headers=seen(at.client, path)).json()
        assert (over["state"], over["volume"]["withdrawn_reason"]) == ("withdrawn", "tender anew")
        assert code(at.client.post(f"{path}/offers", json={"provider_ids": ["ELDER"]})) == (409, "not_in_this_state")
