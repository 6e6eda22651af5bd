"""First visits over HTTP: waited for after a start, a stay in hospital and a change of provider; confirmed, or alerted first."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.acts.act import Caller
from api.clock import Clock
from api.first_visits.expecting import late_first_visits
from api.first_visits.schemas import FirstVisit
from api.forgetting.acts import forget
from api.offers.acts import let_lapse
from api.offers.lapsing import THE_CLOCK
from api.service import Service
from api.state.store import Store
from api.storage.audit import Actor
from optimiser.domain.policy import MeanwhileSettings
from optimiser.domain.records import Visit
from optimiser.domain.snapshot import Snapshot
from tests.api.desk import Desk, Json, code_of, desk
from tests.api.forgetting.test_forgetting import everything
from tests.api.runs.working import calling
from tests.api.talking import exported
from tests.api.timekeeping.watching import Watch
from tests.commands.running import run
from tests.making import AS_OF, days, framework, legacy, package, principal, snapshot

EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LATE = "first_visit_not_confirmed"


def county() -> Snapshot:
    """N1 to N8 wait, with an hour each morning; R1 to R8 run with Dock, with a first visit of long ago."""
    names = [f"N{number}" for number in range(1, 9)]
    long_ago = dt.datetime.combine(days(-200), dt.time(8))
    ran: dict[str, Any] = {
        "contract_id": "L-DOCK",
        "transfer_decision": "suitable",
        "care_started": days(-200),
        "first_visit_at": long_ago,
    }
    people = [
        *(package(each, hours=7, visits_per_week=7) for each in names),
        *(replace(package(f"R{number}"), status="active", **ran) for number in range(1, 9)),
    ]
    visits = [Visit(f"V-{each}", each, EVERY_DAY, dt.time(7), dt.time(9), 60, 1) for each in names]
    return snapshot(people, [principal("ALDER"), framework("BRACKEN"), legacy("DOCK")], visits=visits)


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all: each test is about people of its own."""
    with desk(f"sqlite:///{tmp_path_factory.mktemp('first_visits') / 'county.db'}", county()) as made:
        yield made


def accepted(at: Desk, package_id: str) -> None:
    at.answer(at.ask(package_id)["P-ALDER"], "accepted")
    at.says(package_id, "ALDER")


def started(at: Desk, package_id: str) -> None:
    """Care began yesterday."""
    accepted(at, package_id)
    at.act(package_id, "start", care_started=str(days(-1)))


def moved(at: Desk, package_id: str) -> None:
    move = {"contract_ids": ["P-ALDER"], "reason": "In its round", "decision_reference": "SW-2026-118"}
    at.answer(at.ask(package_id, **move)["P-ALDER"], "accepted")


def confirm(at: Desk, package_id: str, first_visit_at: str, **given: Any) -> httpx.Response:
    said = {"first_visit_at": first_visit_at, "said_by": "S. Marsh, duty manager", **given}
    return at.client.post(f"/v1/packages/{package_id}/first-visit", json=said)


def waited_for(at: Desk, *package_ids: str, **query: Any) -> list[Json]:
    items: list[Json] = at.client.get("/v1/first-visits", params=query).json()["items"]
    return [each for each in items if each["package_id"] in package_ids]


def ticked(at: Desk) -> bool:
    return let_lapse(Caller(Service.of(at.served.settings, at.store), THE_CLOCK))


def late(at: Desk) -> list[str]:
    return [name for kind, name in at.every_alert() if kind == LATE]


def first_visit_of(at: Desk, package_id: str) -> str | None:
    told: str | None = at.client.get(f"/v1/packages/{package_id}").json()["first_visit_at"]
    return told


def test_a_first_visit_that_nobody_confirms_is_alerted_before_all_else(database_url: str) -> None:
    """The Ombudsman's: the first visit after a change was missed. Care began yesterday; 9:00 and four hours are over."""
    with desk(database_url, county()) as at:
        missed_and_found(at)


def missed_and_found(at: Desk) -> None:
    started(at, "N1")
    (told,) = waited_for(at, "N1", late=True)
    expected = {"package_id": "N1", "provider_id": "ALDER", "why": "started", "late": True}
    assert told | expected == told
    assert (told["due_at"], told["confirm_by"]) == (f"{days(-1)}T09:00:00", f"{days(-1)}T13:00:00")
    assert ticked(at)
    assert at.every_alert()[0] == (LATE, "N1")
    assert not ticked(at), "it is alerted once"
    answer = confirm(at, "N1", f"{days(-1)}T08:10:00", how="telephone")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["said_by"], body["how"], body["confirmed_by"][:9]) == ("S. Marsh, duty manager", "telephone", "a planner")
    assert (first_visit_of(at, "N1"), waited_for(at, "N1"), late(at)) == (f"{days(-1)}T08:10:00", [], [])
    entries = [each for each in at.trail() if each["action"] in ("first_visit.confirm", "alert.acknowledge")][-2:]
    assert [(each["action"], each["subject"]) for each in entries] == [("first_visit.confirm", "N1"), ("alert.acknowledge", "N1")]


