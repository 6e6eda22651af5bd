"""A small county whose transfer can be worked out on paper, and short ways to plan in it.

NEW holds area A1's principal contract: 30 hours a week run on it, at most 100. OLD has 100 hours a week of legacy care, SMALL
has 20. The area has 150 hours: the mark is the lower of 105 (70%) and 100, so 70 hours are missing. R1 (10 hours, two people) and
R4 (5 hours, one person whose decision is pending) may move, and are exactly 15% of OLD's hours together. R2 has somebody
protected in it; R3 is a quarter of SMALL's work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from optimiser.domain.plan import Known
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.records import Package, Round
from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.report import verified_files
from optimiser.transferring.story import plan_transfer
from optimiser.transferring.transfer_plan import TransferPlan
from tests.making import at, legacy, package, principal, provider, snapshot

POLICY = TransferPolicy()


def running(name: str, holder: str, hours: float, **given: Any) -> Package:
    """Running care on a provider's legacy contract, whose decision is made and says that it may move."""
    return package(name, **{"hours": hours, "contract_id": f"L-{holder}", "transfer_decision": "suitable", **given})


def people() -> dict[str, Package]:
    """Everybody, by their id."""
    made = [
        running("N0", "NEW", 30, contract_id="P-NEW"),
        running("A1", "OLD", 5, round_id="R1"),
        running("A2", "OLD", 5, round_id="R1", place=at(2_000)),
        running("B1", "OLD", 3, round_id="R2", protected="complex_dementia"),
        running("B2", "OLD", 3, round_id="R2"),
        running("D1", "OLD", 5, round_id="R4", place=at(0, 3_000), transfer_decision=""),
        running("X1", "OLD", 79),
        running("C1", "SMALL", 5, round_id="R3"),
        running("Y1", "SMALL", 15),
    ]
    return {each.package_id: each for each in made}


def small_county(changed: Mapping[str, Mapping[str, Any]] | None = None, **given: Any) -> Snapshot:
    """The county, with some people changed; further keywords as ``tests.making.snapshot`` takes them."""
    everybody = people()
    for name, change in (changed or {}).items():
        everybody[name] = replace(everybody[name], **change)
    parts: dict[str, Any] = {
        "contracts": [
            principal("NEW", max_hours_4w=Fraction(400), rates_pence=(2300, 2300, 2300)),
            legacy("OLD"),
            legacy("SMALL"),
        ],
        "providers": [provider("NEW", name="Newholme Care"), provider("OLD", name="Oldfield Care"), provider("SMALL")],
        "rounds": [
            Round("R1", "OLD", "A1", 1, Fraction(12)),
            Round("R2", "OLD", "A1", 1, None),
            Round("R3", "SMALL", "A1", 1, None),
            Round("R4", "OLD", "A1", None, None),
        ],
    }
    return snapshot(everybody.values(), **{**parts, **given})


def planned(county: Snapshot | None = None, known: Known | None = None, **given: Any) -> TransferPlan:
    """The plan for area A1; keywords are settings, or ``earlier`` and ``recut``."""
    passed = {name: given.pop(name) for name in ("earlier", "recut") if name in given}
    return plan_transfer(county or small_county(), ["A1"], replace(POLICY, **given), known, **passed)


def where(plan: TransferPlan) -> dict[str, str]:
    """Per candidate round the day that it moves on, or ``stays``."""
    days = {plan.candidates[index].round_id: plan.wave_of(index) for index in plan.told}
    return {name: "stays" if wave is None else str(wave.date) for name, wave in days.items()}


def files(plan: TransferPlan) -> dict[str, bytes]:
    return verified_files(plan, {})
