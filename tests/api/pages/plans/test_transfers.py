"""A transfer's plan in the browser: who would move with which letter, and planning again once somebody has said no."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from api.pages.plans.decisions_beside import Beside, decisions_of
from api.pages.plans.transfer_board import board_of, replan_settings
from tests.api.conftest import loaded, serving
from tests.api.pages.plans.test_a_plan import asked, refused
from tests.api.pages.reading import Browser
from tests.api.runs.working import claimed, work_here
from tests.making.transfers import small_county


def test_who_has_said_no_stays_with_their_round_and_nothing_else_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPTIMISER_CONTACT", "0344 000 0000")
    with serving(loaded(tmp_path, small_county(), run_workers=0, tick_seconds=0)) as served:
        store = served.service.store
        tam = Browser(served)
        with tam.client:
            tam.signed_in(served.key("transition"))
            first = asked(tam, "transfer")
            work_here(store, claimed(store))
            page = tam.read(first)
            assert page.said("h2")[0] == "Need anybody move?"
            once = next(each["value"] for each in page.all("input") if each.get("name") == "once")
            moving = [each["value"] for each in page.all("input") if each.get("name") == "refused"]
            assert moving, "somebody would move"
            nobody = refused(tam.post(f"{first}/replan", {"once": once}), 422)
            assert "Tick who has said no, or which rounds are agreed" in nobody.said("a")
            unknown = refused(tam.post(f"{first}/replan", {"once": once, "refused": ["NOBODY"]}), 422)
            assert "there is none called NOBODY" in unknown.words
            again = tam.post(f"{first}/replan", {"once": once, "refused": [moving[0]]})
            second = again.headers["location"]
            assert again.status_code == 303 and second != first
            twice = refused(tam.post(f"{first}/replan", {"once": once, "refused": moving}), 409)
            assert "You have sent this form before, with other entries" in twice.words and "Idempotency-Key" not in twice.words
            work_here(store, claimed(store))
            told = tam.read(second)
            assert "What differs from the earlier plan" in told.said("h2")
            assert "has said no: the whole round stays." in told.words
            assert moving[0] not in [each["value"] for each in told.all("input") if each.get("name") == "refused"]
            with served.client("transition") as program:
                result = program.get(f"/v1/runs/{second.rpartition('/')[2]}/result").json()["result"]
            assert [each["before"] != "" and each["after"] == "" for each in result["changes"]] == [True]
            letter = tam.read(f"{first}/people/{moving[0]}?large=1")
            assert [each for each in letter.said("h2") if each.startswith("Letter: ")]
            assert "letter letter-large" in [each.get("class") for each in letter.all("div")]


def line(package_id: str, decision: str, day: str, **more: str) -> dict[str, str]:
    usual = {"round_id": f"R{package_id}", "pending": "true", "letter": "consultation", "then_from": day}
    return (
        {"package_id": package_id, "decision": decision, "served_by_provider_id": "P1", "then_by_provider_id": "P2"}
        | usual
        | more
    )


def test_whoever_would_move_by_the_day() -> None:
    people = [
        line("B", "transfer", "2027-05-04"),
        line("A", "stay", ""),
        line("C", "transfer", "2027-03-01", pending="false", letter=""),
    ]
    rounds = [
        {"round_id": "RB", "decision": "transfer", "date": "2027-05-04"},
        {"round_id": "RA", "decision": "stay", "date": ""},
    ]
    decision = Beside("Yes", "done", "", "", is_given=True)
    board = board_of({"people": people, "transfers": rounds}, {"P1": "Dock"}, {"C": decision})
    assert [(each.package_id, each.moves_on, each.leaves, each.to, each.decision, each.letter) for each in board.people] == [
        ("C", "1 March 2027", "Dock", "P2", decision, ""),
        ("B", "4 May 2027", "Dock", "P2", None, "asks what they think"),
    ]
    none_written = {"people": people, "transfers": rounds, "no_letters": "Nobody is named whom people may call."}
    assert [each.letter for each in board_of(none_written, {}, {}).people] == ["", ""], "a link that leads to no letter is none"
    assert board.round_choices == [("RB", "RB, 4 May 2027")] and board.no_letters == ""


def test_how_it_stands_with_decisions_in_words() -> None:
    nobody: dict[str, Any] = dict.fromkeys(("decided_by", "decided_on", "valid_to", "decide_by", "asked_by"))
    told = [
        nobody | {"package_id": "A", "stands": "suitable", "decided_by": "Sol (1f2e)", "decided_on": "2026-11-20"},
        nobody | {"package_id": "B", "stands": "asked", "decide_by": "2026-11-20", "asked_by": "Ada (0a0a)"},
        nobody | {"package_id": "C", "stands": "asked", "decide_by": "2026-11-30"},
        nobody | {"package_id": "D", "stands": "not_asked"},
    ]
    told[0] |= {"valid_to": "2027-05-21"}
    found = decisions_of(told, dt.date(2026, 11, 23))
    assert found.counts == "1 yes, 2 asked for, 1 not asked for yet"
    assert {name: (each.said, each.more, each.late, each.is_given) for name, each in found.of.items()} == {
        "A": ("Yes", "Sol, 20 November 2026; counts until 21 May 2027", "", True),
        "B": ("Asked for", "due 20 November 2026, asked for by Ada", "3 days late", False),
        "C": ("Asked for", "due 30 November 2026", "", False),
        "D": ("Not asked for yet", "", "", False),
    }


def test_planning_again_stays_close_to_the_plan_and_remembers_who_has_said_no() -> None:
    result = {
        "transfers": [{"round_id": "RB", "date": "2027-05-04"}, {"round_id": "RA", "date": ""}],
        "areas": [{"area_id": "A1"}],
    }
    made = replan_settings({"wall_seconds": 5, "transfer": {"refused": ["X"], "recut": True}}, result, ["B", "X"], ["RB", "RA"])
    assert made == {
        "wall_seconds": 5,
        "transfer": {
            "recut": True,
            "area_ids": ["A1"],
            "earlier": {"RB": "2027-05-04", "RA": None},
            "refused": ["B", "X"],
            "agreed": {"RB": "2027-05-04"},
        },
    }
