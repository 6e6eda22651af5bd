"""The check of a split and of a merge: counts from plain records, and imports nothing that makes them.

Every record of the whole is in exactly one part, or is named as shared; in a part it is what it was, but for apportioned limits,
which add up exactly; nobody's care, contract or provider is another, and nobody's price is measured from further away; nothing is
there that was not before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any

from optimiser.domain.snapshot import Snapshot
from optimiser.geography.bands import nearest_centre_miles
from optimiser.geography.grid import to_grid

TABLES_OF = {
    "areas": ("area_id",), "surgeries": ("surgery_id",), "providers": ("provider_id",), "offices": ("office_id",),
    "locations": ("location_id",), "contracts": ("contract_id",), "rates": ("contract_id", "starts"),
    "restrictions": ("restriction_id",), "packages": ("package_id",), "visits": ("visit_id",), "rounds": ("round_id",),
    "offers": ("offer_id",), "meanwhile": ("package_id",), "decisions": ("decision_id",), "answers": ("answer_id",),
}  # fmt: skip
NEVER_SHARED = ("packages", "visits", "offers", "meanwhile", "decisions", "answers")
ADD_UP = {
    "providers": ("max_hours_4w",), "contracts": ("max_hours_4w",), "restrictions": ("new_hours_4w",),
    "rounds": ("staff", "staff_hours_per_week"),
}  # fmt: skip
SETTINGS = ("as_of", "policy", "procurement", "quality", "meanwhile_settings", "enhanced", "transfer")
NOT_COUNTED = ("title", "extra", "reserve_areas")


def faults_of_split(
    whole: Snapshot, parts: Mapping[str, Snapshot], shared: Collection[tuple[str, str]], council_of: Mapping[str, str]
) -> list[str]:
    """What does not hold, a sentence each. ``shared``: kind and id of what is named as shared; ``council_of``: per area, empty
    where it is not known.
    """
    told = set(TABLES_OF) | set(SETTINGS) | set(NOT_COUNTED)
    faults = [f"{part.name}: not counted by the check" for part in fields(Snapshot) if part.name not in told]
    for name in SETTINGS:
        faults += [f"{council}: {name} is not that of the county" for council, part in parts.items()
                   if getattr(part, name) != getattr(whole, name)]  # fmt: skip
    if Counter(whole.reserve_areas) != Counter(area for part in parts.values() for area in part.reserve_areas):
        faults.append("reserve_areas: not those of the county")
    named = set(shared)
    for kind, key in TABLES_OF.items():
        faults += _of_a_kind(kind, key, whole, parts, named)
    for council, part in parts.items():
        faults += _people_of(council, part, council_of)
    return [*faults, *_care(whole, parts), *_distances(whole, parts)]


def _id(record: Any, key: tuple[str, ...]) -> str:
    return " ".join(str(getattr(record, name)) for name in key)


def _of_a_kind(
    kind: str, key: tuple[str, ...], whole: Snapshot, parts: Mapping[str, Snapshot], shared: Collection[tuple[str, str]]
) -> Iterator[str]:
    copies: defaultdict[str, list[Any]] = defaultdict(list)
    for part in parts.values():
        for record in getattr(part, kind):
            copies[_id(record, key)].append(record)
    records = {_id(record, key): record for record in getattr(whole, kind)}
    yield from (f"{kind} {name}: in a part, and not in the county" for name in sorted(copies.keys() - records.keys()))
    for name, record in records.items():
        found = copies.get(name, [])
        if not found:
            yield f"{kind} {name}: in no part"
        elif (len(found) > 1) != ((kind, name) in shared):
            yield f"{kind} {name}: in {len(found)} parts, and {'' if (kind, name) in shared else 'not '}named as shared"
        elif len(found) > 1 and kind in NEVER_SHARED:
            yield f"{kind} {name}: of a person, and in {len(found)} parts"
        else:
            yield from _same(kind, name, record, found)


def _same(kind: str, name: str, record: Any, found: list[Any]) -> Iterator[str]:
    adding = ADD_UP.get(kind, ())
    for part in fields(record):
        value, values = getattr(record, part.name), [getattr(each, part.name) for each in found]
        if part.name in adding and value is not None and None not in values:
            if sum(map(Fraction, values)) != value:
                yield f"{kind} {name}: {part.name} does not add up to {value}"
        elif kind == "areas" and part.name == "go_live":
            if value not in values or any(each not in (None, value) for each in values):
                yield f"{kind} {name}: go_live is not what it was"
        elif part.name == "geometry":
            if sorted(map(str, values)) != sorted([str(value), *["None"] * (len(values) - 1)]):
                yield f"{kind} {name}: its outline is not in exactly one part"
        elif any(each != value for each in values):
            yield f"{kind} {name}: {part.name} is not what it was"


def _people_of(council: str, part: Snapshot, council_of: Mapping[str, str]) -> Iterator[str]:
    """Everybody's area is the council's, that of a part of a package being the package's."""
    area_of = {package.package_id: package.area_id for package in part.packages}
    for package in part.packages:
        area = area_of.get(package.part_of or package.package_id)
        if area is None:
            yield f"packages {package.package_id}: parted from the package whose part it is"
        elif council_of and council_of[area] != council:
            yield f"packages {package.package_id}: in {council}, and its area in {council_of[area]}"


def _care(whole: Snapshot, parts: Mapping[str, Snapshot]) -> Iterator[str]:
    """People and minutes by provider and contract, over all parts as in the county."""
    if (before := _by_provider(whole)) != (after := sum((_by_provider(part) for part in parts.values()), Counter[Any]())):
        yield from (f"care {key}: {before[key]} before, {after[key]} after" for key in sorted(before.keys() | after.keys())
                    if before[key] != after[key])  # fmt: skip


def _distances(whole: Snapshot, parts: Mapping[str, Snapshot]) -> Iterator[str]:
    """Everybody is as far from the nearest band centre as before, to the last bit."""
    before = _miles(whole)
    for council, part in parts.items():
        for name, miles in _miles(part).items():
            if miles != before.get(name):
                yield f"packages {name}: in {council} {miles} miles from a band centre, and {before.get(name)} before"


def _miles(snapshot: Snapshot) -> dict[str, float]:
    centres = [each for each in snapshot.surgeries if each.band_centre]
    places = [
        to_grid([each.latitude for each in records], [each.longitude for each in records])
        for records in (snapshot.packages, centres)
    ]
    return dict(zip((each.package_id for each in snapshot.packages), nearest_centre_miles(*places).tolist(), strict=True))


def _by_provider(snapshot: Snapshot) -> Counter[Any]:
    provider_of = {contract.contract_id: contract.provider_id for contract in snapshot.contracts}
    found: Counter[Any] = Counter()
    for package in snapshot.packages:
        name = package.contract_id or "nobody"
        found[provider_of.get(name, name), name, package.status, "people"] += 1
        found[provider_of.get(name, name), name, package.status, "minutes a week"] += package.minutes_per_week
    return found
