"""Every step of an assessment, in its order; and what a rating that is fixed would change, for those who did not rate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import orjson

from api.acts.act import Caller, act, only
from api.assessments.answers import assessment_json, etag_of, next_json, shown_assessment
from api.assessments.consequences import as_published, consequences_of
from api.assessments.schemas import (
    AssessmentsQuery,
    CorrectionAnswer,
    Draft,
    Fix,
    NewCorrection,
    OpenAssessment,
    Publish,
    Send,
    Withdraw,
)
from api.http.errors import ALREADY_THERE, Problem, declare
from api.http.paging import Page
from api.http.responses import Shown, require, shown
from api.offers.lapsing import OF_SWEEPS, sweep
from api.security.roles import ADMIN, CONTRACTS, QUALITY
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import ASSESSMENTS, Body, assessment_of, assessments_of
from api.storage.audit import WHOLE_COUNTY
from optimiser.domain.assessments import (
    DRAFTED,
    FIXED,
    NEXT_STEPS,
    OPEN,
    PUBLISHED,
    VISITED,
    WITH_PROVIDER,
    WITHDRAWN,
)

NOT_NEXT = declare("not_the_next_step", 409, "The steps of an assessment come in their order; `detail` says which is next")
HAD_A_HAND = declare("had_a_hand", 403, "Whoever rates is not told what a rating would change, and who was told does not rate")

WHO_ASSESSES = only(QUALITY, ADMIN)
WHO_READS = {QUALITY: "", ADMIN: "", CONTRACTS: "no rating before it is fixed, and no words of corrections or of a withdrawal"}
WHO_IS_TOLD = dict.fromkeys((CONTRACTS, ADMIN), "not of an assessment that they had a hand in")


@act("assessments.list", WHO_READS)
def list_assessments(by: Caller, query: AssessmentsQuery) -> Page[bytes]:
    """Assessments of providers, a page at a time, in the order of their ids; those that are late alone, where that is asked."""
    state = by.store.state()
    settings, stock = state.snapshot.quality, state.stock[ASSESSMENTS]
    wanted = [
        each
        for each in sorted(stock)
        if (found := assessment_of(stock[each].body))
        and query.provider_id in (None, found.provider_id)
        and query.state in (None, found.state)
        and query.overdue in (None, found.days_overdue(settings, state.as_of) > 0)
    ]
    page = by.page(wanted, lambda each: (each,), query.limit, query.cursor)
    bodies = [orjson.dumps(assessment_json(state, stock[each].body, by.actor.role)) for each in page.items]
    return Page(bodies, page.next_cursor)


@act("assessments.read", WHO_READS)
def read_assessment(by: Caller, assessment_id: str) -> Shown:
    """An assessment: its state, what is next and by when, and the provider's corrections with what became of them."""
    state = by.store.state()
    _body(state, assessment_id)
    return shown_assessment(state, assessment_id, by.actor.role)


@act("assessments.consequences", WHO_IS_TOLD, writes=("assessments.consequences",))
def read_consequences(by: Caller, assessment_id: str) -> Shown:
    """What a rating that is fixed would change if it were published today: never told to whoever had a hand in it."""
    state = by.store.state()
    body = _body(state, assessment_id)
    _refuse_a_hand(by, body)
    _in_order(body, "What it would change is told", (FIXED,))
    found = consequences_of(by, body)
    counts = {name: len(each) for name, each in found.items() if isinstance(each, list)}
    by.read("assessments.consequences", ASSESSMENTS, assessment_id, {**counts, WHOLE_COUNTY: state.version})
    if not {*WHO_ASSESSES}.isdisjoint(by.actor.roles) and not _is_among(by, body["told"]):
        with by.change() as change:
            body = _body(change.state, assessment_id)
            _refuse_a_hand(by, body)  # they may have done something else meanwhile
            change.put(ASSESSMENTS, assessment_id, body | {"told": [*body["told"], by.actor.name]})
    more = {name: body[name] for name in ("assessment_id", "provider_id", "rating")}
    posts = list(state.snapshot.quality.escalation_posts)
    return shown(more | found | {"next": next_json(state, body), "escalation_posts": posts})


