"""``optimiser explain DIR PACKAGE_ID``: one package's explanation, for a planner, the person or a provider."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from optimiser import exits
from optimiser.amounts import hours_4w
from optimiser.explaining.provider import provider_note
from optimiser.geography.grid import METRES_PER_MILE
from optimiser.io.faults import clean
from optimiser.rules.book import standard_rules

WIDTH = 110


def run(options: argparse.Namespace) -> int:
    """Exit code 2 when there is no such result or package, or when the result is damaged."""
    if options.audience == "provider" and not options.provider:
        return _refuse("say which provider the note is for, with --provider PROVIDER_ID.")
    folder = Path(options.folder)
    try:
        record = _find(folder, options.package_id)
        if record is None:
            return _refuse(f"this result has no package {options.package_id!r}.")
        if options.audience == "person":
            page = [_fill(record["person"])]
        elif options.audience == "provider":
            page = [_fill(provider_note(record, options.provider, standard_rules()))]
        else:
            page = list(_planner(record, everything=options.all))
    except OSError as error:
        return _refuse(f"no result to read in {folder}: {error.strerror}.")
    except (ValueError, LookupError, TypeError, AttributeError):  # whatever a record that is not ours can lead to
        return _refuse(f"the result in {folder} is damaged: make it again.")
    print("\n".join(page))
    return exits.PROVEN


def _refuse(why: str) -> int:
    print(clean(f"Refused: {why}"), file=sys.stderr)
    return exits.REFUSED


def _find(folder: Path, package_id: str) -> dict[str, Any] | None:
    # A cheap look before each line is parsed: a county's explanations are some megabytes.
    start = json.dumps({"package_id": package_id}, ensure_ascii=False, separators=(",", ":"))[:-1]
    with (folder / "explanations.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(start):
                record: dict[str, Any] = json.loads(line)
                return record
    return None


def _planner(record: dict[str, Any], *, everything: bool) -> Iterator[str]:
    on = f" on {record['contract_id']}" if record["contract_id"] else ""
    yield f"Package {record['package_id']} in area {record['area_id']}: {record['outcome']}{on}."
    yield f"{record['hours_per_week']:g} hours a week in {record['visits_per_week']} visits."
    yield _fill(record["reason"])
    if record["contracts"]:
        yield "\nIn the order asked:"
    for number, step in enumerate(record["contracts"], 1):
        yield from _step(number, step, everything=everything or step["tier"] != "legacy" or step["verdict"] == "chosen")
    if record.get("contracts_of_other_areas"):
        yield f"\n{record['contracts_of_other_areas']} contracts of other areas were not considered: they do not cover this one."
    if record.get("remedies") is not None:
        yield "\nWhat would place it higher, everybody else where they are (each tried; one unit less does not):"
        for remedy in record["remedies"]:
            yield _fill(f"- {remedy['change']} (+{remedy['amount']} {remedy['unit']}): {remedy['sentence']}")
        if not record["remedies"]:
            yield "- no single change"
    yield "\nFor the person:"
    yield _fill(record["person"])


def _step(number: int, step: dict[str, Any], *, everything: bool) -> Iterator[str]:
    late = ", asked after the framework: above the upper edge of its share" if step["after_framework"] else ""
    yield ""
    yield clean(f"{number:3}. {step['contract_id']} · {step['provider']} · {step['tier']}{late} · {step['verdict']}")
    miles = step["metres"] / METRES_PER_MILE
    yield f"     £{step['weekly_cost_gbp']} a week, {_against_part(step)}{miles:.2f} miles from its nearest base"
    for rule, passed, _, _, _, sentence in step["findings"]:
        if everything or not passed:
            yield _fill(f"{'passed' if passed else 'FAILED'} {rule}: {sentence}", indent="     ")
    if instead := step.get("instead"):
        changes = ", ".join(f"{level} {difference:+,}" for level, difference in instead.items())
        yield _fill(f"Choosing it instead would change: {changes}.", indent="     ")


def _against_part(step: dict[str, Any]) -> str:
    """How far a principal or framework contract is from the part that it should have; the legacy framework has none."""
    if step["tier"] == "legacy":
        return ""
    below = step["below_part_minutes"]
    return f"{hours_4w(abs(below))} {'below' if below >= 0 else 'above'} its part, "


def _fill(text: str, indent: str = "") -> str:
    return textwrap.fill(clean(text), WIDTH, initial_indent=indent, subsequent_indent=indent + "  " if indent else "")
