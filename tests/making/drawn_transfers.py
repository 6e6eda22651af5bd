"""Random small counties with rounds, for properties: two areas, four providers, up to ten rounds."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from hypothesis import strategies as st

from optimiser.domain.plan import EarlierMove, Known
from optimiser.domain.records import Package, Round
from optimiser.domain.snapshot import Snapshot
from tests.making import GO_LIVE, area, at, cap, legacy, package, principal, provider, snapshot

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


@st.composite
def handing_over(draw: st.DrawFn) -> Snapshot:
    """Two principals with rounds in each other's areas, and limits that little fits under unless as much leaves."""
    packages, rounds = [], []
    for number in range(draw(st.integers(2, 6))):
        holder, area_id = draw(st.sampled_from((("P1", "A2"), ("P2", "A1"), ("ASH", "A1"))))
        rounds.append(Round(f"R{number}", holder, area_id, draw(st.sampled_from((None, 1, 2))), None))
        for person in range(draw(st.integers(1, 2))):
            packages.append(
                package(
                    f"R{number}P{person}",
                    at(draw(st.integers(-9, 9)) * 500, 0),
                    hours=draw(st.integers(4, 8)),
                    contract_id=f"L-{holder}",
                    area_id=area_id,
                    round_id=f"R{number}",
                    transfer_decision=draw(st.sampled_from(("suitable", "suitable", ""))),
                    care_started=dt.date(2026, draw(st.integers(4, 6)), 1),
                )
            )
    packages += [package(f"K{area}", hours=60, contract_id="L-ASH", area_id=f"A{area}") for area in (1, 2)]
    live = draw(st.sampled_from((GO_LIVE, dt.date(2027, 3, 20))))
    return snapshot(
        packages,
        [principal("P1"), principal("P2", area_id="A2"), *(legacy(name) for name in ("P1", "P2", "ASH"))],
        areas=[area("A1"), area("A2", go_live=live)],
        providers=[provider(name, max_hours_4w=Fraction(4 * draw(st.integers(0, 24)))) for name in ("P1", "P2")]
        + [provider("ASH")],
        rounds=rounds,
        restrictions=draw(st.sampled_from(([], [cap("P1", 12, starts=dt.date(2026, 5, 1))]))),
    )
