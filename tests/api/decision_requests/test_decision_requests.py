"""Whose decision is asked: by name, and by transfer plans; answered by a decision, and asked again once that counts no more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

from api.contract_lives.plans_made import PlanMade, PlannedMove
from api.decision_requests.of_plans import MoveOfPlan, moves_of, stands_of
from api.decision_requests.open_questions import Question, questions
from api.runs.stored_runs import Run
from api.settings import Settings
from api.state.incremental_state import first_state
from api.state.state import State
from api.state.stored_records import EMPTY, KeptSettings, stock_of, with_written
from optimiser.domain.person_records import Decision
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.desk import code_of

TO = {"then_by_provider_id": "ELM", "then_from": "2027-03-01"}
ASKED: dict[str, Any] = {"move": "reoptimise", "to_provider_id": "CLOVER", "decide_by": "2026-11-30", "why": "N4 waits."}


@ON_SQLITE
def test_somebody_asks_by_name_and_a_decision_answers(served: Served) -> None:
    """A decision about another move answers nothing; one that lapses with the needs is asked for again."""
    with served.client("planner") as ada, served.client("social_work") as sol:
        request = {**ASKED, "request_id": "DR-1"}
        made = ada.post("/v1/packages/R1/decision-requests", json=request).json()
        assert made["asked_by"].startswith("a planner (") and made["decide_by"] == "2026-11-30"
        assert ada.post("/v1/packages/R1/decision-requests", json=request).json() == made, "sent twice, asked once"
        assert code_of(ada.post("/v1/packages/R2/decision-requests", json=request)) == (409, "already_there")
        assert code_of(ada.post("/v1/packages/N4/decision-requests", json=ASKED)) == (409, "not_in_this_state")
        late = ada.post("/v1/packages/R1/decision-requests", json=ASKED | {"decide_by": "2026-11-22", "to_provider_id": "NOBODY"})
        assert code_of(late) == (422, "refused") and len(late.json()["faults"]) == 2
        (asked,) = sol.get("/v1/decision-requests").json()["items"]
        assert (asked["package_id"], asked["move"], asked["to_provider_id"]) == ("R1", "reoptimise", "CLOVER")
        assert (asked["decide_by"], asked["overdue"], asked["moves_on"], asked["run_id"]) == ("2026-11-30", False, None, None)
        assert asked["from_provider_id"] and asked["area_name"] == "Larkmere and Villages"
        assert sol.get("/v1/decision-requests?package_id=R2").json()["items"] == []
        assert code_of(sol.post("/v1/packages/R1/decision-requests", json=ASKED)) == (403, "forbidden")
        other = {"move": "transfer", "decision": "suitable", "why": "Met them."}
        assert sol.post("/v1/packages/R1/decisions", json=other).status_code == 200
        assert len(sol.get("/v1/decision-requests").json()["items"]) == 1
        mine = {"decision_id": "D-1", "move": "reoptimise", "to_provider_id": "CLOVER", "decision": "not_suitable", "why": "No."}
        decided = sol.post("/v1/packages/R1/decisions", json=mine).json()
        assert sol.post("/v1/packages/R1/decisions", json=mine).json() == decided, "sent twice, recorded once"
        assert code_of(sol.post("/v1/packages/R1/decisions", json=mine | {"decision": "suitable"})) == (409, "already_there")
        assert sol.get("/v1/decision-requests").json()["items"] == []
        tag = {"If-Match": ada.get("/v1/packages/R1").headers["etag"]}
        assert ada.patch("/v1/packages/R1", json={"skills": ["medication", "dementia"]}, headers=tag).status_code == 200
        assert [each["request_id"] for each in sol.get("/v1/decision-requests").json()["items"]] == ["DR-1"], "the needs changed"
        assert ada.post("/v1/packages/R1/end", json={"reason": "Moved away"}).status_code == 200
        assert sol.get("/v1/decision-requests").json()["items"] == []


def test_how_it_stands_with_the_decisions_of_a_plan(small: Snapshot) -> None:
    """R5 goes to Alder on 1 April; a decision counts for its own move, on that day, and to whom it names or to anybody."""
    day = dt.date(2027, 4, 1)
    yes = Decision("D1", "R5", "transfer", "", "suitable", "Yes.", "Sol", dt.date(2026, 11, 1), dt.date(2027, 5, 1))
    question = Question("R5", "transfer", "ALDER", dt.date(2026, 11, 20), "Why.", asked_by="Ada")

    def stands(*decisions: Decision, asked: tuple[Question, ...] = (question,), **move: Any) -> tuple[Any, ...]:
        wanted = replace(MoveOfPlan("R5", "transfer", "ALDER", day), **move)
        found = list(stands_of(state_of(replace(small, decisions=decisions)), [wanted], asked))
        return next(((each["stands"], each["decided_by"], each["decide_by"], each["overdue"]) for each in found), ())

    assert stands(yes) == ("suitable", "Sol", None, False)
    assert stands(replace(yes, decision="not_suitable", to_provider_id="ALDER"))[0] == "not_suitable"
    assert stands() == ("asked", None, "2026-11-20", True)
    assert stands(asked=(replace(question, to_provider_id=""),))[0] == "asked", "of whoever it is to"
    for other in (replace(yes, to_provider_id="CLOVER"), replace(yes, move="relieve"), replace(yes, valid_to=day)):
        assert stands(other, asked=()) == ("not_asked", None, None, False)
    assert stands(yes, package_id="R1", to_provider_id="ALDER")[0] == "moved", "whose care runs there already"
    assert stands(package_id="N4") == () == stands(package_id="NOBODY"), "nobody's care runs"


def test_whom_each_kind_of_plan_moves() -> None:
    people = [{"package_id": name, "decision": each} | TO for name, each in (("A", "transfer"), ("B", "stay"))]
    handed = [{"package_id": "C", "to_provider_id": to, "then_from": "2027-03-01"} for to in ("ELM", "")]
    proposals = [{"package_id": name, "moved": moved, "provider_id": "ELM"} for name, moved in (("D", True), ("E", False))]
    moves = partial(moves_of, {"result": {"people": people}, "proposals": proposals})
    assert list(moves("transfer")) == [MoveOfPlan("A", "transfer", "ELM", dt.date(2027, 3, 1))]
    assert list(moves("relieve")) == [MoveOfPlan("D", "relieve", "ELM")]
    handed_back = list(moves_of({"result": {"hand_back": handed}}, "transfer"))
    assert handed_back == [MoveOfPlan("C", "hand_back", "ELM", dt.date(2027, 3, 1))]


def plan(*moves: PlannedMove) -> PlanMade:
    return PlanMade(Run(SimpleNamespace(run_id="RUN1"), 0), None, moves)  # type: ignore[arg-type]


def state_of(given: Snapshot) -> State:
    written = [(kind, each, 1, body) for kind, bodies in stock_of(given).items() for each, body in bodies.items()]
    return first_state(1, with_written(EMPTY, written), given.as_of, given.title, KeptSettings.of(given))


def test_a_plan_asks_about_whom_it_moves_and_nobody_has_decided_about(small: Snapshot) -> None:
    """R5 would move on 1 April: 56 days before that is 4 February. Who has moved, waits or is decided about is not asked for."""
    settings = Settings(as_of=small.as_of, decision_days=56)

    def asked(*moves: PlannedMove, decisions: tuple[Decision, ...] = ()) -> list[Question]:
        return questions(state_of(replace(small, decisions=decisions)), settings, [plan(*moves), plan(*moves[:1])])

    move = PlannedMove("R5", "P-ALDER", "A1", dt.date(2027, 4, 1), "DOCK", "ALDER")
    (found,) = asked(move, replace(move, on=small.as_of), replace(move, package_id="N4"), replace(move, package_id="R3"))
    assert (found.package_id, found.move, found.decide_by, found.run_id) == ("R5", "transfer", dt.date(2027, 2, 4), "RUN1")
    assert asked(replace(move, on=dt.date(2026, 12, 1)))[0].decide_by == small.as_of, "never a day that is past already"
    no = Decision("D1", "R5", "transfer", "", "not_suitable", "No.", "Sol", dt.date(2026, 11, 1), dt.date(2027, 5, 1))
    assert asked(move, decisions=(no,)) == []
    assert len(asked(move, decisions=(replace(no, valid_to=move.on),))) == 1, "it counts no more on the day of the move"
    assert len(asked(move, decisions=(replace(no, move="reoptimise"),))) == 1
