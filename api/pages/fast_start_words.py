"""What a fast start earns, in words: by when care has to be in place, and how much that is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from api.pages.accounts.incentive_board import OCCASIONS, days_in_words
from api.pages.page_words import money_in_words, when_in_words


def fast_start_in_words(earns: Sequence[Mapping[str, Any]], now: dt.datetime, whom: str) -> str:
    """Care in place by tomorrow at 2:30pm earns you £195, by Wednesday 25 November 2026 at 2:30pm £142.50; "": nothing."""
    told = [(_when(each, now), _money(each)) for each in earns]
    first, *others = [
        f"{when} earns {whom} {money}" if not at else f"{when} {money}" for at, (when, money) in enumerate(told)
    ] or [""]
    return ", ".join([f"Care in place {first}", *others]) if first else ""


def _when(each: Mapping[str, Any], now: dt.datetime) -> str:
    until = f"by {when_in_words(dt.datetime.fromisoformat(each['until']), now)}"
    return until if each["after"] is None else f"after {when_in_words(dt.datetime.fromisoformat(each['after']), now)} and {until}"


def _money(each: Mapping[str, Any]) -> str:
    return money_in_words(each["gbp"]).removesuffix(".00")


def periods_in_words(told: Mapping[str, Any]) -> list[str]:
    """Each designated period, the first first: 5 December 2026 up to and including 7 December 2026 (severe weather)."""
    plain = {code: said.lower() for code, said in OCCASIONS.items()}
    return [f"{days_in_words(each)} ({plain.get(each['occasion'], each['occasion'])})" for each in told["periods"]]


def amounts_in_words(told: Mapping[str, Any], today: dt.date) -> list[str]:
    """By number of care workers, of the first day on which a period holds: £130 within 12 hours, £95 within 24 hours."""
    if not told["periods"]:
        return []
    day = max(today.isoformat(), told["periods"][0]["starts"])
    holding = [
        each for each in told["amounts"] if (each["starts"] or day) <= day and (each["ends"] is None or day < each["ends"])
    ]
    ordered = sorted(holding, key=lambda each: (each["workers"], each["up_to_hours"]))
    return [
        f"{'One care worker' if workers == 1 else 'Two care workers at once'}: {', '.join(_amounts(list(amounts)))}"
        for workers, amounts in groupby(ordered, key=lambda each: int(each["workers"]))
    ]


def _amounts(amounts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Where nothing is paid between two, the later says after how many hours it begins."""
    found, covered = [], 0.0
    for each in amounts:
        after = f"after {each['over_hours']:g} and " if each["over_hours"] > covered else ""
        found.append(f"{_money(each)} {after}within {each['up_to_hours']:g} hours")
        covered = each["up_to_hours"]
    return found
