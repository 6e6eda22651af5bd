"""The two tables for the team: every decision, and every wait, by package id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from optimiser.domain.words import hours
from optimiser.rules.vocabulary import Group
from optimiser.shadowing.classes import Laid, NightLaid, chosen_contract
from optimiser.shadowing.story import Shadow

Row = Mapping[str, Any]

DECISION_COLUMNS = (
    "night_before", "night_after", "decided_on", "package_id", "area_id", "priority", "hours_per_week", "asked_for_since",
    "contract_id", "provider_id", "tier", "place", "first_contract_id", "first_provider_id", "first_tier", "class", "why",
    "rules", "said", "said_no", "changed_since", "compared_with", "compared_provider_id", "compared_tier", "decided_by",
    "by_how_much", "legacy_minutes_more", "cost_pence_more", "travel_metres_more",
)  # fmt: skip
WAIT_COLUMNS = (
    "package_id", "person", "area_id", "waiting_since", "first_night", "last_night", "ended", "until", "days_waited",
    "could_have_been_asked_on", "contract_id", "provider_id", "days_earlier",
)  # fmt: skip
TOLD = (
    (Group.EXCEPTION, "legacy_minutes_more"),
    (Group.COST, "cost_pence_more"),
    (Group.TRAVEL, "travel_metres_more"),
)
"""The levels whose difference has a column of its own."""


def decision_rows(made: Shadow) -> Iterator[Row]:
    """``shadow-decisions.csv``: a row a decision, in the order in which they were made. Amounts are exact."""
    for night, laid in made.decisions:
        yield _decision(made, night, laid)


def wait_rows(made: Shadow) -> Iterator[Row]:
    """``shadow-waits.csv``: a row a wait, by package."""
    for wait in made.waits:
        yield {
            "package_id": wait.package_id,
            "person": wait.person,
            "area_id": wait.area_id,
            "waiting_since": wait.since,
            "first_night": wait.first_night,
            "last_night": wait.last_night,
            "ended": wait.ended,
            "until": wait.until or "",
            "days_waited": wait.days,
            "could_have_been_asked_on": wait.could_be_asked or "",
            "contract_id": wait.contract_id,
            "provider_id": wait.provider_id,
            "days_earlier": "" if wait.days_earlier is None else wait.days_earlier,
        }


def _decision(made: Shadow, night: NightLaid, laid: Laid) -> dict[str, Any]:
    decision, contracts = laid.decision, night.county.contracts
    chosen = chosen_contract(night, laid)
    row: dict[str, Any] = {
        "night_before": night.happened.before.as_of,
        "night_after": night.happened.after.as_of,
        "decided_on": decision.decided_on,
        "package_id": decision.package.package_id,
        "area_id": decision.package.area_id,
        "priority": decision.package.priority,
        "hours_per_week": hours(decision.package.minutes_per_week),
        "asked_for_since": str(decision.asked_for_since).lower(),
        "contract_id": chosen.contract_id,
        "provider_id": chosen.provider_id,
        "tier": chosen.tier,
        "place": "" if laid.place is None else laid.place,
        "class": laid.kind,
        "why": laid.why,
        "rules": ";".join(breach.rule for breach in laid.breaches),
        "said": " ".join(f"{breach.sentence} ({breach.source})" for breach in laid.breaches),
        "said_no": ";".join(contracts[each].contract_id for each in laid.answered),
        "changed_since": ";".join(contracts[each].contract_id for each in laid.changed),
    }
    if laid.first is not None:
        first = contracts[laid.first]
        row |= {"first_contract_id": first.contract_id, "first_provider_id": first.provider_id, "first_tier": first.tier}
    if laid.instead is not None:
        instead = contracts[laid.instead]
        row |= {"compared_with": instead.contract_id, "compared_provider_id": instead.provider_id}
        row |= {"compared_tier": instead.tier, "decided_by": laid.decided_by}
        row["by_how_much"] = _exact(laid.more[laid.decided_by]) if laid.decided_by else 0
        row |= {column: _exact(laid.more[made.rules.level(group).name]) for group, column in TOLD}
    return row


def _exact(amount: Fraction) -> int | str:
    """A whole number as one, which a spreadsheet reads; else as ``7/3``."""
    return int(amount) if amount.denominator == 1 else str(amount)
