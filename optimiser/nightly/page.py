"""The report as one page that opens offline."""

from __future__ import annotations

from typing import Any

PACKAGE_CHANGES = {
    "new": "new",
    "gone": "gone",
    "care_began": "care began",
    "waiting_again": "waiting again",
    "changed_contract": "on another contract",
    "changed_otherwise": "changed needs, dates or other details",
}


def nightly_page(record: dict[str, Any]) -> bytes:
    """``nightly.html``: one file, nothing fetched from anywhere; every text is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("optimiser.nightly", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = _percent
    environment.filters["words"] = _words
    shown = {
        **record,
        "package_changes": PACKAGE_CHANGES,
        "area_names": {area["area_id"]: area["name"] for area in record["areas"]},
    }
    page = environment.get_template("nightly.html.j2").render(shown)
    return (page + "\n").encode()


def _percent(share: str | float) -> str:
    return f"{float(share) * 100:.1f}".removesuffix(".0") + "%"


def _words(name: str) -> str:
    """A name of the data as people read it."""
    return name.replace("_", " ")
