"""What a person who waits is told of how they are safe until care begins.

It is made of where they are, days, and what was chosen for them. What somebody wrote of a home, a carer or a reason is not put
in: what is not put in cannot leak. Where nothing that holds is recorded, it says that somebody will call.
"""

from __future__ import annotations

import datetime as dt

from optimiser.domain.dates import days_after
from optimiser.domain.person_records import Meanwhile
from optimiser.domain.words import date_in_words
from optimiser.judging.safe_meanwhile import ENDS, holds_choice, holds_plan

WHERE_NEWS = {
    "home_alone": "For now you are at home.",
    "home_with_carer": "For now you are at home, with someone who helps you.",
    "hospital": "For now you are in hospital.",
    "interim_bed": "For now you have a bed in a place where people look after you.",
    "elsewhere": "For now you are in the place that you have told us of.",
}
CHOICE_NEWS = {
    "bridge": "You will have help with visits that cannot wait, up to the end of {day}.",
    "interim_bed": "You can have a bed where people look after you, up to the end of {day}.",
}
SOMEBODY_WILL_CALL = (
    "Someone from our team will call you soon. They will talk with you about how you are safe until your care starts."
)


def meanwhile_news(plan: Meanwhile | None, today: dt.date) -> str:
    """A few sentences for the person; every day told is the last one that is covered."""
    if plan is None or plan.holds_until is None or not holds_plan(plan, today):
        return SOMEBODY_WILL_CALL
    said = [WHERE_NEWS[plan.where], f"What we have agreed with you for now is good up to the end of {_last(plan.holds_until)}."]
    if plan.choice in ENDS and plan.choice_until is not None and holds_choice(plan, today):
        said.append(CHOICE_NEWS[plan.choice].format(day=_last(plan.choice_until)))
    if plan.next_check is not None and plan.next_check >= today:
        said.append(f"We will ask you how you are on {date_in_words(plan.next_check)}.")
    return " ".join([*said, "If anything changes before then, please tell us at once."])


def _last(first_not_covered: dt.date) -> str:
    return date_in_words(days_after(first_not_covered, -1))
