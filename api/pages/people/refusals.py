"""What an act refuses, in words for whoever pressed a button: one sentence for each kind of problem, never a program's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from api.http.errors import KINDS, Problem, told_as_problems
from api.pages.filled_form import FilledForm, faults_of
from api.pages.page_words import capital, dates_in_words

MEANWHILE = "Something has changed since you opened this page. Nothing was done; below is how it stands now."
ASKED_SINCE = "A provider here has been asked since you opened this page. Nothing was done; below is how it stands now."
CHANGED = ("changed_since", "not_in_this_state", "already_placed", "may_not_be_asked", "no_room", "reason_needed")
"""Why what a page offered cannot be done any more: somebody has done something meanwhile."""
SAYS = {
    "already_asked": ASKED_SINCE,
    "offers_waiting": ASKED_SINCE,
    "already_answered": "This offer has been answered since you opened this page. Nothing was done; below is how it stands now.",
    "answer_needed": "Record the person's yes to this provider first: care begins only with it.",
    "decision_needed": "Running care moves only by a social work decision for this move and provider. Say where it is recorded.",
    "beyond_provider_limit": "This is more than the provider's own limit. Say which it agrees to, and who agreed, when and how.",
    "not_a_rise": "The new limit is not above the one that is recorded.",
    "no_record_yet": "Record first where the person is and what holds until care begins.",
    "not_approved": "Its price has to be approved first, by somebody who may.",
    "wish_needed": "Say what the person said: a direct payment is theirs to want.",
    "reserve_not_open": "The reserve is not open in this person's area.",
    "somebody_else": "Somebody else is working on this since you opened this page.",
    "already_there": "This was recorded already, with something else in it. Open the page again.",
}
REFUSALS = (409, 412, 422, 428)
"""The statuses of what is told on the same page; all else is a page of its own."""
Done = TypeVar("Done")


@dataclass(frozen=True)
class NotDone:
    """A form with what is wrong, and the status of the page that shows it again."""

    form: FilledForm
    status: int


def is_told_here(problem: Problem) -> bool:
    return KINDS[problem.code].status in REFUSALS


def status_of(problem: Problem) -> int:
    """Of the page that tells it: what changed meanwhile is a conflict, whatever programs are told."""
    return 422 if KINDS[problem.code].status == 422 and problem.code not in CHANGED else 409


def in_sentences(problem: Problem, own: Mapping[str, str] | None = None) -> list[str]:
    """What is wrong, the most important first. ``own``: a page's own sentence for a kind of problem, by its code."""
    if own and problem.code in own:
        return [own[problem.code]]
    if problem.code in SAYS:
        return [SAYS[problem.code]]
    if problem.code in CHANGED:
        return [MEANWHILE, *([] if problem.code == "changed_since" else [_plain(f"{KINDS[problem.code].title}.")])]
    faults = [each if isinstance(each, str) else each["problem"] for each in problem.more.get("faults", [])]
    return [_plain(each) for each in faults] or [_plain(problem.detail)]


async def tried(
    form: FilledForm, does: Callable[[], Done], says: Mapping[str, str], fields: Mapping[str, str] | None = None
) -> Done | NotDone:
    """What comes of doing, in a thread, what a form asks for.

    ``does``: makes of the form what its schema asks for, and calls the act; ``says`` and ``fields`` as ``faults_of`` has them;
    both may tell of a kind of problem too, by its code. Raises a ``Problem`` that is a page of its own.
    """
    try:
        with told_as_problems():
            return await run_in_threadpool(does)
    except ValidationError as error:
        return NotDone(form.wrong(faults_of(error, says, fields)), 422)
    except Problem as problem:
        if not is_told_here(problem):
            raise
        field = (fields or {}).get(problem.code, "")
        return NotDone(form.wrong({field: " ".join(in_sentences(problem, says))}), status_of(problem))


def _plain(sentence: str) -> str:
    return capital(dates_in_words(sentence))
