"""Imports what a server imports, routes and all, so that the campaign's servers start from a process that has done so."""

from __future__ import annotations

from types import ModuleType

import uvicorn
from uvicorn.loops import auto as loops
from uvicorn.protocols.http import auto as protocols

from api.app import routes
from api.storage import migrating
from optimiser.commands import serve
from tests.campaigns.killing import server

WARM: list[ModuleType] = [uvicorn, loops, protocols, migrating, serve, server]
WARM += routes()
