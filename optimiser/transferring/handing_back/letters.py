"""The letters to people whose provider hands back the contract. They say as little of anybody as the other letters do."""

from __future__ import annotations

import datetime as dt

from optimiser.domain.dates import days_after
from optimiser.domain.words import date_in_words
from optimiser.explaining.notes import complaints
from optimiser.transferring.calendar import on_or_after
from optimiser.transferring.handing_back.story import HandBack
from optimiser.transferring.letters import CALL, FORMATS, Letter, direct_payment_words, how_it_goes
from optimiser.transferring.who_may_move import DirectPayment, direct_payment

NEW_PROVIDER, LOOKING = "new_provider", "looking"


def hand_back_letters(plan: HandBack) -> list[Letter]:
    """A letter for each person on the contract, in the order of their references."""
    return sorted((_letter(plan, member) for member in plan.members), key=lambda letter: letter.package_id)


def _letter(plan: HandBack, package: int) -> Letter:
    county = plan.county
    now = county.provider(int(county.running_on[package])).name
    name = county.packages[package].package_id
    option = plan.placed.get(package)
    other = None if option is None else option.contract
    money = direct_payment(county, package, plan.policy.direct_payment_rate_pence, other)
    if option is None:
        answer_by = on_or_after(days_after(county.as_of, plan.policy.stay_reply_days), plan.policy)
        return Letter(name, LOOKING, "We are finding someone to care for you", _looking(now, answer_by, money))
    new = county.provider(option.contract).name
    words = _new_provider(now, new, plan.day[package], county.as_of, money)
    return Letter(name, NEW_PROVIDER, "A change to who gives your care", words)


def _new_provider(now: str, new: str, day: dt.date, as_of: dt.date, money: DirectPayment | None) -> tuple[str, ...]:
    answer_by = max(as_of, days_after(day, -1))
    return (
        f"{_why(now)} We plan that {new} will care for you from {date_in_words(day)}.",
        DECIDES,
        *how_it_goes(now, new, day),
        f"If you do not agree, please tell us by {date_in_words(answer_by)}. We know that this is soon."
        f" You can tell us later too. Please contact {CALL} {ASK}",
        direct_payment_words(now, money),
        complaints(),
        FORMATS,
    )


def _looking(now: str, answer_by: dt.date, money: DirectPayment | None) -> tuple[str, ...]:
    return (
        f"{_why(now)} We are looking for a new provider for you.",
        f"Your care will not stop. {now} will care for you until a new provider can start."
        " We will write to you again when we know who and when.",
        DECIDES,
        f"If you do not agree, please tell us by {date_in_words(answer_by)}. Please contact {CALL} {ASK}",
        direct_payment_words(now, money),
        complaints(),
        FORMATS,
    )


def _why(now: str) -> str:
    return f"{now} gives you your care now. Our contract with them for your care will end soon, so there has to be a change."


DECIDES = "A social worker decides about each change. They will talk to you first and think about what is right for you."
ASK = "Tell them why and ask them to look at it again."
