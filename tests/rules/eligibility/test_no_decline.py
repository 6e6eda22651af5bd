"""Declines that stand: for fourteen days, for one, or until the needs change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.making import county, framework, legacy, noon, offer, package
from tests.rules.judging import finding, passes


def asked(response: str, days_ago: int, reason: str = "", **policy: Any) -> bool:
    """Whether Bracken may be asked again after it answered so, so many days ago."""
    given = offer("N1", "F-BRACKEN", response, offered_at=noon(-40), responded_at=noon(-days_ago), reason=reason)
    here = county([package("N1")], [framework("BRACKEN")], offers=[given], **policy)
    return passes(here, "no_standing_decline", "N1", "F-BRACKEN")


@pytest.mark.parametrize("reason", ["no_capacity", "time_of_day", "too_far", "no_double_handed_run", "something else", ""])
def test_a_decline_stands_for_fourteen_days(reason: str) -> None:
    assert not asked("declined", 0, reason)
    assert not asked("declined", 13, reason)
    assert asked("declined", 14, reason)


def test_a_decline_because_the_need_cannot_be_met_stands_for_ever() -> None:
    assert not asked("declined", 14, "cannot_meet_need")
    given = offer("N1", "F-BRACKEN", "declined", offered_at=noon(-4_000), responded_at=noon(-4_000), reason="cannot_meet_need")
    here = county([package("N1")], [framework("BRACKEN")], offers=[given])
    assert not passes(here, "no_standing_decline", "N1", "F-BRACKEN")
    assert finding(here, "no_standing_decline", "N1", "F-BRACKEN").sentence.endswith("that stands until the needs change.")


def test_an_offer_that_ran_out_stands_for_its_day() -> None:
    assert not asked("expired", 0)
    assert asked("expired", 1)
    assert asked("expired", 1, "cannot_meet_need")  # the reason of a decline says nothing of a lapse


def test_other_answers_are_no_decline() -> None:
    assert asked("withdrawn", 0)
    assert asked("withdrawn", 0, "cannot_meet_need")
    assert asked("accepted", 0)
    assert asked("", 0)


def test_a_council_may_set_how_long_declines_stand() -> None:
    assert not asked("declined", 20, decline_days=21)
    assert asked("declined", 21, decline_days=21)
    assert asked("expired", 0, expired_days=0)
    assert not asked("expired", 2, expired_days=3)


def test_the_day_of_the_offer_counts_where_the_answer_has_none() -> None:
    def may(days_ago: int) -> bool:
        given = offer("N1", "F-BRACKEN", "declined", offered_at=noon(-days_ago), responded_at=None)
        here = county([package("N1")], [framework("BRACKEN")], offers=[given])
        return passes(here, "no_standing_decline", "N1", "F-BRACKEN")

    assert not may(13)
    assert may(14)


def test_only_the_date_counts_not_the_time_of_day() -> None:
    # Answered one minute before midnight, 14 dates ago: 13 and a half days, but 14 dates.
    late = noon(-14).replace(hour=23, minute=59)
    given = offer("N1", "F-BRACKEN", "declined", offered_at=noon(-20), responded_at=late)
    here = county([package("N1")], [framework("BRACKEN")], offers=[given])
    assert passes(here, "no_standing_decline", "N1", "F-BRACKEN")


def test_a_decline_binds_every_contract_of_the_provider_and_no_other_provider_or_package() -> None:
    contracts = [framework("BRACKEN"), legacy("BRACKEN"), framework("CLOVER")]
    here = county([package("N1"), package("N2")], contracts, offers=[offer("N1", "F-BRACKEN", "declined")])
    assert not passes(here, "no_standing_decline", "N1", "F-BRACKEN")
    assert not passes(here, "no_standing_decline", "N1", "L-BRACKEN")
    assert passes(here, "no_standing_decline", "N1", "F-CLOVER")
    assert passes(here, "no_standing_decline", "N2", "F-BRACKEN")


def test_a_decline_counts_for_running_care_too() -> None:
    running = package("R1", contract_id="F-CLOVER", transfer_decision="suitable")
    here = county([running], [framework("BRACKEN"), framework("CLOVER")], offers=[offer("R1", "F-BRACKEN", "declined")])
    assert not passes(here, "no_standing_decline", "R1", "F-BRACKEN")


def test_a_later_answer_does_not_lift_an_earlier_lasting_decline() -> None:
    lasting = offer("N1", "F-BRACKEN", "declined", offer_id="Q1", reason="cannot_meet_need", responded_at=noon(-99))
    passing = offer("N1", "F-BRACKEN", "withdrawn", offer_id="Q2")
    here = county([package("N1")], [framework("BRACKEN")], offers=[lasting, passing])
    assert not passes(here, "no_standing_decline", "N1", "F-BRACKEN")


def test_the_sentence_tells_until_when() -> None:
    given = offer("N1", "F-BRACKEN", "declined", offered_at=noon(-5), responded_at=noon(-3), reason="time_of_day")
    here = county([package("N1")], [framework("BRACKEN")], offers=[given])
    found = finding(here, "no_standing_decline", "N1", "F-BRACKEN")
    # 20 November and 14 days.
    assert found.sentence == "Bracken declined (time of day) on 2026-11-20; that stands until 2026-12-04."


def test_of_several_declines_the_one_that_stands_longest_is_told() -> None:
    lasting = offer("N1", "F-BRACKEN", "declined", offer_id="Q1", responded_at=noon(-3), reason="cannot_meet_need")
    passing = offer("N1", "F-BRACKEN", "declined", offer_id="Q2", responded_at=noon(-2), reason="no_capacity")
    here = county([package("N1")], [framework("BRACKEN")], offers=[lasting, passing])
    found = finding(here, "no_standing_decline", "N1", "F-BRACKEN")
    assert found.sentence.endswith("that stands until the needs change.")
