"""A plan from its form to its offers, as a planner walks it, on the three villages."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from api.state.store import Store
from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.pages.reading import Browser, Read, holds_for_every_page
from tests.api.runs.working import claimed, work_here

pytestmark = ON_SQLITE
SECONDS = {"seconds": "600"}


def asked(ada: Browser, kind: str, **entries: str | list[str]) -> str:
    """The address of a run that a form has asked for."""
    page = ada.read(f"/plans/new/{kind}")
    once = next(each["value"] for each in page.all("input") if each["name"] == "once")
    answer = ada.post(f"/plans/new/{kind}", {**SECONDS, "once": once, **entries})
    assert answer.status_code == 303, Read(answer).words
    again = ada.post(f"/plans/new/{kind}", {**SECONDS, "once": once, **entries})
    assert again.headers["location"] == answer.headers["location"], "pressed twice, asked for once"
    return str(answer.headers["location"])


def refused(answer: httpx.Response, status: int) -> Read:
    page = Read(answer)
    holds_for_every_page(page, answer)
    assert answer.status_code == status and page.said("title")[0].startswith("Error: ")
    return page


def made_of(program: httpx.Client, run_id: str) -> list[dict[str, Any]]:
    """The offers made of a run."""
    answer = program.get("/v1/offers", params={"run_id": run_id})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def digest_on(page: Read) -> str:
    return next(each["value"] for each in page.all("input") if each.get("name") == "plan_digest")


def test_a_planner_asks_follows_reviews_and_makes_offers(ada: Browser, served: Served, store: Store) -> None:
    """Who goes where is worked out on paper in ``data/three_villages/WORKED.md``: N1 to N5 are placed, N6 waits."""
    address = asked(ada, "allocate")
    waiting = ada.read(address, follows=True)
    assert "Waiting for its turn" in waiting.words and "Stop, and keep the best plan so far" in waiting.said("button")
    listed = ada.read("/plans").rows[1:]
    assert [(row[0].partition(",")[0], row[2], row[3]) for row in listed] == [
        ("Allocation", "By a planner", "How it is Waiting for its turn")
    ]
    work_here(store, claimed(store))
    plan = ada.read(address)
    assert {row[1].split()[0]: row[2].removeprefix("Goes to ") for row in plan.rows if len(row) == 8 and row[1] != "Person"} == {
        "N1": "Alder Home Care principal",
        "N2": "Bracken Home Care framework",
        "N3": "Elder Home Care legacy",
        "N4": "Clover Home Care framework",
        "N5": "Alder Home Care principal",
    }
    assert "All 9 levels are proven: no plan is better." in plan.words
    shown = {"plan_digest": digest_on(plan), "which": "ticked", "as": "offers"}
    done = ada.post(f"{address}/apply", {**shown, "package": ["N2", "N4"]})
    assert (done.status_code, done.headers["location"]) == (303, f"{address}?done=offers&made=2")
    after = ada.read(f"{address}?done=offers&made=2")
    assert "Offers were made of 2 proposals, and hold their hours." in after.words
    boxes = [each["value"] for each in after.all("input") if each.get("name") == "package"]
    assert sorted(boxes) == ["N1", "N3", "N5"], "who is asked has no box any more"
    with served.client("planner") as program:
        run_id = address.rpartition("/")[2]
        offers = made_of(program, run_id)
        assert sorted(each["package_id"] for each in offers) == ["N2", "N4"]
        assert made_of(program, "0" * 32) == []
        levels = program.get(f"/v1/runs/{run_id}/levels").json()
    assert levels["status"] == "succeeded" and [each["level"] for each in levels["levels"]][-1] == "travel"


def test_the_second_planner_is_told_and_nothing_is_doubled(ada: Browser, served: Served, store: Store) -> None:
    address = asked(ada, "allocate")
    work_here(store, claimed(store))
    bo = Browser(served)
    with bo.client:
        bo.signed_in(served.key("admin"))
        shown = {"plan_digest": digest_on(bo.read(address)), "which": "all", "as": "offers"}
        with served.client("planner") as program:
            assert program.post("/v1/packages/N4/offers", json={}).status_code == 201  # by the cascade, as N4 is asked every day
        page = refused(bo.post(f"{address}/apply", shown), 409)
        assert "N4: An offer of it is waiting for an answer." in page.said("a")
        # Bracken, asked for N4 too, holds its 20 hours: with N2's it would have 60 of at most 56.
        assert "N2: Contract F-BRACKEN would hold 60 hours per four weeks of at most 56 hours per four weeks." in page.said("a")
        assert "3 proposals of 5 done; why others are refused stands above." in page.words
        again = refused(bo.post(f"{address}/apply", shown), 409)
        assert "done; why others" not in again.words, "those that were offers already are not done twice"
        other = refused(bo.post(f"{address}/apply", {**shown, "plan_digest": "0" * 64}), 409)
        assert "plan_digest" in other.words


@pytest.mark.parametrize(
    ("entries", "said", "field"),
    [
        ({"which": "ticked"}, "Tick whom to make offers of", "choose"),
        ({"which": "ticked", "package": ["N1"], "as": "accepted"}, "Say who agreed, when and how", "evidence"),
        ({"which": "ticked", "package": ["N1"], "as": "accepted", "evidence": "x" * 10_001}, "Say it in one line", "evidence"),
    ],
)
def test_what_is_missing_is_told_at_its_field_and_nothing_is_done(
    villages_with_a_plan: tuple[Browser, str], entries: dict[str, str | list[str]], said: str, field: str
) -> None:
    ada, address = villages_with_a_plan
    shown: dict[str, str | list[str]] = {"plan_digest": digest_on(ada.read(address)), "as": "offers"}
    page = refused(ada.post(f"{address}/apply", shown | entries), 422)
    told = {each["href"]: words for each, words in zip(page.all("a"), page.said("a"), strict=True)}
    assert told[f"#{field}"].startswith(said)
    if "package" in entries:
        ticked = [each["value"] for each in page.all("input") if each.get("name") == "package" and "checked" in each]
        assert ticked == ["N1"], "entries are kept"


@pytest.fixture
def villages_with_a_plan(ada: Browser, store: Store) -> tuple[Browser, str]:
    address = asked(ada, "allocate")
    work_here(store, claimed(store))
    return ada, address


def test_a_step_in_which_somebody_moves_needs_its_decision_and_goes_ahead_whole(
    ada: Browser, store: Store, served: Served
) -> None:
    """R3 makes room for N6, and nobody is asked before it says where the decision on R3 is recorded."""
    address = asked(ada, "reoptimise", max_moves="25")
    work_here(store, claimed(store))
    plan = ada.read(address)
    assert "1 would change provider" in plan.words and "Movements between providers" in plan.said("h2")
    moves = next(row for row in plan.rows if "R3" in " ".join(row))
    assert "leaves Clover Home Care" in moves[2] and "1 person moves, 1 person placed" in moves[1]
    assert "Decision of social work: Yes as the package itself says" in moves[2] and "(1 yes)" in plan.words
    with served.client("planner") as program:
        told = program.get(f"/v1/runs/{address.rpartition('/')[2]}/decisions").json()["items"]
        assert [(each["package_id"], each["stands"], each["decided_by"]) for each in told] == [("R3", "suitable", None)]
        assert program.get(f"/v1/runs/{'0' * 32}/decisions").status_code == 404
    shown: dict[str, str | list[str]] = {"plan_digest": digest_on(plan), "which": "ticked", "as": "offers"}
    step = re.search(r"Step (\d+)", moves[1])
    assert step
    page = refused(ada.post(f"{address}/apply", shown | {"step": [step[1]]}), 409)
    assert "R3: The provider of running care would change: that needs a recorded social work decision" in page.words
    assert [each["value"] for each in page.all("input") if each.get("name") == "step" and "checked" in each] == [step[1]]
    done = ada.post(f"{address}/apply", shown | {"step": [step[1]], "decision-R3": "Case note 14 of 20 November"})
    assert done.headers["location"] == f"{address}?done=offers&made=2"
    decision = {"move": "reoptimise", "decision": "suitable", "why": "Has met them."}
    with served.client("planner") as program, served.client("social_work") as social:
        offers = made_of(program, address.rpartition("/")[2])
        assert social.post("/v1/packages/R3/decisions", json=decision).is_success
    moves = next(row for row in ada.read(address).rows if "R3" in " ".join(row))
    assert "Decision of social work: Yes a social_work, 23 November 2026; counts until" in moves[2]
    assert sorted((each["package_id"], each["contract_id"]) for each in offers) == [("N6", "F-CLOVER"), ("R3", "P-ALDER")]


def test_a_plan_is_stopped_and_one_that_cannot_be_asked_for_is_not_queued(ada: Browser) -> None:
    address = asked(ada, "bridge")
    done = ada.post(f"{address}/stop")
    assert (done.status_code, done.headers["location"]) == (303, f"{address}?done=stopped")
    stopped = ada.read(f"{address}?done=stopped")
    assert "Stopped" in stopped.words and "It was stopped before it began" in stopped.words
    page = refused(ada.post("/plans/new/relieve", {"seconds": "0", "once": "a", "hours": "x"}), 422)
    told = {each["href"] for each in page.all("a")}
    assert {"#provider", "#hours", "#from_day", "#seconds"} <= told
    page = refused(ada.post("/plans/new/allocate", {**SECONDS, "once": "b", "pins": "N1 NOWHERE"}), 422)
    assert "NOWHERE" in page.words and "Waiting for its turn" not in ada.read("/plans").words
    assert ada.get("/plans/new/nothing").status_code == 404


def test_why_somebody_is_placed_as_proposed_stands_on_a_page(ada: Browser, store: Store) -> None:
    address = asked(ada, "allocate")
    work_here(store, claimed(store))
    page = ada.read(f"{address}/people/N6")
    assert page.said("h1") == ["Why, for package N6"] and "Any one of these would be enough" in page.said("h2")
    assert ada.read(f"{address}/people/N1").rows[1][0].startswith("Alder Home Care")


def test_who_may_see_plans(served: Served) -> None:
    for role, status in (("viewer", 403), ("contracts", 403), ("social_work", 403), ("transition", 200), ("admin", 200)):
        browser = Browser(served)
        with browser.client:
            browser.signed_in(served.key(role))
            page = browser.read("/plans", status)
            assert ("Plans" in page.said("a")) is (status == 200), role
    nobody = Browser(served)
    with nobody.client:
        assert nobody.get("/plans").status_code == 401


def test_events_end_with_the_run_and_come_to_who_is_signed_in_alone(ada: Browser, served: Served, store: Store) -> None:
    address = asked(ada, "allocate")
    work_here(store, claimed(store))
    told = ada.get(f"{address}/events")
    assert told.headers["content-type"].startswith("text/event-stream")
    assert "event: queued" in told.text and told.text.rstrip().rpartition("event: ")[2].startswith("succeeded")
    part = ada.get(f"{address}/levels").text
    assert "<html" not in part and 'role="status"' in part
    nobody = Browser(served)
    with nobody.client:
        assert nobody.get(f"{address}/events").status_code == 401


def test_the_tables_of_a_plan_are_for_spreadsheets_too(ada: Browser, store: Store) -> None:
    """N1 to N5 are placed, N6 waits; nobody moves in an allocation."""
    address = asked(ada, "allocate")
    work_here(store, claimed(store))
    links = [each["href"] for each in ada.read(address).all("a") if "download" in each]
    assert links == [f"{address}/tables/{table}.csv" for table in ("proposals", "left", "areas", "levels", "last")]

    def lines(table: str) -> list[str]:
        return ada.get(f"{address}/tables/{table}.csv").content.decode("utf-8-sig").splitlines()

    heads, *placed = lines("proposals")
    assert heads.split(",")[:4] == ["step", "package_id", "leaves", "goes_to"]
    assert sorted(each.split(",")[1] for each in placed) == ["N1", "N2", "N3", "N4", "N5"]
    assert [each.split(",")[0] for each in lines("left")] == ["package_id", "N6"]
    assert lines("movements") == ["from,to,people"] and lines("areas")[1].startswith("A1,Larkmere and Villages,")
    assert lines("levels")[:2] == [
        "level,value,no_plan_is_below,how_far,given_away",
        'Unmet urgent,"0 hours a week, weighted","0 hours a week, weighted",Proven,–',
    ]
    assert lines("last")[0] == "by,group,people,placed,left_waiting,longest_wait_of_those"
    assert "By priority,Urgent,1,1,0,–" in lines("last")
    assert ada.get(f"{address}/tables/none-such.csv").status_code == 404