@act("assessments.open", WHO_ASSESSES, writes=("assessments.open",), changes=True)
def open_assessment(by: Caller, asked: OpenAssessment) -> Shown:
    """A provider has been visited: its assessment begins."""
    with by.change() as change:
        state = change.state
        if state.get(ASSESSMENTS, asked.assessment_id):
            raise Problem(ALREADY_THERE, "An assessment with this assessment_id is there already.")
        provider = state.get("providers", asked.provider_id)
        faults = [] if provider else [f"provider_id: there is no provider {asked.provider_id}."]
        if provider and provider.record.ends and provider.record.ends <= state.as_of:
            faults.append(f"provider_id: {asked.provider_id} has worked for nobody here since {provider.record.ends}.")
        day = _day("visited_on", asked.visited_on, state.as_of, None, faults)
        _refuse(faults)
        for other in assessments_of(state.stock):
            if other.provider_id == asked.provider_id:
                told = f"Assessment {other.assessment_id} of {asked.provider_id} is open: publish or withdraw it first."
                raise Problem(NOT_NEXT, told)
        blank = dict.fromkeys(("drafted_on", "sent_on", "fixed_on", "published_on", "withdrawn_on", "draft_rating", "rating"))
        begun = {"assessment_id": asked.assessment_id, "provider_id": asked.provider_id, "state": VISITED, "visited_on": day}
        rest = {"corrections": [], "provider_has_finished": False, "withdrawn_because": "", "hands": [by.actor.name], "told": []}
        change.put(ASSESSMENTS, asked.assessment_id, blank | begun | rest)
        change.remember("assessments.open", ASSESSMENTS, asked.assessment_id, begun)
        return shown_assessment(change.as_if(), asked.assessment_id, by.actor.role)


@act("assessments.draft", WHO_ASSESSES, writes=("assessments.draft",), changes=True)
def draft(by: Caller, assessment_id: str, asked: Draft, if_match: str | None) -> Shown:
    """The draft report is written. Its rating counts for nothing."""
    with by.change() as change:
        body = _next(by, change.state, assessment_id, if_match, "A draft is written", (VISITED,))
        faults: list[str] = []
        day = _day("drafted_on", asked.drafted_on, change.state.as_of, body["visited_on"], faults)
        _refuse(faults)
        return _done(by, change, body, "draft", {"state": DRAFTED, "drafted_on": day, "draft_rating": asked.rating})


@act("assessments.send", WHO_ASSESSES, writes=("assessments.send",), changes=True)
def send(by: Caller, assessment_id: str, asked: Send, if_match: str | None) -> Shown:
    """The draft is with the provider, which has its days to correct facts from now on."""
    with by.change() as change:
        body = _next(by, change.state, assessment_id, if_match, "A draft is sent", (DRAFTED,))
        faults: list[str] = []
        day = _day("sent_on", asked.sent_on, change.state.as_of, body["drafted_on"], faults)
        _refuse(faults)
        return _done(by, change, body, "send", {"state": WITH_PROVIDER, "sent_on": day})


@act("assessments.correct", WHO_ASSESSES, writes=("assessments.correct",), changes=True)
def correct(by: Caller, assessment_id: str, asked: NewCorrection, if_match: str | None) -> Shown:
    """The provider says that something is not so: recorded, and to be answered."""
    with by.change() as change:
        body = _next(by, change.state, assessment_id, if_match, "A correction is recorded", (WITH_PROVIDER,))
        faults: list[str] = []
        day = _day("received_on", asked.received_on, change.state.as_of, body["sent_on"], faults)
        _refuse(faults)
        until = assessment_of(body).corrections_until(change.state.snapshot.quality)
        known = {"number": len(body["corrections"]) + 1, "received_on": day, "late": day > str(until)}
        correction = known | {"statement": asked.statement, "answer": None}
        return _done(by, change, body, "correct", {"corrections": [*body["corrections"], correction]}, told=known)


