"""The last moment to answer an offer, as it stands in the diary of whoever was asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from api.clock import LONDON
from api.outbox.message_kind import DiaryDate
from optimiser.domain.words import weekday_in_words

TITLE = "Last moment to answer an offer of home care"


def diary_of(offer_id: str) -> str:
    """The name of the date."""
    return f"offer {offer_id}"


def facts_of(body: Mapping[str, Any]) -> dict[str, str]:
    """What the words need of an offer that is over; of one that came with a snapshot no moment was told."""
    written = str(body.get("expires_at") or "")
    return {"expires_at": written} if written else {}


def last_moment(facts: Mapping[str, str]) -> DiaryDate:
    """Until when an offer may be answered."""
    return DiaryDate(TITLE, _until(facts))


def until_in_words(facts: Mapping[str, str]) -> str:
    """Monday 23 November 2026, 17:00."""
    by = _until(facts)
    return f"{weekday_in_words(by.date())}, {by:%H:%M}"


def _until(facts: Mapping[str, str]) -> dt.datetime:
    return dt.datetime.fromisoformat(facts["expires_at"]).astimezone(LONDON)


def no_longer(facts: Mapping[str, str]) -> DiaryDate | None:
    """It is over: whoever has that moment in a diary needs it no more."""
    return DiaryDate(TITLE, _until(facts), is_off=True) if "expires_at" in facts else None
