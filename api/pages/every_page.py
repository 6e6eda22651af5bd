"""The pages, to be served beside the addresses of programs."""

from __future__ import annotations

from api.pages import assets, front_door, people_waiting, what_i_may_do
from api.pages.areas import all_areas, one_area
from api.pages.people import person, side_deeds, step_deeds
from api.pages.plans import listed, offering, one, plan_asking, replanning
from api.pages.providers import all_providers, one_provider
from api.pages.records import record_editing

ROUTERS = (
    front_door.router,
    people_waiting.router,
    person.router,
    listed.router,
    plan_asking.router,
    one.router,
    offering.router,
    replanning.router,
    step_deeds.router,
    side_deeds.router,
    all_areas.router,
    one_area.router,
    all_providers.router,
    one_provider.router,
    record_editing.router,
    what_i_may_do.router,
    assets.router,
)
