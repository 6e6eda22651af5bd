"""The letters to people, as plain text and in large print. Short words and sentences (a reading age of about 11).

A letter is made of the two providers' names, dates, a reference and, where there is a rate, two sums of money, and of nothing
else: what is not put in cannot leak. Whoever stays gets one only where that is asked for, or an earlier plan was another, and
reads the same words, true whatever the reason. Whom to call by day and night is put in when letters are printed: without a
number none is. Nothing is sent by the software.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import orjson

from optimiser.county import County
from optimiser.domain.dates import days_after
from optimiser.domain.words import date_in_words, pounds_in_words
from optimiser.explaining.notes import NoContactError, complaints, contact_by_day_and_night
from optimiser.transferring.calendar import on_or_after
from optimiser.transferring.templates import rendered
from optimiser.transferring.transfer_plan import TransferPlan
from optimiser.transferring.who_may_move import DirectPayment, direct_payment

CHANGE, CONSULTATION, STAYS, CORRECTION = "change", "consultation", "stays", "correction"
WIDTH = 72
WHOM_TO_CALL = "{whom to call}"
"""Stands in a letter where whoever prints it puts whom to call."""
CALL = f"{WHOM_TO_CALL}. You can call by day or by night."


@dataclass(frozen=True)
class Letter:
    """One person's letter: paragraphs of plain text, to lay out or to translate."""

    package_id: str
    kind: str
    subject: str
    paragraphs: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Letter to {self.package_id}: {self.kind}>"

    def calling(self, contact: str) -> Letter:
        """The letter as it is printed: with whom to call by day and night."""
        return replace(self, paragraphs=tuple(each.replace(WHOM_TO_CALL, contact) for each in self.paragraphs))

    def plain(self) -> str:
        """As plain text, 72 characters wide."""
        body = [f"Your reference: {self.package_id}", self.subject.upper(), "Hello,", *self.paragraphs]
        return "\n\n".join(textwrap.fill(part, WIDTH, break_on_hyphens=False) for part in body) + "\n"


def letter_of(plan: TransferPlan, candidate: int, package: int) -> Letter | None:
    """The letter for one person of a candidate round; None for somebody whom nothing changes."""
    county, wave = plan.county, plan.wave_of(candidate)
    now = county.provider(int(county.running_on[package])).name
    name = county.packages[package].package_id
    if wave is None or package not in plan.candidates[candidate].members:
        told_otherwise = wave is None and plan.candidates[candidate].round_id in plan.moved_before
        if not (told_otherwise or plan.policy.letters_to_stayers):
            return None
        answer_by = on_or_after(days_after(county.as_of, plan.policy.stay_reply_days), plan.policy)
        return Letter(name, STAYS, "Your care stays as it is", _stays(now, answer_by))
    target = plan.targets[plan.candidates[candidate].target].contract
    money, new = direct_payment(county, package, plan.policy.direct_payment_rate_pence, target), county.provider(target).name
    if plan.is_pending(package):
        words = _consultation(now, new, wave.date, wave.reply_by, wave.review_by, money)
        return Letter(name, CONSULTATION, "Please tell us what you think", words)
    return Letter(name, CHANGE, "A change to who gives your care", _change(now, new, wave.date, wave.reply_by, money))


def _change(now: str, new: str, day: dt.date, reply_by: dt.date, money: DirectPayment | None) -> tuple[str, ...]:
    return (
        f"{now} gives you your care now. From {date_in_words(day)} we plan that {new} will give you your care."
        " They are the main care provider for your area.",
        "A social worker decides about each change. They have looked at your care. They say that this change can go ahead.",
        *how_it_goes(now, new, day),
        f"If you do not want this change, please tell us by {date_in_words(reply_by)}. Please contact {CALL}"
        " Tell them why and ask them to look at it again. A social worker will look at it again before your care changes.",
        direct_payment_words(now, money),
        complaints(),
        FORMATS,
    )


def _consultation(
    now: str, new: str, day: dt.date, reply_by: dt.date, review_by: dt.date, money: DirectPayment | None
) -> tuple[str, ...]:
    return (
        f"{now} gives you your care now. We are thinking about a change. We would like to know what you think of it first."
        " Nothing has been decided.",
        f"The change would be this. From {date_in_words(day)}, {new} would give you your care."
        " They are the main care provider for your area.",
        f"A social worker decides about each change. They will think about what is right for you. They plan to decide by"
        f" {date_in_words(review_by)}. If they say no, your care stays as it is.",
        *how_it_goes(now, new, day, would=True),
        f"Please tell us what you think by {date_in_words(reply_by)}. Please contact {CALL}"
        " If you do not agree with the change, tell them why. They will pass it on to the social worker who decides.",
        direct_payment_words(now, money),
        complaints(),
        FORMATS,
    )


