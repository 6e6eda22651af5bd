"""What changed since the last facts, and what changes soon, worked by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from optimiser.domain.snapshot import Snapshot
from optimiser.nightly.ahead import changes_ahead, contracts_ending_later
from optimiser.nightly.changes_since import changes_since
from optimiser.nightly.kept_facts import FACTS_FILE, facts_file, facts_of, read_facts
from tests.making import area, cap, days, framework, legacy, package, principal, provider, restriction, snapshot

YESTERDAY = snapshot(
    [
        package("A", protected="end_of_life"),
        package("B"),
        package("C", contract_id="F-BRACKEN"),
        package("D", contract_id="F-BRACKEN"),
        package("E"),
        package("F", contract_id="P-ALDER"),
    ],
    [principal("ALDER"), framework("BRACKEN"), framework("CLOVER")],
    restrictions=[restriction("CLOVER")],
    as_of=days(-1),
)
TODAY = snapshot(
    [
        package("A", protected=""),
        package("B", contract_id="F-BRACKEN"),
        package("C", contract_id="P-ALDER"),
        package("D"),
        package("F", contract_id="P-ALDER"),
        package("G"),
    ],
    [principal("ALDER", ends=days(30)), framework("BRACKEN"), framework("DOCK")],
    providers=[provider("CLOVER"), provider("BRACKEN", cqc_rating="inadequate")],
    restrictions=[restriction("ALDER")],
)


def facts(county: Snapshot) -> dict[str, object]:
    return facts_of(county, {}, complete=True)


def test_what_happened_to_packages() -> None:
    since = changes_since(facts(YESTERDAY), facts(TODAY))
    assert since is not None
    assert since["since"] == "2026-11-22"
    assert since["packages"] == {
        "new": ["G"],
        "gone": ["E"],
        "care_began": ["B"],
        "waiting_again": ["D"],
        "changed_contract": ["C"],
        "changed_otherwise": ["A"],
    }


def test_what_happened_to_providers_contracts_and_restrictions() -> None:
    since = changes_since(facts(YESTERDAY), facts(TODAY))
    assert since is not None
    assert since["providers"] == {
        "new": [{"id": "DOCK", "name": "Dock"}],
        "gone": [],
        "changed": [
            {"id": "BRACKEN", "name": "Bracken", "fields": [{"field": "cqc_rating", "before": "good", "now": "inadequate"}]}
        ],
    }
    assert since["contracts"] == {
        "new": [{"id": "F-DOCK", "name": "Dock"}],
        "gone": [{"id": "F-CLOVER", "name": "Clover"}],
        "changed": [{"id": "P-ALDER", "name": "Alder", "fields": [{"field": "ends", "before": "", "now": "2026-12-23"}]}],
    }
    assert since["restrictions"] == {
        "new": [{"id": "R-ALDER", "name": "Alder"}],
        "gone": [{"id": "R-CLOVER", "name": "Clover"}],
        "changed": [],
    }


def test_facts_come_back_as_they_were_kept_and_hold_no_needs(tmp_path: Path) -> None:
    kept = facts_file(facts(YESTERDAY))
    (tmp_path / FACTS_FILE).write_bytes(kept)
    assert read_facts(tmp_path) == facts(YESTERDAY)
    assert b"end_of_life" not in kept
    (tmp_path / FACTS_FILE).write_bytes(kept[: len(kept) // 2])
    assert read_facts(tmp_path) is None
    assert changes_since(None, facts(TODAY)) is None


def test_the_ninety_days_ahead() -> None:
    county = snapshot(
        [package("R", contract_id="L-DOCK", hours=7.5)],
        [
            principal("ALDER", starts=days(-9), ends=days(90)),
            framework("BRACKEN", starts=days(1), ends=days(91)),
            framework("CLOVER", ends=days(0)),
            legacy("DOCK", ends=dt.date(2029, 4, 1)),
            legacy("ELDER", ends=dt.date(2029, 4, 1)),
        ],
        providers=[provider("CLOVER", pamms_rating="requires_improvement", pamms_published=days(14))],
        restrictions=[cap("DOCK", 40, area_id="A1", ends=days(2)), restriction("ELDER", starts=days(-1))],
        areas=[area(), replace(area("A2"), go_live=days(89))],
    )
    told = [(each["in_days"], each["kind"], each["name"], each["what"]) for each in changes_ahead(county, 90)]
    assert told == [
        (1, "contract", "Bracken", "begins: framework in A1"),
        (2, "restriction", "Dock", "ends: new work capped at 40 hours per four weeks in A1"),
        (14, "rating", "Clover", "PAMMS rating requires improvement is published"),
        (89, "area", "Area A2", "goes live"),
        (90, "contract", "Alder", "ends: principal in A1"),
    ]
    later = [
        (each["date"], each["tier"], each["contracts"], each["providers"], each["people"], each["hours_per_week"])
        for each in contracts_ending_later(county, 90)
    ]
    assert later == [
        (str(days(91)), "framework", 1, ["Bracken"], 0, "0.00"),
        ("2029-04-01", "legacy", 2, ["Dock", "Elder"], 1, "7.50"),
    ]
