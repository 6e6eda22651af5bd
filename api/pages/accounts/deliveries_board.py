"""What records of visits say that somebody should look at, in words and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.csv_answers import Cell
from api.pages.page_words import NONE, counted, hours_in_short, share_in_words

Json = Mapping[str, Any]
KINDS = {
    "no_records": "No visit is recorded",
    "missed": "Visits were missed",
    "below": "Less came each week",
    "cut_short": "Many cut short",
    "above": "More came each week",
}
"""What there may be to look at of a person's care, in a few words, in the order in which it is listed."""
LATE = "late"
OF_A_PERSON = (
    "package_id", "findings", "contract_id", "provider_id", "round_id", "commissioned_hours_per_week", "delivered_hours_per_week",
    "weeks_judged", "weeks_below", "weeks_above", "weeks_in_hospital", "weeks_without_records", "visits_made", "missed",
    "cut_short", "cut_short_at_persons_wish", "care_workers", "share_of_one",
)  # fmt: skip
"""The columns of the file of people."""


@dataclass(frozen=True)
class PersonRow:
    """Somebody whose care a person should look at."""

    package_id: str
    provider: str
    what: list[str]
    commissioned: str
    delivered: str
    weeks: str
    visits: str
    care_workers: str


def person_rows(found: Sequence[Json], names: Mapping[str, str]) -> list[PersonRow]:
    """A row each."""
    return [
        PersonRow(
            each["package_id"],
            names.get(each["provider_id"], each["provider_id"]),
            [KINDS[finding["kind"]] for finding in each["findings"]],
            hours_in_short(each["commissioned_hours_per_week"]),
            NONE if each["delivered_hours_per_week"] is None else hours_in_short(each["delivered_hours_per_week"]),
            _weeks(each),
            _visits(each),
            _who_came(each),
        )
        for each in found
    ]


def _weeks(each: Json) -> str:
    """How many weeks can be judged, and what keeps the others from it."""
    said = [f"{each['weeks_judged']:,}"]
    if each["weeks_in_hospital"]:
        said.append(f"{each['weeks_in_hospital']:,} with hospital")
    if each["weeks_without_records"]:
        said.append(f"{each['weeks_without_records']:,} without records")
    return ", ".join(said)


def _visits(each: Json) -> str:
    said = [f"{each['visits_made']:,} made"]
    if each["missed"]:
        said.append(f"{each['missed']:,} missed")
    if each["cut_short"]:
        wished = each["cut_short_at_persons_wish"]
        said.append(f"{each['cut_short']:,} cut short{f' ({wished:,} at their wish)' if wished else ''}")
    return ", ".join(said)


def _who_came(each: Json) -> str:
    if each["care_workers"] is None:
        return "not recorded"
    return f"{each['care_workers']:,}; one came to {share_in_words(each['share_of_one'])}"


def headline(told: Json) -> list[tuple[str, str, bool]]:
    """What stands at the top: of how many people there is what to look at, by kind, and how many rounds began late."""
    found = told["findings"]
    shown = [(f"{found[kind]:,}", said.lower(), kind == "no_records") for kind, said in KINDS.items() if found.get(kind)]
    return [*shown, (f"{found[LATE]:,}", "rounds often late", False)] if found.get(LATE) else shown


def round_rows(rounds: Sequence[Json], names: Mapping[str, str]) -> list[list[str]]:
    """A row per round that often begins late, the latest first."""
    turn = sorted(rounds, key=lambda each: (-each["late_share"], each["contract_id"], each["round_id"]))
    return [
        [
            each["round_id"] or "In no round",
            names.get(each["provider_id"], each["provider_id"]),
            each["contract_id"],
            f"{each['visits']:,}",
            f"{each['late']:,}",
            share_in_words(each["late_share"]),
            f"{each['early']:,}",
            counted(round(each["median_minutes_late"]), "minute"),
        ]
        for each in turn
    ]


def contract_rows(contracts: Sequence[Json], names: Mapping[str, str]) -> list[list[str]]:
    """A row per contract: sums in which nobody is named."""
    return [
        [
            each["contract_id"],
            names.get(each["provider_id"], each["provider_id"]),
            f"{each['people']:,}",
            *(f"{each[kind]:,}" if each[kind] else NONE for kind in KINDS),
            share_in_words(each["visits_late"] / each["visits_timed"]) if each["visits_timed"] else NONE,
            NONE if each["care_workers_each"] is None else f"{each['care_workers_each']:,.1f}",
        ]
        for each in contracts
    ]


def person_cells(found: Sequence[Json]) -> list[list[Cell]]:
    """The same people for a spreadsheet, with every figure."""
    return [
        [" ".join(finding["kind"] for finding in each["findings"]) if name == "findings" else each[name] for name in OF_A_PERSON]
        for each in found
    ]
