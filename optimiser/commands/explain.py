"""``optimiser explain DIR PACKAGE_ID``: one package's explanation, for a planner, the person or a provider."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from pathlib import Path
from typing import Any

from optimiser import exits
from optimiser.amounts import hours_4w
from optimiser.explaining.provider import provider_note
from optimiser.geography.grid import METRES_PER_MILE
from optimiser.rules.book import standard_rules

WIDTH = 110


def run(options: argparse.Namespace) -> int:
    """Exit code 2 when there is no such result or package."""
    record = _find(Path(options.folder), options.package_id)
    if record is None:
        return exits.REFUSED
    if options.audience == "person":
        _print(record["person"])
    elif options.audience == "provider":
        if not options.provider:
            print("Refused: say which provider the note is for, with --provider PROVIDER_ID.", file=sys.stderr)
            return exits.REFUSED
        _print(provider_note(record, options.provider, standard_rules()))
    else:
        _planner(record, everything=options.all)
    return exits.PROVEN


def _find(folder: Path, package_id: str) -> dict[str, Any] | None:
    path = folder / "explanations.jsonl"
    try:
        with path.open(encoding="utf-8") as lines:
            # A cheap look before each line is parsed: a county's explanations are some megabytes.
            start = json.dumps({"package_id": package_id}, ensure_ascii=False, separators=(",", ":"))[:-1]
            for line in lines:
                if line.startswith(start):
                    record: dict[str, Any] = json.loads(line)
                    return record
    except OSError as error:
        print(f"Refused: no result to read in {folder}: {error.strerror}.", file=sys.stderr)
        return None
    print(f"Refused: this result has no package {package_id!r}.", file=sys.stderr)
    return None


def _planner(record: dict[str, Any], *, everything: bool) -> None:
    print(f"Package {record['package_id']} in area {record['area_id']}: {record['outcome']}", end="")
    print(f" on {record['contract_id']}." if record["contract_id"] else ".")
    print(f"{record['hours_per_week']:g} hours a week in {record['visits_per_week']} visits.")
    _print(record["reason"])
    if record["contracts"]:
        print("\nIn the order asked:")
    for number, step in enumerate(record["contracts"], 1):
        _step(number, step, everything=everything or step["tier"] != "legacy" or step["verdict"] == "chosen")
    if record.get("contracts_of_other_areas"):
        print(f"\n{record['contracts_of_other_areas']} contracts of other areas were not considered: they do not cover this one.")
    if record.get("remedies") is not None:
        print("\nWhat would place it higher, everybody else where they are (each tried; one unit less does not):")
        for remedy in record["remedies"]:
            _print(f"- {remedy['change']} (+{remedy['amount']} {remedy['unit']}): {remedy['sentence']}")
        if not record["remedies"]:
            print("- no single change")
    print("\nFor the person:")
    _print(record["person"])


def _step(number: int, step: dict[str, Any], *, everything: bool) -> None:
    late = ", asked after the framework: above the upper edge of its share" if step["after_framework"] else ""
    print(
        f"\n{number:3}. {step['contract_id']} · {step['provider']} · {step['tier']}{late} · {step['verdict']}\n"
        f"     £{step['weekly_cost_gbp']} a week, {_against_part(step)}"
        f"{step['metres'] / METRES_PER_MILE:.2f} miles from its nearest base"
    )
    for rule, passed, _, _, _, sentence in step["findings"]:
        if everything or not passed:
            _print(f"{'passed' if passed else 'FAILED'} {rule}: {sentence}", indent="     ")
    if instead := step.get("instead"):
        changes = ", ".join(f"{level} {difference:+,}" for level, difference in instead.items())
        _print(f"Choosing it instead would change: {changes}.", indent="     ")


def _against_part(step: dict[str, Any]) -> str:
    """How far a principal or framework contract is from the part that it should have; the legacy framework has none."""
    if step["tier"] == "legacy":
        return ""
    below = step["below_part_minutes"]
    return f"{hours_4w(abs(below))} {'below' if below >= 0 else 'above'} its part, "


def _print(text: str, indent: str = "") -> None:
    print(textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  " if indent else ""))
