"""The counts of a day: by area, and by the groups of who comes last. No id of a person is in them, only how many there are.

Such counts could still tell of somebody where they are small: roles that see no small counts elsewhere see none here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from api.overview.answers import declined_lately, where_people_are
from api.state.state import State
from api.trends.comings_and_goings import Gone, comings_and_goings
from optimiser.explaining.area_figures import area_figures
from optimiser.explaining.who_comes_last import Person, counts_of, outcome_today, people_asked_for, who_comes_last
from optimiser.nightly.trend import AREAS, WHOLE

Json = dict[str, Any]


NOBODY_ENDED: Mapping[str, int] = MappingProxyType({})
NOBODY_GONE = Gone()


def counts_of_day(state: State, ended_declines: Mapping[str, int] = NOBODY_ENDED, gone: Gone = NOBODY_GONE) -> Json:
    """Per table its groups, as things stand today; ``day``: the county's date.

    ``ended_declines``: by area, of packages that have ended since; ``gone``: people who have.

    Each group: ``people`` whose care has not begun, ``placed``, ``pending``, ``unmet``, ``unmet_hours_per_week``,
    ``median_days_waited``, ``longest_days_waited``. Areas and the county have ``declines`` (of 28 days), areas also
    ``requests`` and ``ends`` (of 28 days), ``people_in_all``, ``principal_share`` (a part of the area's hours, null: no
    principal) and ``parts``: how many people each tier has.
    """
    county = state.county
    outcome = partial(outcome_today, county)
    people = people_asked_for(county)
    of_area: defaultdict[str, list[Person]] = defaultdict(list)
    for person in people:
        of_area[county.packages[person.packages[0]].area_id].append(person)
    declines = _declines_by_area(state) + Counter(ended_declines)
    principals = {each["area_id"]: each["principal"] for each in area_figures(county, state.rules, state.standing_plan)}
    flows = comings_and_goings(state, gone)
    areas = [
        {
            **counts_of(county, area.area_id, of_area[area.area_id], outcome),
            "principal_share": None if (own := principals[area.area_id]) is None else own["share"],
            "declines": declines[area.area_id],
            **flows[area.area_id],
            "parts": {part: count for part, count in where_people_are(state, area.area_id)[0].items() if count is not None},
        }
        for area in state.snapshot.areas
    ]
    whole = {**counts_of(county, WHOLE, people, outcome), "declines": sum(declines.values())}
    return {"day": str(state.as_of), WHOLE: [whole], AREAS: areas, **who_comes_last(county, outcome)}


def _declines_by_area(state: State) -> Counter[str]:
    county = state.county
    packages = (stored.record.package_id for stored in declined_lately(state))
    return Counter(county.packages[county.package_index[each]].area_id for each in packages if each in county.package_index)
