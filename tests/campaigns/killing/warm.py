"""Imports what a server imports, routes and all, so that the campaign's servers start from a process that has done so."""

from __future__ import annotations

import importlib
import pkgutil

import uvicorn
from uvicorn.loops import auto as loops
from uvicorn.protocols.http import auto as protocols

from api import routes
from api.storage import migrating
from optimiser.commands import serve
from tests.campaigns.killing import server

WARM = [uvicorn, loops, protocols, migrating, serve, server]
WARM += [importlib.import_module(f"{routes.__name__}.{found.name}") for found in pkgutil.iter_modules(routes.__path__)]
