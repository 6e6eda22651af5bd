"""What a run is asked for is refused whole: every unknown id, and every pin that a rule or a limit forbids, with its figures."""

from __future__ import annotations

from fractions import Fraction

import pytest

from optimiser.county import County
from optimiser.domain.brief import Brief, Part
from optimiser.domain.plan import Plan
from optimiser.judging.briefing import BriefRefusedError, brief_faults, briefed, with_bundles
from optimiser.judging.checking import findings
from optimiser.rules.book import standard_rules
from tests.making import SWANTON, county, days, following, framework, legacy, offer, package, principal, provider, restriction

RULES = standard_rules()


def a_county() -> County:
    """CLOVER is restricted, BRACKEN has room for five hours of a bigger contract, DOCK says no to N4, who has refused ALDER."""
    people = [
        package("N1"),
        package("N2", hours=10, skills=("dementia",)),
        package("N3"),
        package("N4", excluded_provider_ids=("ALDER",)),
        package("N5"),
        package("N6"),
        package("R1", contract_id="F-BRACKEN", round_id="RD-1"),
        package("R2", SWANTON, contract_id="L-DOCK", area_id="A2"),
    ]
    return county(
        people,
        [principal("ALDER"), framework("BRACKEN", max_hours_4w=Fraction(40)), framework("CLOVER"), legacy("DOCK")],
        providers=[provider("BRACKEN", skills=("dementia",))],
        restrictions=[restriction("CLOVER")],
        offers=[
            offer("N4", "L-DOCK", "declined", reason="no_capacity"),
            offer("N5", "P-ALDER", "accepted"),
            offer("N6", "P-ALDER"),
        ],
    )


def placed(here: County, where: dict[str, str]) -> Plan:
    """These packages on these contracts, nobody else on any."""
    contracts = {here.package_index[name]: here.contract_index[contract] for name, contract in where.items()}
    return Plan.of(contracts.get(package) for package in range(len(here.packages)))


PART_OF_A1 = Part(areas=("A1",))


@pytest.mark.parametrize(
    ("brief", "said"),
    [
        (Brief(Part(areas=("A9",))), ["area A9: there is no such area"]),
        (
            Brief(Part(providers=("BRAKEN",), rounds=("RD-7",)), {"N9": None, "N1": "F-BRAKEN"}),
            [
                "package N9: there is no such package",
                "round RD-7: there is no such round; the nearest is RD-1",
                "provider BRAKEN: there is no such provider; the nearest is BRACKEN",
                "contract F-BRAKEN: there is no such contract; the nearest is F-BRACKEN",
            ],
        ),
        (Brief(PART_OF_A1, {"R2": "L-DOCK"}), ["pin R2=L-DOCK: it is outside of the part that the run is for"]),
        (
            Brief(Part(areas=("A2",))),
            ["the part: nobody who waits is in it, so there would be nobody to place; name areas or packages as well"],
        ),
        (
            Brief(pins={"R1": "F-BRACKEN"}),
            [
                "pin R1=F-BRACKEN: its care runs under F-BRACKEN; an allocation moves nobody, so there is nothing to pin",
            ],
        ),
        (
            Brief(pins={"N1": "F-CLOVER"}),
            ["pin N1=F-CLOVER: not_restricted: Clover may take no new work until it is lifted (restriction R-CLOVER)."],
        ),
        (Brief(pins={"N2": "P-ALDER"}), ["pin N2=P-ALDER: a rule about the person does not allow it"]),
        (
            Brief(Part(providers=("BRACKEN",)), {"N3": "P-ALDER"}),
            [
                "pin N3=P-ALDER: providers_of_the_part: The run was for named providers; ALDER is none of them.",
            ],
        ),
        (
            Brief(pins={"N2": "F-BRACKEN"}),
            [
                "pins of N2: contract_hours: Contract F-BRACKEN would hold 60 hours per four weeks of at most 40 hours per four"
                " weeks.",
            ],
        ),
        (
            Brief(pins={"N1": "F-BRACKEN", "N3": "F-BRACKEN"}),
            [
                "pins of N1, N3: contract_hours: Contract F-BRACKEN would hold 60 hours per four weeks of at most 40 hours per"
                " four weeks.",
            ],
        ),
        (
            Brief(pins={"N5": "L-DOCK", "N6": "P-ALDER"}),
            [
                "pin N5=L-DOCK: accepted_offer_holds: The provider has accepted this package on contract P-ALDER.",
                "pin N6=P-ALDER: pending_offer_waits: An offer on P-ALDER is waiting for an answer.",
            ],
        ),
    ],
)
def test_every_fault_is_said_at_once(brief: Brief, said: list[str]) -> None:
    assert brief_faults(a_county(), RULES, brief, may_move=False) == said


