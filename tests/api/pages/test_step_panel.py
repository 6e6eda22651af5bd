"""The step panel in each of its states, from answers as the service gives them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from api.http.errors import Problem
from api.pages.people.form_dates import time_of
from api.pages.people.person_told import Told
from api.pages.people.refusals import in_sentences, is_told_here, status_of
from api.pages.people.step_panel import panel_of
from tests.api.pages.test_person import cascade, place

NOW = dt.datetime(2026, 11, 23, 10, 20)


def told(situation: str = "waiting", **given: Any) -> Told:
    """Of a person whose provider is P1 (C1), where they have one."""
    ladder = cascade(situation=situation) | given.pop("cascade", {})
    package = {"accepted_contract_id": None, "requested_at": "2026-11-20T09:00:00", "held_until": None, "care_started": None}
    safe = {"recorded_at": None, "choice": None, "choice_until": None, "choice_reason": None, "chosen_by": None}
    usual: dict[str, Any] = {
        "cascade": ladder,
        "package": package | given.pop("package", {}),
        "etag": '"7"',
        "offers": [],
        "offer_etags": {"O1": '"3"', "O2": '"4"', "O3": '"5"'},
        "answers": [],
        "decisions": [],
        "meanwhile": safe | given.pop("meanwhile", {}),
        "meanwhile_etag": '"0"',
        "alerts": [],
        "unmet": None,
        "first_visit": None,
        "questions": [],
        "working": None,
        "runs_with": "",
        "provider_names": {"P1": "Bracken", "P2": "Clover"},
    }
    return Told(**(usual | given))


def offer(offer_id: str = "O1", provider_id: str = "P1", **given: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"offered_at": "2026-11-23T08:30:00", "expires_at": "2026-11-23T12:20:00", "agreed_at": None}
    usual |= {"response": None, "answered_by": None, "how": None, "contract_id": "C1", "step": "framework"}
    usual |= {"answer_by_reason": None, "late_after": None}
    return {"offer_id": offer_id, "provider_id": provider_id} | usual | given


def test_each_provider_that_was_asked_has_its_clock() -> None:
    early = offer("O2", "P2", offered_at="2026-11-22T17:00:00", expires_at="2026-11-25T17:00:00")
    panel = panel_of(told("pending", offers=[offer(), early, offer("O0", response="declined")]), NOW)
    assert (panel.kind, panel.heading) == ("asked", "Asked: Clover and Bracken")
    assert panel.says == ["Record what each says. The first yes gets the care and withdraws the others."]  # a discharge
    for gathers, words in ((True, "A yes keeps its hours; once all have answered"), (False, "The first yes gets the care")):
        planned = panel_of(told("pending", offers=[offer(), early], cascade={"priority": "planned"}), NOW, gathers=gathers)
        assert planned.says[0].startswith(f"Record what each says. {words}")
    assert [(each.clock, each.left, each.seen) for each in panel.asked] == [
        ("Asked yesterday at 5:00pm. Answer due Wednesday 25 November 2026 at 5:00pm", "2 days left", '"4"'),
        ("Asked today at 8:30am. Answer due today at 12:20pm", "2 hours left", '"3"'),
    ]
    assert panel_of(told("pending", offers=[offer()]), NOW).says == []


def test_an_offer_whose_time_is_over_may_be_answered_late_and_a_moved_time_says_why() -> None:
    """The last one to Bracken of this request; Clover's is from before it, and Dock's was a run's."""
    over = offer(response="expired", expires_at="2026-11-23T10:00:00")
    before = offer("O2", "P2", response="expired", offered_at="2026-11-19T09:00:00")
    of_a_run = offer("O3", "P3", response="expired", step="run")
    moved = offer("O2", "P2", contract_id="C2", answer_by_reason="Flooded")
    panel = panel_of(told("pending", offers=[before, over, of_a_run, moved]), NOW)
    assert [(each.offer_id, each.clock, each.left) for each in panel.over] == [
        ("O1", "Asked today at 8:30am. Answer was due today at 10:00am", "")
    ]
    assert [each.moved for each in panel.asked] == ["Flooded"]
    yes = offer(response="accepted", late_after="2026-11-23T10:00:00")
    accepted = panel_of(told("accepted", offers=[yes], package={"accepted_contract_id": "C1"}), NOW)
    assert accepted.says == ["It answered late: its time was over today at 10:00am."] and accepted.over == []


