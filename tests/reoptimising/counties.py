"""Small random counties whose rooms are full, so that somebody has to move for somebody else."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from optimiser.domain.records import PRIORITIES, Package
from optimiser.domain.snapshot import Snapshot
from tests.making import area, at, contract, days, package, provider, snapshot

PROVIDERS = ("ALDER", "BRACKEN", "CLOVER", "DOCK")
SKILLS = ("dementia", "medication", "learning_disability")


@st.composite
def people(draw: st.DrawFn, number: int) -> Package:
    """Half of them have care already; most of those may move."""
    running = draw(st.booleans())
    return package(
        f"N{number}",
        at(100 * draw(st.integers(-30, 30)), 100 * draw(st.integers(-30, 30))),
        hours=draw(st.sampled_from([2, 5, 5, 8])),
        skills=draw(st.sampled_from([(), (), SKILLS[:1], SKILLS[1:2], SKILLS[2:]])),
        priority=draw(st.sampled_from(PRIORITIES)),
        start_by=draw(st.sampled_from([None, days(-5), days(3)])),
        contract_id=f"C-{draw(st.sampled_from(PROVIDERS))}" if running else "",
        transfer_decision=draw(st.sampled_from(["suitable", "suitable", "suitable", "", "not_suitable"])),
        protected=draw(st.sampled_from(["", "", "", "", "autism"])),
    )


@st.composite
def full_counties(draw: st.DrawFn) -> Snapshot:
    """Four providers, a contract each, with no more than a little room beyond what they have."""
    packages = [draw(people(number)) for number in range(1, draw(st.integers(4, 10)))]
    held = {name: sum(p.minutes_per_week for p in packages if p.contract_id == f"C-{name}") for name in PROVIDERS}
    tiers = ("principal", "framework", "framework", "legacy")
    return snapshot(
        packages,
        [
            contract(f"C-{name}", name, tier=tier, area_id="" if tier == "legacy" else "A1")
            for name, tier in zip(PROVIDERS, tiers, strict=True)
        ],
        providers=[
            provider(
                name,
                max_hours_4w=Fraction(held[name] + 60 * draw(st.sampled_from([0, 0, 1, 2, 5])), 15),
                skills=draw(st.sampled_from([SKILLS, SKILLS[:2], SKILLS[1:], ()])),
            )
            for name in PROVIDERS
        ],
        areas=[area("A1")],
    )
