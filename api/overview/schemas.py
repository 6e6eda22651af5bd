"""What is worked out from the county's records: areas, the rule book, price bands."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.http.conversion import Cell, Extra
from api.http.places import OR_POSTCODE, AtPlace, at_place
from api.http.strict import Answer
from api.records.schemas import Outline
from optimiser.geography.grid import ENGLAND_LATITUDE, ENGLAND_LONGITUDE

ContractId = Annotated[str, Cell("contracts", "contract_id")]
ProviderId = Annotated[str, Cell("providers", "provider_id")]
Count = Annotated[int | None, Field(ge=0, examples=[12])]
HoursOrNot = Annotated[float | None, Field(examples=[473.0])]
ShareOrNot = Annotated[float | None, Field(examples=[0.7012])]


class ContractFigures(Answer):
    """How much of a contract is used today."""

    contract_id: ContractId
    provider_id: ProviderId
    tier: Annotated[str, Field(examples=["principal"])]
    in_force: bool
    people: Count
    hours_4w: HoursOrNot
    share_of_area: ShareOrNot
    headroom_hours_4w: Annotated[
        float | None, Field(description="What all limits on it leave; null: nothing limits it.", examples=[80.0])
    ]
    headroom_set_by: Annotated[
        str | None,
        Field(
            description="The limit that leaves least; of whoever is barred since when no new work is given"
            " (`not asked now` for roles that do not see restrictions).",
            examples=["its provider's own limit", "no new work since 2026-11-01"],
        ),
    ]
    room: Annotated[
        str,
        Field(
            description="The room in words: hours per four weeks, `no limit`, or `none` and why no new work is given.",
            examples=["80.00", "none: no new work since 2026-11-01"],
        ),
    ]
    guarantee_used: Annotated[
        float | None, Field(description="Delivered, as a share of what is paid whatever is delivered.", examples=[0.8333])
    ]
    weekly_cost_gbp: HoursOrNot


class PrincipalFigures(Answer):
    """The area's principal: its share, and its guarantee, which the council pays whether it is used or not."""

    contract_id: ContractId
    share: ShareOrNot
    guarantee_used: ShareOrNot
    declines_below_guarantee: Annotated[
        int | None, Field(description="Its declines in the last 28 days, where its guarantee is not used up.", examples=[3])
    ]
    due_first_hours_4w: HoursOrNot
    short_hours_4w: HoursOrNot
    why_short: Annotated[list[str] | None, Field(examples=[["Its own limit leaves none of these 80 hours per four weeks."]])]


class Closed(Answer):
    """The close that figures are of: kept as ``day`` began, before anything was changed on it."""

    day: Annotated[dt.date, Field(examples=["2026-11-23"])]
    county_version: Annotated[int, Field(description="How often the county's records had been changed by then.", examples=[41])]


DayClose = Annotated[
    Closed | None, Field(description="What viewers and auditors read, the same all day; null: figures as they are now.")
]


class AreaView(Answer):
    """An area today. What a viewer may not see is null, and named in ``withheld``."""

    area_id: Annotated[str, Field(examples=["A1"])]
    name: Annotated[str, Field(examples=["Larkmere and Villages"])]
    region: Annotated[str, Field(examples=["North"])]
    go_live: Annotated[str | None, Field(examples=["2026-04-01"])]
    go_live_planned: Annotated[str | None, Field(description="As first planned.", examples=["2026-02-01"])]
    live: Annotated[bool, Field(examples=[True])]
    day_close: DayClose
    people: Count
    principal_people: Count
    framework_people: Count
    legacy_people: Count
    other_people: Annotated[
        Count,
        Field(description="With a specialist or a provider of last resort; null where the county has no contract of theirs."),
    ]
    unmet_people: Count
    pending_people: Count
    demand_hours_4w: HoursOrNot
    principal_hours_4w: HoursOrNot
    framework_hours_4w: HoursOrNot
    legacy_hours_4w: HoursOrNot
    other_hours_4w: HoursOrNot
    unmet_hours_4w: HoursOrNot
    pending_hours_4w: HoursOrNot
    weekly_cost_gbp: HoursOrNot
    framework_providers: Annotated[int, Field(description="With a framework contract of the area in force.", examples=[3])]
    framework_below_three: Annotated[bool, Field(description="True where a live area has fewer than three of them.")]
    principal: PrincipalFigures | None
    contracts: list[ContractFigures] | None
    extra: Annotated[dict[str, str], Extra("areas")] | None
    withheld: Annotated[
        list[str],
        Field(
            description="Fields that this role does not see: counts of fewer people than are shown, and what would tell them.",
            examples=[[]],
        ),
    ]


class AreaWithOutline(AreaView):
    """An area today, with its outline as it is written."""

    outline: Outline


class OwnLimit(Answer):
    """What a provider says that it can deliver, in hours per four weeks."""

    max_hours_4w: Annotated[float, Field(examples=[980.0])]
    used_hours_4w: Annotated[float, Field(description="By running care, accepted offers and offers without an answer.")]
    left_hours_4w: Annotated[float, Field(description="Below 0 where more is delivered than it says.", examples=[120.0])]


