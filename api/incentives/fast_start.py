"""What a provider would earn by a fast start, as the cascade and its own offer tell it. No order hangs on it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from api.accounts.kept_book import incentive_book
from api.state.state import State
from optimiser.accounting.incentives import could_earn
from optimiser.domain.dates import wall_clock

BEFORE_CARE = ("waiting", "pending", "accepted")


def fast_start_json(state: State, package: int, now: dt.datetime) -> list[dict[str, Any]]:
    """Each amount that is still to be earned, the earliest first; none where care runs. ``now``: an instant in UTC."""
    if state.situation_of(package) not in BEFORE_CARE:
        return []
    return [
        {
            "after": None if each.after is None else wall_clock(each.after).isoformat(),
            "until": wall_clock(each.until).isoformat(),
            "gbp": each.pence / 100,
        }
        for each in could_earn(incentive_book(state), state.county.packages[package], now)
    ]
