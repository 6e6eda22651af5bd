"""Questions are written down with a clock, answered, passed upwards, and closed; a provider asks and reads its own itself.

A contract officer sees what providers ask about nobody's care alone: of people they are not told.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson

from api.acts.act import Caller, act
from api.contacts.clocks import answer_by
from api.contacts.contact_log import (
    ASKED,
    PASSED_ON,
    REPLIED,
    SHUT,
    Step,
    contact_json,
    further_posts,
    is_overdue,
    is_said,
    own_json,
    standing_of,
    turn_of,
    was_answered,
    with_step,
)
from api.contacts.schemas import (
    ANSWERED,
    CLOSED,
    PROVIDER,
    SAFETY,
    AskedFurther,
    ClosingContact,
    ContactsQuery,
    NewContact,
    NewOwnQuestion,
    NewReply,
    PassingOn,
)
from api.http.errors import ALREADY_THERE, Problem, declare
from api.http.paging import Page
from api.http.responses import Shown, refuse_changed, shown, tag
from api.http.strict import Query
from api.offers.alerts import QUESTION_OF_SAFETY, Occasion, acknowledge, alert
from api.offers.problems import NOT_IN_THIS_STATE
from api.own.own_care import own_packages
from api.own.whose import OWN, own_name, own_offer, own_provider
from api.security.roles import ADMIN, CONTRACTS, PLANNER, SOCIAL_WORK, TRANSITION
from api.state.known_people import was_known
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import CONTACTS, Body, Stored

OF_NOBODY = "what a provider asks about nobody's care"
WHO = {PLANNER: "", TRANSITION: "", SOCIAL_WORK: "", ADMIN: "", CONTRACTS: OF_NOBODY}
NO_FURTHER_POST = declare("no_further_post", 409, "There is no such post above the one that it lies with")
NOT_ANSWERED = declare("not_answered", 422, "Nobody has answered it: say why it is closed all the same")
UNKNOWN = "There is no question of this id."
LOOKED = "alert.acknowledge"


@act("contacts.record", WHO, writes=("contact.recorded",), changes=True)
def record(by: Caller, given: NewContact) -> Shown:
    """A question of a provider, a person, their family or an advocate is written down, with a clock for its answer."""
    if given.package_id and _sees_nobody(by):
        raise Problem("forbidden", f"The role {CONTRACTS} writes down {OF_NOBODY} alone.")
    with by.change() as change:
        _refuse(change, given)
        of = {name: getattr(given, name) or "" for name in ("provider_id", "package_id", "said_by")}
        of |= {"who": given.who, "how": given.how, "offer_id": ""}
        body = _made(by, change, given, of, done_by=by.actor.name)
    return _shown(by, body)


@act("contacts.list", WHO, writes=("contacts.list",))
def list_contacts(by: Caller, query: ContactsQuery) -> Page[bytes]:
    """Questions by what is due next: those that are owed an answer first, then those answered, then those closed."""
    before = by.store.state()
    found = [each.body for each in before.stock[CONTACTS].values() if _is_wanted(by, each.body, query)]
    page = by.page(found, turn_of, query.limit, query.cursor)
    if not page.items:
        return Page([], None)  # nobody was shown
    seen = sorted({each["package_id"] for each in page.items if each["package_id"]})
    state = by.read("contacts.list", "contacts", details={"package_ids": seen})
    told = (state.get(CONTACTS, each["contact_id"]) for each in page.items)
    return Page([orjson.dumps(contact_json(each.body, by.settings)) for each in told if each is not None], page.next_cursor)


@act("contacts.read", WHO, writes=("contacts.read",))
def read(by: Caller, contact_id: str) -> Shown:
    """One question with all that was said to it."""
    body = _known(by, by.store.state(), contact_id).body
    state = by.read("contacts.read", *_about(body), details={"contact_id": contact_id})
    stored = _known(by, state, contact_id)
    return _shown(by, stored.body, stored.version)


@act("contacts.answer", WHO, writes=("contact.answered", LOOKED), changes=True)
def answer(by: Caller, contact_id: str, given: NewReply, if_match: str | None = None) -> Shown:
    """A question has its answer; nothing is owed any more unless whoever asked asks further."""
    return _go_on(by, contact_id, lambda _: Step(REPLIED, given.text, done_by=by.actor.name), if_match)


@act("contacts.ask_further", WHO, writes=("contact.asked_further",), changes=True)
def ask_further(by: Caller, contact_id: str, given: AskedFurther, if_match: str | None = None) -> Shown:
    """Whoever asked says that the answer does not settle it: the next post is owed an answer, by a clock of its own."""
    return _go_on(by, contact_id, lambda body: _further(body, by, Step(ASKED, given.asked, done_by=by.actor.name)), if_match)


@act("contacts.pass_on", WHO, writes=("contact.passed_on",), changes=True)
def pass_on(by: Caller, contact_id: str, given: PassingOn, if_match: str | None = None) -> Shown:
    """A question goes to a post further up, for a reason. Its clock runs on; after an answer it is given another."""

    def upwards(body: Body) -> Step:
        last, posts = body["told"][-1], further_posts(body, by.settings)
        step = Step(PASSED_ON, given.reason, done_by=by.actor.name, to_post=given.to_post or next(iter(posts), ""))
        if is_said(body, replace(step, to_post=given.to_post or last["to_post"])):
            return replace(step, to_post=last["to_post"])  # the same again goes no further up
        if step.to_post not in posts:
            told = f"It may go to: {', '.join(posts)}." if posts else f"It lies with {body['post']}, which is the last."
            raise Problem(NO_FURTHER_POST, told)
        return step

    return _go_on(by, contact_id, upwards, if_match)


@act("contacts.close", WHO, writes=("contact.closed", LOOKED), changes=True)
def close(by: Caller, contact_id: str, given: ClosingContact, if_match: str | None = None) -> Shown:
    """Nothing more is owed: it was settled, they ask no more, or it goes on elsewhere, such as a complaint."""

    def shut(body: Body) -> Step:
        if not was_answered(body) and (given.outcome == "settled" or not given.reason):
            raise Problem(NOT_ANSWERED, "Answer it first; or say why there is none, as withdrawn or goes_on_elsewhere.")
        return Step(SHUT, given.reason or "", done_by=by.actor.name, outcome=given.outcome)

    return _go_on(by, contact_id, shut, if_match)


@act("own.ask", OWN, writes=("contact.recorded",), changes=True)
def ask_own(by: Caller, given: NewOwnQuestion) -> Shown:
    """A provider asks the council: about care that it delivers, one of its own offers, or neither."""
    with by.change() as change:
        state = change.state
        provider_id = own_provider(by, state).provider_id
        package_id = given.package_id or ""
        if given.offer_id is not None:
            if package_id:
                raise Problem("refused", "1 fault(s); nothing was written.", faults=["offer_id: give it without a package_id."])
            package_id = own_offer(by, state, given.offer_id).record.package_id
        elif package_id and package_id not in own_packages(state, provider_id):
            raise Problem("not_found", "There is no package of this id in your care.")
        of = {"who": PROVIDER, "how": "portal", "provider_id": provider_id, "said_by": own_name(by), "package_id": package_id}
        body = _made(by, change, given, of | {"offer_id": given.offer_id or ""}, done_by="")
    return shown(own_json(body, by.settings))


@act("own.questions", OWN, writes=("own.questions",))
def list_own(by: Caller, query: Query) -> Page[bytes]:
    """A provider's own questions with the answers: those that are owed one first."""
    before = by.store.state()
    found = [each.body for each in before.stock[CONTACTS].values() if _is_own(by, before, each)]
    page = by.page(found, turn_of, query.limit, query.cursor)
    seen = sorted({each["package_id"] for each in page.items if each["package_id"]})
    details = {"provider_id": by.actor.provider_id, "package_ids": seen}
    state = by.read("own.questions", "contacts", details=details)
    told = (state.get(CONTACTS, each["contact_id"]) for each in page.items)
    return Page([orjson.dumps(own_json(each.body, by.settings)) for each in told if each is not None], page.next_cursor)


