"""What a fast start earns, in words: by when care has to be in place, and how much that is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from api.pages.page_words import money_in_words, when_in_words


def fast_start_in_words(earns: Sequence[Mapping[str, Any]], now: dt.datetime, whom: str) -> str:
    """Care in place by tomorrow at 2:30pm earns you £195, by Wednesday 25 November 2026 at 2:30pm £142.50; "": nothing."""
    told = [(_when(each, now), money_in_words(each["gbp"]).removesuffix(".00")) for each in earns]
    first, *others = [
        f"{when} earns {whom} {money}" if not at else f"{when} {money}" for at, (when, money) in enumerate(told)
    ] or [""]
    return ", ".join([f"Care in place {first}", *others]) if first else ""


def _when(each: Mapping[str, Any], now: dt.datetime) -> str:
    until = f"by {when_in_words(dt.datetime.fromisoformat(each['until']), now)}"
    return until if each["after"] is None else f"after {when_in_words(dt.datetime.fromisoformat(each['after']), now)} and {until}"