class OffersByAnswer(Answer):
    """A provider's offers since a day, by answer."""

    since: Annotated[dt.date, Field(examples=["2026-08-25"])]
    made: Annotated[int, Field(ge=0, examples=[40])]
    accepted: Annotated[int, Field(ge=0, examples=[22])]
    declined: Annotated[int, Field(ge=0, examples=[11])]
    expired: Annotated[int, Field(ge=0, examples=[4])]
    withdrawn: Annotated[int, Field(ge=0, examples=[2])]
    waiting: Annotated[int, Field(ge=0, description="Without an answer yet.", examples=[1])]
    declined_because: Annotated[dict[str, int], Field(description="Declines by reason.", examples=[{"no_capacity": 8}])]
    median_hours_to_answer: Annotated[float | None, Field(description="Of yes and no alike, by the clock.", examples=[2.5])]


class ContractOfProvider(ContractFigures):
    """How much of a provider's contract is used today."""

    area_id: Annotated[str | None, Field(description="Null: the whole county.", examples=["A1"])]


class ProviderFigures(Answer):
    """A provider today, in counts."""

    provider_id: ProviderId
    as_of: Annotated[dt.date, Field(examples=["2026-11-23"])]
    people: Annotated[int, Field(ge=0, description="With running care, or accepted.", examples=[14])]
    hours_4w: Annotated[float, Field(examples=[860.0])]
    held_hours_4w: Annotated[float, Field(description="By offers without an answer.", examples=[20.0])]
    own_limit: Annotated[OwnLimit | None, Field(description="Null: it has named none.")]
    weekly_cost_gbp: Annotated[float, Field(examples=[5160.5])]
    contracts: list[ContractOfProvider]
    offers: OffersByAnswer


class OutlineOf(Answer):
    """Whose outline it is."""

    area_id: Annotated[str, Field(examples=["A1"])]
    name: Annotated[str, Field(examples=["Larkmere and Villages"])]
    inside: Annotated[
        list[float] | None,
        Field(
            description="Longitude and latitude of a place well inside, where a label can stand; null: no outline.",
            examples=[[0.97, 52.65]],
        ),
    ]


class OutlineFeature(Answer):
    """An area as a feature of GeoJSON."""

    type: Literal["Feature"]
    properties: OutlineOf
    geometry: Outline


class OutlinesView(Answer):
    """All areas, in the order of their ids, as GeoJSON."""

    type: Literal["FeatureCollection"]
    features: list[OutlineFeature]


class Rule(Answer):
    """A rule, with the settings that it reads and their defaults."""

    name: Annotated[str, Field(examples=["restriction"])]
    sentence: Annotated[str, Field(examples=["A restricted provider is not asked for new work."])]
    source: Annotated[str, Field(examples=["briefing"])]
    settings: Annotated[dict[str, str], Field(examples=[{"decline_days": "14"}])]
    effect: Annotated[str, Field(examples=["decides who may be asked"])]


class RuleBookView(Answer):
    """The rule book of this version, in the order in which its rules apply."""

    version: Annotated[str, Field(examples=["2026.12"])]
    rules: list[Rule]


Latitude = Annotated[float, Field(ge=ENGLAND_LATITUDE[0], le=ENGLAND_LATITUDE[1], examples=[52.652155])]
Longitude = Annotated[float, Field(ge=ENGLAND_LONGITUDE[0], le=ENGLAND_LONGITUDE[1], examples=[0.902049])]


class BandPlace(AtPlace):
    """A place; it is neither kept nor logged."""

    model_config = ConfigDict(json_schema_extra=at_place({"latitude": 52.652155, "longitude": 0.902049}))

    latitude: Latitude = OR_POSTCODE
    longitude: Longitude = OR_POSTCODE


class Band(Answer):
    """The price band of a place."""

    band: Annotated[int, Field(ge=1, le=3, examples=[2])]
    miles: Annotated[float, Field(description="Straight line to the nearest band centre, two decimals.", examples=[3.98])]
    surgery_id: Annotated[str, Field(description="That centre.", examples=["S1"])]
    name: Annotated[str, Field(examples=["Larkmere Surgery"])]


class Group(Answer):
    """People asked for who have something in common. Whose care is in parts is one person."""

    by: Annotated[str, Field(examples=["hours"])]
    group: Annotated[str, Field(examples=["above 15 hours"])]
    people: Annotated[Count, Field(description="Whose care, or a part of it, has not begun.")]
    placed: Annotated[Count, Field(description="A provider has accepted.")]
    pending: Annotated[Count, Field(description="A provider is asked.")]
    unmet: Annotated[int, Field(ge=0, description="Nobody has accepted and nobody is asked.", examples=[12])]
    unmet_hours_per_week: HoursOrNot
    median_days_waited: Count
    longest_days_waited: Count


class WhoComesLast(Answer):
    """Who waits, in counts: somebody with several needs stands under each. Viewers read of no small group."""

    as_of: Annotated[str, Field(examples=["2026-11-23"])]
    day_close: DayClose
    rural_beyond_miles: Annotated[
        float, Field(description="Rural is further than this from the nearest band centre, in a straight line.", examples=[6.0])
    ]
    counts_to_the_nearest: Annotated[int, Field(description="1: counts are exact.", examples=[5])]
    groups: list[Group]
