"""A stress as JSON, as a table, and as one page that opens offline. Names of providers and areas, no person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from optimiser.county import County
from optimiser.domain.level_result import LevelResult, level_record
from optimiser.domain.records import PRIORITIES, TIERS, USUAL_TIERS
from optimiser.domain.words import hours, more_pounds_in_words, pounds, rounded
from optimiser.io.folders import page_of, pretty
from optimiser.io.frames import frame
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet
from optimiser.whatif.stress.losses import AreaLoss, Count
from optimiser.whatif.stress.pairs_report import pairs_record, pairs_table
from optimiser.whatif.stress.story import Stress, Stressed

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame


NOT_IN_THE_DATA = (
    "People who pay for their own care, and people with a direct payment, are not in this data. The council's duty when a"
    " provider fails covers everyone whom it served (Care Act 2014, section 48): more people would need care than are"
    " counted here."
)
HOW_TO_READ = (
    "Each line is a plan that keeps every rule, found by trying it: not a forecast. Other providers' limits, skills and travel"
    " count; whether their staff can really start tomorrow is not in the data. People whose accepted or unanswered offer is with"
    " the provider that fails stay where the format puts them; withdraw those offers to see what then happens. Unmet at least:"
    " what no plan can avoid, since the room of all others holds no more of those needs (the largest flow from needs to hours)."
)
COLUMNS = (
    "rank", "kind", "provider_ids", "names", "contract_ids", "people", "hours_per_week",
    *(f"to_{tier}_hours_per_week" for tier in USUAL_TIERS),
    *(f"unplaced_{priority}_people" for priority in PRIORITIES),
    "unplaced_hours_per_week", "unmet_people_today", "unmet_people_after", "unmet_hours_after_per_week",
    "unmet_hours_at_least_per_week", "first_visit_to_cover", "first_lost_visit",
    "hours_to_first_lost_visit", "areas_that_break", "more_weekly_cost_gbp", "more_weekly_cost_of_placed_gbp", "promised_people",
    "levels_proven",
)  # fmt: skip
SIGNED = ("more_weekly_cost_gbp", "more_weekly_cost_of_placed_gbp")
"""Numbers that may be below zero, which is no reason to take them for formulas."""


def stress_record(stress: Stress) -> dict[str, Any]:
    """Everything; the same bytes for the same input."""
    county = stress.county
    return {
        **result_head(county.snapshot, titled=True, rule_book=stress.rules.version),
        "stops_at": f"{county.as_of} 24:00",
        "complete": stress.complete,
        "search": "swift" if stress.swept else "as allocate",
        "not_in_the_data": NOT_IN_THE_DATA,
        "how_to_read": HOW_TO_READ,
        "today": _levels(stress.today),
        "failures": [failure_record(stress, rank, each) for rank, each in enumerate(stress.singles, 1)],
        "two_together": [failure_record(stress, rank, each) for rank, each in enumerate(stress.pairs, 1)],
        **({} if stress.every_pair is None else {"all_pairs": pairs_record(stress.every_pair)}),
    }


def stress_files(stress: Stress, record: dict[str, Any]) -> dict[str, bytes]:
    """What is written, by name. ``record``: of this stress."""
    files = {"stress.csv": stress_table(record), "stress.json": pretty(record), "stress.html": stress_page(record)}
    return files if stress.every_pair is None else files | {"pairs.csv": pairs_table(stress.every_pair, _names(stress.county))}


def failure_record(stress: Stress, rank: int, each: Stressed) -> dict[str, Any]:
    """One failure."""
    county, loss = stress.county, each.loss
    names = _names(county)
    return {
        "rank": rank,
        "kind": "hand_back" if each.failure.hand_back else "two_providers" if len(each.failure.provider_ids) > 1 else "provider",
        "provider_ids": list(each.failure.provider_ids),
        "names": [names[provider_id] for provider_id in each.failure.provider_ids],
        "contract_ids": sorted(each.failure.contract_ids),
        **_counted(loss.lost),
        "by_tier": {tier: _counted(count) for tier, count in loss.by_tier.items()},
        "unplaced": {priority: _counted(count) for priority, count in loss.unplaced.items()},
        "unplaced_hours_per_week": hours(loss.unplaced_minutes),
        "unmet_people_today": loss.unmet_today,
        "unmet_people_after": loss.unmet_after,
        "unmet_hours_after_per_week": hours(loss.unmet_minutes_after),
        "unmet_hours_at_least_per_week": hours(each.cut.unmet_at_least),
        "cut_off": {
            "open_hours_per_week": hours(each.cut.open_minutes),
            "placeable_hours_per_week": hours(each.cut.placeable_minutes),
            "areas": list(each.cut.areas),
            "needs": list(each.cut.skills),
            "areas_short": list(each.cut.short),
            "providers_full": list(each.cut.full_providers),
        },
        "first_visit_to_cover": _moment(loss.visits.to_cover),
        "first_lost_visit": _moment(loss.visits.lost),
        "hours_to_first_lost_visit": None if loss.visits.hours_to_lost is None else f"{float(loss.visits.hours_to_lost):.2f}",
        "people_without_visits": loss.visits.people_without_visits,
        "takers": [{"provider_id": taker, "name": names[taker], **_counted(count)} for taker, count in loss.takers],
        "areas": [_area(area) for area in loss.areas],
        "more_weekly_cost_gbp": pounds(loss.more_pence_per_week),
        "more_weekly_cost_of_placed_gbp": pounds(loss.more_pence_for_placed),
        "promised_people": loss.promised,
        "levels": _levels(each.levels),
    }


def stress_table(record: dict[str, Any]) -> bytes:
    """``stress.csv``: a line per failure, single ones first."""
    failures = [*record["failures"], *record["two_together"]]
    further = [tier for tier in tiers_told(failures) if tier not in USUAL_TIERS]
    return spreadsheet([*COLUMNS, *(f"to_{tier}_hours_per_week" for tier in further)], map(_row, failures))


def tiers_told(failures: Iterable[Mapping[str, Any]]) -> list[str]:
    """The tiers that tables have a column for: the usual ones, and every other that the county has contracts of."""
    held = {tier for each in failures for tier in each["by_tier"]}
    return [tier for tier in TIERS if tier in USUAL_TIERS or tier in held]


def failures_frame(stress: Stress) -> DataFrame:
    """A row per failure, worst first, single ones before two together. No person is in it."""
    names = _names(stress.county)
    rows = [
        {
            "provider_ids": "; ".join(each.failure.provider_ids),
            "names": "; ".join(names[provider_id] for provider_id in each.failure.provider_ids),
            "hand_back": each.failure.hand_back,
            "people": each.loss.lost.people,
            "minutes_per_week": each.loss.lost.minutes_per_week,
            **{f"to_{tier}_minutes_per_week": count.minutes_per_week for tier, count in each.loss.by_tier.items()},
            **{f"unplaced_{priority}_people": each.loss.unplaced[priority].people for priority in PRIORITIES},
            "unmet_people_after": each.loss.unmet_after,
            "unmet_minutes_after": each.loss.unmet_minutes_after,
            "unmet_minutes_at_least": each.cut.unmet_at_least,
            "more_pence_per_week": each.loss.more_pence_per_week,
            "proven": all(level.proven for level in each.levels),
        }
        for each in (*stress.singles, *stress.pairs)
    ]
    return frame(rows)


def failures_by_area(stress: Stress) -> GeoDataFrame:
    """A row per area with its outline in metres of the National Grid. No person is in it."""
    from optimiser.mapping.layers import table
    from optimiser.mapping.shapes import made_valid, shapes_of

    county, names = stress.county, _names(stress.county)
    shapes = shapes_of(county.snapshot.areas)
    rows = []
    for area in county.snapshot.areas:
        breaking = [
            (loss.unplaced.people, loss.more_waiting, each)
            for each in stress.singles
            for loss in each.loss.areas
            if loss.area_id == area.area_id and loss.breaks
        ]
        people, _, worst = max(breaking, key=lambda found: found[:2], default=(0, 0, None))
        rows.append(
            {
                "area_id": area.area_id,
                "name": area.name,
                "failures_that_break_it": len(breaking),
                "worst": "" if worst is None else " and ".join(names[each] for each in worst.failure.provider_ids),
                "people_unplaced_then": people,
                "failures_that_cut_it_off": sum(area.area_id in each.cut.areas for each in stress.singles),
                "geometry": made_valid(shapes[area.area_id]) if area.area_id in shapes else None,
            }
        )
    return table(rows)


def _row(each: dict[str, Any]) -> dict[str, Any]:
    cells = {name: each[name] for name in COLUMNS if name in each}
    return {
        **{name: "" if value is None else value for name, value in cells.items()},
        **{name: Decimal(each[name]) for name in SIGNED},
        "provider_ids": ";".join(each["provider_ids"]),
        "names": "; ".join(each["names"]),
        "contract_ids": ";".join(each["contract_ids"]),
        **{f"to_{tier}_hours_per_week": count["hours_per_week"] for tier, count in each["by_tier"].items()},
        **{f"unplaced_{priority}_people": each["unplaced"][priority]["people"] for priority in PRIORITIES},
        "areas_that_break": "; ".join(area["name"] for area in each["areas"] if area["breaks"]),
        "levels_proven": ";".join(level["name"] for level in each["levels"] if level["proven"]),
    }


def _names(county: County) -> dict[str, str]:
    return {provider.provider_id: provider.name for provider in county.providers}


def _counted(count: Count) -> dict[str, Any]:
    return {"people": count.people, "hours_per_week": hours(count.minutes_per_week)}


def _moment(moment: Any) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def _area(area: AreaLoss) -> dict[str, Any]:
    return {
        "area_id": area.area_id,
        "name": area.name,
        "lost": _counted(area.lost),
        "unplaced": _counted(area.unplaced),
        "more_waiting_people": area.more_waiting,
        "without_principal": area.without_principal,
        "breaks": area.breaks,
    }


def _levels(levels: Iterable[LevelResult[int]]) -> list[dict[str, Any]]:
    return [level_record(level, without=("gap", "tolerance", "given_away", "given_to")) for level in levels]


def stress_page(record: dict[str, Any]) -> bytes:
    """``stress.html``: one file, nothing fetched from anywhere; every text is escaped."""
    tiers = tiers_told([*record["failures"], *record["two_together"]])
    values = {**record, "tiers": tiers}
    return page_of("optimiser.whatif.stress", "stress.html.j2", values, money=more_pounds_in_words, whole=_whole)


def _whole(hours: str) -> str:
    return rounded(float(hours))