def test_what_a_private_rule_forbids_is_said_without_the_person() -> None:
    (said,) = brief_faults(a_county(), RULES, Brief(pins={"N4": "P-ALDER"}), may_move=False)
    assert said == "pin N4=P-ALDER: a rule about the person does not allow it"
    (said,) = brief_faults(a_county(), RULES, Brief(pins={"N4": "L-DOCK"}), may_move=False)
    assert "no_standing_decline: Dock declined" in said


def test_known_pins_are_judged_beside_unknown_ones() -> None:
    brief = Brief(pins={"N9": None, "N1": "F-CLOVER"})
    assert [each.partition(":")[0] for each in brief_faults(a_county(), RULES, brief, may_move=False)] == [
        "package N9",
        "pin N1=F-CLOVER",
    ]


@pytest.mark.parametrize(
    ("contract_id", "said"),
    [
        ("F-BRACKEN", None),
        (None, "no run ends anybody's care"),
        ("P-ALDER", "a pin may keep it there; a named person moves it by an offer"),
    ],
)
def test_running_care_may_be_pinned_to_where_it_runs_and_nowhere_else(contract_id: str | None, said: str | None) -> None:
    faults = brief_faults(a_county(), RULES, Brief(pins={"R1": contract_id}), may_move=True)
    assert (faults == []) if said is None else (said in faults[0])


def test_one_of_a_bundle_stands_for_all_of_it() -> None:
    people = [package(name, bundle_id="B1") for name in ("N1", "N2")]
    here = county([*people, package("N3")], [principal("ALDER"), framework("BRACKEN")])
    whole = with_bundles(here, Brief(Part(packages=("N1",)), {"N2": "F-BRACKEN"}))
    assert whole == Brief(Part(packages=("N1", "N2")), {"N1": "F-BRACKEN", "N2": "F-BRACKEN"})
    torn = Brief(pins={"N1": "F-BRACKEN", "N2": None})
    assert brief_faults(here, RULES, torn, may_move=False) == [
        "bundle B1: it goes to one contract or waits as a whole, and its packages are pinned to F-BRACKEN, waiting"
    ]


def test_the_check_finds_who_was_moved_outside_and_which_pin_does_not_hold() -> None:
    brief = Brief(Part(packages=("N1", "N3")), {"N1": "P-ALDER", "N3": None})
    here, book, _ = briefed(a_county(), RULES, brief, may_move=False)
    as_asked = {"N5": "P-ALDER", "R1": "F-BRACKEN", "R2": "L-DOCK", "N1": "P-ALDER"}
    assert findings(here, book, placed(here, as_asked))[0] == []
    otherwise = {"N5": "P-ALDER", "R1": "F-BRACKEN", "R2": "L-DOCK", "N3": "P-ALDER", "N2": "L-DOCK"}
    broken, _ = findings(here, book, placed(here, otherwise))
    assert {(each.subject, each.finding.rule) for each in broken} >= {
        ("N1", "pins_hold"),
        ("N3", "pins_hold"),
        ("N2", "outside_the_part_stays"),
    }


def test_a_pin_is_no_way_around_a_limit_for_the_check() -> None:
    """Who is pinned counts as there on entry for the search, and never for the check."""
    here, book, _ = briefed(a_county(), RULES, Brief(pins={"N1": "F-BRACKEN"}), may_move=False)
    full = {"R1": "F-BRACKEN", "R2": "L-DOCK", "N5": "P-ALDER", "N1": "F-BRACKEN", "N3": "F-BRACKEN"}
    assert [each.subject for each in findings(here, book, placed(here, full))[0]] == ["F-BRACKEN"]


def test_a_refused_brief_begins_nothing() -> None:
    with pytest.raises(BriefRefusedError, match="2 fault"):
        briefed(a_county(), RULES, Brief(Part(areas=("A8", "A9"))), may_move=False)
    plain = a_county()
    assert briefed(plain, RULES, Brief(), may_move=False) == (plain, RULES, Brief())


def test_a_pin_to_a_contract_that_was_taken_over_from_names_its_successor() -> None:
    ended = framework("ALDER", ends=days(-5))
    here = county([package("N1")], [ended, following(ended, "F-2", days(-5))])
    assert brief_faults(here, RULES, Brief(pins={"N1": "F-ALDER"}), may_move=False) == [
        "pin N1=F-ALDER: contract F-ALDER has ended, and F-2 has taken over from it: name that one"
    ]
    assert brief_faults(here, RULES, Brief(pins={"N1": "F-2"}), may_move=False) == []
