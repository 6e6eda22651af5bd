"""What is counted when a request is first asked for, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from api.offers.eligibility import candidates, next_step
from api.state.incremental_state import first_state
from api.state.stored_records import EMPTY, FIRST_ASKINGS, KeptSettings, Stored, stock_of
from api.statements.first_askings import figures_of
from optimiser.domain.snapshot import Snapshot
from optimiser.io.record_cells import record_of
from optimiser.rules.book import standard_rules
from optimiser.rules.vocabulary import NOT_ITS_AREA, OWN_REASONS
from tests.api.desk import Desk, desk
from tests.making import (
    AS_OF,
    FAKENHAM,
    area,
    cap,
    contract,
    days,
    framework,
    legacy,
    noon,
    offer,
    package,
    principal,
    provider,
    reserve,
    restriction,
    snapshot,
    specialist,
)

Json = dict[str, Any]


def counted(county: Snapshot, package_id: str = "N1") -> dict[str, tuple[str, ...]]:
    """Per provider what the next step's asking counts."""
    kinds = stock_of(county)
    stock = {
        kind: {each: Stored(body, 1, _record(kind, body, county)) for each, body in kinds.get(kind, {}).items()} for kind in EMPTY
    }
    state = first_state(1, stock, county.as_of, county.title, KeptSettings.of(county))
    found = candidates(state, state.county.package_index[package_id])
    return figures_of(state, found, next_step(found, "all"))


def _record(kind: str, body: Json, county: Snapshot) -> Any:
    if kind == "areas":
        return next(each for each in county.areas if each.area_id == body["area_id"])
    return body["area_id"] if kind == "reserve_areas" else record_of(kind, body)


def test_who_is_asked_and_who_comes_after() -> None:
    """Alder, the principal, is asked first. Of a county-wide contract every request is its own; of another area's none is."""
    people = [package("N1"), package("R1", contract_id="F-BRACKEN", hours=40)]
    made = snapshot(people, [principal("ALDER"), framework("BRACKEN"), legacy("DOCK"), framework("ELM", area_id="A2")])
    assert counted(made) == {
        "ALDER": ("requests", "asked"),
        "BRACKEN": ("requests", "before"),
        "DOCK": ("requests", "before"),
    }


def test_each_reason_of_its_own() -> None:
    """One framework provider for each, of which nothing else is in the way; Hazel has all of its hours by both limits."""
    names = ("ACORN", "BRACKEN", "CLOVER", "DOCK", "ELM", "FERN", "GORSE", "HAZEL", "IVY")
    contracts = {name: framework(name) for name in names}
    contracts["FERN"] = framework("FERN", max_hours_4w=Fraction(19))
    contracts["HAZEL"] = framework("HAZEL", max_hours_4w=Fraction(19))
    contracts["GORSE"] = framework("GORSE", bands=(1, 2))
    providers = {name: provider(name, skills=("medication",)) for name in names}
    providers["CLOVER"] = provider("CLOVER", cqc_rating="inadequate", skills=("medication",))
    providers["DOCK"] = provider("DOCK")
    providers["ELM"] = provider("ELM", max_distance_miles=Fraction(5), skills=("medication",))
    for name in ("ACORN", "HAZEL"):
        providers[name] = provider(name, max_hours_4w=Fraction(19), skills=("medication",))
    made = snapshot(
        [package("N1", FAKENHAM, skills=("medication",))],
        [*contracts.values(), principal("ALDER")],
        providers=[*providers.values(), provider("ALDER", skills=("medication",))],
        restrictions=[restriction("BRACKEN"), cap("IVY", 19)],
    )
    told = {name: figures[1:] for name, figures in counted(made).items()}
    assert told == {
        "ALDER": ("asked",),
        "ACORN": ("own_limit", "alone.own_limit"),
        "BRACKEN": ("restriction", "alone.restriction"),
        "CLOVER": ("rating", "alone.rating"),
        "DOCK": ("skills", "alone.skills"),
        "ELM": ("radius", "alone.radius"),
        "FERN": ("contract_maximum", "alone.contract_maximum"),
        "GORSE": ("band", "alone.band"),
        "HAZEL": ("contract_maximum",),
        "IVY": ("restriction", "alone.restriction"),
    }


def test_a_decline_that_stands_is_its_own() -> None:
    said = offer("N1", "F-BRACKEN", "declined", reason="cannot_meet_need", offered_at=noon(-40), responded_at=noon(-40))
    made = snapshot([package("N1")], [principal("ALDER"), framework("BRACKEN")], offers=[said])
    assert counted(made)["BRACKEN"] == ("requests", "decline", "alone.decline")


