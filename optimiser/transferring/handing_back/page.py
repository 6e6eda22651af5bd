"""The page of a hand-back, as the team that finds new places reads it: one offline file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from optimiser.domain.words import date_in_words, hours, people
from optimiser.transferring.handing_back.story import HandBack
from optimiser.transferring.page import level_rows
from optimiser.transferring.templates import rendered

Row = dict[str, object]


def hand_back_page(plan: HandBack, rows: Sequence[Row], notes: Sequence[str]) -> bytes:
    """The page; ``rows``: those of ``hand-back.csv``."""
    county = plan.county
    return rendered(
        "hand_back.html",
        contract_id=", ".join(plan.contract_ids),
        provider=", ".join(dict.fromkeys(county.provider(contract).name for contract in plan.contracts)),
        as_of=date_in_words(county.as_of),
        summary=_summary(plan),
        notes=notes,
        days=_days(plan),
        rounds=_rounds(plan),
        waiting=[row for row in rows if row["decision"] != "moves"],
        takers=_takers(plan),
        levels=level_rows(plan.levels),
    )


def _summary(plan: HandBack) -> str:
    whole = plan.whole_rounds
    together = [member for member in plan.placed if plan.county.packages[member].round_id in whole]
    alone = [member for member in plan.placed if member not in together]
    count = plan.county.people
    return (
        f"{people(count(plan.members))} need another provider. {count(plan.placed)} have a place: {count(together)} with their"
        f" whole round ({len(whole)} rounds), {count(alone)} one by one. {count(plan.without_a_place)} have none yet."
    )


def _days(plan: HandBack) -> list[Row]:
    on: dict[str, list[int]] = defaultdict(list)
    for member, day in plan.day.items():
        on[str(day)].append(member)
    found: list[Row] = []
    for _, members in sorted(on.items()):
        records = [plan.county.packages[member] for member in members]
        found.append(
            {
                "day": date_in_words(plan.day[members[0]]),
                "rounds": len({plan.placed[m].members for m in members if plan.placed[m].whole}),
                "people": plan.county.people(members),
                "urgent": sum(record.priority == "urgent" for record in records),
                "pending": sum(plan.decision_on(member) == "" for member in members),
                "own_plan": sum(plan.needs_own_plan(member) for member in members),
                "hours": _hours(plan, members),
            }
        )
    return found


def _rounds(plan: HandBack) -> list[Row]:
    """A row per round and contract that takes some of it; of each round those without a place come first."""
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for member in plan.members:
        to = plan.contract_of(member) if member in plan.placed else -1
        groups[plan.county.packages[member].round_id, to].append(member)
    found: list[Row] = []
    for (round_id, to), members in sorted(groups.items()):
        option = plan.placed.get(members[0])
        days = sorted({plan.day[member] for member in members if member in plan.day})
        goes = "no place yet" if option is None else "whole" if option.whole and round_id else "one by one"
        found.append(
            {
                "round_id": round_id,
                "goes": goes,
                "people": plan.county.people(members),
                "hours": _hours(plan, members),
                "to": "" if option is None else plan.county.contracts[to].contract_id,
                "day": " to ".join(date_in_words(day) for day in dict.fromkeys((days[0], days[-1]))) if days else "",
            }
        )
    return found


def _takers(plan: HandBack) -> list[Row]:
    taken: dict[int, list[int]] = defaultdict(list)
    for member in plan.placed:
        taken[plan.contract_of(member)].append(member)
    return [
        {
            "contract_id": plan.county.contracts[contract].contract_id,
            "provider": plan.county.provider(contract).name,
            "tier": plan.county.contracts[contract].tier,
            "people": plan.county.people(members),
            "hours": _hours(plan, members),
        }
        for contract, members in sorted(taken.items())
    ]


def _hours(plan: HandBack, members: Iterable[int]) -> str:
    return hours(sum(int(plan.county.minutes[member]) for member in members))