@act("assessments.answer", WHO_ASSESSES, writes=("assessments.answer",), changes=True)
def answer(by: Caller, assessment_id: str, number: int, asked: CorrectionAnswer, if_match: str | None) -> Shown:
    """A correction is answered: whether the report is changed, why, and who decided."""
    with by.change() as change:
        body = _next(by, change.state, assessment_id, if_match, "A correction is answered", (WITH_PROVIDER,))
        found = next((each for each in body["corrections"] if each["number"] == number), None)
        if found is None:
            raise Problem("not_found", f"There is no correction {number} of this assessment.")
        if found["answer"] is not None:
            raise Problem(
                NOT_NEXT,
                f"Correction {number} was answered on {found['answer']['answered_on']}: {found['answer']['outcome']}.",
            )
        known = {"outcome": asked.outcome, "decided_by": asked.decided_by or by.actor.name}
        answered = known | {
            "explanation": asked.explanation,
            "answered_on": str(change.state.as_of),
            "answered_by": by.actor.name,
        }
        corrections = [each | ({"answer": answered} if each is found else {}) for each in body["corrections"]]
        return _done(by, change, body, "answer", {"corrections": corrections}, told={"number": number, **known})


@act("assessments.fix", WHO_ASSESSES, writes=("assessments.fix",), changes=True)
def fix(by: Caller, assessment_id: str, asked: Fix, if_match: str | None) -> Shown:
    """Corrections are settled and the rating is fixed: from now on contract officers are told what it would change."""
    with by.change() as change:
        state = change.state
        body = _next(by, state, assessment_id, if_match, "A rating is fixed", (WITH_PROVIDER,))
        until = assessment_of(body).corrections_until(state.snapshot.quality)
        faults = [
            f"Correction {each['number']} of {each['received_on']} has not been answered."
            for each in body["corrections"]
            if each["answer"] is None
        ]
        if until and state.as_of <= until and not asked.provider_has_finished:
            faults.append(f"The provider may send corrections until {until}: say `provider_has_finished` where it has no more.")
        if faults:
            raise Problem(NOT_NEXT, f"{len(faults)} thing(s) come first.", faults=faults)
        given: Body = {"state": FIXED, "fixed_on": str(state.as_of), "rating": asked.rating}
        given |= {"provider_has_finished": asked.provider_has_finished}
        return _done(by, change, body, "fix", given, told=given | {"reason": asked.reason})


@act("assessments.publish", WHO_ASSESSES, writes=("assessments.publish", "providers.change", *OF_SWEEPS), changes=True)
def publish(by: Caller, assessment_id: str, asked: Publish, if_match: str | None) -> Shown:
    """The rating is published: it counts from its day on, and offers that may no longer be waited for are stopped."""
    with by.change() as change:
        body = _next(by, change.state, assessment_id, if_match, "A rating is published", (FIXED,))
        day = _publication_day(change.state, body, asked.published_on)
        before = as_published(change, body, day)
        after = {"pamms_rating": body["rating"], "pamms_published": day}
        told = {"before": before, "after": after, "reason": asked.reason}
        change.remember("providers.change", "providers", body["provider_id"], told | {"assessment_id": assessment_id})
        return _done(
            by, change, body, "publish", {"state": PUBLISHED, "published_on": day}, told=after | {"reason": asked.reason}
        )


@act("assessments.withdraw", WHO_ASSESSES, writes=("assessments.withdraw",), changes=True)
def withdraw(by: Caller, assessment_id: str, asked: Withdraw, if_match: str | None) -> Shown:
    """The assessment comes to nothing, with a reason; what was published before goes on counting."""
    with by.change() as change:
        body = _next(by, change.state, assessment_id, if_match, "An assessment is withdrawn", OPEN)
        given = {"state": WITHDRAWN, "withdrawn_on": str(change.state.as_of), "withdrawn_because": asked.reason}
        return _done(by, change, body, "withdraw", given, told={"was": body["state"], "reason": asked.reason})