def test_it_is_confirmed_in_the_act_that_starts_care_or_waited_for(at: Desk) -> None:
    half = at.try_act("N2", "start", first_visit_at=f"{days(-1)}T08:10:00")
    assert code_of(half) == (422, "invalid_request"), "who said so is missing"
    accepted(at, "N2")
    given = {"care_started": str(days(-1)), "said_by": "S. Marsh"}
    assert code_of(at.try_act("N2", "start", **given, first_visit_at=f"{days(-2)}T08:10:00")) == (422, "refused")
    assert at.client.get("/v1/packages/N2").json()["situation"] == "accepted", "nothing was written"
    at.act("N2", "start", **given, first_visit_at=f"{days(-1)}T08:10:00")
    ticked(at)
    assert (first_visit_of(at, "N2"), waited_for(at, "N2"), "N2" in late(at)) == (f"{days(-1)}T08:10:00", [], False)


def test_what_cannot_be_a_first_visit_is_refused_and_a_correction_is_kept_in_the_trail(at: Desk) -> None:
    assert code_of(confirm(at, "N3", f"{AS_OF}T00:00:00")) == (409, "not_in_this_state")
    assert code_of(confirm(at, "N9", f"{AS_OF}T00:00:00")) == (404, "not_found")
    started(at, "N3")
    for wrong in (f"{days(1)}T08:00:00", f"{days(-2)}T23:59:59"):
        assert code_of(confirm(at, "N3", wrong)) == (422, "refused")
    assert code_of(confirm(at, "N3", f"{days(-1)}T25:00:00")) == (422, "invalid_request")
    assert confirm(at, "N3", f"{days(-1)}T08:10:00").is_success
    count = len(at.trail())
    assert confirm(at, "N3", f"{days(-1)}T08:10:00").is_success
    assert len(at.trail()) == count, "the same again changes nothing"
    assert confirm(at, "N3", f"{days(-1)}T08:40:00").is_success
    assert first_visit_of(at, "N3") == f"{days(-1)}T08:40:00"


def test_a_moved_persons_first_visit_is_waited_for_at_the_new_provider(at: Desk) -> None:
    for package_id in ("R1", "R2"):
        moved(at, package_id)
    tomorrow = f"{days(1)}T00:00:00"  # visits are not in the data: by the end of the day
    told = [(each["package_id"], each["why"], each["due_at"], each["late"]) for each in waited_for(at, "R1", "R2")]
    assert told == [("R1", "moved", tomorrow, False), ("R2", "moved", tomorrow, False)]
    assert first_visit_of(at, "R2") is None, "it was the other provider's"
    now = Clock(AS_OF).now().isoformat()
    assert confirm(at, "R2", now).json()["provider_id"] == "ALDER"
    assert [each["package_id"] for each in waited_for(at, "R1", "R2")] == ["R1"]
    assert waited_for(at, "R1", area_id="A2") == waited_for(at, "R1", late=True) == []


def test_a_handover_that_is_agreed_for_later_is_waited_for_then(at: Desk) -> None:
    moved(at, "R3")
    due = "/v1/packages/R3/first-visit/due"
    for wrong in (days(0), days(29)):
        told = at.client.post(due, json={"due_at": f"{wrong}T00:00:00", "reason": "handover"})
        assert code_of(told) == (422, "refused")
    told = at.client.post(due, json={"due_at": f"{days(7)}T09:00:00", "reason": "Both hand over on Monday"})
    assert (told.json()["due_at"], told.json()["agreed"]) == (f"{days(7)}T09:00:00", "Both hand over on Monday")
    assert [each["confirm_by"] for each in waited_for(at, "R3")] == [f"{days(7)}T13:00:00"]
    assert code_of(at.client.post("/v1/packages/R6/first-visit/due", json={"due_at": tomorrow(), "reason": "x"})) == (
        409, "not_in_this_state",
    )  # fmt: skip
    with at.served.client("social_work") as client:
        assert client.get("/v1/first-visits").is_success
        assert code_of(client.post(due, json={"due_at": tomorrow(), "reason": "x"})) == (403, "forbidden")


