"""What each kind of record looks like: made from the columns of its file, so that a column added there is here as well."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from api.http.conversion import ADDRESSABLE, Cell, Extra
from api.http.forms import FORMS, Json
from api.http.places import DEGREES, OR_POSTCODE, AtPlace, ChangesAtPlace, at_place, changes_at_place
from api.http.strict import Answer, Changes, Id, Notes, Query, Strict, changes_like
from api.records.record_kinds import RECORD_KINDS, RecordKind
from optimiser.domain.records import TIERS
from optimiser.io.record_cells import EXTRA

Reason = Annotated[str, Cell("restrictions", "reason", needed=True, description="Why; kept in the audit trail.")]
WHY: Json = {"reason": "their letter of today"}
LISTS = ("list", "numbers")

OUTLINE: Json = {"type": "Polygon", "coordinates": [[[0.8, 52.6], [0.9, 52.6], [0.9, 52.7], [0.8, 52.6]]]}
Outline = Annotated[
    dict[str, Any] | None,
    Field(description="GeoJSON, a Polygon or MultiPolygon in degrees, longitude first; null: none.", examples=[OUTLINE]),
]


RATING_IS = "It is the worst of its 2 locations, and counts for every contract that names none."
DryRun = Annotated[bool, Field(description="Nothing was written: so it would be.", examples=[False])]


class OfficeOf(Answer):
    """An office of the provider that it stands with."""

    office_id: Annotated[str, Cell("offices", "office_id")]
    latitude: Annotated[float, Cell("offices", "latitude")]
    longitude: Annotated[float, Cell("offices", "longitude")]


class NewOfficeOf(AtPlace):
    """An office that is added with its provider."""

    model_config = ConfigDict(
        json_schema_extra=at_place({name: FORMS[name].example for name in ("office_id", "latitude", "longitude")})
    )

    office_id: Annotated[str, Cell("offices", "office_id")]
    latitude: Annotated[float, Cell("offices", "latitude")] = OR_POSTCODE
    longitude: Annotated[float, Cell("offices", "longitude")] = OR_POSTCODE


class PriceChanges(Answer):
    """Whose weekly price of running care becomes another, and by how much all of them together; nobody is moved by it."""

    on: Annotated[dt.date, Field(description="The day whose prices are compared.", examples=["2027-04-01"])]
    people: Annotated[int, Field(ge=0, examples=[12])]
    weekly_change_gbp: Annotated[float, Field(description="Pounds a week, more or less.", examples=[31.5])]
    people_waiting_in_another_band: Annotated[int, Field(ge=0, description="Of those who wait for care.", examples=[2])]


class RestrictionsQuery(Query):
    """Those in force today, or those that are not."""

    in_force: bool | None = None


class Ended(Strict):
    """When a record ends, and why. Where the format has no day for it, it ends today; an earlier day is kept in the trail."""

    ends: Annotated[dt.date, Field(description="The first day that is no longer covered.", examples=["2027-04-01"])]
    reason: Reason


@dataclass(frozen=True)
class Schemas:
    """The models of one kind."""

    shown: type[Answer]
    written: type[Answer]
    new: type[Strict]
    changes: type[Changes]
    query: type[Query]


def schemas_of(kind: RecordKind) -> Schemas:
    """What a record is shown as, what is answered when one is written, and what may be sent."""
    shown = create_model(kind.title, __base__=Answer, __doc__=_of(kind, "as its file has it."), **_shown(kind))
    return Schemas(
        shown=shown,
        written=create_model(
            f"{kind.title}Written",
            __base__=shown,
            __doc__=_of(kind, "as it has been written, or would be, with what follows from that."),
            notes=(Notes, ...),
            prices=(PriceChanges | None, ...),
            dry_run=(DryRun, ...),
        ),
        new=create_model(
            f"New{kind.title}",
            __base__=AtPlace if _is_somewhere(kind) else Strict,
            __doc__=_of(kind, "to be added."),
            __cls_kwargs__={
                "json_schema_extra": at_place(_example(kind)) if _is_somewhere(kind) else {"example": _example(kind)}
            },
            **_new(kind),
        ),
        changes=create_model(
            f"{kind.title}Changes",
            __base__=ChangesAtPlace if _is_somewhere(kind) else Changes,
            __doc__=f"What of {kind.a.lower()} is to be another; what is left out stays as it is.",
            __cls_kwargs__={"json_schema_extra": (changes_at_place if _is_somewhere(kind) else changes_like)(_changed(kind))},
            **_changes(kind),
        ),
        query=create_model(
            f"{kind.title}Query",
            __base__=RestrictionsQuery if kind.kind == "restrictions" else Query,
            __doc__=f"Some {kind.kind}.",
            **_query(kind.narrowed_by),
        ),
    )


def _is_somewhere(kind: RecordKind) -> bool:
    return "latitude" in kind.columns


def _changed(kind: RecordKind) -> Json:
    return {kind.example: FORMS[kind.example].example, **WHY}


def _of(kind: RecordKind, rest: str) -> str:
    return f"{kind.a} {rest}"


def _cell(kind: str, name: str) -> Any:
    return Annotated[Any, Cell(kind, name)]


def _shown(kind: RecordKind) -> Json:
    fields: Json = {name: (_cell(kind.kind, name), ...) for name in kind.columns}
    if kind.id_name not in kind.columns:
        fields = {kind.id_name: (Annotated[str, Field(examples=["P-ALDER 2027-04-01"])], ...)} | fields
    if kind.kind == "areas":
        fields["outline"] = (Outline, ...)
    if kind.kind == "providers":
        fields["offices"] = (list[OfficeOf], ...)
        fields["location_ids"] = (Annotated[list[str], Field(description="What CQC rates.", examples=[["1-4711"]])], ...)
        fields["cqc_rating_is"] = (Annotated[str, Field(examples=[RATING_IS])], ...)
    if kind.kind == "restrictions":
        fields["lacks"] = (Annotated[list[str], Field(examples=[["an improvement plan"]])], ...)
    return fields | {EXTRA: (_extra(kind), ...)}


def _new(kind: RecordKind) -> Json:
    fields: Json = {}
    for name in kind.columns:
        if kind.kind == "providers" and name == "ends":
            continue  # it begins
        cell, optional = Cell(kind.kind, name), FORMS[name].shape in LISTS or name in kind.begins_as or name in DEGREES
        plain: Any = Annotated[Any, cell]
        if name == kind.id_name:
            plain = Annotated[plain, Field(pattern=ADDRESSABLE, json_schema_extra={"pattern": ADDRESSABLE})]
        fields[name] = (plain, _default(name) if optional or cell.may_be_null else ...)
    if kind.kind == "areas":
        fields["outline"] = (Outline, None)
    if kind.kind == "providers":
        fields["offices"] = (Annotated[list[NewOfficeOf], Field(min_length=1, max_length=100)], ...)
    return fields | {EXTRA: (_extra(kind), Field(default_factory=dict)), "reason": (Reason, ...)}


def _changes(kind: RecordKind) -> Json:
    fields: Json = {name: (_cell(kind.kind, name), _default(name)) for name in kind.changeable if name != EXTRA}
    if kind.kind == "areas":
        fields["outline"] = (Outline, None)
    return fields | {EXTRA: (_extra(kind), Field(default_factory=dict)), "reason": (Reason, ...)}


def _extra(kind: RecordKind) -> Any:
    return Annotated[dict[str, str], Extra(kind.kind)]


def _default(name: str) -> Any:
    return Field(default_factory=list) if FORMS[name].shape in LISTS else None


def _query(names: Iterable[str]) -> Json:
    return {name: ((Literal[TIERS] | None) if name == "tier" else Id, None) for name in names}


def _example(kind: RecordKind) -> Json:
    """A new record of the columns' own examples."""
    left_out = ("ends", "succeeds", "new_hours_4w", "service", "extension_until", *kind.begins_as)
    example = {name: FORMS[name].example for name in kind.columns if name not in left_out}
    if kind.kind == "providers":
        example["offices"] = [{name: FORMS[name].example for name in OfficeOf.model_fields}]
    return example | WHY


SCHEMAS: dict[str, Schemas] = {kind.kind: schemas_of(kind) for kind in RECORD_KINDS}


def given_cells(asked: BaseModel, columns: Iterable[str]) -> set[str]:
    """The columns that a request gives."""
    return {name for name in columns if name in asked.model_fields_set}