@act("own.question", OWN, writes=("own.question",))
def read_own(by: Caller, contact_id: str) -> Shown:
    """One of a provider's own questions, with the answers."""
    body = _own(by, by.store.state(), contact_id).body
    state = by.read("own.question", *_about(body), details={"contact_id": contact_id, "provider_id": by.actor.provider_id})
    stored = _own(by, state, contact_id)
    return shown(own_json(stored.body, by.settings), tag(stored.version))


@act("own.ask_further", OWN, writes=("contact.asked_further",), changes=True)
def ask_own_further(by: Caller, contact_id: str, given: AskedFurther) -> Shown:
    """The answer does not settle a provider's own question: it goes to the next post, with a clock of its own."""
    with by.change() as change:
        stored = _own(by, change.state, contact_id)
        body = _next(by, change, stored, _further(stored.body, by, Step(ASKED, given.asked, said_by=own_name(by))))
    return shown(own_json(body, by.settings))


def _sees_nobody(by: Caller) -> bool:
    return by.actor.role == CONTRACTS


def _is_wanted(by: Caller, body: Body, query: ContactsQuery) -> bool:
    return (
        not (body["package_id"] and _sees_nobody(by))
        and query.package_id in (None, body["package_id"])
        and query.provider_id in (None, body["provider_id"])
        and query.standing in (None, standing_of(body))
        and query.overdue in (None, is_overdue(body, by.settings))
    )


def _known(by: Caller, state: State, contact_id: str) -> Stored:
    stored = state.get(CONTACTS, contact_id)
    if stored is None or (stored.body["package_id"] and _sees_nobody(by)):
        raise Problem("not_found", UNKNOWN)
    return stored


