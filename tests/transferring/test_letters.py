"""What a person reads: easy words, everything they need, and nothing that they must not read."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest

from optimiser.domain.plan import Known
from optimiser.explaining.notes import CONTACT
from optimiser.transferring.handing_back.letters import LOOKING, NEW_PROVIDER, hand_back_letters
from optimiser.transferring.handing_back.story import plan_hand_back
from optimiser.transferring.letters import (
    CHANGE,
    CONSULTATION,
    CORRECTION,
    NO_NUMBER,
    STAYS,
    Letter,
    correcting_letter,
    large_print,
    plain_text,
    to_print,
)
from optimiser.transferring.letters_as_asked import ask_first
from optimiser.transferring.report import letters, verified_files
from optimiser.transferring.tables import people_rows
from tests.calling import LINE
from tests.explaining.reading import grade
from tests.making import restriction
from tests.making.transfers import POLICY, files, planned, small_county
from tests.transferring.handing_back.test_hand_back import county as handed_back

RATE = {"direct_payment_rate_pence": 2000}
SECRETS = re.compile(
    r"protect|dementia|autis|mental|end of life|diagnos|vulnerab|exclu|risk|inadequate|\bpoor\b|rating|restrict|declin|TUPE"
    r"|other people|someone else|somebody else",
    re.IGNORECASE,
)


def by_person(**settings: Any) -> dict[str, Letter]:
    """Everybody's letter, those of whoever stays too."""
    ready, _ = to_print(letters(planned(letters_to_stayers=True, **settings)))
    return {letter.package_id: letter for letter in ready}


def test_who_gets_which_letter() -> None:
    kinds = {name: letter.kind for name, letter in by_person().items()}
    assert kinds == {"A1": CHANGE, "A2": CHANGE, "B1": STAYS, "B2": STAYS, "C1": STAYS, "D1": CONSULTATION}


def test_nobody_whom_nothing_changes_is_written_to_unless_asked_for() -> None:
    plan = planned()
    assert {letter.package_id: letter.kind for letter in letters(plan)} == {"A1": CHANGE, "A2": CHANGE, "D1": CONSULTATION}
    told = {row["package_id"]: row["letter"] for row in people_rows(plan)}
    assert (told["A1"], told["B1"], told["C1"]) == (CHANGE, "", "")


def test_whoever_was_to_move_by_an_earlier_plan_and_stays_hears_of_it() -> None:
    earlier = {"R1": dt.date(2027, 3, 1), "R2": None, "R4": dt.date(2027, 3, 1)}
    plan = planned(known=Known(refused=frozenset({"A2"})), earlier=earlier)
    assert {letter.package_id: letter.kind for letter in letters(plan)} == {"A1": STAYS, "A2": STAYS, "D1": CONSULTATION}
    assert files(plan), "and the check asks for the same"


@pytest.mark.parametrize("person", ["A1", "D1", "B1"])
@pytest.mark.parametrize("settings", [{}, RATE], ids=["no rate", "rate"])
def test_a_child_of_eleven_can_read_it(person: str, settings: dict[str, Any]) -> None:
    letter = by_person(**settings)[person]
    assert grade(" ".join((f"{letter.subject}.", *letter.paragraphs))) <= 6


@pytest.mark.parametrize("person", ["A1", "D1", "B1", "B2", "C1"])
def test_each_says_what_it_must_and_nothing_that_it_must_not(person: str) -> None:
    letter = by_person(**RATE)[person]
    text = " ".join((letter.subject, *letter.paragraphs))
    assert "A social worker decides" in text
    assert re.search(r"by \d+ (January|December) 20\d\d\. Please contact", text)
    assert "do not agree" in text or "do not want this change" in text
    assert "direct payment" in text
    assert "top-up" in text
    assert "Ombudsman" in text
    assert not SECRETS.search(text)


def test_who_stays_reads_the_same_words_whatever_the_reason() -> None:
    found = by_person()
    assert "We do not plan a change for you now." in found["B1"].paragraphs[0]
    assert found["B1"].paragraphs == found["B2"].paragraphs  # protected, and in the same round
    assert [p.replace("Small", "Oldfield Care") for p in found["C1"].paragraphs] == list(found["B1"].paragraphs)
    barred = letters(planned(small_county(restrictions=[restriction("NEW")]), letters_to_stayers=True))
    assert {letter.kind for letter in barred} == {STAYS}
    assert to_print(barred)[0][0].paragraphs == found["B1"].paragraphs


def test_a_consultation_decides_nothing_and_a_change_says_who_decided() -> None:
    found = by_person()
    assert "Nothing has been decided." in found["D1"].paragraphs[0]
    assert "will give you" not in " ".join(found["D1"].paragraphs)
    assert "this change can go ahead" in " ".join(found["A1"].paragraphs)
    assert "Newholme Care will care for you from 1 March 2027" in " ".join(found["A1"].paragraphs)
    assert "up to the end of 28 February 2027" in " ".join(found["A1"].paragraphs)