def _stays(now: str, answer_by: dt.date) -> tuple[str, ...]:
    """Nobody else was looked for: whether there would be a top-up is not known, and no figure is told."""
    return (
        "We have looked at who gives home care in your area. We do not plan a change for you now."
        f" Your care stays as it is. {now} will go on giving you your care. You do not need to do anything.",
        "A social worker decides about each change of this kind. If we think about a change later on, we will ask you first.",
        f"If you do not agree, please tell us by {date_in_words(answer_by)}. Please contact {CALL}"
        " Tell them why and ask them to look at it again.",
        direct_payment_words(now, None),
        complaints(),
        FORMATS,
    )


def correcting_letter(package_id: str, now: str, new: str, day: dt.date) -> Letter:
    """To somebody who was written to about a change that does not come, or not on that day: true whatever the reason."""
    words = (
        "We wrote to you about a change to who gives your care."
        f" The letter said that {new} would care for you from {date_in_words(day)}. This will not happen on that day.",
        f"Your care stays as it is. {now} will go on giving you your care. You do not need to do anything.",
        "We are sorry that our plan has changed. If we think about a change again, we will write to you first."
        " A social worker decides about each change of this kind.",
        f"If you want to talk about this, please contact {CALL}",
        complaints(),
        FORMATS,
    )
    return Letter(package_id, CORRECTION, "Your care stays as it is for now", words)


def how_it_goes(now: str, new: str, day: dt.date, *, would: bool = False) -> tuple[str, ...]:
    """That there is no gap in care, and what may become of the care workers."""
    will = "would" if would else "will"
    return (
        f"Your care {will} not stop. {now} {will} care for you up to the end of {date_in_words(days_after(day, -1))}."
        f" {new} {will} care for you from {date_in_words(day)}. Your care plan stays the same.",
        f"The care workers who visit you may go to work for {new} too. We cannot promise this. We will tell you when we know.",
    )


def direct_payment_words(now: str, money: DirectPayment | None) -> str:
    """What a direct payment is, with its figures where there are any."""
    words = (
        "You can ask for a direct payment. This is money from the council that you use to pay for your own care."
        f" You may be able to keep {now} in this way. {TOP_UP}"
    )
    if money is None:
        return words
    top_up = f"your top-up would be about {pounds_in_words(money.top_up_pence)} a week"
    return (
        f"{words} The council would pay about {pounds_in_words(money.council_pence)} a week."
        f" We think {top_up if money.top_up_pence else 'you would pay no top-up'}."
        " This is before what you pay towards your care."
    )


MAY_PAY_THE_REST = (
    "you may have to pay the rest. This is called a top-up."
    " If no other provider can care for you for what the council pays, you do not pay it."
)
TOP_UP = f"If they ask for more than the council pays, {MAY_PAY_THE_REST}"
"""The council pays the difference where nobody else can: a direct payment is never the only way, and nobody is sent that way."""


FORMATS = "Would you like this letter in large print, in other words or in another language? Please ask us."


NO_NUMBER = (
    "No letters: nobody has said whom people can call by day and night. Set OPTIMISER_CONTACT, or give --contact, with a number."
)


def to_print(letters: Sequence[Letter], contact: str | None = None) -> tuple[list[Letter], str]:
    """The letters with whom to call; where nobody has said a number, none, and why.

    ``contact``: in place of the environment's.
    """
    try:
        known = contact_by_day_and_night(contact)
    except NoContactError:
        return [], NO_NUMBER
    return [letter.calling(known) for letter in letters], ""


def once_a_person(county: County, letters: Sequence[Letter]) -> list[Letter]:
    """The letters without those that say the same of another part of the same person's care."""
    found: dict[tuple[str, str, tuple[str, ...]], Letter] = {}
    for letter in letters:
        record = county.packages[county.package_index[letter.package_id]]
        found.setdefault((record.part_of or record.package_id, letter.kind, letter.paragraphs), letter)
    return list(found.values())


NEXT_PAGE = "\f"


def letter_files(letters: Sequence[Letter]) -> dict[str, bytes]:
    """The letters as free text for translation, as plain text and in large print."""
    records = (orjson.dumps(asdict(letter), option=orjson.OPT_APPEND_NEWLINE) for letter in letters)
    return {
        "letters.jsonl": b"".join(records),
        "letters.txt": plain_text(letters),
        "letters-large-print.html": large_print(letters),
    }


def plain_text(letters: Sequence[Letter]) -> bytes:
    """One after the other, each on a page of its own when printed."""
    return NEXT_PAGE.join(letter.plain() for letter in letters).encode()


def large_print(letters: Sequence[Letter]) -> bytes:
    """An offline page at 18 points, each letter on a page of its own when printed."""
    return rendered("large_print.html", letters=letters)
