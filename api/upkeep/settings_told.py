"""The service's settings as an administrator reads them: nothing with which somebody could get in anywhere."""

from __future__ import annotations

import re

from sqlalchemy.engine import make_url

from api.settings import Settings

SECRET = re.compile(r"secret|password|token|credential")
"""In the name of a setting: only whether it is given is told."""
PREFIX = "OPTIMISER_"


def service_settings(settings: Settings) -> list[dict[str, str]]:
    """Each setting by the name that it has in the environment, with its value as a text."""
    return [{"name": _name(name), "value": _value(name, getattr(settings, name))} for name in Settings.model_fields]


def _name(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    return alias if isinstance(alias, str) else f"{PREFIX}{name.upper()}"


def _value(name: str, value: object) -> str:
    if SECRET.search(name):
        return "given" if value else "not given"
    if name == "database_url":
        address = make_url(str(value))
        return address.set(drivername=address.get_backend_name()).render_as_string(hide_password=True)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset | tuple | list):
        return ", ".join(map(str, sorted(value) if isinstance(value, frozenset) else value))
    return "" if value is None else str(value)
