"""What a period tells beside its statements, as it is answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.http.strict import Answer

Hours = Annotated[float, Field(examples=[37.7])]
Pounds = Annotated[float, Field(examples=[1188.0])]
Share = Annotated[float | None, Field(examples=[0.7115])]


class CountedPeriod(Answer):
    """A period of which figures have been counted."""

    period_starts: Annotated[str, Field(examples=["2026-10-26"])]
    period_ends: Annotated[str, Field(description="The first day after it.", examples=["2026-11-23"])]
    counted_at: Annotated[str, Field(examples=["2026-11-24T09:00:00"])]


class GuaranteeUse(Answer):
    """A contract's guarantee. The reasons add up to what is paid and not used, as far as each is recorded."""

    contract_id: Annotated[str, Field(description="Empty: of all contracts together.", examples=["P-ALDER"])]
    provider_id: Annotated[str, Field(examples=["ALDER"])]
    area_id: Annotated[str, Field(examples=["A1"])]
    guaranteed_hours: Hours
    delivered_hours: Hours
    unused_hours: Annotated[float, Field(description="Paid, and not used.", examples=[49.5])]
    unused_gbp: Pounds
    not_delivered_hours: Annotated[float, Field(description="Commissioned, and not delivered.", examples=[11.8])]
    declined_hours: Annotated[float, Field(description="Declined below the guarantee: the council pays twice.", examples=[0.0])]
    not_asked_hours: Annotated[float, Field(description="Began elsewhere without its being asked.", examples=[0.0])]
    no_demand_hours: Hours
    declined_packages: Annotated[int, Field(examples=[0])]
    paid_elsewhere_gbp: Annotated[float, Field(description="What these cost under other contracts.", examples=[0.0])]
    hours_placing_differently_would_use: Annotated[float, Field(examples=[0.0])]
    above_maximum_hours: Annotated[float, Field(description="Delivered above the contract's maximum.", examples=[0.0])]


class AreaShare(Answer):
    """The principal's part of an area's hours, as they were commissioned and as they were delivered."""

    area_id: Annotated[str, Field(examples=["A1"])]
    commissioned_hours: Hours
    commissioned_principal_hours: Hours
    commissioned_share: Share
    delivered_hours: Hours
    delivered_principal_hours: Hours
    delivered_share: Share
    delivered_within: Annotated[
        str, Field(description="below, within or above what is wanted; empty: nothing was delivered.", examples=["within"])
    ]


class BothSteps(Answer):
    """A group's visits, priced in steps of five minutes and of fifteen."""

    by: Annotated[str, Field(description="all, provider, tier, area, length or rurality.", examples=["provider"])]
    group: Annotated[str, Field(examples=["ALDER"])]
    lines: Annotated[int, Field(examples=[160])]
    hours: Hours
    gbp_5_minutes: Pounds
    gbp_15_minutes: Pounds
    difference_gbp: Annotated[float, Field(description="What steps of fifteen cost more.", examples=[-68.0])]
    factor: Annotated[
        float | None, Field(description="Rates times this in steps of fifteen leave the total as in five.", examples=[1.018223])
    ]


class ShortVisits(Answer):
    """Visits of under 30 minutes, and why as far as that is recorded."""

    kind: Annotated[str, Field(description="planned, or delivered so where more was planned.", examples=["planned"])]
    rurality: Annotated[str, Field(examples=["not rural"])]
    why: Annotated[str, Field(examples=["medication"])]
    lines: Annotated[int, Field(examples=[20])]
    hours: Hours
    gbp_5_minutes: Pounds
    gbp_15_minutes: Pounds


class PeriodFigures(CountedPeriod):
    """What a period tells beside its statements. Who sees counts alone reads no contract and no provider, and rounded sums."""

    counted_by: Annotated[str | None, Field(examples=["Fred Finance (06e72157)"])]
    share_wanted_from: Annotated[float, Field(examples=[0.65])]
    share_wanted_to: Annotated[float, Field(examples=[0.75])]
    overtaken: Annotated[bool, Field(description="Records of its days have come since: draft the period again.")]
    guarantees: list[GuaranteeUse]
    shares: list[AreaShare]
    increments: list[BothSteps]
    short_visits: list[ShortVisits]
