"""Hospitals' cases in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.page_words import capital, day_in_words, when_in_words

SITUATIONS = {
    "": "All",
    "asked_for": "Care is asked for",
    "needs_not_told": "Needs are not told",
    "care_runs": "Care runs",
    "withdrawn": "Withdrawn",
    "ended": "Ended",
}
KINDS = {
    "assessment": "An assessment: what care the person will need",
    "discharge": "A discharge: on which day they come home",
    "changed": "A change of needs or day",
    "withdrawn": "The notice is withdrawn",
}


@dataclass(frozen=True)
class CaseRow:
    """A stay in hospital, and what has come of its notices."""

    case_ref: str
    package_id: str
    has_request: bool
    says: str
    home_on: str
    last: str

    def __repr__(self) -> str:
        return f"<CaseRow {self.says}>"


def case_rows(cases: Sequence[Mapping[str, Any]], now: dt.datetime) -> list[CaseRow]:
    """In the order in which they come."""
    return [
        CaseRow(
            case_ref=each["case_ref"],
            package_id=each["package_id"],
            has_request=each["situation"] in ("asked_for", "care_runs"),
            says=each["sentence"],
            home_on=day_in_words(each["discharge_on"]) if each["discharge_on"] else "not said",
            last=_last(each["notices"], now),
        )
        for each in cases
    ]


def _last(notices: Sequence[Mapping[str, Any]], now: dt.datetime) -> str:
    if not notices:
        return "none"
    said = KINDS[notices[-1]["kind"]].partition(":")[0]
    return f"{said}, {capital(when_in_words(dt.datetime.fromisoformat(notices[-1]['sent_at']), now))}"
