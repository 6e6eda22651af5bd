"""Random small counties with rounds, for properties: two areas, four providers, up to ten rounds."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from hypothesis import strategies as st

from optimiser.domain.moves import EarlierMove, Known
from optimiser.domain.records import Package, Round
from optimiser.domain.snapshot import Snapshot
from tests.making import at, legacy, package, principal, snapshot

SMALL_PROVIDERS = ("OLD", "ELM", "ASH")


@st.composite
def counties(draw: st.DrawFn, most_people: int = 3) -> Snapshot:
    """Areas A1 and A2 with a principal each; rounds of one to three people, or as many as ``most_people``."""
    packages: list[Package] = [
        package(f"N{area}", hours=draw(st.integers(4, 30)), contract_id=f"P-NEW{area}", area_id=f"A{area}") for area in (1, 2)
    ]
    packages += [package(f"K{name}", hours=draw(st.integers(20, 90)), contract_id=f"L-{name}") for name in SMALL_PROVIDERS]
    rounds = []
    for number in range(draw(st.integers(1, 10))):
        holder, area_id = draw(st.sampled_from(SMALL_PROVIDERS)), draw(st.sampled_from(("A1", "A2")))
        rounds.append(Round(f"R{number}", holder, area_id, draw(st.sampled_from((None, 1, 2))), None))
        for person in range(draw(st.integers(1, most_people))):
            packages.append(
                package(
                    f"R{number}P{person}",
                    at(draw(st.integers(-9, 9)) * 500, draw(st.integers(-9, 9)) * 500),
                    hours=draw(st.integers(1, 24)) / 4,
                    contract_id=f"L-{holder}",
                    area_id=area_id,
                    round_id=f"R{number}",
                    transfer_decision=draw(st.sampled_from(("suitable", "suitable", "", "", "not_suitable"))),
                    protected=draw(st.sampled_from(("", "", "", "", "", "autism"))),
                )
            )
    return snapshot(
        packages,
        [
            principal("NEW1", max_hours_4w=Fraction(draw(st.integers(80, 200)))),
            principal("NEW2", area_id="A2", rates_pence=(2350, 2350, 2350), guarantee=Fraction(1, 2), max_hours_4w=Fraction(150)),
            *(legacy(name) for name in SMALL_PROVIDERS),
        ],
        rounds=rounds,
    )


@st.composite
def histories(draw: st.DrawFn) -> Known:
    """Some earlier moves."""
    moves = draw(st.lists(st.tuples(st.integers(0, 420), st.sampled_from(SMALL_PROVIDERS), st.integers(1, 12)), max_size=3))
    day = dt.date(2026, 11, 23)
    return Known(
        tuple(EarlierMove(day - dt.timedelta(ago), f"H{k}", name, 15 * quarters) for k, (ago, name, quarters) in enumerate(moves))
    )
