"""Official files to the records of a county: areas, surgeries, providers with their offices and locations.

What has no place in England, and so cannot be in a county, is left out and listed with the reason: never dropped in silence.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from optimiser.boundaries.importing import Columns, areas_of_map
from optimiser.domain.cqc import worst_of
from optimiser.domain.records import Area, Location, Office, Provider, Surgery
from optimiser.domain.snapshot import OwnColumns
from optimiser.geography.postcodes.index import PostcodeIndex
from optimiser.geography.postcodes.postcode_places import NoSuchPlaceError, place_of
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.official import cqc_directory, nhs_practices, notices
from optimiser.official.cqc_directory import Agency, read_agencies
from optimiser.official.nhs_practices import Membership, Practice, members_on, read_memberships, read_practices
from optimiser.official.notices import read_notices

LEFT_OUT = ("what", "id", "name", "why")
CQC_ID, COMPANY = "cqc_provider_id", "companies_house_number"
"""Columns of a council's own in ``providers.csv``: by them a provider is known again when it registers anew."""


@dataclass(frozen=True)
class OfficialFiles:
    """The files of a county, and what is taken from them. ``commissioners``: codes of sub ICB locations such as 26A.

    ``only_pcns``: of their PCNs these alone; none named: all.
    """

    as_of: dt.date
    practices: Sequence[Path]
    memberships: Path
    commissioners: Sequence[str]
    providers: Path
    authorities: Sequence[str]
    region: str = ""
    outlines: Path | None = None
    outline_id: str = ""
    outline_name: str = ""
    layer: str | None = None
    notices: Path | None = None
    only_pcns: Sequence[str] = ()


@dataclass(frozen=True)
class Official:
    """What the files say. ``own``: by provider id, its CQC id and company number."""

    areas: tuple[Area, ...]
    surgeries: tuple[Surgery, ...]
    providers: tuple[Provider, ...]
    offices: tuple[Office, ...]
    locations: tuple[Location, ...]
    own: OwnColumns
    notices: tuple[dict[str, str], ...]
    left_out: tuple[dict[str, str], ...]
    sources: tuple[dict[str, Any], ...]


@dataclass
class _Places:
    """Places by postcode, and what has none."""

    index: PostcodeIndex
    left_out: list[dict[str, str]] = field(default_factory=list)

    def of(self, what: str, own_id: str, name: str, postcode: str) -> tuple[float, float] | None:
        try:
            found = place_of(self.index, postcode)
        except NoSuchPlaceError as none:
            self.leave_out(what, own_id, name, str(none))
            return None
        return found.latitude, found.longitude

    def leave_out(self, what: str, own_id: str, name: str, why: str) -> None:
        self.left_out.append({"what": what, "id": own_id, "name": name, "why": why})


def official(files: OfficialFiles, index: PostcodeIndex) -> Official:
    """Reads every file. Raises ``InputRefusedError`` with all that is wrong with any of them."""
    findings, places = Findings(), _Places(index)
    practices = [(path, read_practices(path, files.as_of, findings)) for path in files.practices]
    memberships = members_on(read_memberships(files.memberships, findings), files.as_of)
    agencies, has_ratings = read_agencies(files.providers, list(files.authorities), findings)
    told = [] if files.notices is None else read_notices(files.notices, findings)
    ours = [each for each in memberships if each.commissioner in files.commissioners]
    if memberships and not ours and not findings.faults:
        known = ", ".join(sorted({each.commissioner for each in memberships})[:40])
        findings.fault(
            files.memberships.name, 0, "--commissioner", f"codes of its commissioners ({known})", ", ".join(files.commissioners)
        )
    theirs = {each.pcn for each in ours}
    if ours and not theirs.issuperset(files.only_pcns):
        expected = f"codes of the commissioner's PCNs ({', '.join(sorted(theirs))})"
        findings.fault(files.memberships.name, 0, "--only-pcn", expected, ", ".join(sorted(set(files.only_pcns) - theirs)))
    ours = [each for each in ours if not files.only_pcns or each.pcn in files.only_pcns]
    _refuse_twice(ours, files.memberships.name, findings)
    outlined = _outlined(files, findings)
    if findings.faults:
        raise InputRefusedError(findings.faults)
    areas = _areas(files, ours, outlined)
    surgeries = _surgeries([each for _, of_file in practices for each in of_file], ours, {area.area_id for area in areas}, places)
    offices, locations = _offices(agencies, places)
    providers = _providers(agencies, {each.provider_id for each in offices}, locations, places)
    kept = {each.provider_id for each in providers}
    companies = {each.provider_id: each.company for each in agencies}
    own = OwnColumns((CQC_ID, COMPANY), {each: _cells(each, companies.get(each, "")) for each in sorted(kept)})
    read = {
        "practices": [(path, len(of_file)) for path, of_file in practices],
        "memberships": [(files.memberships, len(ours))],
        "providers": [(files.providers, len(agencies))],
        "outlines": [] if files.outlines is None else [(files.outlines, len(outlined))],
        "notices": [] if files.notices is None else [(files.notices, len(told))],
    }
    return Official(
        areas=areas,
        surgeries=surgeries,
        providers=providers,
        offices=offices,
        locations=locations if has_ratings else (),
        own=own,
        notices=tuple(told),
        left_out=tuple(sorted(places.left_out, key=lambda each: (each["what"], each["id"]))),
        sources=tuple(_sources(read, index, files.as_of)),
    )


