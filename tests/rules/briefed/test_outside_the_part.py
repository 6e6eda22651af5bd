"""Outside of the part that a run is for nobody is placed or moved; both halves say the same of who is outside."""

from __future__ import annotations

import pytest

from optimiser.domain.brief import Brief, Part
from optimiser.rules.book import standard_rules
from optimiser.rules.briefed.briefed_books import briefed_rules
from tests.making import county, framework, legacy, offer, package
from tests.rules.judging import settled

HERE = county(
    [
        package("N1"),
        package("N2", area_id="A2"),
        package("N3"),
        package("R1", contract_id="F-BRACKEN", round_id="RD-1"),
        package("R2", contract_id="L-DOCK"),
    ],
    [framework("BRACKEN"), framework("CLOVER", area_id="A2"), legacy("DOCK")],
    offers=[offer("N3", "L-DOCK", "accepted")],
)
AS_THEY_ARE = {"N1": None, "N2": None, "R1": "F-BRACKEN", "R2": "L-DOCK"}


def verdicts(part: Part, places: dict[str, str | None]) -> dict[str, bool | None]:
    found = settled(HERE, "outside_the_part_stays", places, rules=briefed_rules(standard_rules(), Brief(part)))
    return dict(zip(places, found, strict=True))


@pytest.mark.parametrize(
    ("part", "inside"),
    [
        (Part(areas=("A1",)), {"N1", "R1", "R2"}),
        (Part(areas=("A2",)), {"N2"}),
        (Part(packages=("N1", "R2")), {"N1", "R2"}),
        (Part(rounds=("RD-1",)), {"R1"}),
        (Part(areas=("A2",), rounds=("RD-1",)), {"N2", "R1"}),
        (Part(providers=("DOCK",)), {"N1", "N2", "R2"}),  # of running care what DOCK delivers; new care has no provider yet
        (Part(areas=("A1",), providers=("DOCK",)), {"N1", "R2"}),
    ],
)
def test_who_is_outside_is_settled_where_they_are(part: Part, inside: set[str]) -> None:
    assert verdicts(part, AS_THEY_ARE) == {name: None if name in inside else True for name in AS_THEY_ARE}


def test_to_place_or_to_move_somebody_outside_breaks_it() -> None:
    elsewhere: dict[str, str | None] = {"N1": "L-DOCK", "R1": "L-DOCK", "R2": None}
    assert verdicts(Part(areas=("A2",)), elsewhere) == dict.fromkeys(elsewhere, False)


def test_an_accepted_offer_is_kept_outside_as_well() -> None:
    assert verdicts(Part(areas=("A2",)), {"N3": "L-DOCK"}) == {"N3": None}  # told by the rule on accepted offers
