"""The pages, to be served beside the addresses of programs."""

from __future__ import annotations

from api.pages import areas, assets, front_door, people_waiting, person, what_i_may_do
from api.pages.plans import asked, listed, offering, one

PLANS = (listed.router, asked.router, one.router, offering.router)
ROUTERS = (front_door.router, people_waiting.router, person.router, areas.router, *PLANS, what_i_may_do.router, assets.router)
