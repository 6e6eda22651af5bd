"""Alerts, offers and packages that were found, as the rows of their tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.csv_answers import Cell
from api.pages.page_words import capital, hours_in_words, person_in_words, when_in_words
from api.pages.people.person_board import SITUATIONS
from api.pages.waiting_board import left_in_words

Json = Mapping[str, Any]
OFFER_HEADS = ["offer_id", "package_id", "provider_id", "provider", "contract_id", "tier", "offered_at", "expires_at"]


@dataclass(frozen=True)
class AlertRow:
    """An alert in words."""

    alert_id: str
    package_id: str
    sentence: str
    at: str
    looked: str

    def __repr__(self) -> str:
        return f"<AlertRow {self.alert_id}>"


@dataclass(frozen=True)
class OfferRow:
    """An offer that waits. ``late``: the time has run out; ``moved``: why a named person has moved it."""

    offer_id: str
    package_id: str
    provider: str
    tier: str
    care: str
    due: str
    left: str
    late: bool
    moved: str

    def __repr__(self) -> str:
        return f"<OfferRow of {self.tier}>"


def alert_rows(alerts: Sequence[Json], now: dt.datetime) -> list[AlertRow]:
    """In the order in which they come."""
    return [
        AlertRow(
            each["alert_id"],
            each["package_id"],
            each["sentence"],
            capital(when_in_words(dt.datetime.fromisoformat(each["at"]), now)),
            person_in_words(each["acknowledged_by"] or ""),
        )
        for each in alerts
    ]


def by_expiry(offers: Sequence[Json]) -> list[Json]:
    """Those that are to be answered first come first."""
    return sorted(offers, key=lambda each: (each["expires_at"], each["offer_id"]))


def offer_rows(offers: Sequence[Json], names: Mapping[str, str], now: dt.datetime) -> list[OfferRow]:
    """Offers that wait, by when they are to be answered."""
    rows = []
    for each in by_expiry(offers):
        until = dt.datetime.fromisoformat(each["expires_at"])
        left = left_in_words(until, now)
        said = ("" if left.startswith("answer by") else left, "ring them" if each["remind"] else "")
        rows.append(
            OfferRow(
                offer_id=each["offer_id"],
                package_id=each["package_id"],
                provider=names.get(each["provider_id"], each["provider_id"]),
                tier=each["tier"],
                care=f"{hours_in_words(each['hours_per_week'])} a week",
                due=capital(when_in_words(until, now)),
                left="; ".join(filter(None, said)),
                late=until < now,
                moved=each["answer_by_reason"] or "",
            )
        )
    return rows


def offer_cells(offers: Sequence[Json], names: Mapping[str, str]) -> Iterator[Sequence[Cell]]:
    """The same for a spreadsheet."""
    for each in by_expiry(offers):
        named = dict(each) | {"provider": names.get(each["provider_id"], "")}
        yield [named[head] for head in OFFER_HEADS]


def found_rows(packages: Sequence[Json]) -> list[tuple[str, str, str]]:
    """Id, situation and hours of packages that were found."""
    return [
        (each["package_id"], SITUATIONS[each["situation"]], f"{hours_in_words(each['hours_per_week'])} a week")
        for each in packages
    ]