def _is_own(by: Caller, state: State, stored: Stored) -> bool:
    """Whether a provider asked it: what others ask about its care is not its own."""
    provider_id = own_provider(by, state).provider_id
    return bool(stored.body["who"] == PROVIDER and stored.body["provider_id"] == provider_id)


def _own(by: Caller, state: State, contact_id: str) -> Stored:
    stored = state.get(CONTACTS, contact_id)
    if stored is None or not _is_own(by, state, stored):
        raise Problem("not_found", UNKNOWN)
    return stored


def _refuse(change: Change, given: NewContact) -> None:
    faults = []
    if given.who == PROVIDER and not given.provider_id:
        faults.append("provider_id: say which provider asks.")
    if given.who != PROVIDER and given.provider_id:
        faults.append("provider_id: of what a provider asks alone.")
    if given.who != PROVIDER and not given.package_id:
        faults.append("package_id: say about whose care it is.")
    if given.provider_id and change.state.get("providers", given.provider_id) is None:
        faults.append("provider_id: there is no provider of this id.")
    if given.package_id and not was_known(change.connection, given.package_id):
        faults.append("package_id: there is no package of this id.")
    if faults:
        raise Problem("refused", f"{len(faults)} fault(s); nothing was written.", faults=faults)


def _made(by: Caller, change: Change, given: NewContact | NewOwnQuestion, of: dict[str, str], *, done_by: str) -> Body:
    """A question is written down; the very same that has this id already is answered as it stands."""
    known = None if given.contact_id is None else change.state.get(CONTACTS, given.contact_id)
    first: dict[str, Any] = {**of, "kind": given.kind}
    if known is not None:
        if {name: known.body[name] for name in first} != first or known.body["told"][0]["text"] != given.asked:
            raise Problem(ALREADY_THERE, "Another question has this contact_id: give each an id of its own.")
        return known.body
    moment = by.settings.clock.moment()
    empty: Body = {
        **first,
        "contact_id": given.contact_id or f"C-{secrets.token_hex(8)}",
        "recorded_by": by.actor.name,
        "recorded_at": by.settings.clock.now().isoformat(),
        "post": by.settings.contact_posts[0],
        "answer_by": answer_by(moment, first["who"], given.kind, by.settings).isoformat(),
        "told": [],
    }
    body = with_step(empty, Step(ASKED, given.asked, done_by=done_by, said_by=first["said_by"]), by.settings)
    change.put(CONTACTS, body["contact_id"], body)
    change.remember("contact.recorded", *_about(body), {**body, "told": [], "asked": body["told"][0]})
    if given.kind == SAFETY:
        alert(change, Occasion(QUESTION_OF_SAFETY, body["package_id"], body["contact_id"]))
    return body


def _further(body: Body, by: Caller, step: Step) -> Step:
    """What is asked after an answer goes to the next post, as far as there is one."""
    if standing_of(body) != ANSWERED:
        return step
    return replace(step, to_post=next(iter(further_posts(body, by.settings)), ""))


def _go_on(by: Caller, contact_id: str, step_of: Callable[[Body], Step], if_match: str | None) -> Shown:
    with by.change() as change:
        stored = _known(by, change.state, contact_id)
        refuse_changed(if_match, tag(stored.version))
        body = _next(by, change, stored, step_of(stored.body))
        version = change.as_if().stock[CONTACTS][contact_id].version
    return _shown(by, body, version)


def _next(by: Caller, change: Change, stored: Stored, step: Step) -> Body:
    """The question after a step, written; the very same step said again changes nothing."""
    before = stored.body
    if is_said(before, step):
        return before
    if standing_of(before) == CLOSED:
        raise Problem(NOT_IN_THIS_STATE, "It is closed: write down what is asked now as a question of its own.")
    body = with_step(before, step, by.settings)
    change.put(CONTACTS, body["contact_id"], body)
    done = "asked_further" if step.what == ASKED else step.what
    said = "asked" if step.what == ASKED else "said"
    told = {"contact_id": body["contact_id"], "provider_id": body["provider_id"], said: body["told"][-1]}
    change.remember(f"contact.{done}", *_about(body), told | {"answer_by": body["answer_by"]})
    if body["answer_by"] is None:
        _look_at(change, body["contact_id"])
    return body


def _look_at(change: Change, contact_id: str) -> None:
    """Whatever was alerted about a question counts as looked at by whoever answers or closes it."""
    for alert_id, stored in sorted(change.as_if().stock["alerts"].items()):
        if stored.body.get("about", "").partition(" ")[0] == contact_id:
            acknowledge(change, alert_id, stored.body)


def _about(body: Body) -> tuple[str, str]:
    """What an entry is about: the person where it is of one, else the provider that asks."""
    return ("packages", body["package_id"]) if body["package_id"] else ("providers", body["provider_id"])


def _shown(by: Caller, body: Body, version: int | None = None) -> Shown:
    return shown(contact_json(body, by.settings), "" if version is None else tag(version))
