"""To which of the new councils each record goes: people by their area, and with them whatever they name.

A person's care goes to the council of the area it is in, a part of a package with the package, and everything recorded of
somebody goes with them. Areas go by the file; what belongs to an area goes with it. A county-wide contract goes to every council:
whoever waits may be placed on it as before. A contract or round of another council's area, under which somebody is, goes to
theirs as well, with its area: nobody changes provider. Contracts that take over from each other stay together. A provider is
wherever anything names it, and a band centre wherever somebody lives nearest to it, so that nobody's price band changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from optimiser.domain.snapshot import Snapshot
from optimiser.splitting.near_centres import nearest_centres

NAMED_BY = {
    "areas": "area_id", "surgeries": "surgery_id", "providers": "provider_id", "offices": "office_id",
    "locations": "location_id", "contracts": "contract_id", "rates": "rate_id", "restrictions": "restriction_id",
    "packages": "package_id", "visits": "visit_id", "rounds": "round_id", "offers": "offer_id", "meanwhile": "package_id",
    "decisions": "decision_id", "answers": "answer_id",
}  # fmt: skip
"""Every kind of record of a snapshot, and what names one."""
WITH_A_PERSON = ("visits", "offers", "meanwhile", "decisions", "answers")
WITH_A_PROVIDER = ("offices", "locations")
COUNTY_WIDE, NAMED_BY_SOMEBODY, NAMED_THERE, NAMED_NOWHERE = "county_wide", "named_by_somebody", "named_there", "named_nowhere"
NEAREST_CENTRE = "nearest_band_centre"
"""Why a record is in a council that is not its area's."""


@dataclass
class WhereTo:
    """Per kind and id the councils, with why a record is in one that is not its area's."""

    councils: tuple[str, ...]
    held: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    why: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def put(self, kind: str, name: str, councils: Iterable[str], why: str = "") -> None:
        for council in councils:
            if council not in self.held[kind][name]:
                self.held[kind][name].add(council)
                self.why[kind, name, council] = why

    def of(self, kind: str, name: str) -> set[str]:
        return self.held[kind][name]

    def shared(self) -> list[tuple[str, str]]:
        """Kind and id of everything that is in more than one."""
        return sorted((kind, name) for kind, held in self.held.items() for name, councils in held.items() if len(councils) > 1)


def id_of(kind: str, record: Any) -> str:
    """What names a record of a kind."""
    return str(getattr(record, NAMED_BY[kind]))


def where_to(snapshot: Snapshot, council_of: Mapping[str, str]) -> WhereTo:
    """``council_of``: per area id the council."""
    found = WhereTo(tuple(sorted(set(council_of.values()))))
    for area in snapshot.areas:
        found.put("areas", area.area_id, [council_of[area.area_id]])
    for surgery in snapshot.surgeries:
        found.put("surgeries", surgery.surgery_id, [council_of[surgery.area_id]])
    _people(snapshot, council_of, found)
    _centres(snapshot, found)
    _contracts(snapshot, council_of, found)
    _rounds(snapshot, council_of, found)
    _providers(snapshot, council_of, found)
    for kind in ("contracts", "rounds", "packages", "surgeries"):
        for record in getattr(snapshot, kind):
            if record.area_id:
                found.put("areas", record.area_id, found.of(kind, id_of(kind, record)), NAMED_THERE)
    return found


def _people(snapshot: Snapshot, council_of: Mapping[str, str], found: WhereTo) -> None:
    area_of = {package.package_id: package.area_id for package in snapshot.packages}
    for package in snapshot.packages:
        found.put("packages", package.package_id, [council_of[area_of[package.part_of or package.package_id]]])
    for kind in WITH_A_PERSON:
        for record in getattr(snapshot, kind):
            found.put(kind, id_of(kind, record), found.of("packages", record.package_id))