def tomorrow() -> str:
    return f"{days(1)}T12:00:00"


def test_after_a_stay_in_hospital_somebody_comes_for_the_first_time_again(at: Desk) -> None:
    at.act("R4", "hold", held_until=str(days(7)))
    assert waited_for(at, "R4") == []
    at.act("R4", "restart", resumes=True)
    assert [(each["package_id"], each["why"]) for each in waited_for(at, "R4")] == [("R4", "resumed")]
    at.act("R4", "hold", held_until=str(days(7)))
    assert waited_for(at, "R4") == [], "nobody comes while the person is in hospital"
    at.act("R4", "restart", start_by=str(days(1)))
    assert (first_visit_of(at, "R4"), waited_for(at, "R4")) == (None, []), "it is asked for anew"


def test_a_visit_from_before_the_stay_in_hospital_is_none_after_it(at: Desk) -> None:
    at.act("R7", "hold", held_until=str(days(7)))
    at.act("R7", "hold", held_until=str(days(9)))
    at.act("R7", "restart", resumes=True)
    for before in (f"{days(-200)}T08:00:00", f"{days(-1)}T23:59:00"):
        assert code_of(confirm(at, "R7", before)) == (422, "refused")
    assert [each["why"] for each in waited_for(at, "R7")] == ["resumed"]
    told = confirm(at, "R7", f"{AS_OF}T00:00:00")
    assert sorted(told.json()) == sorted(FirstVisit.model_fields), "what is kept to judge it by is not told"
    assert waited_for(at, "R7") == []


def test_where_nobody_comes_until_then_another_moment_is_agreed_for_tomorrow_at_most_and_the_alert_stays(at: Desk) -> None:
    """Care has begun on paper alone: no provider before it comes, as one does until a handover."""
    started(at, "N6")
    ticked(at)
    assert "N6" in late(at)
    due = "/v1/packages/N6/first-visit/due"
    assert code_of(at.client.post(due, json={"due_at": f"{days(2)}T00:00:01", "reason": "x"})) == (422, "refused")
    told = at.client.post(due, json={"due_at": tomorrow(), "reason": "She comes home tomorrow"})
    assert told.json()["due_at"] == tomorrow()
    assert "N6" in late(at), "it is known when somebody is to come, not that anybody has"
    assert confirm(at, "N6", f"{AS_OF}T00:00:00").is_success
    assert "N6" not in late(at)


def to_alert(at: Desk, clock: Clock) -> list[str]:
    """Whose first visits would be alerted anew at a time."""
    settings = at.served.settings.model_copy(update={"clock": clock})
    return [each.package_id for each in late_first_visits(at.store.state(), settings)]


def test_the_same_first_visit_is_not_alerted_twice_where_its_moment_was_agreed_anew(at: Desk) -> None:
    """N8's care has begun and nobody has come; it is agreed for tomorrow noon, and nobody comes then either."""
    started(at, "N8")
    ticked(at)
    assert "N8" in late(at)
    assert at.client.post("/v1/packages/N8/first-visit/due", json={"due_at": tomorrow(), "reason": "home then"}).is_success
    in_two_days = Clock(days(2))
    assert "N8" not in to_alert(at, in_two_days), "the alert of the first moment is open"
    [alert_id] = [
        each
        for each, stored in at.store.state().stock["alerts"].items()
        if stored.body["package_id"] == "N8" and stored.body["kind"] == LATE
    ]
    assert at.client.post(f"/v1/alerts/{alert_id}/acknowledge").is_success
    assert "N8" in to_alert(at, in_two_days), "somebody has looked, and nobody came at the second moment either"


def test_how_far_ahead_it_may_be_agreed_is_a_setting_of_the_county(tmp_path: Path) -> None:
    given = replace(county(), meanwhile_settings=MeanwhileSettings(first_visit_agreed_days=3, first_visit_agreed_days_alone=0))
    with desk(f"sqlite:///{tmp_path / 'county.db'}", given) as at:
        moved(at, "R3")
        due = "/v1/packages/R3/first-visit/due"
        told = at.client.post(due, json={"due_at": f"{days(4)}T00:00:00", "reason": "handover"})
        assert told.json()["faults"] == ["due_at: a moment after now, and at most 3 day(s) ahead (first_visit_agreed_days)."]
        assert at.client.post(due, json={"due_at": f"{days(3)}T23:59:00", "reason": "handover"}).is_success
        started(at, "N1")
        told = at.client.post("/v1/packages/N1/first-visit/due", json={"due_at": f"{days(1)}T00:00:01", "reason": "x"})
        assert "at most 0 day(s) ahead (first_visit_agreed_days_alone)" in told.json()["faults"][0]


