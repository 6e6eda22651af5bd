"""What a provider reads of a package: its own part, nothing of the person, and nothing of anybody else."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings

from optimiser.allocating.story import Allocation, allocate
from optimiser.domain.records import Contract, Package
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining import notes
from optimiser.explaining.notes import provider_note
from tests.explaining.changing import explained
from tests.making import FAKENHAM, cap, framework, legacy, offer, package, principal, provider, restriction, snapshot
from tests.making.drawn import PROTECTED, SKILLS, snapshots

HEADING = "Package N1, area A1, 5 hours a week."
NOT_ASKED = (
    f"{HEADING} Not asked. A provider is not asked when its contract, area, hours, skills or distance do not fit,"
    " or when another is asked first. Please ask us for your own figures."
)


def note(given: Snapshot, provider_id: str = "BRACKEN") -> str:
    return provider_note(explained(allocate(given), "N1"), provider_id)


def alone(person: Package, *contracts: Contract, **given: Any) -> Snapshot:
    """Alder, the principal, is there for everybody; Bracken is who reads the note."""
    return snapshot([person], [principal("ALDER"), *(contracts or (framework("BRACKEN"),))], **given)


def test_who_could_have_been_asked_and_was_not_reached_reads_not_asked() -> None:
    assert note(alone(package("N1"))) == NOT_ASKED


def test_whom_the_person_does_not_want_reads_exactly_the_same() -> None:
    unwanted = package("N1", excluded_provider_ids=("BRACKEN",))
    assert note(alone(unwanted)) == NOT_ASKED


def test_whatever_else_stands_in_the_way_of_an_unwanted_provider() -> None:
    unwanted = package("N1", FAKENHAM, workers=2, skills=("dementia",), excluded_provider_ids=("BRACKEN",))
    contracts = [framework("BRACKEN", bands=(1,), max_hours_4w=Fraction(1)), legacy("BRACKEN")]
    given = alone(
        unwanted,
        *contracts,
        providers=[provider("BRACKEN", cqc_rating="inadequate"), provider("ALDER", skills=("dementia", "double_handed"))],
        restrictions=[restriction("BRACKEN")],
        offers=[offer("N1", "F-BRACKEN", "declined")],
    )
    assert note(given) == NOT_ASKED


def test_whom_no_contract_connects_reads_not_asked() -> None:
    assert note(alone(package("N1"), framework("BRACKEN", area_id="A2"))) == NOT_ASKED
    assert note(alone(package("N1")), "NOBODY") == NOT_ASKED


def test_of_running_care_its_provider_reads_that_nothing_changes_and_everybody_else_not_asked() -> None:
    running = package("N1", contract_id="P-ALDER")
    assert note(alone(running)) == NOT_ASKED
    assert note(alone(running), "ALDER") == f"{HEADING} You deliver this care; nothing changes."


def test_the_chosen_provider_reads_the_proposal_and_the_asked_one_the_question() -> None:
    assert note(alone(package("N1")), "ALDER") == f"{HEADING} We propose to place this package with you, on contract P-ALDER."
    asked = alone(package("N1"), offers=[offer("N1", "F-BRACKEN")])
    assert note(asked) == f"{HEADING} We have asked you to take this package and wait for your answer."
    assert note(asked, "ALDER") == NOT_ASKED


def test_who_has_said_yes_reads_it_even_on_a_contract_of_another_area() -> None:
    here = alone(package("N1"), offers=[offer("N1", "F-BRACKEN", "accepted")])
    assert note(here) == f"{HEADING} You have said yes to this package, on contract F-BRACKEN."
    assert note(here, "ALDER") == NOT_ASKED
    elsewhere = framework("BRACKEN", area_id="A2")
    there = alone(package("N1"), elsewhere, offers=[offer("N1", "F-BRACKEN", "accepted")])
    assert note(there) == f"{HEADING} You have said yes to this package, on contract F-BRACKEN."
    asked = alone(package("N1"), elsewhere, offers=[offer("N1", "F-BRACKEN")])
    assert note(asked) == f"{HEADING} We have asked you to take this package and wait for your answer."


FAILING: dict[str, Snapshot] = {
    "skills": alone(package("N1", workers=2)),
    "restriction": alone(package("N1"), restrictions=[restriction("BRACKEN")]),
    "cap": alone(package("N1"), restrictions=[cap("BRACKEN", 1)]),
    "rating": alone(package("N1"), providers=[provider("BRACKEN", cqc_rating="inadequate")]),
    "hours": alone(package("N1"), framework("BRACKEN", max_hours_4w=Fraction(1))),
    "band": alone(package("N1"), framework("BRACKEN", bands=(2,)), legacy("BRACKEN", bands=(3,))),
    "distance": alone(package("N1", FAKENHAM), providers=[provider("BRACKEN", max_distance_miles=Fraction(1))]),
    "decline": alone(package("N1"), offers=[offer("N1", "F-BRACKEN", "declined", reason="cannot_meet_need")]),
    "area": alone(package("N1"), framework("BRACKEN", area_id="A2")),
    "nothing": alone(package("N1"), framework("BRACKEN"), legacy("BRACKEN")),
}


@pytest.mark.parametrize("failing", FAILING)
def test_whatever_fails_the_note_is_the_same_and_stays_so_with_an_exclusion(failing: str) -> None:
    given = FAILING[failing]
    assert note(given) == NOT_ASKED
    (person,) = given.packages
    assert note(replace(given, packages=(replace(person, excluded_provider_ids=("BRACKEN",)),))) == NOT_ASKED


def without_a_part(allocation: Allocation, index: int) -> set[str]:
    """The providers that neither have a package nor are being asked to take it."""
    county, chosen = allocation.county, allocation.verified.plan.contracts[index]
    asked = county.offers_in_force.pending.get(county.packages[index].package_id, ())
    busy = {county.provider(contract).provider_id for contract in (*asked, *([] if chosen is None else [chosen]))}
    return {each.provider_id for each in county.providers} - busy


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(snapshots())
def test_an_exclusion_changes_no_byte_of_the_note(snapshot: Snapshot) -> None:
    allocation = allocate(snapshot)
    for index, person in enumerate(snapshot.packages):
        notes = {name: provider_note(allocation.explain(index), name) for name in without_a_part(allocation, index)}
        assert len(set(notes.values())) <= 1
        everybody = tuple(each.provider_id for each in snapshot.providers)
        unwanted = replace(person, excluded_provider_ids=everybody)
        people = tuple(unwanted if each == person else each for each in snapshot.packages)
        again = allocate(replace(snapshot, packages=people))
        for name in without_a_part(again, index) & set(notes):
            event("compared")
            assert provider_note(again.explain(index), name) == notes[name]


PRIVATE = (*(word.replace("_", " ") for word in (*SKILLS, *PROTECTED)), *SKILLS, *PROTECTED, "exclud", "not want", "wish")


@settings(max_examples=25)
@given(snapshots())
def test_no_note_tells_of_needs_wishes_or_other_providers(snapshot: Snapshot) -> None:
    allocation = allocate(snapshot)
    for index, person in enumerate(snapshot.packages):
        record = allocation.explain(index)
        heading = f"Package {person.package_id}, area {person.area_id}, {person.minutes_per_week / 60:g} hours a week."
        for each in snapshot.providers:
            told = provider_note(record, each.provider_id)
            assert told.startswith(f"{heading} ")
            said = told.removeprefix(heading)
            others = [other for other in snapshot.providers if other != each]
            names = [word for other in others for word in (other.name, other.provider_id)]
            assert not [word for word in (*PRIVATE, *names) if re.search(rf"\b{re.escape(word)}", said, re.IGNORECASE)]
            if each.provider_id in without_a_part(allocation, index):
                event("excluded" if each.provider_id in person.excluded_provider_ids else "not asked")
                assert said == f" {notes.NOT_ASKED}"
