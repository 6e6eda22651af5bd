"""The pages, to be served beside the addresses of programs."""

from __future__ import annotations

from api.pages import areas, assets, signing_in, what_i_may_do

ROUTERS = (signing_in.router, areas.router, what_i_may_do.router, assets.router)
