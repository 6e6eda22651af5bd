"""What a person reads: plain, kind and discreet, whatever happened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import HealthCheck, event, given, settings

from optimiser.allocating.story import Allocation, allocate
from optimiser.domain.records import TIERS
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.notes import COMPLAINTS, CONTACT, ROLE, NoContactError, with_contact
from tests.explaining.changing import explained
from tests.explaining.reading import grade
from tests.making import FAKENHAM, framework, legacy, offer, package, principal, provider, reserve, snapshot, specialist
from tests.making.drawn import PROTECTED, SKILLS, snapshots

FORBIDDEN = (
    *("declin", "restrict", "rating", "rated", "exclud", "risk", "refus", "cqc", "pamms", "inadequate", "outstanding"),
    *("excellent", "requires improvement", "not rated", "poor", "diagnos", "vulnerab", "protect", "capped", "legacy"),
    *(word.replace("_", " ") for word in (*SKILLS, *PROTECTED, "learning_disability", "dementia", "mental", "two care workers")),
)
"""None of these may stand in what a person reads, as a word or as the beginning of one."""


LINE = "the Care Line on 01603 496 0123"


@pytest.fixture(autouse=True)
def default_words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A council has a number that answers by day and night, and no other words of its own."""
    monkeypatch.setenv(CONTACT, LINE)
    monkeypatch.delenv(COMPLAINTS, raising=False)
    yield


LONG = "The Very Long Established Dereham and District Domiciliary Community Support Partnership Limited"

EVERY_OUTCOME: Mapping[str, Snapshot] = {
    "running": snapshot([package("N1", contract_id="F-ALDER")], [framework("ALDER")]),
    "principal": snapshot([package("N1")], [principal("ALDER")]),
    "framework": snapshot([package("N1")], [framework("ALDER")]),
    "legacy": snapshot([package("N1")], [legacy("ALDER")]),
    "reserve": snapshot([package("N1")], [reserve("ALDER")], reserve_areas=["A1"]),
    "specialist": snapshot([package("N1", service="night")], [specialist("ALDER")]),
    "one visit": snapshot([package("N1", visits_per_week=1)], [framework("ALDER")]),
    "accepted": snapshot([package("N1")], [framework("ALDER")], offers=[offer("N1", "F-ALDER", "accepted")]),
    "pending": snapshot([package("N1")], [framework("ALDER")], offers=[offer("N1", "F-ALDER")]),
    "several asked": snapshot(
        [package("N1")], [framework("ALDER"), framework("BIRCH")], offers=[offer("N1", "F-ALDER"), offer("N1", "F-BIRCH")]
    ),
    "unmet": snapshot([package("N1", workers=2, protected="autism")], [framework("ALDER")]),
    "unmet, one visit": snapshot([package("N1", workers=2, visits_per_week=1, priority="urgent")], [framework("ALDER")]),
    "unwanted": snapshot([package("N1", excluded_provider_ids=("ALDER",))], [framework("ALDER")]),
    "too far": snapshot([package("N1", FAKENHAM)], [framework("ALDER", bands=(1,))]),
}


def paragraph(given: Snapshot) -> str:
    record = explained(allocate(given), "N1")
    return with_contact(record["person"], record["outcome"])


@pytest.mark.parametrize("outcome", EVERY_OUTCOME)
def test_it_reads_easily(outcome: str) -> None:
    assert grade(paragraph(EVERY_OUTCOME[outcome])) <= 6


@pytest.mark.parametrize("outcome", ["running", "principal", "framework", "legacy", "accepted"])
def test_it_reads_easily_beside_a_long_name(outcome: str) -> None:
    renamed = snapshot(
        EVERY_OUTCOME[outcome].packages,
        EVERY_OUTCOME[outcome].contracts,
        providers=[provider("ALDER", name=LONG)],
        offers=EVERY_OUTCOME[outcome].offers,
    )
    told = paragraph(renamed)
    assert LONG in told
    assert grade(told.replace(LONG, "They")) <= 6


@pytest.mark.parametrize("outcome", EVERY_OUTCOME)
def test_it_says_whom_to_contact_and_how_to_disagree(outcome: str) -> None:
    told = paragraph(EVERY_OUTCOME[outcome])
    assert f"please contact {LINE}. You can call by day or by night." in told
    assert "If you do not agree, tell them why and ask them to look at it again." in told
    assert "make a complaint to the council" in told
    assert "Local Government and Social Care Ombudsman" in told


def test_a_council_may_say_it_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONTACT, "Norwell Care Line on 01234 567890")
    monkeypatch.setenv(COMPLAINTS, "You can write to us.")
    told = paragraph(EVERY_OUTCOME["unmet"])
    assert "please contact Norwell Care Line on 01234 567890." in told
    assert told.endswith("You can write to us.")
    assert "Ombudsman" not in told