def test_care_that_is_asked_for_anew_waits_for_no_first_visit(at: Desk) -> None:
    started(at, "N7")
    ticked(at)
    assert "N7" in late(at)
    at.act("N7", "hold", held_until=str(days(7)))
    assert "N7" in late(at), "whether anybody came before is still not known"
    at.act("N7", "restart", start_by=str(days(1)))
    assert "N7" not in late(at)


def test_care_that_began_before_the_county_was_loaded_waits_for_nothing_and_can_be_confirmed(at: Desk) -> None:
    ticked(at)
    assert "R5" not in late(at)
    told = confirm(at, "R5", f"{days(-200)}T09:00:00").json()
    assert (told["why"], told["due_at"], told["provider_id"]) == (None, None, "DOCK")
    assert first_visit_of(at, "R5") == f"{days(-200)}T09:00:00"


def test_an_end_looks_at_the_alert_and_forgetting_takes_all_of_it(at: Desk, tmp_path: Path) -> None:
    started(at, "N4")
    ticked(at)
    assert "N4" in late(at)
    confirm(at, "N4", f"{days(-1)}T08:10:00", said_by="a word that one record alone holds")
    assert exported(at.store, tmp_path / "out").digest()
    with at.served.client("admin") as admin:
        entries = admin.get("/v1/audit", params={"subject": "N4"}).json()["items"]
    assert "first_visit.confirm" in [each["action"] for each in entries]
    at.act("N4", "end", reason="Moved to a care home")
    forget(calling(Store(at.store.engine, at.store.clock), Actor("Ada Admin", "admin")), ["N4"])
    held = everything(at.store)
    assert "a word that one record alone holds" not in held
    assert "'N4'" not in held


def test_care_that_ends_unconfirmed_leaves_no_alert_open(at: Desk) -> None:
    started(at, "N5")
    ticked(at)
    assert "N5" in late(at)
    at.act("N5", "end", reason="Moved to a care home")
    assert "N5" not in late(at)
    assert not ticked(at)


def test_the_night_on_which_the_clocks_go_back_and_another_process_after_hours_without_a_tick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R1 is home at 00:30 BST, R2 at 00:40; both are visited at 01:30, which comes twice: by 01:30 GMT, and 4 hours."""
    watch = Watch(monkeypatch)
    watch.shows = dt.datetime(2026, 10, 24, 23, 30, tzinfo=dt.UTC)
    people = [package(each, contract_id="L-DOCK", care_started=days(-200), held_until=days(-20)) for each in ("R1", "R2")]
    visits = [Visit(f"V{each}", each, EVERY_DAY, dt.time(1, 30), dt.time(1, 30), 60, 1) for each in ("R1", "R2")]
    here = snapshot(people, [legacy("DOCK")], visits=visits)
    with desk(f"sqlite:///{tmp_path / 'county.db'}", here, as_of=None) as at:
        for package_id in ("R1", "R2"):
            at.act(package_id, "restart", resumes=True)
            watch.move(minutes=10)
        assert {each["due_at"] for each in waited_for(at, "R1", "R2")} == {"2026-10-25T01:30:00"}
        watch.shows = dt.datetime(2026, 10, 25, 1, 10, tzinfo=dt.UTC)
        assert confirm(at, "R2", "2026-10-25T01:50:00").is_success, "twenty minutes ago, though clocks show 1:10 again"
        watch.shows = dt.datetime(2026, 10, 25, 5, 29, 59, tzinfo=dt.UTC)
        assert (ticked(at), late(at)) == (False, [])
        watch.move(hours=20)
        again = Store(at.store.engine, at.store.clock)
        assert let_lapse(Caller(Service.of(at.served.settings, again), THE_CLOCK))
        assert late(at) == ["R1"]


def test_the_nightly_report_from_the_database_names_them(
    at: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    moved(at, "R6")
    monkeypatch.setenv("DATABASE_URL", at.served.settings.database_url)
    monkeypatch.setenv("OPTIMISER_AS_OF", str(AS_OF))
    said = run(capsys, "nightly", "--out", tmp_path / "nights", "--ids", "--quiet")
    assert re.search("^First visits not confirmed: ", said.out, re.MULTILINE), said
    report = json.loads((tmp_path / "nights" / "latest" / "nightly.json").read_bytes())
    (told,) = (each for each in report["first_visits_not_confirmed"] if each["package_id"] == "R6")
    assert (told["provider"], told["why"], told["due_at"], told["late"]) == ("Alder", "moved", f"{days(1)}T00:00:00", False)
