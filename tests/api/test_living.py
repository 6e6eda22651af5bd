"""A county whose contracts follow each other comes out of the service as it went in, and its offers count where its care is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from api.clock import Clock
from api.state.store import Store
from api.storage.audit import Actor
from optimiser.domain.policy import EnhancedSettings, MeanwhileSettings, Policy, ProcurementSettings, TransferPolicy
from optimiser.domain.snapshot import Snapshot
from optimiser.io.exporting import write_snapshot
from optimiser.io.reading import read_snapshot
from tests.api.databases import prepared
from tests.making import AS_OF, area, days, following, framework, offer, package, principal, rate, reserve, snapshot, specialist


def living() -> Snapshot:
    """Something of everything that lets a county live."""
    ended = framework("ALDER", ends=days(-10))
    return snapshot(
        [
            package("R1", contract_id="F-ALDER"),
            package("N1", bundle_id="B1"),
            package("N2", bundle_id="B1"),
            package("N3", service="night"),
            package("N4"),
            package("N5", part_of="N4"),
        ],
        [ended, following(ended, "F-2", days(-10)), principal("BIRCH", regime="pcr_2015"), specialist("OWL"), reserve("WREN")],
        areas=[area(go_live_planned=days(-300))],
        offers=[offer("N4", "F-ALDER")],
        rates=[rate("F-2", days(-1), 2500), rate("F-2", days(30), 2600, 2700, 2800)],
        reserve_areas=["A1"],
    )


def stored(here: Snapshot, folder: Path) -> Store:
    engine = prepared(f"sqlite:///{folder / 'county.db'}")
    store = Store(engine, Clock(AS_OF))
    store.load(here, Actor("A planner", "planner"))
    return store


def test_all_of_it_comes_out_as_it_went_in(tmp_path: Path) -> None:
    transfer = TransferPolicy(
        blackouts=(((8, 1), (9, 1)),),
        extra_holidays=(dt.date(2027, 5, 7),),
        direct_payment_rate_pence=2130,
        destabilisation_limit=Fraction(1, 8),
        plan_pending=False,
    )
    here = replace(
        living(),
        policy=Policy(max_moves=3, bar_pamms=("poor", "requires_improvement")),
        procurement=ProcurementSettings(regime="pcr_2015", gap_months=24),
        transfer=transfer,
        meanwhile_settings=MeanwhileSettings(urgent_choose_days=2),
        enhanced=EnhancedSettings(alert_hours=60),
    )
    store = stored(here, tmp_path)
    assert store.state().snapshot == here
    write_snapshot(store.state().snapshot, tmp_path / "out")
    assert read_snapshot(tmp_path / "out").snapshot == here
    store.engine.dispose()


def test_an_offer_on_an_ended_contract_holds_its_hours_on_the_one_in_force(tmp_path: Path) -> None:
    store = stored(living(), tmp_path)
    state = store.state()
    (hold,) = state.holds
    assert state.county.contracts[hold.contract].contract_id == "F-2"
    store.engine.dispose()
