"""The lists as a folder of files, which are written only once the check has confirmed them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from optimiser.accounting.deliveries.check import Rows, check_deliveries
from optimiser.accounting.deliveries.persons_weeks import WEEK_DAYS
from optimiser.accounting.deliveries.story import KINDS, Deliveries
from optimiser.accounting.report import AccountNotConfirmedError
from optimiser.domain.words import decimals, share
from optimiser.io.folders import pretty
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet

Row = dict[str, Any]
TO_REVIEW = ("kind", "package_id", "contract_id", "round_id", "what")
DELIVERED = (
    "package_id", "contract_id", "provider_id", "round_id", "finding", "commissioned_hours_per_week", "delivered_hours_per_week",
    "weeks_judged", "weeks_below", "weeks_above", "weeks_in_hospital", "weeks_without_records", "visits_made", "missed",
    "cut_short", "cut_short_at_persons_wish",
)  # fmt: skip
PUNCTUALITY = (
    "contract_id", "provider_id", "round_id", "visits", "early", "on_time", "late", "late_share", "median_minutes_late",
    "finding",
)  # fmt: skip
CONTINUITY = ("package_id", "contract_id", "visits", "care_workers", "share_of_one")


def delivery_files(told: Deliveries, rows: Rows, run: Mapping[str, Any]) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The files by name, and what ``deliveries.json`` holds.

    ``rows``: reads the records anew, for the check. Raises ``AccountNotConfirmedError``.
    """
    files = {
        "to-review.csv": spreadsheet(TO_REVIEW, _to_review(told)),
        "delivered.csv": spreadsheet(DELIVERED, _delivered(told)),
        "punctuality.csv": spreadsheet(PUNCTUALITY, _punctuality(told)),
        "continuity.csv": spreadsheet(CONTINUITY, _continuity(told)),
    }
    longest = told.case.book.settings.longest_visit_minutes
    faults, checked = check_deliveries(files, told.case.county, rows, longest, told.span.starts, told.span.ends)
    if faults:
        raise AccountNotConfirmedError(faults)
    record = _record(told, checked)
    return files | {"deliveries.json": pretty(record), "run.json": pretty(dict(run))}, record


def _to_review(told: Deliveries) -> Iterator[Row]:
    for each in told.findings:
        yield {
            "kind": each.kind,
            "package_id": each.package_id,
            "contract_id": each.contract_id,
            "round_id": each.round_id,
            "what": KINDS[each.kind],
        }


def _delivered(told: Deliveries) -> Iterator[Row]:
    county = told.case.county
    for each in told.people:
        record = county.packages[each.package]
        minutes = each.delivered_minutes_per_week()
        yield {
            "package_id": record.package_id,
            "contract_id": record.contract_id,
            "provider_id": county.contracts[county.contract_index[record.contract_id]].provider_id,
            "round_id": record.round_id,
            "finding": each.finding,
            "commissioned_hours_per_week": decimals(Fraction(record.minutes_per_week, 60), 2),
            "delivered_hours_per_week": "" if minutes is None else decimals(minutes / 60, 2),
            "weeks_judged": len(each.judged),
            "weeks_below": each.below,
            "weeks_above": each.above,
            "weeks_in_hospital": each.in_hospital,
            "weeks_without_records": each.without_records,
            "visits_made": each.visits_made,
            "missed": each.missed,
            "cut_short": each.cut_short,
            "cut_short_at_persons_wish": each.at_persons_wish,
        }


def _punctuality(told: Deliveries) -> Iterator[Row]:
    for each in told.rounds:
        contract = told.case.county.contracts[each.contract]
        yield {
            "contract_id": contract.contract_id,
            "provider_id": contract.provider_id,
            "round_id": each.round_id,
            "visits": each.visits,
            "early": each.early,
            "on_time": each.on_time,
            "late": each.late,
            "late_share": share(Fraction(each.late, each.visits)),
            "median_minutes_late": _signed(each.median_seconds_late / 60),
            "finding": "late" if each.is_late else "",
        }


def _signed(minutes: Fraction) -> Decimal:
    """With a decimal, halves away from nothing; as a number: a text with a minus would be taken for a formula."""
    return Decimal(("-" if minutes < 0 else "") + decimals(abs(minutes), 1))


def _continuity(told: Deliveries) -> Iterator[Row]:
    for each in told.continuity:
        record = told.case.county.packages[each.package]
        yield {
            "package_id": record.package_id,
            "contract_id": record.contract_id,
            "visits": each.visits,
            "care_workers": each.care_workers,
            "share_of_one": share(each.share_of_one),
        }


def _record(told: Deliveries, checked: str) -> dict[str, Any]:
    """Counts: nothing of a person."""
    settings = told.case.book.settings
    here = told.case.actuals.counts & told.case.within(told.span)
    return {
        **result_head(told.case.county.snapshot),
        "starts": told.span.starts.isoformat(),
        "ends": told.span.ends.isoformat(),
        "settings": {
            "delivery_weeks": settings.delivery_weeks,
            "delivery_differs_by": share(settings.delivery_differs_by),
            "cut_short_least": settings.cut_short_least,
            "cut_short_share": share(settings.cut_short_share),
            "late_after_minutes": settings.late_after_minutes,
            "late_share": share(settings.late_share),
            "longest_visit_minutes": settings.longest_visit_minutes,
        },
        "records": int(here.sum()),
        "records_of_nobody_known": int((here & ~told.case.stated).sum()),
        "weeks": told.span.length_days // WEEK_DAYS,
        "people": len(told.people),
        "findings": dict(sorted(Counter(each.kind for each in told.findings).items())),
        "checked": checked,
    }


def summary(record: Mapping[str, Any]) -> Iterator[str]:
    """What is said of it."""
    yield (
        f"{record['starts']} to {record['ends']} ({record['weeks']} weeks): {record['records']:,} records,"
        f" {record['people']:,} people whose care runs."
    )
    if record["records_of_nobody_known"]:
        yield f"{record['records_of_nobody_known']:,} records are of nobody that the county knows."
    yield from (f"To look at: {count:,} {kind}: {KINDS[kind]}" for kind, count in record["findings"].items())
    if not record["findings"]:
        yield "Nothing stands out."
    yield record["checked"]
    yield "These are lists for somebody to look at. Nothing changes by them, and minutes alone do not say how good care was."
