"""The pages, to be served beside the addresses of programs."""

from __future__ import annotations

from api.pages import assets, front_door, people_waiting, waiting_lists, what_i_may_do
from api.pages.areas import all_areas, one_area
from api.pages.people import changed_needs, dividing_page, new_request, person, person_more, side_deeds, step_deeds

ROUTERS = (
    front_door.router,
    people_waiting.router,
    waiting_lists.router,
    person.router,
    step_deeds.router,
    side_deeds.router,
    person_more.router,
    changed_needs.router,
    dividing_page.router,
    new_request.router,
    all_areas.router,
    one_area.router,
    what_i_may_do.router,
    assets.router,
)
