"""Safe meanwhile over HTTP, worked by hand on the small desk: recorded, checked, alerted, and what is chosen.

Three of the Ombudsman's situations stand here by name; no run, no lapse and no clock ever ends anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.acts.act import Caller
from api.forgetting.acts import forget
from api.offers.acts import let_lapse
from api.offers.lapsing import THE_CLOCK
from api.service import Service
from api.storage.audit import Actor
from optimiser.domain.person_records import Meanwhile
from optimiser.domain.snapshot import Snapshot
from tests.api.desk import Desk, Json, code_of, desk
from tests.api.forgetting.test_forgetting import everything
from tests.api.runs.working import calling
from tests.api.talking import exported
from tests.making import AS_OF, days, framework, noon, package, plan_meanwhile, principal, reserve, snapshot

PLAN = {"where": "home_with_carer", "holds": "a daughter helps", "holds_until": str(days(9)), "checked_by": "desk"}
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def county(*plans: Meanwhile, **given: Any) -> Snapshot:
    """N1 nobody can take: it needs two care workers. N2 the principal can; R1 runs."""
    people = [package("N1", workers=2), package("N2", priority="urgent"), package("R1", contract_id="P-ALDER")]
    return replace(snapshot(people, [principal("ALDER"), framework("BRACKEN")], **given), meanwhile=plans)


@pytest.fixture
def at(database_url: str) -> Iterator[Desk]:
    with desk(database_url, county()) as made:
        yield made


def ticked(at: Desk) -> bool:
    return let_lapse(Caller(Service.of(at.served.settings, at.store), THE_CLOCK))


def record(at: Desk, package_id: str, **given: Any) -> httpx.Response:
    return at.client.put(f"/v1/packages/{package_id}/meanwhile", json=PLAN | given, headers=tag_of(at, package_id))


def tag_of(at: Desk, package_id: str) -> dict[str, str]:
    return {"If-Match": at.client.get(f"/v1/packages/{package_id}/meanwhile").headers["ETag"]}


def choose(at: Desk, package_id: str, choice: str, **given: Any) -> httpx.Response:
    asked = {"choice": choice, "reason": "nobody can be asked", **given}
    return at.client.post(f"/v1/packages/{package_id}/meanwhile/choice", json=asked, headers=tag_of(at, package_id))


def read(at: Desk, package_id: str) -> Json:
    answer: Json = at.client.get(f"/v1/packages/{package_id}/meanwhile").json()
    return answer


def kinds(told: Json) -> list[str]:
    return [each["kind"] for each in told["wrong"]]


def listed(at: Desk, **query: Any) -> list[str]:
    return [each["package_id"] for each in at.client.get("/v1/meanwhile", params=query).json()["items"]]


def test_a_plan_is_recorded_and_the_next_check_is_set_by_priority(at: Desk) -> None:
    assert read(at, "N2") | {"wrong": None} == read(at, "N2") | {"where": None, "holds": None, "wrong": None}
    assert kinds(read(at, "N2")) == ["no_plan"]
    told = record(at, "N2", carer="strained")
    assert told.status_code == 200, told.text
    body = told.json()
    assert (body["where"], body["carer"], body["next_check"], body["wrong"]) == ("home_with_carer", "strained", str(days(1)), [])
    assert record(at, "N1").json()["next_check"] == str(days(7))
    changes = [each for each in at.trail() if each["action"] == "meanwhile.record"]
    assert [(each["subject"], each["role"]) for each in changes] == [("N2", "planner"), ("N1", "planner")]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"holds_until": str(days(0))}, "holds_until: a day after today"),
        ({"next_check": str(days(2))}, "next_check: from today, 2026-11-23, to 2026-11-24, as the priority urgent asks for."),
        ({"next_check": str(days(-1))}, "next_check: from today"),
    ],
)
def test_a_plan_that_cannot_hold_is_refused_whole(at: Desk, given: Json, told: str) -> None:
    answer = record(at, "N2", **given)
    assert code_of(answer) == (422, "refused")
    assert answer.json()["faults"][0].startswith(told)
    assert read(at, "N2")["where"] is None


def test_what_is_recorded_is_replaced_only_by_whoever_has_read_it(at: Desk) -> None:
    old = tag_of(at, "N2")
    assert record(at, "N2").is_success
    address = "/v1/packages/N2/meanwhile"
    assert code_of(at.client.put(address, json=PLAN)) == (428, "precondition_required")
    assert code_of(at.client.put(address, json=PLAN, headers=old)) == (412, "changed_since")
    assert record(at, "N2", where="hospital").json()["where"] == "hospital"


def test_a_check_sets_the_next_and_tells_how_the_carer_is(at: Desk) -> None:
    assert code_of(at.client.post("/v1/packages/N2/meanwhile/check", json={"found": "well"})) == (409, "no_record_yet")
    record(at, "N2", next_check=str(days(0)))
    told = at.client.post("/v1/packages/N2/meanwhile/check", json={"found": "worn out", "carer": "cannot_go_on"}).json()
    assert (told["next_check"], told["carer"], kinds(told)) == (str(days(1)), "cannot_go_on", ["carer_cannot_go_on"])
    assert ("carer_cannot_go_on", "N2") in at.every_alert()  # at once


def test_care_that_runs_waits_for_nothing_and_who_is_unknown_is_not_found(at: Desk) -> None:
    assert code_of(at.client.put("/v1/packages/R1/meanwhile", json=PLAN)) == (409, "not_in_this_state")
    assert code_of(at.client.get("/v1/packages/N99/meanwhile")) == (404, "not_found")
    assert (read(at, "R1")["wrong"], read(at, "R1")["choosing"]) == ([], None)


def test_what_is_wrong_is_alerted_once_first_of_all_and_looked_at_by_the_deed_that_answers_it(database_url: str) -> None:
    held = package("R2", contract_id="P-ALDER", held_until=days(-1))
    given = county(plan_meanwhile("N1", holds_until=days(0), next_check=days(-1)))
    with desk(database_url, replace(given, packages=(*given.packages, held))) as at:
        assert ticked(at)
        assert not ticked(at)
        assert sorted(at.every_alert()[:3]) == [("check_overdue", "N1"), ("no_plan", "N2"), ("plan_ran_out", "N1")]
        assert sorted(at.every_alert()[3:]) == [("cascade_exhausted", "N1"), ("hold_ran_out", "R2")]
        record(at, "N2")
        assert ("no_plan", "N2") not in at.every_alert()
        looked = at.client.get("/v1/alerts", params={"acknowledged": True}).json()["items"]
        assert [(each["kind"], each["acknowledged_by"][:9]) for each in looked] == [("no_plan", "a planner")]
        at.client.post("/v1/packages/N1/meanwhile/check", json={"found": "well"})
        assert [each for each in at.every_alert() if each[1] == "N1"] == [("plan_ran_out", "N1"), ("cascade_exhausted", "N1")]
        assert all(each.record.status for each in at.state().stock["packages"].values())


def test_everybody_waits_until_the_first_visit(at: Desk) -> None:
    assert listed(at) == ["N2", "N1"]
    offer_id = at.ask("N2")["P-ALDER"]
    assert listed(at) == ["N2", "N1"]  # asked
    at.answer(offer_id, "accepted")
    assert listed(at) == ["N2", "N1"]  # accepted, not begun
    assert [each["situation"] for each in at.client.get("/v1/meanwhile").json()["items"]] == ["accepted", "waiting"]
    assert ("no_plan", "N2") in at.every_alert()
    at.says("N2", "ALDER")
    at.act("N2", "start")
    assert listed(at) == ["N1"]
    assert ("no_plan", "N2") not in at.every_alert()  # nobody looks for a plan of whoever has care


def test_whoever_may_not_be_safe_stands_first_on_every_list(database_url: str) -> None:
    people = [package("N1"), package("N2", priority="urgent", start_by=days(-3)), package("N3")]
    given = replace(snapshot(people, [principal("ALDER")]), meanwhile=(plan_meanwhile("N1"), plan_meanwhile("N2")))
    with desk(database_url, given) as at:
        unmet = at.client.get("/v1/unmet").json()["items"]
        assert [each["package_id"] for each in unmet] == ["N3", "N2", "N1"]
        assert [kinds(each["meanwhile"]) for each in unmet] == [["no_plan"], [], []]
        look = {
            each: at.client.get("/v1/packages", params={"meanwhile": each}).json()["items"] for each in ("to_look_at", "in_order")
        }
        assert {name: [each["package_id"] for each in items] for name, items in look.items()} == {
            "to_look_at": ["N3"], "in_order": ["N1", "N2"],
        }  # fmt: skip
        assert (listed(at), listed(at, everybody=True)) == (["N3"], ["N3", "N2", "N1"])
        pages = [at.client.get("/v1/meanwhile", params={"everybody": True, "limit": 2}).json()]
        pages.append(at.client.get("/v1/meanwhile", params={"everybody": True, "cursor": pages[0]["next_cursor"]}).json())
        assert [each["package_id"] for page in pages for each in page["items"]] == ["N3", "N2", "N1"]


def test_no_interim_cover(database_url: str) -> None:
    """The Ombudsman's: nobody could be found, and nothing was put in place meanwhile. Here it cannot go unseen."""
    with desk(database_url, county()) as at:
        ticked(at)
        assert {("no_plan", "N1"), ("cascade_exhausted", "N1")} <= {*at.every_alert()}
        choosing = at.cascade("N1")["choosing"]
        assert (choosing["nobody_since"], choosing["choose_by"], choosing["overdue"]) == (str(AS_OF), str(days(3)), False)
        assert [each["choice"] for each in choosing["choices"] if not each["open"]] == ["reserve"]
        (told,) = [each["meanwhile"] for each in at.client.get("/v1/unmet").json()["items"] if each["package_id"] == "N1"]
        assert told["choosing"] == choosing
        assert at.cascade("N2")["choosing"] is None  # the principal can be asked


