"""Questions and their clocks: written down, answered, passed upwards, closed; a provider's own; late ones; who sees which."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from api.clock import Clock
from api.contacts.clocks import answer_by
from api.contacts.contact_log import ASKED, PASSED_ON, REPLIED, SHUT, Step, is_overdue, standing_of, with_step
from api.forgetting.acts import forget
from api.nights.watching import overdue_questions
from api.offers.lapsing import sweep
from api.settings import Settings
from api.state.store import Store
from api.storage.database import reading
from api.subject_access.holdings import held_in_records
from api.subject_access.who import who_is
from optimiser.domain.dates import instant_of, is_working_day, wall_clock
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER
from tests.api.databases import ON_SQLITE
from tests.api.desk import Desk, code_of, desk
from tests.api.runs.working import calling

Json = dict[str, Any]
FAMILY = {"who": "family", "package_id": "N4", "kind": "start", "said_by": "Joan Reed", "how": "telephone"}
POSTS = ["brokerage", "team manager", "head of commissioning"]


def at_clock(*shown: int) -> dt.datetime:
    return instant_of(dt.datetime(*shown))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked_at", "who", "kind", "due"),
    [
        # A Monday: the family is owed an answer by Wednesday at five, a provider by the Monday after.
        (at_clock(2026, 11, 23, 11, 20), "family", "start", dt.datetime(2026, 11, 25, 17)),
        (at_clock(2026, 11, 23, 11, 20), "provider", "reasons", dt.datetime(2026, 11, 30, 17)),
        # A Friday after work, and the day after: the second working day is Tuesday.
        (at_clock(2026, 11, 27, 19, 0), "person", "visits", dt.datetime(2026, 12, 1, 17)),
        (at_clock(2026, 11, 28, 10, 0), "advocate", "money", dt.datetime(2026, 12, 1, 17)),
        # Christmas Eve: the 25th and the 28th (for Boxing Day, a Saturday) are holidays, so the 29th and the 30th count.
        (at_clock(2026, 12, 24, 9, 0), "family", "other", dt.datetime(2026, 12, 30, 17)),
        # Somebody may not be safe: four hours by the clock, at night too, and over the hour that comes twice.
        (at_clock(2026, 11, 27, 22, 0), "provider", "safety", dt.datetime(2026, 11, 28, 2)),
        (at_clock(2026, 10, 25, 0, 30), "family", "safety", dt.datetime(2026, 10, 25, 3, 30)),
    ],
)
def test_by_when_an_answer_is_owed(asked_at: dt.datetime, who: str, kind: str, due: dt.datetime) -> None:
    assert wall_clock(answer_by(asked_at, who, kind, Settings())) == due


@settings(max_examples=60, deadline=None)
@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31)), st.sampled_from(["family", "provider"]))
def test_between_asking_and_the_last_moment_lie_just_so_many_working_days(asked: dt.datetime, who: str) -> None:
    chosen = Settings()
    due = wall_clock(answer_by(instant_of(asked), who, "other", chosen))
    days = [asked.date() + dt.timedelta(days=each) for each in range(1, (due.date() - asked.date()).days + 1)]
    assert sum(map(is_working_day, days)) == (chosen.contact_provider_days if who == "provider" else chosen.contact_person_days)
    assert is_working_day(due.date()) and due.time() == chosen.working_day_ends


STEPS = st.sampled_from([Step(ASKED, "and?"), Step(REPLIED, "so"), Step(PASSED_ON, "why", to_post="team manager")])


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, max_size=8), st.booleans())
def test_a_question_is_open_just_while_something_was_asked_after_the_last_answer(steps: list[Step], shut: bool) -> None:
    """And its clock is never set back while it runs."""
    chosen = Settings(as_of=dt.date(2026, 11, 23))
    first = answer_by(chosen.clock.moment(), "family", "other", chosen).isoformat()
    body: Json = {"who": "family", "kind": "other", "post": "brokerage", "answer_by": first, "told": []}
    body, open_ = with_step(body, Step(ASKED, "why?"), chosen), True
    for step in steps:
        before = body
        body = with_step(body, step, chosen)
        open_ = step.what != REPLIED
        assert (standing_of(body) == "open") == open_
        assert not open_ or before["answer_by"] in (None, body["answer_by"])
    if shut:
        body = with_step(body, Step(SHUT), chosen)
        assert (standing_of(body), body["answer_by"], is_overdue(body, chosen)) == ("closed", None, False)


def test_posts_are_a_route() -> None:
    for posts in ((), ("a post", "a post"), ("ab",), ("a\npost",)):
        with pytest.raises(ValidationError):
            Settings(contact_posts=posts)


def good(answer: Any) -> Json:
    assert answer.is_success, answer.text
    told: Json = answer.json()
    return told


def asked(at: Desk, **given: Any) -> Json:
    return good(at.client.post("/v1/contacts", json={**FAMILY, "asked": "When will somebody come?", **given}))


def does(at: Desk, contact_id: str, what: str, **given: Any) -> Json:
    return good(at.client.post(f"/v1/contacts/{contact_id}/{what}", json=given))


def listed(client: Any, **query: Any) -> list[str]:
    return [each["contact_id"] for each in good(client.get("/v1/contacts", params=query))["items"]]


def test_a_family_s_question_from_asking_to_the_end(database_url: str, small: Snapshot) -> None:
    with desk(database_url, small) as at:
        made = asked(at, contact_id="C1")
        assert (made["standing"], made["post"], made["further_posts"]) == ("open", POSTS[0], POSTS[1:])
        assert made["answer_by"] == "2026-11-25T17:00:00" and not made["overdue"]
        assert asked(at, contact_id="C1") == made, "sent again it is not written down twice"
        twice = at.client.post("/v1/contacts", json={**FAMILY, "contact_id": "C1", "asked": "Something else"})
        assert code_of(twice) == (409, "already_there")

        up = does(at, "C1", "pass-on", reason="They want to hear the manager")
        assert (up["post"], up["answer_by"]) == (POSTS[1], made["answer_by"]), "whoever asked waits no longer for it"
        assert does(at, "C1", "pass-on", reason="They want to hear the manager") == up
        read = at.client.get("/v1/contacts/C1")
        stale, fresh = {"If-Match": '"1"'}, {"If-Match": read.headers["ETag"]}
        reply = {"text": "Alder begins on Thursday."}
        assert code_of(at.client.post("/v1/contacts/C1/answer", json=reply, headers=stale)) == (412, "changed_since")
        replied = good(at.client.post("/v1/contacts/C1/answer", json=reply, headers=fresh))
        assert (replied["standing"], replied["answer_by"]) == ("answered", None)
        further = does(at, "C1", "further", asked="At what time on Thursday?")
        assert (further["standing"], further["post"], further["further_posts"]) == ("open", POSTS[2], [])
        top = at.client.post("/v1/contacts/C1/pass-on", json={"reason": "Higher still"})
        assert code_of(top) == (409, "no_further_post")
        does(at, "C1", "answer", text="At eight.")
        closed = does(at, "C1", "close", outcome="settled")
        assert [each["what"] for each in closed["told"]] == [
            "asked", "passed_on", "answered", "asked", "answered", "closed",
        ]  # fmt: skip
        assert (closed["standing"], closed["told"][-1]["outcome"]) == ("closed", "settled")
        assert code_of(at.client.post("/v1/contacts/C1/answer", json={"text": "More"})) == (409, "not_in_this_state")

        second = asked(at, asked="Who comes at the weekend?")["contact_id"]
        unanswered = at.client.post(f"/v1/contacts/{second}/close", json={"outcome": "settled", "reason": "It is well"})
        assert code_of(unanswered) == (422, "not_answered")
        assert does(at, second, "close", outcome="withdrawn", reason="They found the letter")["standing"] == "closed"
        for wrong in (
            {"package_id": None},
            {"package_id": "none-such"},
            {"provider_id": "ALDER"},
            {"who": "provider"},
            {"who": "provider", "provider_id": "none-such"},
        ):
            refused = at.client.post("/v1/contacts", json={**FAMILY, "asked": "What?", **wrong})
            assert code_of(refused) == (422, "refused") and len(refused.json()["faults"]) == 1, wrong
        trail = [row["action"] for row in at.trail() if row["action"].startswith("contact")]
        assert trail == [
            "contact.recorded", "contact.passed_on", "contacts.read", "contact.answered", "contact.asked_further",
            "contact.answered", "contact.closed", "contact.recorded", "contact.closed",
        ]  # fmt: skip


def later(at: Desk, days: int) -> tuple[list[tuple[str, str]], tuple[int, int]]:
    """So many days later: the alerts of questions, as kind and package; and how many are overdue, of people and of providers."""
    clock = Clock(at.state().as_of + dt.timedelta(days=days))
    chosen = Settings(as_of=clock.fixed_day)
    with Store(at.store.engine, clock).trial(LOADER) as change:
        after = sweep(change, chosen)
        alerts = [each.body for each in after.stock["alerts"].values() if each.body["kind"].startswith("question")]
        late = overdue_questions(after, chosen)
        return sorted((each["kind"], each["package_id"]) for each in alerts), (late.of_people, late.of_providers)


@ON_SQLITE
def test_providers_ask_and_read_their_own_and_what_is_late_is_told(database_url: str, small: Snapshot) -> None:
    with (
        desk(database_url, small) as at,
        at.served.client_of("ALDER", "Sam at Alder") as alder,
        at.served.client_of("BRACKEN") as bracken,
        at.served.client("contracts") as officer,
        at.served.client("social_work") as social,
    ):
        asked(at, contact_id="C1")
        prices = {"contact_id": "Q1", "kind": "money", "asked": "Why is band two paid at band one?"}
        own = good(alder.post("/v1/own/questions", json=prices))
        assert (own["standing"], own["answer_by"], own["package_id"]) == ("open", "2026-11-30T17:00:00", None)
        key_safe = {"contact_id": "Q2", "kind": "visits", "offer_id": "OF2", "asked": "Is there a key safe?"}
        of_offer = good(alder.post("/v1/own/questions", json=key_safe))
        assert (of_offer["offer_id"], of_offer["package_id"]) == ("OF2", None), "whose offer it is, is not told here"
        assert code_of(bracken.post("/v1/own/questions", json=key_safe)) == (404, "not_found")
        for wrong, code in (({"package_id": "N4"}, 404), ({"offer_id": "OF2", "package_id": "R1"}, 422)):
            assert alder.post("/v1/own/questions", json={"kind": "other", "asked": "What?", **wrong}).status_code == code

        whole = listed(at.client)
        assert whole == ["C1", "Q1", "Q2"], "by when an answer is owed"
        assert (listed(social), listed(officer)) == (whole, ["Q1"]), "a contract officer is told of nobody's care"
        assert listed(at.client, package_id="N4") == ["C1"] and listed(at.client, provider_id="ALDER") == ["Q1", "Q2"]
        assert code_of(officer.get("/v1/contacts/C1")) == code_of(officer.get("/v1/contacts/none")) == (404, "not_found")
        assert code_of(officer.post("/v1/contacts", json={**FAMILY, "asked": "What?"})) == (403, "forbidden")
        assert [good(each.get("/v1/own/questions"))["items"] for each in (alder, bracken)] == [[own, of_offer], []]
        for contact_id in ("C1", "Q1", "none"):
            assert code_of(bracken.get(f"/v1/own/questions/{contact_id}")) == (404, "not_found")

        good(officer.post("/v1/contacts/Q1/answer", json={"text": "It was a mistake; it is put right."}))
        answered = good(alder.get("/v1/own/questions/Q1"))
        assert [each["text"] for each in answered["told"]] == [prices["asked"], "It was a mistake; it is put right."]
        assert "officer" not in str(answered) and "contracts" not in str(answered), "nobody of the council by name"
        further = good(alder.post("/v1/own/questions/Q1/further", json={"asked": "From which day?"}))
        assert (further["standing"], further["told"][-1]["post"]) == ("open", POSTS[1])
        good(at.client.post("/v1/contacts/Q1/pass-on", json={"reason": "Their director has rung ours"}))
        assert "director" not in alder.get("/v1/own/questions/Q1").text, "why is for the council alone"

        # C1 is late from Wednesday at five, and the two of the provider from the Monday after: whatever the hour of this test.
        assert later(at, 1) == ([], (0, 0))
        assert later(at, 3) == ([("question_overdue", "N4")], (1, 0))
        late = [("question_overdue", ""), ("question_overdue", "N4"), ("question_overdue", "N7")]
        assert later(at, 8) == (late, (1, 2))
        does(at, "C1", "answer", text="On Thursday.")
        assert later(at, 8)[1] == (0, 2), "what is answered is late no more"

        of_safety(at)
        good(alder.post("/v1/own/questions", json={"contact_id": "Q3", "kind": "other", "asked": "Was N4 ours before?"}))
        good(alder.post("/v1/own/questions", json={"contact_id": "Q4", "kind": "safety", "asked": "Is the office open?"}))
        (without,) = [each for each in good(at.client.get("/v1/alerts"))["items"] if each["about"] == "Q4"]
        good(at.client.post(f"/v1/alerts/{without['alert_id']}/acknowledge"))
        of_whoever_has_left(at)


def of_safety(at: Desk) -> None:
    """Alerted at once, whether care has ended or not, until it is answered."""
    safe = asked(at, contact_id="C2", kind="safety", asked="Nobody came; is she safe?")
    assert ("question_of_safety", "N4") in at.every_alert() and safe["answer_by"] < "2026-11-24T06"
    at.act("N4", "end", reason="Has moved away")
    assert ("question_of_safety", "N4") in at.every_alert(), "an answer is owed whether care has ended or not"
    does(at, "C2", "answer", text="She is at her daughter's.")
    assert ("question_of_safety", "N4") not in at.every_alert()


def of_whoever_has_left(at: Desk) -> None:
    """N4's copy tells what was asked about them; forgotten, nothing of it is left, and others' questions are."""
    with reading(at.store.engine) as connection:
        who = who_is(connection, at.state(), "N4")
        assert who is not None
        held = {each.named: each.of_them for each in held_in_records(at.state().stock, who) if each.where == "contacts"}
    assert sorted(held) == ["C1", "C2", "Q3"] and held["C1"]["told"][1]["text"] == "On Thursday."
    assert "money" not in str(held["Q3"]), "of another's question the part that names them"
    forget(calling(at.store, LOADER), ["N4"])
    assert sorted(at.state().stock["contacts"]) == ["Q1", "Q2", "Q3", "Q4"]
    assert at.state().stock["contacts"]["Q3"].body["told"][0]["text"] == "", "it named somebody, and stays without that"
    assert "daughter" not in "".join(str(row["details"]) for row in at.trail())
