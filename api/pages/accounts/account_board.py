"""Statements, their lines and what is asked about these, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.csv_answers import Cell
from api.pages.page_words import (
    NONE,
    counted,
    dates_in_words,
    day_in_short,
    day_in_words,
    hours_of_an_account,
    in_plain,
    moment_in_words,
    money_in_words,
    person_in_words,
)
from optimiser.domain.dates import days_after

Json = Mapping[str, Any]
STATES = {"draft": ("Draft", "plain"), "first_yes": ("One yes of two", "warm"), "closed": ("Closed", "done")}
QUERIES = {"open": ("Queried", "warm"), "upheld": ("Provider is right", "done"), "refused": ("Stands as it is", "quiet")}
WHY = {
    "as_delivered": "as delivered",
    "up_to_planned": "up to the minutes planned",
    "worker_not_commissioned": "more care workers came than the visit needs",
    "by_the_provider": "called off by the provider",
    "not_said_by_whom": "not said who called it off",
    "share_not_known": "the share is not known",
    "retainer_not_known": "the retainer is not known",
    "no_retainer_any_more": "the days of a retainer are over",
    "times_not_usable": "the times cannot be used",
}
PAID_FOR = {"visit": "Visit", "late_cancellation": "Called off late", "retainer": "Kept free", "incentive": "Fast start"}
PRINTED = "printed/account.html.j2"
HEADS = (
    "line", "package_id", "date", "visit", "worker", "outcome", "planned_minutes", "minutes", "counted_minutes", "paid_for",
    "why", "band", "rate_gbp", "gbp", "actual_ids", "query",
)  # fmt: skip


@dataclass(frozen=True)
class StatementRow:
    """A statement in a list."""

    statement_id: str
    contract: str
    provider: str
    state: str
    kind: str
    hours: str
    total: str
    beside: str


def period_in_words(starts: str, ends: str) -> str:
    """26 October 2026 to 22 November 2026: its last day is said, not the first after it."""
    last = days_after(dt.date.fromisoformat(ends), -1)
    return f"{day_in_words(starts)} to {day_in_words(last.isoformat())}"


def statement_rows(statements: Sequence[Json], names: Mapping[str, str]) -> list[StatementRow]:
    """A line for each."""
    return [
        StatementRow(
            each["statement_id"],
            each["contract_id"],
            names.get(each["provider_id"], each["provider_id"]),
            *STATES[each["state"]],
            hours_of_an_account(each["delivered_hours"]),
            money_in_words(each["total_gbp"]),
            _beside(each),
        )
        for each in statements
    ]


def _beside(each: Json) -> str:
    odd = sum(each["odd"].values())
    said = [*(["terms not known"] if each["unknown_terms"] else []), *([counted(odd, "odd record")] if odd else [])]
    return ", ".join(said)


def statement_facts(told: Json) -> list[tuple[str, str]]:
    """What it comes to, a line each; what is nothing is left out, but for the total."""
    money = (
        ("Visits", "visits_gbp"),
        ("Called off late", "late_cancellations_gbp"),
        ("Kept free during hospital", "retainers_gbp"),
        ("The guarantee adds", "guarantee_adds_gbp"),
        ("Incentives for fast starts", "incentives_gbp"),
        ("Adjustments of closed periods", "adjustments_gbp"),
    )
    facts = [
        ("Hours commissioned", hours_of_an_account(told["commissioned_hours"])),
        ("Hours delivered", hours_of_an_account(told["delivered_hours"])),
        ("Hours billed", hours_of_an_account(told["billed_hours"])),
        *((said, money_in_words(told[name])) for said, name in money if told[name]),
        ("Total", money_in_words(told["total_gbp"])),
    ]
    if told["guarantee_floor_gbp"]:
        floor, used = (money_in_words(told[f"guarantee_{name}_gbp"]) for name in ("floor", "used"))
        facts.append(("Guarantee", f"{floor}, of which {used} are used"))
    facts += [
        (f"Adjusted of {day_in_words(each['period_starts'])} and the weeks after", money_in_words(each["gbp"]))
        for each in told["adjustments"]
    ]
    return facts


def printed_account(told: Json) -> dict[str, Any]:
    """What a statement that is printed says: its figures, and how many lines it has."""
    return {
        "contract": told["contract_id"],
        "period": period_in_words(told["period_starts"], told["period_ends"]),
        "standing": STATES[told["state"]][0],
        "facts": statement_facts(told),
        "history": history_facts(told),
        "lines": counted(told["lines"], "line"),
    }


def history_facts(told: Json) -> list[tuple[str, str]]:
    """Who drafted, confirmed and closed it; a provider is not told who."""

    def said(by: str | None, at: str) -> str:
        when = moment_in_words(dt.datetime.fromisoformat(at))
        return f"{when}, {person_in_words(by)}" if by else when

    facts = [("Drafted", said(told["drafted_by"], told["drafted_at"]))]
    if told["first_yes"]:
        facts.append(("First yes", said(told["first_yes"]["by"], told["first_yes"]["at"])))
    if told["closed_at"]:
        facts.append(("Closed", said(told["closed_by"], told["closed_at"])))
    return facts


def line_rows(lines: Sequence[Json], today: dt.date) -> list[dict[str, str]]:
    """A row for each line: what it is, whose visit, which minutes count and why, and what they cost."""
    return [
        {
            "number": str(each["number"]),
            "person": each["package_id"] or "Forgotten",
            "date": day_in_short(each["date"], today) if each["date"] else NONE,
            "visit": each["visit"] or NONE,
            "worker": each["worker"] or "",
            "minutes": " / ".join(each[name] or NONE for name in ("planned_minutes", "minutes", "counted_minutes")),
            "what": PAID_FOR.get(each["paid_for"] or "", in_plain(each["outcome"] or "") or NONE),
            "why": WHY.get(each["why"] or "", in_plain(each["why"] or "")),
            "rate": f"£{each['rate_gbp']}" if each["rate_gbp"] else NONE,
            "money": money_in_words(each["gbp"]),
            "query": QUERIES[each["query"]][0] if each["query"] else "",
            "kind": QUERIES[each["query"]][1] if each["query"] else "",
        }
        for each in lines
    ]


def line_cells(lines: Sequence[Json]) -> list[list[Cell]]:
    """The same for a spreadsheet."""
    names = (*HEADS[1:-3], "gbp")
    return [[each["number"], *(each[name] for name in names), ";".join(each["actual_ids"]), each["query"]] for each in lines]


def query_facts(each: Json) -> list[tuple[str, str]]:
    """What a provider asks about a line, and what was decided."""
    facts = [
        ("Person and day", f"{each['package_id'] or NONE}, {day_in_words(each['date']) if each['date'] else NONE}"),
        ("Paid for the line", money_in_words(each["gbp"])),
        ("They say", each["words"]),
        ("Asked", f"{moment_in_words(dt.datetime.fromisoformat(each['asked_at']))}, {each['asked_by']}"),
    ]
    if each["state"] == "open":
        facts.append(("Decision due", f"by {day_in_words(each['answer_by'])}{', which has passed' if each['is_late'] else ''}"))
    else:
        by = f", {person_in_words(each['decided_by'])}" if each["decided_by"] else ""
        facts.append(("Decided", f"{moment_in_words(dt.datetime.fromisoformat(each['decided_at']))}{by}: {each['reason']}"))
    return facts


def odd_rows(found: Sequence[Json], today: dt.date) -> list[list[str]]:
    """A row for each odd record."""
    effects = {
        "in_no_statement": "in no statement",
        "pays_nothing": "pays nothing",
        "pays_the_less": "pays the less",
        "pays_as_recorded": "pays as recorded",
    }
    return [
        [
            each["actual_id"],
            each["package_id"],
            day_in_short(each["date"], today),
            each["contract_id"] or NONE,
            each["what"],
            effects[each["effect"]],
        ]
        for each in found
    ]


def in_the_way_in_words(told: Json) -> list[str]:
    """What stands in the way of closing a statement, with dates as people say them."""
    return [dates_in_words(each) for each in told["in_the_way"] or ()]