def test_a_choice_is_due_by_a_day_and_its_lateness_is_alerted(database_url: str) -> None:
    with desk(database_url, county(plan_meanwhile("N1", holds_until=days(30), next_check=days(5)), plan_meanwhile("N2"))) as at:
        ticked(at)
        assert at.every_alert() == [("cascade_exhausted", "N1")]
        with at.store.change(THE_CLOCK) as change:  # as if it had been alerted four days ago
            ((alert_id, stored),) = change.state.stock["alerts"].items()
            change.put("alerts", alert_id, stored.body | {"about": str(days(-4)), "at": noon(-4).isoformat()})
        assert ticked(at)
        assert at.every_alert()[0] == ("choice_overdue", "N1")
        assert read(at, "N1")["choosing"]["overdue"]
        assert choose(at, "N1", "part_of_care").is_success
        assert read(at, "N1")["choosing"] is None
        assert ("choice_overdue", "N1") not in at.every_alert()
        assert not ticked(at)
        chosen = read(at, "N1")
        assert chosen["chosen_by"].startswith("a planner")
        assert chosen["choice_reason"] == "nobody can be asked"


def test_an_interim_bed_has_an_end_and_the_person_stays_on_the_list_with_a_clock(database_url: str) -> None:
    with desk(database_url, county(plan_meanwhile("N1"), plan_meanwhile("N2"))) as at:
        for without in ("bridge", "interim_bed"):
            assert code_of(choose(at, "N1", without)) == (422, "refused")
        assert code_of(choose(at, "N1", "interim_bed", choice_until=str(days(0)))) == (422, "refused")
        assert choose(at, "N1", "interim_bed", choice_until=str(days(25))).is_success
        (line,) = at.client.get("/v1/meanwhile").json()["items"]
        assert (line["package_id"], line["clock"]) == ("N1", "Interim bed until 18 December 2026: 25 days left.")
        assert "N1" in [each["package_id"] for each in at.client.get("/v1/unmet").json()["items"]]


