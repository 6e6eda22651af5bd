"""Writes the snapshot: one function per file, columns in the order of the documented format."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from . import figures
from .facts import Area, Place, Surgery
from .flat import km
from .market import Contract, Market
from .outlines import Outline
from .people import Person


def table(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(listed[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(listed)


def about(folder: Path) -> None:
    text = f'as_of = {figures.AS_OF.isoformat()}\ntitle = "{figures.TITLE}"\n'
    (folder / "snapshot.toml").write_text(text, encoding="utf-8", newline="\n")


def areas(folder: Path, listed: Sequence[Area], outlines: Mapping[str, Outline]) -> None:
    lines = []
    for area in listed:
        outline = outlines[area.area_id]
        properties = {"area_id": area.area_id, "name": area.name, "region": area.region, "go_live": area.go_live}
        geometry = {"type": "MultiPolygon", "coordinates": outline.rings}
        lines.append(json.dumps({"type": "Feature", "properties": properties, "geometry": geometry}))
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"
    (folder / "areas.geojson").write_text(text, encoding="utf-8", newline="\n")


def surgeries(folder: Path, listed: Sequence[Surgery], places: Sequence[Place]) -> None:
    table(
        folder / "surgeries.csv",
        (
            {
                "surgery_id": s.surgery_id,
                "name": s.name,
                "area_id": s.area_id,
                "latitude": f"{s.at.latitude:.4f}",
                "longitude": f"{s.at.longitude:.4f}",
                "band_centre": str(in_town(s, places)).lower(),
            }
            for s in listed
        ),
    )


def in_town(surgery: Surgery, places: Sequence[Place]) -> bool:
    """A surgery in a town or large village: the larger the place, the further its edge."""
    large = (p for p in places if p.inhabitants >= figures.CENTRE_INHABITANTS)
    return any(km(surgery.at, p.at) <= 1.5 + 0.012 * p.inhabitants**0.5 for p in large)


def market(folder: Path, found: Market) -> None:
    table(
        folder / "providers.csv",
        (
            {
                "provider_id": p.provider_id,
                "name": p.name,
                "cqc_rating": p.cqc,
                "pamms_rating": p.pamms,
                "pamms_published": p.pamms_published,
                "skills": ";".join(p.skills),
                "max_hours_4w": "" if p.max_hours_4w is None else str(p.max_hours_4w),
                "max_distance_miles": "" if p.max_miles is None else str(p.max_miles),
            }
            for p in found.providers
        ),
    )
    offices = [(p.provider_id, at) for p in found.providers for at in p.offices]
    table(
        folder / "offices.csv",
        (
            {
                "office_id": f"OFC{number:03d}",
                "provider_id": provider_id,
                "latitude": f"{at.latitude:.4f}",
                "longitude": f"{at.longitude:.4f}",
            }
            for number, (provider_id, at) in enumerate(offices, 1)
        ),
    )
    table(folder / "contracts.csv", (contract_row(c) for c in found.contracts))


def contract_row(c: Contract) -> dict[str, str]:
    rates = [f"{pence // 100}.{pence % 100:02d}" for pence in c.pence] + ["", ""]
    return {
        "contract_id": c.contract_id,
        "provider_id": c.provider.provider_id,
        "tier": c.tier,
        "area_id": c.area_id,
        "starts": c.starts,
        "ends": c.ends,
        "max_hours_4w": "" if c.max_hours_4w is None else str(c.max_hours_4w),
        "guarantee": c.guarantee,
        "rate_band_1": rates[0],
        "rate_band_2": rates[1],
        "rate_band_3": rates[2],
        "bands": c.bands,
        "billing_increment_minutes": str(c.increment),
    }


def packages(folder: Path, persons: Sequence[Person]) -> None:
    table(
        folder / "packages.csv",
        (
            {
                "package_id": p.package_id,
                "latitude": f"{p.at.latitude:.5f}",
                "longitude": f"{p.at.longitude:.5f}",
                "area_id": p.area_id,
                "status": "new" if p.new else "active",
                "hours_per_week": f"{p.minutes / 60:g}",
                "visits_per_week": str(p.visit_count),
                "workers": str(p.workers),
                "skills": ";".join(p.skills),
                "priority": p.priority,
                "start_by": p.start_by,
                "contract_id": p.contract_id,
                "round_id": p.round_id,
                "protected": p.protected,
                "transfer_decision": p.decision,
                "excluded_provider_ids": ";".join(p.excluded),
                "requested_at": p.requested_at,
                "source": p.source,
                "care_started": p.care_started,
            }
            for p in persons
        ),
    )
    listed = [(p, v) for p in persons for v in p.visits]
    table(
        folder / "visits.csv",
        (
            {
                "visit_id": f"VI{number:05d}",
                "package_id": p.package_id,
                "days": ";".join(v.days),
                "earliest_start": v.earliest,
                "latest_start": v.latest,
                "duration_minutes": str(v.minutes),
                "workers": str(v.workers),
            }
            for number, (p, v) in enumerate(listed, 1)
        ),
    )
