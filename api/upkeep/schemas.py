"""Who somebody is here."""

from __future__ import annotations

from pydantic import BaseModel


class Me(BaseModel):
    """The holder of the key or token."""

    name: str
    roles: list[str]
