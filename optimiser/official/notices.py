"""A council's own notices of tenders and awards, as OCDS release packages: its lots, their dates and values.

Later releases of a procurement update earlier ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from optimiser.io.csv_tables import read_text
from optimiser.io.faults import Findings

LICENCE = "Open Government Licence v3.0; Find a Tender and Contracts Finder"
NOTICES = (
    "ocid", "lot_id", "title", "status", "buyer", "suppliers", "value", "currency", "starts", "ends", "latest_end",
    "most_lots_per_supplier", "told_on",
)  # fmt: skip
EXPECTED = "an OCDS release package: releases with ocid, date and tender"


def read_notices(path: Path, findings: Findings) -> list[dict[str, str]]:
    """A row per lot as its latest release has it, by ``NOTICES``; what is wrong is in ``findings``."""
    content = read_text(path.parent, path.name, findings)
    if content is None:
        return []
    try:
        package = json.loads(content)
    except (ValueError, RecursionError):
        package = None
    releases = package.get("releases") if isinstance(package, Mapping) else None
    if not isinstance(releases, list) or not releases:
        found = f"an object with {', '.join(list(package)[:10])}" if isinstance(package, Mapping) else "another file"
        findings.fault(path.name, 0, "", EXPECTED, found)
        return []
    told: dict[tuple[str, str], dict[str, str]] = {}
    usable = []
    for number, release in enumerate(releases, 1):
        if (
            not isinstance(release, Mapping)
            or not isinstance(release.get("ocid"), str)
            or not isinstance(release.get("date"), str)
        ):
            findings.fault(path.name, 0, f"release {number}", "ocid and date")
        else:
            usable.append(release)
    for release in sorted(usable, key=lambda each: (each["ocid"], each["date"])):
        for row in _lots(release):
            key = row["ocid"], row["lot_id"]
            # What a later release does not say again stands as the earlier one said it.
            told[key] = told.get(key, {}) | {name: value for name, value in row.items() if value}
    return [{name: told[key].get(name, "") for name in NOTICES} for key in sorted(told)]


def _lots(release: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    tender = _object(release.get("tender"))
    lots = [_object(each) for each in _list(tender.get("lots"))]
    awards = [_object(each) for each in _list(release.get("awards"))]
    contracts = {_text(each.get("awardID")): _object(each) for each in map(_object, _list(release.get("contracts")))}
    related = {_text(lot) for award in awards for lot in _list(award.get("relatedLots"))}
    known = {_text(lot.get("id")) for lot in lots}
    for lot in [*lots, *({"id": each} for each in sorted(related - known))] or [tender]:
        lot_id = _text(lot.get("id")) if lot is not tender else ""
        own = [
            award for award in awards if not _list(award.get("relatedLots")) or lot_id in map(_text, _list(award["relatedLots"]))
        ]
        signed = [contracts[key] for award in own if (key := _text(award.get("id"))) in contracts]
        period = next((_object(each.get("period")) for each in signed if each.get("period")), {})
        planned = _object(lot.get("contractPeriod")) or _object(tender.get("contractPeriod"))
        value = _object(lot.get("value")) or next((_object(award.get("value")) for award in own if award.get("value")), {})
        suppliers = sorted({_text(_object(each).get("name")) for award in own for each in _list(award.get("suppliers"))} - {""})
        yield {
            "ocid": release["ocid"],
            "lot_id": lot_id,
            "title": _text(lot.get("title")) or _text(tender.get("title")),
            "status": next((_text(award.get("status")) for award in own if award.get("status")), _text(lot.get("status"))),
            "buyer": _text(_object(release.get("buyer")).get("name")),
            "suppliers": "; ".join(suppliers),
            "value": _text(value.get("amount")),
            "currency": _text(value.get("currency")),
            "starts": _day(period.get("startDate") or planned.get("startDate")),
            "ends": _day(period.get("endDate") or planned.get("endDate")),
            "latest_end": _day(period.get("maxExtentDate") or planned.get("maxExtentDate")),
            "most_lots_per_supplier": _text(_object(tender.get("lotDetails")).get("maximumLotsAwardedPerSupplier")),
            "told_on": release["date"][:10],
        }


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, Mapping | list) else str(value).strip()


def _day(value: Any) -> str:
    return _text(value)[:10]
