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
from optimiser.domain.records import OF_ONE_AREA
from optimiser.explaining.contact import with_contact
from optimiser.explaining.explanation import read_explanation
from optimiser.explaining.provider import provider_note
from optimiser.geography.grid import METRES_PER_MILE
from optimiser.io.faults import clean

WIDTH = 110


def run(options: argparse.Namespace) -> int:
    """Exit code 2 when there is no such result or package, or when the result is damaged."""
    if options.audience == "provider" and not options.provider:
        return _refuse("say which provider the note is for, with --provider PROVIDER_ID.")
    folder = Path(options.folder)
    try:
        found = read_explanation(folder, options.package_id)
        if found is None:
            return _refuse(f"this result has no package {options.package_id!r}.")
        record = found.record
        if options.audience == "person":
            page = [_fill(_to_the_person(record))]
        elif options.audience == "provider":
            if not _is_known(folder, options.provider):
                return _refuse(f"this result has no provider {options.provider!r}.")
            page = [_fill(provider_note(record, options.provider))]
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


def _is_known(folder: Path, provider_id: str) -> bool:
    """Whether a result knows a provider; one without a list of them knows everybody."""
    try:
        result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return True
    return "provider_ids" not in result or provider_id in result["provider_ids"]


def _to_the_person(record: dict[str, Any]) -> str:
    return with_contact(record["person"], record["outcome"])


def _planner(record: dict[str, Any], *, everything: bool) -> Iterator[str]:
    on = f" on {record['contract_id']}" if record["contract_id"] else ""
    yield f"Package {record['package_id']} in area {record['area_id']}: {record['outcome']}{on}."
    yield f"{record['hours_per_week']:g} hours a week in {record['visits_per_week']} visits."
    yield _fill(record["reason"])
    if record.get("remedies") is not None:
        yield "\nWhat would place it higher, everybody else where they are (each tried; one unit less does not):"
        for remedy in record["remedies"]:
            yield _fill(f"- {remedy['change']} (+{_amount(remedy)}): {remedy['sentence']}")
        if not record["remedies"]:
            yield "- no single change"
    if record["contracts"]:
        yield "\nIn the order asked:"
    spaced = True
    for number, step in enumerate(record["contracts"], 1):
        lines = list(_step(number, step, everything=everything))
        if len(lines) == 1 and spaced:  # the first of those with one line each
            yield ""
        spaced = len(lines) > 1
        yield from lines
    if record.get("contracts_of_other_areas"):
        yield f"\n{record['contracts_of_other_areas']} contracts of other areas were not considered: they do not cover this one."
    yield "\nFor the person:"
    yield _fill(_to_the_person(record))


def _amount(remedy: dict[str, Any]) -> str:
    """Such as "1 decline" or "6 hours per four weeks"."""
    noun, space, rest = remedy["unit"].partition(" ")
    return f"{remedy['amount']} {noun.removesuffix('s') if remedy['amount'] == '1' else noun}{space}{rest}"


NOTED = {
    "accepted": "would fail today, but the offer was accepted:",
    "asked, waiting for an answer": "would fail today, but the offer has been made:",
}
"""What is said of a failing rule where an offer has been made all the same."""


def _step(number: int, step: dict[str, Any], *, everything: bool) -> Iterator[str]:
    settled = step["verdict"] == "chosen" or step["verdict"] in NOTED
    failed = [finding[0] for finding in step["findings"] if not finding[1]]
    if step["tier"] == "legacy" and not settled and len(failed) > 1 and not everything:
        yield _fill(f"{number:3}. {step['contract_id']}: fails {', '.join(failed)}")
        return
    over = ", above the upper edge of its share" if step["over_upper_edge"] else ""
    yield ""
    yield clean(f"{number:3}. {step['contract_id']} · {step['provider']} · {step['tier']}{over} · {step['verdict']}")
    away = f"{step['metres'] / METRES_PER_MILE:.2f} miles from its nearest office or running care"
    yield f"     £{step['weekly_cost_gbp']} a week, {_against_part(step)}{away}"
    for rule, passed, _, _, _, sentence in step["findings"]:
        if everything or settled or step["tier"] != "legacy" or not passed:
            said = "passed" if passed else NOTED.get(step["verdict"], "FAILED")
            yield _fill(f"{said} {rule}: {sentence}", indent="     ")
    if instead := step.get("instead"):
        changes = ", ".join(f"{level} {difference:+,}" for level, difference in instead.items())
        yield _fill(f"Choosing it instead would change: {changes}.", indent="     ")


def _against_part(step: dict[str, Any]) -> str:
    """How far a principal or framework contract is from the part that it should have; the others have none."""
    if step["tier"] not in OF_ONE_AREA:
        return ""
    below = step["below_part_minutes"]
    return f"{hours_4w(abs(below))} {'below' if below >= 0 else 'above'} its part, "


def _fill(text: str, indent: str = "") -> str:
    return textwrap.fill(clean(text), WIDTH, initial_indent=indent, subsequent_indent=indent + "  " if indent else "")
