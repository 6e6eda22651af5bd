"""What a person who waits is told of how they are safe until care begins: true, plain, and nothing that somebody wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from optimiser.allocating.story import allocate
from optimiser.domain.person_records import CARERS, CHOICES, WHERE
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.meanwhile_news import SOMEBODY_WILL_CALL, meanwhile_news
from optimiser.explaining.notes import CONTACT
from tests.explaining.changing import explained
from tests.explaining.reading import grade
from tests.explaining.test_person import EVERY_OUTCOME, FORBIDDEN, LINE, paragraph
from tests.making import AS_OF, days, framework, package, plan_meanwhile, snapshot

SECRETS = {
    "holds": "SECRET neighbour drinks",
    "checked_by": "SECRET desk",
    "chosen_by": "SECRET manager",
    "choice_reason": "SECRET risk",
}


@pytest.fixture(autouse=True)
def a_number_to_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONTACT, LINE)


def waiting(**given: Any) -> Snapshot:
    return replace(EVERY_OUTCOME["unmet"], meanwhile=(plan_meanwhile("N1", **given),))


def test_a_plan_that_holds_is_told_with_its_last_day_and_the_next_check() -> None:
    told = paragraph(waiting(where="home_with_carer", holds_until=days(11), next_check=days(4)))
    assert "For now you are at home, with someone who helps you." in told
    assert "What we have agreed with you for now is good up to the end of 3 December 2026." in told
    assert "We will ask you how you are on 27 November 2026." in told
    assert (
        f"please contact {LINE}. You can call by day or by night. If you need help right now, please tell them at once." in told
    )
    assert SOMEBODY_WILL_CALL not in told


@pytest.mark.parametrize("given", [{"holds_until": days(0)}, {"holds_until": None}, {"holds": " "}])
def test_where_nothing_holds_somebody_will_call(given: dict[str, Any]) -> None:
    assert meanwhile_news(plan_meanwhile("N1", **given), AS_OF) == SOMEBODY_WILL_CALL == meanwhile_news(None, AS_OF)
    assert SOMEBODY_WILL_CALL in paragraph(waiting(**given))


def test_a_bridge_and_an_interim_bed_are_told_while_they_last() -> None:
    bed = plan_meanwhile("N1", choice="interim_bed", choice_until=days(25))
    assert "You can have a bed where people look after you, up to the end of 17 December 2026." in meanwhile_news(bed, AS_OF)
    bridge = plan_meanwhile("N1", choice="bridge", choice_until=days(1))
    told = "You will have help with visits that cannot wait, up to the end of 23 November 2026."  # some or all: both are so
    assert told in meanwhile_news(bridge, AS_OF)
    assert "cannot wait" not in meanwhile_news(replace(bridge, choice_until=days(0)), AS_OF)
    assert "ask you how you are" not in meanwhile_news(
        plan_meanwhile("N1", next_check=days(-1)), AS_OF
    )  # nothing is promised for a past day


def test_everybody_hears_it_until_care_begins_and_nobody_afterwards() -> None:
    for outcome, given in EVERY_OUTCOME.items():
        assert (SOMEBODY_WILL_CALL in explained(allocate(given), "N1")["person"]) is (outcome != "running"), outcome


def test_a_part_of_care_has_the_plan_of_the_whole() -> None:
    people = [package("N1", contract_id="F-ALDER"), package("N2", part_of="N1", workers=2)]
    given = replace(snapshot(people, [framework("ALDER")]), meanwhile=(plan_meanwhile("N1"),))
    assert "What we have agreed with you" in explained(allocate(given), "N2")["person"]


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("choice", ["", *CHOICES])
def test_nothing_that_somebody_wrote_is_told_and_it_reads_easily(where: str, choice: str) -> None:
    for carer in CARERS:
        given = plan_meanwhile("N1", where=where, carer=carer, choice=choice, choice_until=days(9), **SECRETS)
        told = meanwhile_news(given, AS_OF)
        assert "SECRET" not in told
        assert not [word for word in (*FORBIDDEN, "carer", "strain", "£", *CHOICES) if word in told.lower()]
        assert grade(told) <= 6
    assert grade(paragraph(replace(EVERY_OUTCOME["unmet"], meanwhile=(given,)))) <= 6


def test_somebody_will_call_reads_easily() -> None:
    assert grade(SOMEBODY_WILL_CALL) <= 6
