"""What a provider reads of a package: its own part, nothing of the person, and nothing of anybody else."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from hypothesis import event, given, settings

from optimiser.domain.records import Contract, Package
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.provider import SAID_TO_PROVIDER, provider_note
from optimiser.pipeline import allocate
from optimiser.rules.book import standard_rules
from tests.explaining.changing import explained
from tests.making import FAKENHAM, cap, framework, legacy, offer, package, principal, provider, restriction, snapshot
from tests.rules import toy
from tests.rules.counties import PROTECTED, SKILLS, snapshots

RULES = standard_rules()
HEADING = "Package N1, area A1, 5 hours a week."
NOT_ASKED = f"{HEADING} Not asked."


def note(given: Snapshot, provider_id: str = "BRACKEN") -> str:
    return provider_note(explained(allocate(given), "N1"), provider_id, RULES)


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


def test_of_running_care_everybody_reads_not_asked() -> None:
    running = package("N1", contract_id="P-ALDER")
    assert note(alone(running)) == NOT_ASKED
    assert note(alone(running), "ALDER") == NOT_ASKED


def test_the_chosen_provider_reads_the_proposal_and_the_asked_one_the_question() -> None:
    assert note(alone(package("N1")), "ALDER") == f"{HEADING} We propose to place this package with you, on contract P-ALDER."
    asked = alone(package("N1"), offers=[offer("N1", "F-BRACKEN")])
    assert note(asked) == f"{HEADING} We have asked you to take this package and wait for your answer."
    assert note(asked, "ALDER") == NOT_ASKED


def test_a_providers_own_failings_are_told_in_fixed_sentences() -> None:
    assert note(alone(package("N1", workers=2))) == f"{NOT_ASKED} {SAID_TO_PROVIDER['skills']}"
    assert (
        note(alone(package("N1"), restrictions=[restriction("BRACKEN")])) == f"{NOT_ASKED} {SAID_TO_PROVIDER['not_restricted']}"
    )
    assert note(alone(package("N1"), restrictions=[cap("BRACKEN", 1)])) == f"{NOT_ASKED} {SAID_TO_PROVIDER['capped_new_work']}"
    full = framework("BRACKEN", max_hours_4w=Fraction(1))
    assert note(alone(package("N1"), full)) == f"{NOT_ASKED} {SAID_TO_PROVIDER['contract_hours']}"


def test_the_same_failing_of_two_contracts_is_told_once() -> None:
    given = alone(package("N1", workers=2), framework("BRACKEN"), legacy("BRACKEN", bands=(2,)))
    assert note(given) == f"{NOT_ASKED} {SAID_TO_PROVIDER['skills']} {SAID_TO_PROVIDER['band']}"


def test_one_contract_that_could_take_it_is_enough_for_not_asked() -> None:
    assert note(alone(package("N1"), framework("BRACKEN", bands=(2,)), legacy("BRACKEN"))) == NOT_ASKED


def test_a_rule_without_words_for_providers_is_told_without_figures() -> None:
    rules = RULES.with_rules(toy)
    given = alone(package("N1", visits_per_week=29))
    record = explained(allocate(given, rules=rules), "N1")
    assert provider_note(record, "BRACKEN", rules) == f"{NOT_ASKED} A rule of the model does not allow it."


def test_every_rule_that_is_not_private_has_its_words() -> None:
    told = {rule.name for rule in RULES.eligibility if not rule.private} | {rule.name for rule in RULES.limits} | {"skills"}
    assert told - {"other_provider"} == set(SAID_TO_PROVIDER)  # running care alone can fail that one: nobody is asked


PRIVATE = (*(word.replace("_", " ") for word in (*SKILLS, *PROTECTED)), *SKILLS, *PROTECTED, "exclud", "not want", "wish")


@settings(max_examples=25)
@given(snapshots())
def test_no_note_tells_of_needs_wishes_or_other_providers(snapshot: Snapshot) -> None:
    allocation = allocate(snapshot)
    for index, person in enumerate(snapshot.packages):
        record = allocation.explain(index)
        heading = f"Package {person.package_id}, area {person.area_id}, {person.minutes_per_week / 60:g} hours a week."
        chosen = allocation.verified.plan.contracts[index]
        for each in snapshot.providers:
            told = provider_note(record, each.provider_id, RULES)
            assert told.startswith(f"{heading} ")
            said = told.removeprefix(heading)
            others = [other for other in snapshot.providers if other != each]
            names = [word for other in others for word in (other.name, other.provider_id)]
            assert not [word for word in (*PRIVATE, *names) if re.search(re.escape(word), said, re.IGNORECASE)]
            asked = each.provider_id in {
                allocation.county.provider(k).provider_id for k in allocation.county.standing.pending.get(person.package_id, ())
            }
            has_it = chosen is not None and allocation.county.provider(chosen) == each
            if each.provider_id in person.excluded_provider_ids and not asked and not has_it:
                event("excluded")
                assert said == " Not asked."
