"""The pages, to be served beside the addresses of programs."""

from __future__ import annotations

from api.pages import areas, assets, front_door, people_waiting, what_i_may_do

ROUTERS = (front_door.router, people_waiting.router, areas.router, what_i_may_do.router, assets.router)
