"""Who has a bridge, by the hours of their care and by care workers: whether it reaches those whom nobody else takes.

The groups are those of who comes last (``explaining.who_comes_last``), so that a bridge can be read beside an allocation.
"""

from __future__ import annotations

from collections import defaultdict

from optimiser.bridging.bridge_case import Waiting
from optimiser.bridging.story import Bridge, Plan
from optimiser.bridging.tables import how_many
from optimiser.explaining.who_comes_last import groups_of, in_order

TABLES = ("hours", "workers")


def by_group(bridge: Bridge, plan: Plan) -> list[dict[str, object]]:
    """A row per table and group of those with visits that cannot wait: how many have all, some, none of them, and the hours."""
    return [
        {"by": table, "group": group, **how_many(plan, found[group])}
        for table, found in people_by_group(bridge).items()
        for group in in_order(table, found)
    ]


def people_by_group(bridge: Bridge) -> dict[str, dict[str, list[Waiting]]]:
    """Per table and group the people who are in it, with all of their care, running parts included."""
    county, whole = bridge.case.county, defaultdict[str, list[int]](list)
    for package, record in enumerate(county.packages):
        whole[record.part_of or record.package_id].append(package)
    found: dict[str, dict[str, list[Waiting]]] = {table: defaultdict(list) for table in TABLES}
    for person in bridge.case.people:
        groups = groups_of(county, whole[person.person_id], person.packages)
        for table in TABLES:
            for group in groups[table]:
                found[table][group].append(person)
    return found
