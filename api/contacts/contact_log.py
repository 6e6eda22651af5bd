"""A question as it is kept: who asked, the post that it lies with, by when an answer is owed, and what was said, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from api.contacts.clocks import answer_by
from api.contacts.schemas import ANSWERED, CLOSED, OPEN
from api.http.paging import Key
from api.offers.alerts import QUESTION_OVERDUE, Occasion
from api.settings import Settings
from api.state.state import State
from api.state.stored_records import CONTACTS, Body
from optimiser.domain.dates import wall_clock

Json = dict[str, Any]
ASKED, REPLIED, PASSED_ON, SHUT = "asked", "answered", "passed_on", "closed"


@dataclass(frozen=True)
class Step:
    """Something that was said or done. ``done_by``: of the council; ``said_by``: of whoever asks, "" where both are the same."""

    what: str
    text: str = field(default="", repr=False)
    done_by: str = ""
    said_by: str = field(default="", repr=False)
    to_post: str = ""
    outcome: str = ""


def with_step(body: Body, step: Step, settings: Settings) -> Body:
    """The question after a step. What is asked anew, or is passed on after an answer, is owed an answer by a clock of its own;
    what is passed on before has the clock that it had: whoever asked waits no longer for it.
    """
    told = {
        "what": step.what,
        "at": settings.clock.now().isoformat(),
        "post": body["post"],
        **{name: getattr(step, name) for name in ("to_post", "done_by", "said_by", "text", "outcome")},
    }
    due = body["answer_by"]
    if step.what in (REPLIED, SHUT):
        due = None
    elif due is None:
        due = answer_by(settings.clock.moment(), body["who"], body["kind"], settings).isoformat()
    return body | {"told": [*body["told"], told], "post": step.to_post or body["post"], "answer_by": due}


def standing_of(body: Body) -> str:
    """Open while an answer is owed."""
    if body["told"][-1]["what"] == SHUT:
        return CLOSED
    return ANSWERED if body["answer_by"] is None else OPEN


def is_said(body: Body, step: Step) -> bool:
    """Whether the very same was the last that was said or done."""
    last = body["told"][-1]
    names = ("what", "text", "outcome", "done_by", "said_by")
    return all(last[name] == getattr(step, name) for name in names) and step.to_post in ("", last["to_post"])


def was_answered(body: Body) -> bool:
    return any(each["what"] == REPLIED for each in body["told"])


def further_posts(body: Body, settings: Settings) -> list[str]:
    """The posts above the one that it lies with; all but the first above one that the settings do not know any more."""
    posts = list(settings.contact_posts)
    return posts[posts.index(body["post"]) + 1 :] if body["post"] in posts else posts[1:]


def is_overdue(body: Body, settings: Settings) -> bool:
    return body["answer_by"] is not None and dt.datetime.fromisoformat(body["answer_by"]) < settings.clock.moment()


def turn_of(body: Body) -> Key:
    """Those that are owed an answer by when they are; then those answered, then those closed, the last of them first."""
    place = (OPEN, ANSWERED, CLOSED).index(standing_of(body))
    last = dt.datetime.fromisoformat(body["told"][-1]["at"])
    return place, body["answer_by"] or "", (dt.datetime.min - last) // dt.timedelta(seconds=1), body["contact_id"]


def of_package(state: State, package_id: str) -> list[Body]:
    """What was asked about one person's care."""
    return [each.body for each in state.stock[CONTACTS].values() if each.body["package_id"] == package_id]


def owed(state: State) -> list[Body]:
    """The questions that are owed an answer: looked for once in a state, however often the clock asks."""

    def found() -> list[Body]:
        return [each.body for each in state.stock[CONTACTS].values() if each.body["answer_by"] is not None]

    bodies: list[Body] = state.once("questions_owed", found)
    return bodies


def late_questions(state: State, settings: Settings) -> Iterator[Occasion]:
    """Those whose answer is late, not yet alerted: once for each time that an answer is owed."""
    for body in owed(state):
        occasion = Occasion(QUESTION_OVERDUE, body["package_id"], f"{body['contact_id']} {body['answer_by']}")
        if is_overdue(body, settings) and occasion.alert_id not in state.stock["alerts"]:
            yield occasion


def contact_json(body: Body, settings: Settings) -> Json:
    """As the council reads it."""
    names = ("contact_id", "who", "kind", "how", "recorded_by", "recorded_at", "post")
    told = [
        {
            "what": each["what"],
            "at": each["at"],
            "by": each["done_by"] or each["said_by"],
            "post": each["post"],
            "to_post": each["to_post"] or None,
            "text": each["text"],
            "outcome": each["outcome"] or None,
        }
        for each in body["told"]
    ]
    return {
        **{name: body[name] for name in names},
        **{name: body[name] or None for name in ("provider_id", "package_id", "offer_id", "said_by")},
        **_clock(body, settings),
        "further_posts": further_posts(body, settings),
        "told": told,
    }


def own_json(body: Body, settings: Settings) -> Json:
    """As the provider reads it that asked: nobody of the council by name, and no reason that is for the council alone."""
    told = [
        {
            "what": each["what"],
            "at": each["at"],
            "post": each["to_post"] or each["post"],
            "text": each["text"] if each["what"] in (ASKED, REPLIED) else "",
        }
        for each in body["told"]
    ]
    # Of whom an offer is, its provider is told once the care is placed: by the offer, not here.
    package_id = None if body["offer_id"] else body["package_id"] or None
    return {
        "contact_id": body["contact_id"],
        "kind": body["kind"],
        "package_id": package_id,
        "offer_id": body["offer_id"] or None,
        **_clock(body, settings),
        "told": told,
    }


def _clock(body: Body, settings: Settings) -> Json:
    due = body["answer_by"]
    by = None if due is None else wall_clock(dt.datetime.fromisoformat(due)).isoformat()
    return {"standing": standing_of(body), "answer_by": by, "overdue": is_overdue(body, settings)}