def _cells(provider_id: str, company: str) -> dict[str, str]:
    return {CQC_ID: provider_id} | ({COMPANY: company} if company else {})


def _refuse_twice(memberships: Iterable[Membership], file: str, findings: Findings) -> None:
    by_practice: defaultdict[str, set[str]] = defaultdict(set)
    for each in memberships:
        by_practice[each.practice].add(each.pcn)
    for practice, pcns in sorted(by_practice.items()):
        if len(pcns) > 1:
            findings.fault(file, 0, practice, "one PCN on the day", ", ".join(sorted(pcns)))


def _outlined(files: OfficialFiles, findings: Findings) -> dict[str, Area]:
    if files.outlines is None:
        return {}
    columns = Columns(files.outline_id, files.outline_name, region_named=files.region)
    try:
        return {each.area_id: each for each in areas_of_map(files.outlines, columns, layer=files.layer, merge=True).areas}
    except InputRefusedError as refused:
        findings.faults.extend(refused.each)
        return {}


def _areas(files: OfficialFiles, memberships: Iterable[Membership], outlined: Mapping[str, Area]) -> tuple[Area, ...]:
    """The PCNs, with the outlines that a map has of them; without any go-live, which is the council's to say."""
    found = {}
    for each in memberships:
        geometry = outlined[each.pcn].geometry if each.pcn in outlined else None
        found[each.pcn] = Area(each.pcn, each.pcn_name, files.region or each.commissioner_name, None, geometry)
    return tuple(found[each] for each in sorted(found))


def _surgeries(
    practices: Iterable[Practice], memberships: Iterable[Membership], areas: set[str], places: _Places
) -> tuple[Surgery, ...]:
    """The members' practices, which are band centres, and their branches, which are not."""
    pcn = {each.practice: each.pcn for each in memberships}
    known: dict[str, Practice] = {}
    for each in practices:
        if pcn.get(each.parent) in areas:
            known.setdefault(each.code, each)
    for practice in sorted(set(pcn) - set(known)):
        places.leave_out("practice", practice, "", "a member of a PCN that no file of practices has, or that sees no patients")
    found = []
    for code in sorted(known):
        each = known[code]
        place = places.of("branch" if each.is_branch else "practice", code, each.name, each.postcode)
        if place is not None:
            found.append(Surgery(code, each.name, pcn[each.parent], *place, band_centre=not each.is_branch))
    return tuple(found)


def _offices(agencies: Iterable[Agency], places: _Places) -> tuple[tuple[Office, ...], tuple[Location, ...]]:
    offices, locations = [], []
    for each in agencies:
        place = places.of("location", each.location_id, each.name, each.postcode)
        if place is not None:
            offices.append(Office(each.location_id, each.provider_id, *place))
            locations.append(Location(each.location_id, each.provider_id, each.name, each.rating, each.rated_on))
    return tuple(offices), tuple(locations)


def _providers(
    agencies: Iterable[Agency], with_office: set[str], locations: Sequence[Location], places: _Places
) -> tuple[Provider, ...]:
    names: dict[str, str] = {}
    for each in agencies:
        names.setdefault(each.provider_id, each.provider)
    found = []
    for provider_id in sorted(names):
        if provider_id not in with_office:
            places.leave_out("provider", provider_id, names[provider_id], "none of its locations has a place in England")
            continue
        rating = worst_of([each for each in locations if each.provider_id == provider_id]).cqc_rating
        found.append(Provider(provider_id, names[provider_id], rating, "", None, (), None, None))
    return tuple(found)


LICENCES = {
    "practices": nhs_practices.LICENCE,
    "memberships": nhs_practices.LICENCE,
    "providers": cqc_directory.LICENCE,
    "outlines": "as its publisher says; the ONS's and Ordnance Survey's: Open Government Licence v3.0",
    "notices": notices.LICENCE,
}
KINDS = {
    "practices": "NHS ODS: GP practices and branches (epraccur, ebranchs)",
    "memberships": "NHS ODS: PCN core partners (ePCN)",
    "providers": "Care Quality Commission: registered locations",
    "outlines": "outlines of areas",
    "notices": "notices of tenders and awards (OCDS)",
}


def _sources(read: Mapping[str, Sequence[tuple[Path, int]]], index: PostcodeIndex, as_of: dt.date) -> Iterable[dict[str, Any]]:
    """Each file with what it is, its digest (which release it was) and how it has to be credited."""
    import hashlib

    for kind, files in read.items():
        for path, taken in files:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            yield {
                "source": KINDS[kind], "file": path.name, "sha256": digest, "as_of": as_of.isoformat(), "taken": taken,
                "licence": LICENCES[kind],
            }  # fmt: skip
    for kind, count in sorted(Counter(each["kind"] for each in index.about["sources"]).items()):
        licence = next(each["licence"] for each in index.about["sources"] if each["kind"] == kind)
        yield {"source": kind, "file": f"an index of {count} file(s)", "taken": index.about["postcodes"], "licence": licence}
