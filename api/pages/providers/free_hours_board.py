"""The free hours that a provider has told, on its page: what counts, and for contract officers where its answers disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.page_words import capital, dates_in_words, day_in_words, in_plain, person_in_words

Json = Mapping[str, Any]
PARTS = {
    "morning": "Mornings",
    "midday": "Middays",
    "afternoon": "Afternoons",
    "evening": "Evenings",
    "night": "Nights",
}


@dataclass(frozen=True)
class FreeHours:
    """What it told. ``ask_again``: it counts no longer; ``declined``: offers whose decline disagrees, with area and day."""

    says: str
    facts: list[tuple[str, str]]
    ask_again: str
    declined: list[tuple[str, str, str]]

    def __repr__(self) -> str:
        return "<FreeHours of a provider>"


def free_hours_of(returns: Sequence[Json], to_be_told: Sequence[Json], area_names: Mapping[str, str]) -> FreeHours | None:
    """Of answers of ``/v1/capacity-returns`` about one provider; None where it has told nothing."""
    for told in returns:
        until = day_in_words(told["counts_until"])
        said_by = " ".join(filter(None, (told["said_by"], f"({in_plain(told['how'])})" if told["how"] else "")))
        facts = [
            ("Told on", day_in_words(told["told_on"])),
            ("Said by", said_by or "Not said"),
            ("Written down by", person_in_words(told["recorded_by"])),
            ("Counts until", until),
        ]
        declined = [
            (each["offer_id"], area_names.get(each["area_id"], each["area_id"]), day_in_words(each["declined_on"]))
            for found in to_be_told
            for each in found["declined"]
        ]
        again = f"It counted until {until}: ask again." if told["ask_again"] else ""
        return FreeHours(f"{capital(dates_in_words(told['says']))}.", facts, again, declined)
    return None