def test_a_wish_is_among_the_other_reasons_and_hides_behind_what_is_its_own() -> None:
    """Bracken is not wanted, Clover neither; but Clover has no hours, and would not have been asked in any case."""
    person = package("N1", excluded_provider_ids=("BRACKEN", "CLOVER"))
    made = snapshot(
        [person],
        [principal("ALDER"), framework("BRACKEN"), framework("CLOVER")],
        providers=[provider("CLOVER", max_hours_4w=Fraction(4))],
    )
    told = counted(made)
    assert told["BRACKEN"] == ("requests", "other_reasons")
    assert told["CLOVER"] == ("requests", "own_limit", "alone.own_limit")
    assert told["CLOVER"] == counted(replace(made, packages=(replace(person, excluded_provider_ids=()),)))["CLOVER"]


def test_of_two_contracts_the_one_counts_that_is_least_in_the_way() -> None:
    made = snapshot([package("N1")], [principal("ALDER"), framework("BRACKEN", max_hours_4w=Fraction(4)), legacy("BRACKEN")])
    assert counted(made)["BRACKEN"] == ("requests", "before")


def test_what_is_none_of_its_area_is_not_counted() -> None:
    """Not begun, ended, another area, a service of its own, an area that is not live, a reserve that is closed."""
    contracts = [
        framework("ACORN", starts=days(1)), framework("BRACKEN", ends=days(0)), contract("F-CLOVER", "CLOVER", area_id="A2"),
        specialist("DOCK"), reserve("ELM"), legacy("FERN"),
    ]  # fmt: skip
    assert counted(snapshot([package("N1")], contracts)).keys() == {"FERN"}
    later = snapshot([package("N1")], [framework("ACORN"), legacy("FERN")], areas=[area("A1", go_live=days(7))])
    assert counted(later).keys() == {"FERN"}


def test_every_rule_of_who_may_be_asked_says_where_it_is_counted() -> None:
    rules = standard_rules()
    said = {rule.name: rule.in_statements for rule in (*rules.eligibility, *rules.limits)}
    assert set(said.values()) <= {*OWN_REASONS, NOT_ITS_AREA, ""}
    assert {name for name, reason in said.items() if not reason} == {"may_move", "not_excluded", "other_provider", "rested"}


def figures_in(at: Desk, month: str = "2026-11") -> Json:
    stored = at.state().get(FIRST_ASKINGS, month)
    return {} if stored is None else stored.body["providers"]


def test_a_request_counts_once_and_a_part_of_a_persons_care_not_again(tmp_path: Path) -> None:
    """N1 is asked for twice; N2 is a part of N1's care; N3 was asked for before, and its request is older than that. N4 had an
    offer in October, and is asked for anew since. R1 runs."""
    people = [
        package("N1"), package("N2", part_of="N1"), package("N3", requested_at=noon(-5)),
        package("N4", requested_at=noon(-2)), package("R1", contract_id="P-ALDER", transfer_decision="suitable"),
    ]  # fmt: skip
    before = [
        offer("N3", "F-BRACKEN", "expired", offered_at=noon(-4), responded_at=noon(-3)),
        offer("N4", "F-BRACKEN", "accepted", offered_at=noon(-40), responded_at=noon(-40)),
    ]
    before[1] = replace(before[1], response="withdrawn")
    made = snapshot(people, [principal("ALDER"), framework("BRACKEN")], offers=before)
    assert made.as_of == AS_OF
    with desk(f"sqlite:///{tmp_path / 'county.db'}", made, run_workers=0) as at:
        first = at.ask("N1")["P-ALDER"]
        assert figures_in(at) == {"ALDER": {"requests": 1, "asked": 1}, "BRACKEN": {"requests": 1, "before": 1}}
        at.decline(first), at.ask("N1"), at.ask("N2"), at.ask("N3")
        at.ask("R1", contract_ids=["F-BRACKEN"], reason="A move", decision_reference="SW-1")
        assert figures_in(at)["ALDER"] == {"requests": 1, "asked": 1}
        at.ask("N4", contract_ids=["F-BRACKEN"], reason="It knows the person")
        assert figures_in(at) == {
            "ALDER": {"requests": 2, "asked": 1, "other_reasons": 1},
            "BRACKEN": {"requests": 2, "before": 1, "asked": 1},
        }, "asked out of order: Alder was passed over for a reason that is not its own"
        at.trail()
