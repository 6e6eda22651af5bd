"""What is kept of the engine's tables: a row for whoever there is something to look at, late rounds, sums by contract."""

from __future__ import annotations

from api.deliveries.counting_deliveries import kept_tables

CARE = {"contract_id": "P-ELM", "provider_id": "ELM", "round_id": ""}
FIGURES = dict.fromkeys(
    (
        "weeks_judged", "weeks_below", "weeks_above", "weeks_in_hospital", "weeks_without_records", "visits_made", "missed",
        "cut_short", "cut_short_at_persons_wish",
    ),
    "2",
)  # fmt: skip
HOURS = {"commissioned_hours_per_week": "3.50", "delivered_hours_per_week": ""}
TIMES = {"visits": "10", "early": "1", "on_time": "6", "late": "3", "late_share": "0.300000", "median_minutes_late": "-2.5"}


def test_of_people_those_alone_are_kept_of_whom_there_is_something_to_look_at() -> None:
    """P1: two findings, those first that are listed first; P2: none, and counted in the sums alone."""
    of = {"contract_id": "P-ELM", "round_id": ""}
    to_review = [{"kind": kind, "package_id": "P1", **of} for kind in ("above", "missed")]
    to_review.append({"kind": "late", "package_id": "", "contract_id": "P-ELM", "round_id": "R1"})
    came = [{"package_id": each, "contract_id": "P-ELM", "care_workers": count} for each, count in (("P1", "3"), ("P2", "4"))]
    tables = {
        "to-review.csv": to_review,
        "delivered.csv": [{"package_id": each, **CARE, **HOURS, **FIGURES} for each in ("P1", "P2")],
        "continuity.csv": [each | {"share_of_one": "0.5"} for each in came],
        "punctuality.csv": [
            {**CARE, "round_id": "R1", **TIMES, "finding": "late"},
            {**CARE, "round_id": "R2", **TIMES, "finding": ""},
        ],
    }
    kept = kept_tables(tables)
    (row,) = kept["rows"]
    assert (row["package_id"], row["kinds"], row["care_workers"], row["share_of_one"]) == ("P1", ["missed", "above"], 3, 0.5)
    assert (row["commissioned_hours_per_week"], row["delivered_hours_per_week"], row["missed"]) == (3.5, None, 2)
    assert [(each["round_id"], each["late"], each["median_minutes_late"]) for each in kept["rounds"]] == [("R1", 3, -2.5)]
    (elm,) = kept["contracts"]
    assert [elm[name] for name in ("people", "missed", "above", "below")] == [2, 1, 1, 0]
    assert [elm[name] for name in ("visits_timed", "visits_late", "people_told_apart", "care_workers_each")] == [20, 6, 2, 3.5]
    without = kept_tables(tables | {"continuity.csv": []})
    assert (without["rows"][0]["care_workers"], without["contracts"][0]["care_workers_each"]) == (None, None)
