"""What no plan can do after a failure: worked by hand, and never more than what any allocation finds."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from optimiser.allocating.story import allocate
from optimiser.county import County
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.checking import DisagreementError
from optimiser.rules.book import standard_rules
from optimiser.whatif.stress.cut_off import CutOff, cut_off
from optimiser.whatif.stress.problem import contracts_of, varied
from optimiser.whatif.stress.report import stress_page, stress_record, stress_table
from optimiser.whatif.stress.story import Sweep, failure_of
from tests.making import area, contract, legacy, package, principal, provider
from tests.making import snapshot as made
from tests.making.drawn import PROVIDERS, snapshots

RULES = standard_rules()


def of(**records: Any) -> County:
    return County.of(made(**records))


def hours_4w(per_week: int) -> Fraction:
    return Fraction(4 * per_week)


def small() -> County:
    """Two areas. A1 has a principal with ten people's care; A2 has nobody of its own. ASH takes 15 hours a week in all, YEW has a
    contract of five in A1 and can lift.
    """
    return of(
        areas=[area("A1"), area("A2")],
        providers=[
            provider("OAK", skills=("double_handed",)),
            provider("ASH", max_hours_4w=hours_4w(15)),
            provider("YEW", skills=("double_handed",)),
        ],
        contracts=[
            principal("OAK"),
            contract("F-YEW", "YEW", max_hours_4w=hours_4w(5)),
            legacy("ASH"),
        ],
        packages=[
            package("R1", contract_id="P-OAK", hours=10),
            package("R2", contract_id="P-OAK", hours=8, workers=2),
            package("R3", contract_id="P-OAK", hours=4),
            package("N1", area_id="A2", hours=6),
            package("N2", area_id="A2", hours=12),
            package("N3", area_id="A2", hours=3, skills=("tracheostomy",)),
        ],
    )


def after(before: County, *provider_ids: str) -> CutOff:
    return cut_off(varied(before, contracts_of(before.snapshot, provider_ids)), RULES)


def test_today_by_hand() -> None:
    """Waiting: 6, 12 and 3 hours in A2. ASH alone may be asked of the first two and has 15; nobody can do the third."""
    found = cut_off(small(), RULES)
    assert (found.open_minutes, found.placeable_minutes, found.unmet_at_least) == (21 * 60, 15 * 60, 6 * 60)
    assert (found.areas, found.skills) == ((), ("tracheostomy",))
    assert (found.short, found.full_providers) == (("A2",), ("ASH",))


def test_a_failure_by_hand() -> None:
    """OAK stops: 10 + 8 + 4 hours more. R2 needs two: YEW can lift, but eight hours do not go into five. R3's four do; R1's ten
    compete for ASH's 15 with A2's 18: 15 + 4 of 43 have room.
    """
    found = after(small(), "OAK")
    assert found.open_minutes == 43 * 60
    assert found.placeable_minutes == 19 * 60
    assert found.skills == ("double_handed", "tracheostomy")
    assert found.short == ("A1", "A2")


def test_an_area_that_hangs_on_one_provider_is_cut_off_with_it() -> None:
    assert cut_off(small(), RULES).areas == ()
    found = after(small(), "ASH")
    assert found.areas == ("A2",)
    assert found.placeable_minutes == 0
    assert after(small(), "YEW").areas == ()


def test_where_all_have_room_nothing_is_short() -> None:
    plenty = of(
        providers=[provider("OAK"), provider("ASH")],
        contracts=[principal("OAK"), contract("F-ASH", "ASH")],
        packages=[package("R1", contract_id="P-OAK"), package("N1")],
    )
    found = after(plenty, "OAK")
    assert found == CutOff(found.open_minutes, found.open_minutes, (), (), (), ())
    assert found.open_minutes > 0


@given(snapshots())
@settings(max_examples=8, deadline=None)
def test_no_allocation_leaves_less_unmet(snapshot: Snapshot) -> None:
    before = County.of(snapshot)
    for provider_id in PROVIDERS[:2]:
        later = varied(before, contracts_of(snapshot, [provider_id]))
        found = allocate(later.snapshot)
        unmet = sum(
            package.minutes_per_week for index, package in enumerate(found.county.packages) if found.outcome(index) == "unmet"
        )
        assert 0 <= cut_off(later, RULES).unmet_at_least <= unmet


def test_it_is_told_beside_what_was_found() -> None:
    before = small()
    stress = Sweep(before, RULES).named([failure_of(before, ["OAK"])])
    record = stress_record(stress)
    (each,) = record["failures"]
    assert each["unmet_hours_at_least_per_week"] == "24.00"
    assert float(each["unmet_hours_after_per_week"]) >= 24
    assert each["cut_off"]["needs"] == ["double_handed", "tracheostomy"]
    header, line = stress_table(record).decode().splitlines()
    told = dict(zip(header.split(","), line.split(","), strict=True))
    assert told["unmet_hours_at_least_per_week"] == "24.00"
    assert "No plan leaves fewer than 24.00 hours a week unmet" in stress_page(record).decode()
    assert stress.to_frame().unmet_minutes_at_least.tolist() == [24 * 60]


def test_a_plan_that_beats_the_bound_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    before = small()
    impossible = CutOff(10**6, 0, (), (), (), ())
    monkeypatch.setattr("optimiser.whatif.stress.story.cut_off", lambda *_: impossible)
    with pytest.raises(DisagreementError, match="plan and network disagree on what fails with OAK"):
        Sweep(before, RULES).named([failure_of(before, ["OAK"])])
