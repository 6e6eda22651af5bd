"""All pairs of providers as a table, and as the few figures that say how they were worked out. No person."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from optimiser.domain.words import hours
from optimiser.io.spreadsheets import spreadsheet
from optimiser.whatif.stress.every_pair import EveryPair, Pair

HOW = (
    "What no plan can avoid was worked out for every two providers, exactly, by the largest flow from needs to the hours of all"
    " others. From that it is estimated what a plan would leave unmet: what the plans for each of the two alone leave above that"
    " bound is added. Then pairs are tried as other failures are, in the order of what is known of them: what the plan leaves"
    " unmet, or before there is one, the estimate. Where a plan leaves less than was estimated, another pair moves up, and is"
    " tried too, until the first ones asked for are all tried. Only of pairs that were tried is there a plan."
)
COLUMNS = (
    "rank", "provider_ids", "names", "hours_per_week", "unmet_hours_per_week", "unmet_hours_at_least_per_week",
    "beyond_each_alone_hours_per_week", "told",
)  # fmt: skip


def pairs_record(every: EveryPair) -> dict[str, Any]:
    """What the JSON tells of all pairs together."""
    off = every.off_by
    left = [each.unmet_estimated for each in every.pairs if each.unmet_found is None]
    return {
        "pairs": len(every.pairs),
        "of_which_one_changes_nothing": sum(not each.changes_more for each in every.pairs),
        "first": every.first,
        "tried": len(off),
        "first_not_yet_tried": len(every.next_lot),
        "found_above_estimate_by_at_most_hours_per_week": hours(max((*off, 0))),
        "found_below_estimate_by_at_most_hours_per_week": hours(max((*(-each for each in off), 0))),
        "most_estimated_of_the_others_hours_per_week": hours(max(left, default=0)) if left else None,
        "how": HOW,
    }


def pairs_table(every: EveryPair, names: Mapping[str, str]) -> bytes:
    """``pairs.csv``: a line per pair, most hours unmet first."""
    return spreadsheet(COLUMNS, (_row(rank, each, names) for rank, each in enumerate(every.pairs, 1)))


def _row(rank: int, each: Pair, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "rank": rank,
        "provider_ids": ";".join(each.provider_ids),
        "names": "; ".join(names[provider_id] for provider_id in each.provider_ids),
        "hours_per_week": hours(each.minutes_lost),
        "unmet_hours_per_week": hours(each.unmet),
        "unmet_hours_at_least_per_week": hours(each.unmet_at_least),
        "beyond_each_alone_hours_per_week": Decimal(hours(each.beyond_each_alone)),
        "told": _told(each),
    }


def _told(each: Pair) -> str:
    if each.unmet_found is None:
        return "estimated"
    return "proven" if each.unmet_found == each.unmet_at_least else "found"
