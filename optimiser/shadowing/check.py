"""The check of a shadow report: its files read again and everything in them counted anew from the nights' records.

It imports nothing that makes a report. Decisions, the order of the cascade, classes and figures are worked out here in another
way, one case at a time, by the rules' check halves; the counts for members are those of the rows written.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from optimiser.domain.snapshot import Snapshot
from optimiser.io.spreadsheets import unescaped
from optimiser.rules.base import A_PRIVATE_RULE
from optimiser.rules.book import RuleBook
from optimiser.shadowing.check_decisions import faults_of_night
from optimiser.shadowing.check_waits import faults_of_waits

Row = Mapping[str, str]
NAMES_PACKAGES = ("shadow-decisions.csv", "shadow-waits.csv")


def faults_of_shadow(nights: Sequence[Snapshot], rules: RuleBook, files: Mapping[str, bytes]) -> list[str]:
    """What is wrong with the files, in words; nothing: everything in them is confirmed. No package is named."""
    decisions, waits = (_rows(files[name]) for name in NAMES_PACKAGES)
    record = json.loads(files["shadow.json"])
    found = list(_unknown_nights(nights, decisions))
    for before, after in pairwise(nights):
        found += faults_of_night(before, after, rules, [row for row in decisions if row["night_before"] == str(before.as_of)])
    found += _counts(record, decisions, rules)
    found += faults_of_waits(nights, rules, waits, record)
    found += _names(nights, files)
    return found


def _rows(content: bytes) -> list[Row]:
    rows = csv.DictReader(io.StringIO(content.decode(), newline=""))
    return [{name: unescaped(cell) for name, cell in row.items()} for row in rows]


def _unknown_nights(nights: Sequence[Snapshot], decisions: Sequence[Row]) -> Iterator[str]:
    pairs = {(str(before.as_of), str(after.as_of)) for before, after in pairwise(nights)}
    strange = sum((row["night_before"], row["night_after"]) not in pairs for row in decisions)
    if strange:
        yield f"{strange} decision(s) between nights that do not follow each other"


def _counts(record: Mapping[str, Any], rows: Sequence[Row], rules: RuleBook) -> Iterator[str]:
    """The counts of ``shadow.json``, from the rows of the decisions."""
    told = {
        "decisions": record["decisions"],
        "classes": {each["class"]: each["decisions"] for each in record["classes"] if each["decisions"]},
        "why": {(each["class"], why): count for each in record["classes"] for why, count in each["why"].items()},
        "rules": {each["rule"]: each["decisions"] for each in record["rules"]},
        "levels": {
            (each["level"], kind): (each[kind], Fraction(each[f"{kind}_by"]))
            for each in record["levels"]
            for kind in ("better", "worse")
            if each[kind]
        },
        "sums": {
            (each["class"], name): Fraction(each[name])
            for each in record["sums"]
            for name in ("decisions", "legacy_minutes_more", "cost_pence_more", "travel_metres_more")
        },
        "tiers": {each["tier"]: (each["asked_first"], each["chosen"]) for each in record["tiers"]},
        "providers": sorted(
            (each["providers"], each["chosen"], each["asked_first"], each["passed_over"], each["chosen_against_a_rule"])
            for each in record["providers"]
        ),
    }
    for name, counted in _counted(rows, rules, record["counts_to_the_nearest"]).items():
        if told[name] != counted:
            yield f"shadow.json, {name}: told {told[name]}, counted {counted}"


def _counted(rows: Sequence[Row], rules: RuleBook, smallest: int) -> dict[str, Any]:
    private = rules.private_names
    broken: Counter[str] = Counter()
    levels: dict[tuple[str, str], tuple[int, Fraction]] = {}
    sums: dict[tuple[str, str], Fraction] = {}
    for kind in ("better", "worse"):
        here = [row for row in rows if row["class"] == kind]
        sums[kind, "decisions"] = Fraction(len(here))
        for name in ("legacy_minutes_more", "cost_pence_more", "travel_metres_more"):
            sums[kind, name] = sum((Fraction(row[name]) for row in here), Fraction(0))
        for row in here:
            count, by = levels.get((row["decided_by"], kind), (0, Fraction(0)))
            levels[row["decided_by"], kind] = count + 1, by + Fraction(row["by_how_much"])
    for row in rows:
        broken.update({A_PRIVATE_RULE if each in private else each for each in row["rules"].split(";") if each})
    first, chosen = Counter(row["first_tier"] for row in rows), Counter(row["tier"] for row in rows)
    return {
        "decisions": len(rows),
        "classes": dict(Counter(row["class"] for row in rows)),
        "why": dict(Counter((row["class"], row["why"]) for row in rows)),
        "rules": dict(broken),
        "levels": levels,
        "sums": sums,
        "tiers": {tier: (first[tier], chosen[tier]) for tier in {*first, *chosen} - {""}},
        "providers": _of_providers(rows, smallest),
    }


def _of_providers(rows: Sequence[Row], smallest: int) -> list[tuple[int, ...]]:
    """How many providers a line is of, and its counts; those that reach the smallest count nowhere are one line."""
    chosen = Counter(row["provider_id"] for row in rows)
    first = Counter(row["first_provider_id"] for row in rows if row["first_provider_id"])
    against = Counter(row["provider_id"] for row in rows if row["class"] == "rule")
    passed = Counter(
        row["compared_provider_id"] for row in rows if row["compared_provider_id"] and row["class"] != "fact_not_recorded"
    )
    each = [(chosen[name], first[name], passed[name], against[name]) for name in {*chosen, *first, *passed}]
    often = [(1, *counts) for counts in each if any(count >= smallest for count in counts)]
    seldom = [counts for counts in each if all(count < smallest for count in counts)]
    return sorted([*often, (len(seldom), *map(sum, zip(*seldom, strict=True)))] if seldom else often)


def _names(nights: Sequence[Snapshot], files: Mapping[str, bytes]) -> Iterator[str]:
    """What members read names no package, in any of its texts."""
    text = files["index.html"].decode() + files["shadow.json"].decode()
    words = set(text.replace('"', " ").replace("<", " ").replace(">", " ").replace(",", " ").split())
    named = words & {package.package_id for night in nights for package in night.packages if not package.package_id.isdigit()}
    if named:
        yield f"{len(named)} package id(s) stand in what members read"