def _centres(snapshot: Snapshot, found: WhereTo) -> None:
    for package_id, surgery_id in nearest_centres(snapshot):
        found.put("surgeries", surgery_id, found.of("packages", package_id), NEAREST_CENTRE)
    centres = [each.surgery_id for each in snapshot.surgeries if each.band_centre]
    for council in found.councils:
        if not any(council in found.of("surgeries", each) for each in centres):  # nobody lives there, and none lies there
            for each in centres:
                found.put("surgeries", each, [council], NEAREST_CENTRE)


def _contracts(snapshot: Snapshot, council_of: Mapping[str, str], found: WhereTo) -> None:
    for contract in snapshot.contracts:
        if contract.area_id:
            found.put("contracts", contract.contract_id, [council_of[contract.area_id]])
        else:
            found.put("contracts", contract.contract_id, found.councils, COUNTY_WIDE)
    for package in snapshot.packages:
        for name in (package.contract_id, package.previous_contract_id):
            if name:
                found.put("contracts", name, found.of("packages", package.package_id), NAMED_BY_SOMEBODY)
    for offer in snapshot.offers:
        found.put("contracts", offer.contract_id, found.of("packages", offer.package_id), NAMED_BY_SOMEBODY)
    for members in families(snapshot).values():
        together = set().union(*(found.of("contracts", name) for name in members))
        for name in members:
            found.put("contracts", name, sorted(together), NAMED_BY_SOMEBODY)
    for rate in snapshot.rates:
        found.put("rates", rate.rate_id, found.of("contracts", rate.contract_id), NAMED_THERE)


def families(snapshot: Snapshot) -> dict[str, list[str]]:
    """Contracts that take over from each other, by the first of them; a contract alone is one by itself."""
    before = {contract.contract_id: contract.succeeds for contract in snapshot.contracts}
    members: dict[str, list[str]] = defaultdict(list)
    for name in before:
        first = name
        while before[first]:
            first = before[first]
        members[first].append(name)
    return members


def _rounds(snapshot: Snapshot, council_of: Mapping[str, str], found: WhereTo) -> None:
    for each in snapshot.rounds:
        if each.area_id:
            found.put("rounds", each.round_id, [council_of[each.area_id]])
    known = {each.round_id for each in snapshot.rounds}
    for package in snapshot.packages:
        if package.round_id in known:
            found.put("rounds", package.round_id, found.of("packages", package.package_id), NAMED_BY_SOMEBODY)
    for name in known:
        if not found.of("rounds", name):
            found.put("rounds", name, found.councils, NAMED_NOWHERE)


def _providers(snapshot: Snapshot, council_of: Mapping[str, str], found: WhereTo) -> None:
    for kind in ("contracts", "rounds"):
        for record in getattr(snapshot, kind):
            found.put("providers", record.provider_id, found.of(kind, id_of(kind, record)), NAMED_THERE)
    for restriction in snapshot.restrictions:
        if restriction.area_id:
            found.put("restrictions", restriction.restriction_id, [council_of[restriction.area_id]])
            found.put("providers", restriction.provider_id, [council_of[restriction.area_id]], NAMED_THERE)
    for package_id, provider_id in _named_by_people(snapshot):
        found.put("providers", provider_id, found.of("packages", package_id), NAMED_THERE)
    for provider in snapshot.providers:
        if not found.of("providers", provider.provider_id):
            found.put("providers", provider.provider_id, found.councils, NAMED_NOWHERE)
    for restriction in snapshot.restrictions:
        if not restriction.area_id:
            theirs = found.of("providers", restriction.provider_id)
            found.put("restrictions", restriction.restriction_id, theirs, NAMED_THERE)
    for kind in WITH_A_PROVIDER:
        for record in getattr(snapshot, kind):
            found.put(kind, id_of(kind, record), found.of("providers", record.provider_id), NAMED_THERE)


def _named_by_people(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Package and provider, wherever a wish, a decision or an answer names one."""
    for package in snapshot.packages:
        for provider_id in (*package.excluded_provider_ids, *package.preferred_provider_ids):
            yield package.package_id, provider_id
    for decision in snapshot.decisions:
        if decision.to_provider_id:
            yield decision.package_id, decision.to_provider_id
    for answer in snapshot.answers:
        yield answer.package_id, answer.provider_id