def test_a_providers_own_yes_says_whether_its_turn_has_come() -> None:
    said: dict[str, Any] = {"answer": "later", "said_by": "Sam Marsh", "said_at": "2026-11-23T09:00:00"}
    said |= {"from_day": "2026-12-07", "typed": False, "how": "portal"}
    said |= {"visits": [], "days": {}, "message": "From 8am"}
    first, second = offer(said=said, put_forward=False), offer("O2", "P2", said=said | {"from_day": None}, put_forward=True)
    panel = panel_of(told("pending", offers=[first, second]), NOW)
    assert panel.says[0].startswith("Providers have said yes: once")
    asked = {each.offer_id: each for each in panel.asked}
    before = "Sam Marsh said yes, from 7 December 2026 (today at 9:00am). “From 8am”"
    assert asked["O1"].said == f"{before} It waits for its turn, and keeps the hours."
    assert asked["O2"].said == "Sam Marsh said yes (today at 9:00am). “From 8am” Its turn has come: place the care with it."
    assert (asked["O1"].put_forward, asked["O2"].put_forward) == (False, True)
    typed = offer(
        said=said | {"typed": True, "said_by": "", "how": "telephone", "from_day": None, "message": None}, put_forward=False
    )
    waits = "Bracken said yes (today at 9:00am, telephone). It waits for its turn, and keeps the hours."
    assert panel_of(told("pending", offers=[typed]), NOW).asked[0].said == waits


def test_an_offer_of_a_step_in_which_people_move_says_that_it_waits_for_others() -> None:
    panel = panel_of(told("running", offers=[offer(agreed_at="2026-11-23T09:00:00")], runs_with="P2"), NOW)
    assert panel.asked[0].agreed == "It said yes today at 9:00am; it goes ahead once every provider of its step has."


@pytest.mark.parametrize(
    ("answer", "needed"),
    [
        (None, True),
        ({"answer": "yes"}, False),
        ({"answer": "no"}, True),
        ({"answer": "yes", "answered_at": "2026-11-19T09:00:00"}, True),
        ({"answer": "yes", "provider_id": "P2"}, True),
        ({"answer": "yes", "counts": False}, True),
    ],
)
def test_care_begins_with_the_persons_yes_to_who_has_accepted(answer: dict[str, Any] | None, needed: bool) -> None:
    """Since it was last asked for: a yes from before the 20th was to other care."""
    usual: dict[str, Any] = {"provider_id": "P1", "answered_at": "2026-11-21T09:00:00", "given_by": "self", "advocate": None}
    answers = [] if answer is None else [usual | {"reason": None, "counts": True} | answer]
    yes = offer(response="accepted", answered_by="S. Marsh", how="telephone")
    panel = panel_of(told("accepted", offers=[yes], answers=answers, package={"accepted_contract_id": "C1"}), NOW)
    assert (panel.kind, panel.heading) == ("accepted", "Accepted by Bracken; care has not begun")
    assert (panel.provider_id, panel.answer_needed) == ("P1", needed)
    assert panel.says == ["Said by S. Marsh (telephone)."]


def test_what_the_person_said_is_told_with_who_gave_it() -> None:
    said = {"provider_id": "P1", "answer": "no", "given_by": "best_interests", "advocate": "declined", "counts": False}
    answers = [said | {"answered_at": "2026-11-21T09:00:00", "reason": "Too far away."}]
    assert panel_of(told("running", answers=answers), NOW).answers == [
        "No to Bracken, 21 November 2026, said by somebody in their best interests; advocate: declined: “Too far away.”"
        " (a later answer counts)"
    ]


def test_nobody_left_tells_what_would_be_enough_and_what_a_named_person_may_choose() -> None:
    choices = [
        {"choice": "bridge", "open": True, "needs": "A day on which it ends."},
        {"choice": "reserve", "open": False, "needs": "The reserve to be open."},
    ]
    choosing = {"nobody_since": "2026-11-20", "choose_by": "2026-11-22", "overdue": True, "choices": choices}
    unmet = {"changes": [{"sentence": "Bracken can deliver 60 hours instead of 56 from 2026-12-01."}]}
    panel = panel_of(told(cascade={"choosing": choosing}, unmet=unmet), NOW)
    assert (panel.kind, panel.heading) == ("nobody", "Nobody left to ask")
    assert panel.enough == ["Bracken can deliver 60 hours instead of 56 from 1 December 2026."]
    assert panel.choosing is not None and not panel.choosing.recorded
    assert panel.choosing.says == (
        "Nobody can be asked since 20 November 2026. A choice of a named person was due by 22 November 2026."
    )
    assert panel.choosing.options == [
        ("bridge", "A bridge: the visits that cannot wait", "A day on which it ends."),
        ("reserve", "A reserve provider (not open today)", "The reserve to be open."),
    ]
    chosen = {"choice": "interim_bed", "choice_until": "2026-12-04", "chosen_by": "Ada Planner (k7)", "choice_reason": "Rest."}
    panel = panel_of(told(meanwhile=chosen | {"recorded_at": "2026-11-20T09:00:00"}), NOW)
    assert panel.says == ["Chosen by Ada Planner: an interim bed until 4 December 2026: Rest."] and panel.choosing is None