@pytest.mark.parametrize("person", ["A1", "D1", "B1"])
def test_each_names_somebody_who_answers_by_day_and_night(person: str) -> None:
    text = " ".join(by_person()[person].paragraphs)
    assert f"lease contact {LINE}. You can call by day or by night." in text
    assert "{" not in text


@pytest.mark.parametrize("contact", ["", "your social worker"])
def test_without_a_number_no_letter_is_printed_and_all_else_is_written(contact: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned()
    with_letters = files(plan)
    monkeypatch.setenv(CONTACT, contact)
    made = files(plan)
    assert with_letters.keys() - made.keys() == {
        "letters.jsonl", "letters.txt", "letters-large-print.html", "letters-as-asked.html",
    }  # fmt: skip
    assert all(made[name] == with_letters[name] for name in made), "whoever is to be called changes nothing else"
    assert ask_first(plan.county, letters(plan))[0] == NO_NUMBER
    assert "letters.txt" in verified_files(plan, {}, contact=LINE)


def test_the_top_up_is_the_providers_rate_above_the_direct_payment_rate() -> None:
    """Where the new provider, at £23.00, is within the budget; else the council pays all of it."""
    text = " ".join(by_person(direct_payment_rate_pence=2350)["A1"].paragraphs)
    assert "about £117.50 a week" in text  # 5 hours at £23.50
    assert "top-up would be about £2.50 a week" in text  # 5 hours at 50p
    assert "before what you pay towards your care" in text
    beyond = " ".join(by_person(direct_payment_rate_pence=2299)["A1"].paragraphs)
    assert "about £120.00 a week" in beyond
    assert "no top-up" in beyond
    assert "no top-up" in " ".join(by_person(direct_payment_rate_pence=2400)["A1"].paragraphs)
    assert "£" not in " ".join(by_person()["A1"].paragraphs)


def test_plain_text_and_large_print_hold_every_letter() -> None:
    post = letters(planned())
    plain = plain_text(post).decode()
    assert plain.count("\f") == len(post) - 1
    assert max(map(len, plain.replace("\f", "\n").splitlines())) <= 72
    odd = replace(post[0], paragraphs=("<b>&",))
    page = large_print([odd, *post[1:]]).decode()
    assert page.count("<article") == len(post)
    assert "&lt;b&gt;&amp;" in page
    assert "18pt" in page
    assert not re.search(r"(src|href)=", page)


@pytest.mark.parametrize("rate", [None, 2000])
@pytest.mark.parametrize("room", [15, 0], ids=["a place", "no place"])
def test_a_letter_of_a_hand_back_says_all_of_that_too(room: int, rate: int | None) -> None:
    plan = plan_hand_back(handed_back(room, protected="autism"), "P-NEW", replace(POLICY, direct_payment_rate_pence=rate))
    post = {letter.package_id: letter for letter in to_print(hand_back_letters(plan))[0]}
    assert post["A1"].kind == (NEW_PROVIDER if room else LOOKING)
    assert post["A1"].paragraphs == post["A2"].paragraphs  # who is protected reads nothing else
    for letter in post.values():
        text = " ".join((f"{letter.subject}.", *letter.paragraphs))
        assert grade(text) <= 6
        assert "A social worker decides" in text
        assert "Your care will not stop." in text
        assert re.search(r"do not agree, please tell us by \d+ (November|December) 2026\.", text)
        assert "direct payment" in text
        assert "top-up" in text
        assert ("£" in text) == (rate is not None)
        assert not SECRETS.search(text)


def test_somebody_who_stays_alone_reads_that_their_care_stays() -> None:
    plan = planned(known=Known(wishes=frozenset({"A2"})), stay_alone=True)
    assert [letter.package_id for letter in letters(plan)] == ["A1", "D1"]
    asked = replace(plan, policy=replace(plan.policy, letters_to_stayers=True))
    kinds = {letter.package_id: letter.kind for letter in letters(asked)}
    assert (kinds["A1"], kinds["A2"]) == (CHANGE, STAYS)


def test_a_letter_that_puts_right_what_was_written_is_true_whatever_the_reason() -> None:
    """It says what was written, that it will not be so, and that nothing changes: neither who is to blame nor that it is over."""
    letter = correcting_letter("A1", "Small Care", "Newholme Care", dt.date(2027, 3, 1))
    text = " ".join((f"{letter.subject}.", *letter.paragraphs))
    assert (letter.package_id, letter.kind) == ("A1", CORRECTION)
    assert grade(text) <= 6
    assert "Newholme Care would care for you from 1 March 2027. This will not happen on that day." in text
    assert "Your care stays as it is. Small Care will go on giving you your care." in text
    assert "Please contact" in text or "please contact" in text
    assert "Ombudsman" in text
    assert not re.search(r"withdr|fault|delay|never|cancel", text, re.IGNORECASE)
    assert not SECRETS.search(text)
