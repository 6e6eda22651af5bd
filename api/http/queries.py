"""What each list can be narrowed to."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.http.strict import Query

Id = Annotated[str | None, Field(min_length=1, max_length=100)]


class PackagesQuery(Query):
    """Packages of a status, an area, a priority."""

    status: Literal["new", "active"] | None = None
    area_id: Id = None
    priority: Literal["urgent", "discharge", "standard", "planned"] | None = None


class ContractsQuery(Query):
    """Contracts of a provider, an area, a tier."""

    provider_id: Id = None
    area_id: Id = None
    tier: Literal["principal", "framework", "legacy"] | None = None


class RestrictionsQuery(Query):
    """Restrictions of a provider; those in force today or those that are not."""

    provider_id: Id = None
    in_force: bool | None = None


class UnmetQuery(Query):
    """People waiting in an area."""

    area_id: Id = None
