"""Lists of deliveries, as they are asked for and answered."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from api.http.strict import Answer, Id, Query, Strict

Hours = Annotated[float, Field(examples=[3.5])]
Count = Annotated[int, Field(examples=[2])]
ContractId = Annotated[str, Field(examples=["F-BRACKEN"])]
ProviderId = Annotated[str, Field(examples=["BRACKEN"])]
RoundId = Annotated[str, Field(description="Empty: of people in none.", examples=["BR1"])]
Kind = Literal["no_records", "missed", "below", "cut_short", "above"]
Findings = Annotated[
    dict[str, int], Field(description="By kind how many there are to look at.", examples=[{"cut_short": 2, "missed": 1}])
]
Starts = Annotated[str, Field(examples=["2026-10-12"])]
Ends = Annotated[str, Field(description="The first day that does not count any more.", examples=["2026-11-23"])]


class ToCount(Strict):
    """The weeks before a day; how many is in the account book (`delivery_weeks`)."""

    model_config = ConfigDict(json_schema_extra={"example": {"until": "2026-11-23"}})

    until: Annotated[
        dt.date | None, Field(description="The first day that does not count any more, today at the latest; null: today.")
    ] = None


class DeliveriesCounted(Answer):
    """What was counted, in numbers alone."""

    starts: Starts
    ends: Ends
    weeks: Annotated[int, Field(examples=[6])]
    records: Annotated[int, Field(examples=[140])]
    people: Annotated[int, Field(description="Whose care runs.", examples=[5])]
    findings: Findings


class DeliverySettings(Answer):
    """By what it was counted; the account book may have it otherwise by now."""

    delivery_weeks: Annotated[int, Field(examples=[6])]
    delivery_differs_by: Annotated[float, Field(examples=[0.15])]
    cut_short_least: Annotated[int, Field(examples=[3])]
    cut_short_share: Annotated[float, Field(examples=[0.1])]
    late_after_minutes: Annotated[int, Field(examples=[15])]
    late_share: Annotated[float, Field(examples=[0.2])]
    longest_visit_minutes: Annotated[int, Field(examples=[960])]


class LateRound(Answer):
    """A round of whose visits more began late than the setting. Lateness is a run's: no care worker is judged by it."""

    contract_id: ContractId
    provider_id: ProviderId
    round_id: RoundId
    visits: Annotated[int, Field(description="Of which both times are recorded.", examples=[40])]
    early: Count
    on_time: Count
    late: Annotated[int, Field(examples=[12])]
    late_share: Annotated[float, Field(examples=[0.3])]
    median_minutes_late: Annotated[float, Field(description="Less than nothing: early.", examples=[9.5])]


class ContractDeliveries(Answer):
    """A contract's people in sums: of how many there is what to look at, and how their visits began."""

    contract_id: ContractId
    provider_id: ProviderId
    people: Count
    no_records: Count
    missed: Count
    below: Count
    cut_short: Count
    above: Count
    visits_timed: Annotated[int, Field(description="Of which both times are recorded.", examples=[60])]
    visits_early: Count
    visits_on_time: Annotated[int, Field(examples=[50])]
    visits_late: Annotated[int, Field(examples=[8])]
    people_told_apart: Annotated[int, Field(description="Of whose visits it is recorded which care worker came.", examples=[2])]
    care_workers_each: Annotated[
        float | None, Field(description="How many different ones came to one of these people, on average.", examples=[3.5])
    ]


class DeliveriesTold(DeliveriesCounted):
    """What was counted last, in sums: lists for a person's review. Nothing changes by them, and minutes alone do not say how good
    care was."""

    records_of_nobody_known: Annotated[int, Field(examples=[1])]
    settings: DeliverySettings
    counted_by: Annotated[str, Field(examples=["Fred Finance (06e72157)"])]
    counted_at: Annotated[str, Field(examples=["2026-11-24T09:00:00"])]
    overtaken: Annotated[bool, Field(description="Records of these days have come since: have them counted again.")]
    meaning: Annotated[
        dict[str, str], Field(description="What each kind asks somebody to look at.", examples=[{"missed": "visits were missed"}])
    ]
    rounds: list[LateRound]
    contracts: list[ContractDeliveries]


class ToLookAt(Answer):
    """What there is to look at of a person's care."""

    kind: Annotated[Kind, Field(examples=["missed"])]
    what: Annotated[str, Field(examples=["visits were missed"])]


class PersonToReview(Answer):
    """Somebody whose care a person should look at. Of who came it is counted how many, never who."""

    findings: list[ToLookAt]
    package_id: Annotated[str, Field(examples=["R4"])]
    contract_id: ContractId
    provider_id: ProviderId
    round_id: RoundId
    commissioned_hours_per_week: Hours
    delivered_hours_per_week: Annotated[
        float | None, Field(description="In the weeks that can be judged; null: none can.", examples=[2.92])
    ]
    weeks_judged: Annotated[
        int,
        Field(description="Care ran on each of their days, there was no day in hospital, and there is a record.", examples=[4]),
    ]
    weeks_below: Count
    weeks_above: Count
    weeks_in_hospital: Count
    weeks_without_records: Count
    visits_made: Annotated[int, Field(examples=[28])]
    missed: Count
    cut_short: Count
    cut_short_at_persons_wish: Count
    care_workers: Annotated[int | None, Field(description="How many different ones came; null: not recorded.", examples=[3])]
    share_of_one: Annotated[
        float | None, Field(description="The part of visits to which whoever came most often came.", examples=[0.6])
    ]


class PeopleQuery(Query):
    """Those of one kind, of a contract or of a provider."""

    kind: Kind | None = None
    contract_id: Id = None
    provider_id: Id = None