def test_care_that_runs_and_care_on_hold() -> None:
    due = {"due_at": "2026-11-23T08:00:00", "provider_id": "P1", "late": True}
    running = told("running", runs_with="P1", first_visit=due, package={"care_started": "2026-11-22"})
    panel = panel_of(running, NOW)
    assert (panel.kind, panel.heading) == ("running", "Care is running with Bracken since 22 November 2026")
    assert panel.first_visit == (
        "The first visit was due today at 8:00am, and Bracken has not said that anybody came. It is late: ask the provider now."
    )
    ahead = told("running", runs_with="P1", first_visit=due | {"due_at": "2026-11-24T08:00:00", "late": False})
    assert panel_of(ahead, NOW).first_visit == "The first visit is due tomorrow at 8:00am. Bracken says whether somebody came."
    held = panel_of(told("on_hold", runs_with="P1", package={"held_until": "2026-12-07"}), NOW)
    assert (held.kind, held.heading) == ("on_hold", "On hold: Bracken keeps the hours until 7 December 2026")


def test_a_decision_that_counts_is_told_and_others_are_not() -> None:
    decision = {
        "move": "transfer",
        "decision": "suitable",
        "to_provider_id": "P2",
        "decided_by": "Sol (k1)",
        "why": "Met.",
    }
    decided = decision | {"valid_to": "2027-05-24", "counts_today": True}
    panel = panel_of(told("running", decisions=[decided, decided | {"counts_today": False}]), NOW)
    assert panel.decisions == ["Suitable to Clover (to the area's principal), decided by Sol, counts until 24 May 2027: Met."]


def test_who_else_may_be_asked_by_name() -> None:
    """Those that keep every rule, and those whom their own limit alone bars; nobody whom a rule bars, or who is asked already."""
    places = [place(1, "framework"), place(2, asked=True)]
    bars = ("own_limit", "decision", "rules")
    usual = {"tier": "legacy", "failed": []}
    others = [
        usual | {"contract_id": f"C{n}", "provider": f"P{n}", "provider_id": f"ID{n}", "barred_by": why}
        for n, why in enumerate(bars, 3)
    ]
    assert panel_of(told(cascade={"places": places, "others": others}), NOW).contract_options == [
        ("C1", "P1 (framework, £1.00 a week)"),
        ("C3", "P3 (legacy, beyond its own limit)"),
        ("C4", "P4 (legacy, needs a decision of social work)"),
    ]


@pytest.mark.parametrize(
    ("code", "status", "first"),
    [
        ("changed_since", 409, "Something has changed since you opened this page."),
        ("already_asked", 409, "A provider here has been asked since you opened this page."),
        ("reason_needed", 409, "Something has changed since you opened this page."),
        ("answer_needed", 409, "Record the person's yes to this provider first: care begins only with it."),
        ("wish_needed", 422, "Say what the person said: a direct payment is theirs to want."),
    ],
)
def test_a_refusal_is_a_sentence(code: str, status: int, first: str) -> None:
    problem = Problem(code, "Send If-Match with 2026-11-23.")
    assert is_told_here(problem) and status_of(problem) == status
    assert in_sentences(problem)[0].startswith(first)
    assert not any("2026-11-23" in each or "If-Match" in each for each in in_sentences(problem))


def test_every_fault_of_a_record_is_told_and_what_is_no_refusal_is_another_page() -> None:
    problem = Problem("refused", "2 fault(s)", faults=["choice_until: a day after 2026-11-23.", {"where": [], "problem": "no"}])
    assert in_sentences(problem) == ["Choice_until: a day after 23 November 2026.", "No"]
    assert not is_told_here(Problem("forbidden", "No.")) and not is_told_here(Problem("not_found", "No."))


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("8:10", (8, 10)),
        ("08.10", (8, 10)),
        ("2:05pm", (14, 5)),
        ("12:00 am", (0, 0)),
        ("12:30PM", (12, 30)),
        ("23:59", (23, 59)),
    ],
)
def test_a_time_as_somebody_types_it(text: str, time: tuple[int, int]) -> None:
    assert time_of(text) == dt.time(*time)


@pytest.mark.parametrize("text", ["", "eight", "24:00", "13:00pm", "8", "8:1", "0:10am"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|hour"):
        time_of(text)
