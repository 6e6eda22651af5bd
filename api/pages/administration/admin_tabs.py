"""The pages of administration side by side, each for whoever may do its act."""

from __future__ import annotations

from typing import Any

from api.acts.act import Act, Caller
from api.forgetting import acts as forgetting
from api.imports import acts as imports
from api.sessions import acts as sessions
from api.telling import acts as telling
from api.upkeep import acts as upkeep

TABS: tuple[tuple[str, str, Act[..., Any]], ...] = (
    ("Keys", "/administration/keys", upkeep.list_keys),
    ("Who is signed in", "/administration/sessions", sessions.list_sessions),
    ("Audit trail", "/administration/audit", upkeep.page_of_audit),
    ("Take in a folder", "/administration/take-in", imports.sync),
    ("Forgetting", "/administration/forgetting", forgetting.forget),
    ("Telling", "/administration/telling", telling.list_addresses),
    ("Settings", "/administration/settings", upkeep.read_settings),
)


def tabs_for(by: Caller) -> list[tuple[str, str]]:
    """Those that this person may open, with their addresses."""
    return [(text, address) for text, address, act in TABS if act.role_of(by.actor) is not None]