def test_a_dearer_provider_never_considered(database_url: str, tmp_path: Path) -> None:
    """The Ombudsman's: here a purchase is among the choices, with who may approve its price, and nobody else can."""
    with desk(database_url, county(plan_meanwhile("N1"), plan_meanwhile("N2"))) as at:
        needs = {each["choice"]: each["needs"] for each in read(at, "N1")["choosing"]["choices"]}
        assert "contracts or admin has approved" in needs["purchase"]
        refused = choose(at, "N1", "purchase")
        assert code_of(refused) == (409, "not_approved")
        assert "contracts or admin" in refused.json()["detail"]
        price, address = {"weekly_cost_gbp": 412.5, "reason": "the only one in thirty miles"}, "/v1/packages/N1/meanwhile/price"
        mine = at.client.post(address, json=price)
        assert code_of(mine) == (403, "forbidden")
        assert mine.json()["detail"] == "The price of a purchase is approved by contracts or admin; you have planner."
        with at.served.client("contracts") as officer:
            told = officer.post(address, json=price)
            assert set(told.json()) == {"package_id", "weekly_cost_gbp", "approved_by"}  # nothing else of the person
            assert told.json()["weekly_cost_gbp"] == "412.50"
            assert officer.get("/v1/packages/N1/meanwhile").status_code == 403
        assert choose(at, "N1", "purchase").is_success
        bought = read(at, "N1")
        assert bought["approved_by"].startswith("a contracts")
        assert (bought["approved_weekly_gbp"], bought["choosing"]) == ("412.50", None)
        (entry,) = [each for each in at.trail() if each["action"] == "meanwhile.approve_price"]
        assert (entry["role"], entry["actor"]) == ("contracts", bought["approved_by"])
        assert choose(at, "N2", "direct_payment", wish="Her niece, please.").is_success
        kept = {each.package_id: each for each in exported(at.store, tmp_path / "today").meanwhile}
        assert (kept["N1"].approved_weekly_pence, kept["N1"].approved_by, kept["N1"].wish) == (41_250, bought["approved_by"], "")
        assert (kept["N2"].approved_weekly_pence, kept["N2"].wish) == (None, "Her niece, please.")
        assert ",412.50," in (tmp_path / "today" / "meanwhile.csv").read_text(encoding="utf-8")
        assert choose(at, "N1", "part_of_care").json()["approved_by"] is None  # another choice, another price


