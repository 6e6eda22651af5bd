"""Letters to those for whom something changes when their provider can deliver less: a new provider, none yet, other workers.

They say of the provider only that it can give less care from the day on, and nothing of why somebody is kept, moved or left.
Whoever is kept with their whole round gets one only where that is asked for.
"""

from __future__ import annotations

import datetime as dt

from optimiser.domain.dates import days_after
from optimiser.domain.words import date_in_words
from optimiser.explaining.notes import complaints
from optimiser.transferring.handing_back.letters import ASK, DECIDES, LOOKING, NEW_PROVIDER
from optimiser.transferring.letters import CALL, FORMATS, MAY_PAY_THE_REST, Letter, how_it_goes
from optimiser.transferring.relieving.story import Relief

KEPT = "kept"
DIRECT_PAYMENT = (
    "You can ask for a direct payment. This is money from the council that you use to pay for your own care. If who you choose"
    f" asks for more than the council pays, {MAY_PAY_THE_REST}"
)
"""Without the words that somebody may keep their provider in this way: it has no hours to give."""


def relief_letters(plan: Relief) -> list[Letter]:
    """A letter for each package for which something changes, in the order of their references."""
    found = [_letter(plan, member) for member in plan.case.members]
    return sorted((letter for letter in found if letter is not None), key=lambda letter: letter.package_id)


def _letter(plan: Relief, member: int) -> Letter | None:
    case = plan.case
    county, record = case.county, case.county.packages[member]
    now, name = county.provider(case.now[member]).name, record.package_id
    answer_by = max(county.as_of, days_after(case.day, -1))
    if plan.moves(member):
        new = county.provider(plan.where[member]).name
        return Letter(name, NEW_PROVIDER, "A change to who gives your care", _new(now, new, case.day, answer_by))
    if plan.is_uncovered(member):
        return Letter(name, LOOKING, "We are finding someone to care for you", _looking(now, case.day))
    whole = not record.round_id or plan.is_whole(record.round_id)
    if whole and not case.policy.letters_to_stayers:
        return None
    return Letter(name, KEPT, "Your care stays with the same provider", _kept(now, case.day, *(() if whole else (_others(now),))))


def _less(now: str, day: dt.date) -> str:
    return f"{now} gives you your care now. From {date_in_words(day)} they can give less care than they do now."


def _new(now: str, new: str, day: dt.date, answer_by: dt.date) -> tuple[str, ...]:
    return (
        f"{_less(now, day)} So we plan that {new} will care for you from that day.",
        DECIDES,
        *how_it_goes(now, new, day),
        f"If you do not agree, please tell us by {date_in_words(answer_by)}. We know that this is soon."
        f" You can tell us later too. Please contact {CALL} {ASK}",
        DIRECT_PAYMENT,
        complaints(),
        FORMATS,
    )


def _looking(now: str, day: dt.date) -> tuple[str, ...]:
    return (
        f"{_less(now, day)} They may not be able to come to you from that day. We have not found a new provider for you yet."
        " We are still looking.",
        "We still have to make sure that you get the care that you need. A social worker will talk to you about how you will be"
        f" safe and well from {date_in_words(day)}. Tell them if somebody close to you can help for a while, and if nobody can.",
        "We will write to you again when we know who will come and when.",
        f"If nobody comes to a visit, or you are worried, please contact {CALL} Please do not wait.",
        DIRECT_PAYMENT,
        complaints(),
        FORMATS,
    )


def _others(now: str) -> str:
    return (
        "Other care workers may come to you than now. We cannot say yet if they will."
        f" {now} will tell you before anything changes."
    )


def _kept(now: str, day: dt.date, *more: str) -> tuple[str, ...]:
    return (
        f"{_less(now, day)} We plan that they go on giving you your care. Your care plan stays the same.",
        *more,
        f"If you have a question, or this worries you, please contact {CALL}",
        complaints(),
        FORMATS,
    )
