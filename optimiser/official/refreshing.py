"""A newer release of the official files laid over a county: what they know is theirs, all else stays what the council has said.

Nobody's care ends by it: a provider, an area or a location that is gone from the files stays as long as anything names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from optimiser.domain.records import Area, Location, Office, Provider, Surgery
from optimiser.domain.snapshot import OwnColumns, Snapshot
from optimiser.official.county_of_files import COMPANY, CQC_ID, Official

NONE = OwnColumns((), {})


@dataclass(frozen=True)
class Refreshed:
    """The county as it would be, and what is told of it, a line each."""

    snapshot: Snapshot
    told: tuple[str, ...]


def refreshed(before: Snapshot, found: Official) -> Refreshed:
    """``found``: of the newer release."""
    told: list[str] = []
    same = _known_again(before, found, told)
    providers, offices, locations, own = _providers(before, found, same, told)
    areas = _areas(before, found, told)
    surgeries = _surgeries(before, found, told)
    extra = dict(before.extra) | {"providers": own}
    return Refreshed(
        replace(before, areas=areas, surgeries=surgeries, providers=providers, offices=offices, locations=locations, extra=extra),
        tuple(told),
    )


def _known_again(before: Snapshot, found: Official, told: list[str]) -> dict[str, str]:
    """By CQC id of the newer release the id that the county has for that provider."""
    cells = before.extra.get("providers", NONE).cells
    ids = {each.provider_id for each in before.providers}
    by_cqc = {cells.get(each, {}).get(CQC_ID, each): each for each in ids}
    there = {each.provider_id for each in found.providers}
    by_company = {
        company: each
        for each in sorted(ids)
        if (company := cells.get(each, {}).get(COMPANY, "")) and cells.get(each, {}).get(CQC_ID, each) not in there
    }
    same = {}
    for each in found.providers:
        company = found.own.cells[each.provider_id].get(COMPANY, "")
        if each.provider_id in by_cqc:
            same[each.provider_id] = by_cqc[each.provider_id]
        elif company in by_company:
            same[each.provider_id] = by_company.pop(company)
            anew = f"{each.provider_id} (company {company})"
            told.append(f"provider {same[each.provider_id]} has registered anew as {anew}: it keeps its history")
    return same


def _providers(
    before: Snapshot, found: Official, same: Mapping[str, str], told: list[str]
) -> tuple[tuple[Provider, ...], tuple[Office, ...], tuple[Location, ...], OwnColumns]:
    old = {each.provider_id: each for each in before.providers}
    cells = {each: dict(values) for each, values in before.extra.get("providers", NONE).cells.items()}
    made: dict[str, Provider] = {}
    for each in found.providers:
        own_id = same.get(each.provider_id, each.provider_id)
        cells[own_id] = cells.get(own_id, {}) | dict(found.own.cells[each.provider_id])
        if own_id not in old:
            told.append(f"provider {own_id} is new: {each.name}")
            made[own_id] = each
            continue
        rating = each.cqc_rating if found.locations else old[own_id].cqc_rating
        if rating != old[own_id].cqc_rating:
            told.append(f"provider {own_id}: CQC's rating is {rating}, was {old[own_id].cqc_rating}")
        made[own_id] = replace(old[own_id], name=each.name, cqc_rating=rating)
    named = {each.provider_id for kind in ("contracts", "restrictions", "rounds") for each in getattr(before, kind)}
    named |= {each.to_provider_id for each in before.decisions} | {each.provider_id for each in before.answers}
    named |= {each for package in before.packages for each in (*package.excluded_provider_ids, *package.preferred_provider_ids)}
    stay = set()
    for provider_id in sorted(old.keys() - made.keys()):
        if provider_id in named:
            told.append(f"provider {provider_id} is not in CQC's file any more; it stays, since the county names it")
            made[provider_id] = old[provider_id]
            stay.add(provider_id)
        else:
            told.append(f"provider {provider_id} is not in CQC's file any more, and nothing names it: left out")
            cells.pop(provider_id, None)
    offices = [replace(each, provider_id=same.get(each.provider_id, each.provider_id)) for each in found.offices]
    open_today = {each.office_id for each in offices}
    offices += [each for each in before.offices if each.provider_id in stay and each.office_id not in open_today]
    locations = [replace(each, provider_id=same.get(each.provider_id, each.provider_id)) for each in found.locations]
    if not found.locations:
        locations = [each for each in before.locations if each.provider_id in made]
    there = {each.location_id for each in locations}
    wanted = {each.location_id for each in before.contracts if each.location_id}
    for location in before.locations:
        if location.location_id not in there and (location.location_id in wanted or location.provider_id in stay):
            if location.location_id in wanted:
                told.append(f"location {location.location_id} is not in CQC's file any more; it stays, since a contract names it")
            locations.append(location)
    columns = tuple(dict.fromkeys([*before.extra.get("providers", NONE).columns, CQC_ID, COMPANY]))
    return (
        tuple(made[each] for each in sorted(made)),
        tuple(sorted(offices, key=lambda each: each.office_id)),
        tuple(sorted(locations, key=lambda each: each.location_id)),
        OwnColumns(columns, {each: cells[each] for each in sorted(cells) if each in made}),
    )


def _areas(before: Snapshot, found: Official, told: list[str]) -> tuple[Area, ...]:
    """Dates stay the council's; an outline is the newer one where the files have one."""
    old = {each.area_id: each for each in before.areas}
    made = {}
    for each in found.areas:
        if each.area_id not in old:
            told.append(f"area {each.area_id} is new: {each.name}; it has no go-live")
            made[each.area_id] = each
        else:
            made[each.area_id] = replace(old[each.area_id], name=each.name, geometry=each.geometry or old[each.area_id].geometry)
    named = {each.area_id for kind in ("contracts", "packages", "restrictions", "rounds") for each in getattr(before, kind)}
    for area_id in sorted(old.keys() - made.keys()):
        if area_id in named or area_id in before.reserve_areas:
            told.append(f"area {area_id} is no PCN any more; it stays, since the county names it")
            made[area_id] = old[area_id]
        else:
            told.append(f"area {area_id} is no PCN any more, and nothing names it: left out")
    return tuple(made[each] for each in sorted(made))


def _surgeries(before: Snapshot, found: Official, told: list[str]) -> tuple[Surgery, ...]:
    """Whether one is a band centre stays the council's."""
    old = {each.surgery_id: each for each in before.surgeries}
    made = []
    for each in found.surgeries:
        if each.surgery_id not in old:
            told.append(f"surgery {each.surgery_id} is new: {each.name}")
        elif old[each.surgery_id].area_id != each.area_id:
            told.append(f"surgery {each.surgery_id} is of area {each.area_id}, was of {old[each.surgery_id].area_id}")
        made.append(replace(each, band_centre=old[each.surgery_id].band_centre) if each.surgery_id in old else each)
    for gone in sorted(old.keys() - {each.surgery_id for each in made}):
        told.append(f"surgery {gone} is gone")
    return tuple(made)