def test_the_settings_name_who_approves_a_price(database_url: str) -> None:
    with desk(database_url, county(plan_meanwhile("N1")), purchase_approved_by=("finance",)) as at:
        price, address = {"weekly_cost_gbp": 300, "reason": "near enough"}, "/v1/packages/N1/meanwhile/price"
        for role, status in (("contracts", 403), ("admin", 403), ("finance", 200)):
            with at.served.client(role) as client:
                assert client.post(address, json=price).status_code == status, role


def test_the_reserve_is_chosen_only_where_it_is_open(database_url: str) -> None:
    with desk(database_url, county(plan_meanwhile("N1"), plan_meanwhile("N2"))) as at:
        assert code_of(choose(at, "N1", "reserve")) == (409, "reserve_not_open")


def test_the_reserve_can_be_chosen_where_it_is_open(database_url: str) -> None:
    people = [package("N1", workers=2), package("R1", contract_id="P-ALDER")]
    given = snapshot(people, [principal("ALDER"), reserve("DOCK", bands=(3,))], reserve_areas=["A1"])
    with desk(database_url, replace(given, meanwhile=(plan_meanwhile("N1"),))) as at:
        assert {each["choice"]: each["open"] for each in read(at, "N1")["choosing"]["choices"]}["reserve"]
        assert choose(at, "N1", "reserve").is_success


