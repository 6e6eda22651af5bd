"""The service's settings as an administrator reads them: nothing with which somebody could get in anywhere."""

from __future__ import annotations

import re

from sqlalchemy.engine import make_url

from api.settings import Settings, exported
from api.storage.database import place_told

SECRET = re.compile(r"secret|password|token|credential")
"""In the name of a setting: only whether it is given is told."""


def service_settings(settings: Settings) -> list[dict[str, str]]:
    """Each setting by the name that it has in the environment, with its value as a text."""
    return [{"name": exported(name), "value": _value(name, getattr(settings, name))} for name in Settings.model_fields]


def _value(name: str, value: object) -> str:
    if SECRET.search(name):
        return "given" if value else "not given"
    if name == "database_url":
        address = make_url(str(value))
        return place_told(address.set(drivername=address.get_backend_name()))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset | tuple | list):
        return ", ".join(map(str, sorted(value) if isinstance(value, frozenset) else value))
    return "" if value is None else str(value)