def test_the_record_is_the_same_whatever_a_council_says(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = [explained(allocate(given), "N1") for given in EVERY_OUTCOME.values()]
    monkeypatch.setenv(CONTACT, "Norwell Care Line on 01234 567890")
    monkeypatch.setenv(COMPLAINTS, "You can write to us.")
    assert [explained(allocate(given), "N1") for given in EVERY_OUTCOME.values()] == plain


@pytest.mark.parametrize("tier", TIERS)
def test_it_names_the_provider_the_visits_and_what_the_provider_is(tier: str) -> None:
    told = paragraph(EVERY_OUTCOME[tier])
    assert f"We would like Alder to give you your 5 visits a week. {ROLE[tier]}" in told
    assert [other for other in TIERS if ROLE[other] in told] == [tier]


def test_running_care_hears_that_it_stays() -> None:
    assert paragraph(EVERY_OUTCOME["running"]).startswith("Your care stays as it is. Alder will go on giving your care.")


def test_one_visit_is_one_visit() -> None:
    assert "your 1 visit a week" in paragraph(EVERY_OUTCOME["one visit"])
    assert "your 1 visit a week" in paragraph(EVERY_OUTCOME["unmet, one visit"])


def test_who_waits_hears_what_to_do_when_help_is_needed_now() -> None:
    urgent = "If you need help right now, please tell them at once."
    for outcome in ("unmet", "pending", "several asked"):
        assert urgent in paragraph(EVERY_OUTCOME[outcome])
    assert urgent not in paragraph(EVERY_OUTCOME["running"])


def test_why_somebody_waits_is_told_in_the_same_words_to_all() -> None:
    told = {paragraph(EVERY_OUTCOME[outcome]) for outcome in ("unmet", "unwanted", "too far")}
    assert len(told) == 1


def test_who_waits_is_promised_nothing() -> None:
    told = paragraph(EVERY_OUTCOME["unmet"])
    assert "You stay on our list." in told
    assert "do not need to do anything" not in told
    assert "every day" not in told


@pytest.mark.parametrize("given", [None, "", "your social worker"])
def test_without_a_number_no_letter_is_written(given: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONTACT, given or "")
    with pytest.raises(NoContactError, match=f"set {CONTACT} or give --contact"):
        paragraph(EVERY_OUTCOME["unmet"])


def test_one_provider_asked_or_several() -> None:
    assert "We have asked a care provider if they can" in paragraph(EVERY_OUTCOME["pending"])
    assert "We have asked care providers if they can" in paragraph(EVERY_OUTCOME["several asked"])
    twice = [offer("N1", "F-ALDER"), offer("N1", "L-ALDER")]
    same = snapshot([package("N1")], [framework("ALDER"), legacy("ALDER")], offers=twice)
    assert "We have asked a care provider if they can" in paragraph(same)


def test_who_was_asked_is_not_told_while_an_answer_is_awaited() -> None:
    assert "Alder" not in paragraph(EVERY_OUTCOME["pending"])


def leaks(allocation: Allocation, package: int) -> list[str]:
    """The forbidden words and other providers' names in a person's paragraph."""
    county, told = allocation.county, str(allocation.explain(package)["person"])
    contract = allocation.verified.plan.contracts[package]
    own = None if contract is None else county.provider(contract).name
    others = [each.name for each in county.providers if each.name != own]
    ids = [each.contract_id for each in county.contracts] + [each.provider_id for each in county.providers]
    said = told.replace(own, "") if own else told
    return [word for word in (*FORBIDDEN, *others, *ids) if re.search(rf"\b{re.escape(word)}", said, re.IGNORECASE)]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(snapshots())
def test_nothing_of_needs_wishes_risks_or_other_providers_is_told(snapshot: Snapshot) -> None:
    allocation = allocate(snapshot)
    for index in range(len(snapshot.packages)):
        event(allocation.outcome(index))
        assert leaks(allocation, index) == []


@pytest.mark.parametrize("word", FORBIDDEN)
def test_a_forbidden_word_would_be_noticed(word: str) -> None:
    # In the provider's own name it is not ours; elsewhere it would be: here the provider's name is such a word.
    given = snapshot([package("N1")], [framework("ALDER")], providers=[provider("ALDER", name=f"{word} ltd")])
    allocation = allocate(given)
    assert leaks(allocation, 0) == []
    assert re.search(rf"\b{re.escape(word)}", str(allocation.explain(0)["person"]), re.IGNORECASE)