def test_a_direct_payment_is_for_whoever_wants_it(database_url: str) -> None:
    with desk(database_url, county(plan_meanwhile("N1"))) as at:
        assert code_of(choose(at, "N1", "direct_payment")) == (422, "wish_needed")
        told = choose(at, "N1", "direct_payment", wish="She would like her niece to be paid for it.").json()
        assert told["wish"] == "She would like her niece to be paid for it."
        assert told["choosing"] is None


def test_nothing_is_chosen_for_somebody_of_whom_nothing_is_recorded(at: Desk) -> None:
    assert code_of(choose(at, "N1", "part_of_care")) == (409, "no_record_yet")
    with at.served.client("admin") as admin:
        price = {"weekly_cost_gbp": 1, "reason": "enough"}
        assert code_of(admin.post("/v1/packages/N1/meanwhile/price", json=price)) == (409, "no_record_yet")


def test_what_is_recorded_leaves_with_the_county_and_with_the_person(at: Desk) -> None:
    record(at, "N2")
    kept = at.state().snapshot.meanwhile
    assert [(each.package_id, each.where) for each in kept] == [("N2", "home_with_carer")]
    choose(at, "N2", "direct_payment", wish="her SECRET niece")
    at.client.post("/v1/packages/N2/meanwhile/check", json={"found": "a SECRET bruise"})
    ticked(at)
    at.act("N2", "end", reason="moved away")
    assert at.state().snapshot.meanwhile == ()
    assert "SECRET" in everything(at.store)
    forget(calling(at.store, Actor("Ada Admin", "admin")), ["N2"])
    assert "SECRET" not in everything(at.store)
    assert "'N2'" not in everything(at.store)


def test_whereabouts_stand_in_no_log_and_no_list_of_tasks(at: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    secret = "stays with a sister in Diss"
    record(at, "N2", holds=secret)
    choose(at, "N2", "part_of_care", reason="sister cannot go on")
    at.client.put("/v1/packages/N2/meanwhile", json=PLAN | {"holds": secret, "where": "nowhere"})
    ran = capsys.readouterr()
    assert "sister" not in ran.out + ran.err
    with at.served.client("admin") as admin:
        assert "sister" not in admin.get("/metrics").text
        assert "sister" not in str(at.client.get("/v1/alerts").json())


def test_care_ended_by_a_provider_with_nothing_sought_in_its_place(database_url: str) -> None:
    """The Ombudsman's: here whoever ends it says whether the need remains, and who then waits has no plan until there is one."""
    with desk(database_url, county(plan_meanwhile("R1"))) as at:
        gave_notice = {"reason": "gave notice", "ended_by": "provider"}
        assert at.try_act("R1", "end", **gave_notice).status_code == 422
        again = at.act("R1", "end", **gave_notice, need_remains=True)["new_package_id"]
        ticked(at)
        assert ("no_plan", again) in at.every_alert()
        assert again in listed(at)
        assert at.state().snapshot.meanwhile == ()  # what held before is not taken to hold now


def test_of_a_request_that_is_withdrawn_nothing_is_left_to_look_at(at: Desk) -> None:
    place = {name: getattr(package("N9"), name) for name in ("latitude", "longitude")}
    asked = {
        **place,
        "package_id": "N9",
        "area_id": "A1",
        "hours_per_week": 5,
        "visits_per_week": 5,
        "workers": 1,
        "priority": "standard",
    }
    filed = at.client.post("/v1/call-offs", json={"kind": "package", "call_off_id": "C-1", "package": asked})
    assert filed.is_success, filed.text
    ticked(at)
    assert ("no_plan", "N9") in at.every_alert()
    tag = {"If-Match": at.client.get("/v1/call-offs/C-1").headers["ETag"]}
    assert at.client.post("/v1/call-offs/C-1/withdraw", json={"reason": "not needed"}, headers=tag).is_success
    assert ("no_plan", "N9") not in at.every_alert()
    assert "N9" not in listed(at)