def _refuse_a_hand(by: Caller, body: Body) -> None:
    """Raises the problem ``had_a_hand`` for whoever is not told what a rating would change."""
    if _is_among(by, body["hands"]):
        told = "You had a hand in this assessment: what its rating would change is not told to you, whatever your other roles."
        raise Problem(HAD_A_HAND, told)


def _body(state: State, assessment_id: str) -> Body:
    stored = state.get(ASSESSMENTS, assessment_id)
    if stored is None:
        raise Problem("not_found", "There is no assessment of this id.")
    return stored.body


def _next(by: Caller, state: State, assessment_id: str, if_match: str | None, what: str, states: Iterable[str]) -> Body:
    """The assessment as its caller has read it, where a step is its next. Raises a ``Problem`` otherwise."""
    body = _body(state, assessment_id)
    require(if_match, etag_of(state, assessment_id))
    _in_order(body, what, states)
    if _is_among(by, body["told"]):
        raise Problem(HAD_A_HAND, "You have been told what this rating would change: another officer publishes or withdraws it.")
    return body


def _in_order(body: Body, what: str, states: Iterable[str]) -> None:
    if body["state"] in states:
        return
    following = NEXT_STEPS.get(body["state"])
    then = f"next, {following}" if following else "nothing follows"
    wanted = " or ".join(state.replace("_", " ") for state in states)
    told = f"{what} while it is {wanted}; this assessment is {body['state'].replace('_', ' ')}: {then}."
    raise Problem(NOT_NEXT, told)


def _done(by: Caller, change: Change, before: Body, step: str, given: Body, told: dict[str, Any] | None = None) -> Shown:
    """Write what a step gives, with its entry; ``told``: what the entry says, where that is not all of it."""
    assessment_id, hands = before["assessment_id"], before["hands"]
    known = hands if by.actor.name in hands else [*hands, by.actor.name]
    change.put(ASSESSMENTS, assessment_id, before | given | {"hands": known})
    change.remember(f"assessments.{step}", ASSESSMENTS, assessment_id, given if told is None else told)
    after = sweep(change, by.settings, change.as_if()) if step == "publish" else change.as_if()
    return shown_assessment(after, assessment_id, by.actor.role)


def _day(name: str, given: dt.date | None, today: dt.date, not_before: str | None, faults: list[str]) -> str:
    """The day of a step: today where none is given. Adds a fault for one that is still to come, or before the step before."""
    day = given or today
    if day > today:
        faults.append(f"{name}: a day up to today, {today}; it is {day}.")
    if not_before and str(day) < not_before:
        faults.append(f"{name}: a day from {not_before} on, when the step before it was; it is {day}.")
    return str(day)


def _publication_day(state: State, body: Body, given: dt.date | None) -> str:
    """The records hold one rating at a time: a later day is only for a provider of whom none counts until then."""
    day, faults = given or state.as_of, []
    provider = state.stock["providers"][body["provider_id"]].record
    published = provider.pamms_published
    if str(day) < body["fixed_on"]:
        faults.append(f"published_on: a day from {body['fixed_on']} on, when the rating was fixed; it is {day}.")
    if day > state.as_of and provider.pamms_rating and published and published <= state.as_of:
        rating = provider.pamms_rating.replace("_", " ")
        faults.append(
            f"published_on: today at the latest, as the rating {rating} of {published} counts and would be lost before {day}."
        )
    _refuse(faults)
    return str(day)


def _refuse(faults: list[str]) -> None:
    if faults:
        raise Problem("refused", f"{len(faults)} fault(s); nothing was written.", faults=faults)


def _is_among(by: Caller, names: Iterable[str]) -> bool:
    return _bare(by.actor.name) in map(_bare, names)


def _bare(name: str) -> str:
    """Somebody's name without the key that they used: with another key they are the same person."""
    return (name.rpartition(" (")[0] or name).strip().casefold()
