"""A week of rounds to its files."""

from __future__ import annotations

from typing import Any

from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import StaffingSettings
from optimiser.io.folders import pretty
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet
from optimiser.rounds.report import tables
from optimiser.rounds.report.drawn_rounds import rounds_geojson
from optimiser.rounds.report.maps import rounds_page
from optimiser.rounds.report.week_figures import figure_rows, figures_by_provider, figures_of, figures_record, record_of


def rounds_files(
    plan: RoundsPlan, snapshot: Snapshot, settings: StaffingSettings, run: dict[str, Any], *, exact: bool
) -> dict[str, bytes]:
    """The content of each file of a result. ``exact``: maps with places, ids and times."""
    figures = figures_of(plan, snapshot, settings)
    return {
        "rounds_planned.csv": spreadsheet(tables.ROUNDS, tables.round_rows(plan)),
        "visits_planned.csv": spreadsheet(tables.VISITS, tables.visit_rows(plan)),
        "unserved.csv": spreadsheet(tables.UNSERVED, tables.unserved_rows(plan.unserved)),
        "rounds.geojson": rounds_geojson(plan, snapshot, exact=exact),
        "rounds.html": rounds_page(plan, snapshot, figure_rows(figures), exact=exact),
        "result.json": pretty(result_record(plan, snapshot, settings)),
        "run.json": pretty(run),
    }


def result_record(plan: RoundsPlan, snapshot: Snapshot, settings: StaffingSettings) -> dict[str, Any]:
    """What ``result.json`` says: the same bytes for the same input and settings."""
    return {
        **result_head(snapshot, titled=True),
        "travel": plan.travel,
        "figures": figures_record(figures_of(plan, snapshot, settings)),
        **({"not_planned": barred} if (barred := record_of(plan.unserved)) else {}),
        "providers": {name: figures_record(each) for name, each in figures_by_provider(plan, snapshot, settings).items()},
    }
