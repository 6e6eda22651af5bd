"""Small random counties whose rooms are full, so that somebody has to move for somebody else."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from optimiser.domain.records import PRIORITIES, Package
from optimiser.domain.snapshot import Snapshot
from tests.making import area, at, contract, days, package, provider, snapshot

PROVIDERS = ("ALDER", "BRACKEN", "CLOVER", "DOCK")
SKILLS = ("dementia", "medication", "learning_disability")


@st.composite
def anybody(draw: st.DrawFn, number: int) -> Package:
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
def in_the_way(draw: st.DrawFn, number: int) -> Package:
    """Somebody with ALDER whom others could look after as well."""
    return replace(
        draw(anybody(number)), status="active", contract_id="C-ALDER", skills=(), transfer_decision="suitable", protected=""
    )


@st.composite
def only_alders(draw: st.DrawFn, number: int) -> Package:
    """Somebody who waits, with a need that ALDER alone can meet."""
    urgent = draw(st.sampled_from(PRIORITIES[:3]))
    return replace(draw(anybody(number)), status="new", contract_id="", skills=SKILLS[2:], priority=urgent)


@st.composite
def full_counties(draw: st.DrawFn, most: int = 10) -> Snapshot:
    """Four providers, a contract each. ALDER can do all and is full, the others can do less and may have some room.

    ``most``: so many people at most.
    """
    kinds = [
        in_the_way,
        in_the_way,
        only_alders,
        *draw(st.lists(st.sampled_from([anybody, in_the_way, only_alders]), max_size=most - 3)),
    ]
    packages = [draw(kind(number)) for number, kind in enumerate(kinds, start=1)]
    held = {name: sum(p.minutes_per_week for p in packages if p.contract_id == f"C-{name}") for name in PROVIDERS}
    tiers = ("principal", "framework", "framework", "legacy")
    room = {"ALDER": [0, 0, 1], "BRACKEN": [0, 2, 5], "CLOVER": [0, 0, 5], "DOCK": [0, 5, 12]}
    return snapshot(
        packages,
        [
            contract(f"C-{name}", name, tier=tier, area_id="" if tier == "legacy" else "A1")
            for name, tier in zip(PROVIDERS, tiers, strict=True)
        ],
        providers=[
            provider(
                name,
                max_hours_4w=Fraction(held[name] + 60 * draw(st.sampled_from(room[name])), 15),
                skills=SKILLS if name == "ALDER" else draw(st.sampled_from([SKILLS[:2], SKILLS[1:2], ()])),
            )
            for name in PROVIDERS
        ],
        areas=[area("A1")],
    )
