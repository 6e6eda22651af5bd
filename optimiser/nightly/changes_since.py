"""What changed between the facts of two reports."""

from __future__ import annotations

from typing import Any

from optimiser.nightly.kept_facts import PUBLIC

Facts = dict[str, Any]


def changes_since(before: Facts | None, now: Facts) -> dict[str, Any] | None:
    """Packages by what happened to them, and each record that tells of no person by name; None: nothing to compare with."""
    if before is None:
        return None
    return {
        "since": before["as_of"],
        "packages": packages_since(before["packages"], now["packages"]),
        **{kind: _records_since(kind, before, now) for kind in PUBLIC},
    }


def packages_since(before: dict[str, dict[str, str]], now: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    """The ids of packages that are new or gone, whose care began, stopped or moved, and whose needs or dates are other ones.

    A package is in the first of these that is true of it.
    """
    found: dict[str, list[str]] = {
        "new": sorted(now.keys() - before.keys()),
        "gone": sorted(before.keys() - now.keys()),
        "care_began": [],
        "waiting_again": [],
        "changed_contract": [],
        "changed_otherwise": [],
    }
    for package_id in sorted(before.keys() & now.keys()):
        old, new = before[package_id], now[package_id]
        if old == new:
            continue
        if old["status"] != new["status"]:
            kind = "care_began" if new["status"] == "active" else "waiting_again"
        else:
            kind = "changed_contract" if old["contract_id"] != new["contract_id"] else "changed_otherwise"
        found[kind].append(package_id)
    return found


def _records_since(kind: str, before: Facts, now: Facts) -> dict[str, list[dict[str, Any]]]:
    old, new = before[kind], now[kind]
    return {
        "new": [_named(kind, each, now) for each in sorted(new.keys() - old.keys())],
        "gone": [_named(kind, each, before) for each in sorted(old.keys() - new.keys())],
        "changed": [
            {
                **_named(kind, each, now),
                "fields": [
                    {"field": field, "before": old[each].get(field, ""), "now": value}
                    for field, value in sorted(new[each].items())
                    if old[each].get(field, "") != value
                ],
            }
            for each in sorted(old.keys() & new.keys())
            if old[each] != new[each]
        ],
    }


def _named(kind: str, record_id: str, facts: Facts) -> dict[str, Any]:
    """A record by its id and the name that people know it by: its own, or its provider's."""
    record = facts[kind][record_id]
    name = record.get("name") or facts["providers"].get(record.get("provider_id", ""), {}).get("name", "")
    return {"id": record_id, "name": name}
