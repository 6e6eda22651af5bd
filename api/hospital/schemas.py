"""Notices of hospitals, and the cases that they make."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from api.http.conversion import Cell
from api.http.places import OR_POSTCODE, AtPlace, at_place
from api.http.strict import Answer, Query, RecordId, Strict
from api.packages import columns as of
from api.packages.schemas import VISIT, Schedule

Kind = Literal["assessment", "discharge", "changed", "withdrawn"]
Moment = Annotated[str, Cell("packages", "requested_at", needed=True, description="By the hospital's clock, in Europe/London.")]
HospitalSource = Literal["acute_hospital", "community_hospital"]

NEEDS: dict[str, Any] = {
    "latitude": 52.654433,
    "longitude": 0.80756,
    "hours_per_week": 5.25,
    "visits_per_week": 7,
    "workers": 1,
    "skills": ["medication"],
    "visits": [VISIT],
}
NOTICE: dict[str, Any] = {
    "notice_id": "NNUH-2026-11-0412-A",
    "case_ref": "NNUH-2026-11-0412",
    "kind": "assessment",
    "sent_at": "2026-11-23T09:10:00",
    "needs": NEEDS,
    "discharge_on": "2026-11-26",
}


class HospitalNeeds(AtPlace):
    """Where and what care a person will need; as of a new request, but for its id."""

    model_config = ConfigDict(json_schema_extra=at_place())

    latitude: of.Latitude = OR_POSTCODE
    longitude: of.Longitude = OR_POSTCODE
    area_id: of.AreaId = None
    hours_per_week: of.Hours
    visits_per_week: of.Visits
    workers: of.Workers
    skills: of.Skills = Field(default_factory=list)
    visits: Schedule = Field(default_factory=list)


class Notice(Strict):
    """What a hospital says of one stay. The same notice sent again changes nothing."""

    model_config = ConfigDict(json_schema_extra={"example": NOTICE})

    notice_id: Annotated[RecordId, Field(description="The hospital's id of this notice.", examples=["NNUH-2026-11-0412-A"])]
    case_ref: Annotated[
        RecordId, Field(description="The hospital's reference of the stay; no name.", examples=["NNUH-2026-11-0412"])
    ]
    kind: Kind
    sent_at: Moment
    package_id: Annotated[
        of.PackageId | None, Field(description="The council's own reference, where it has a request or care of this person.")
    ] = None
    source: HospitalSource = "acute_hospital"
    needs: Annotated[HospitalNeeds | None, Field(description="An assessment tells them; others may.")] = None
    discharge_on: Annotated[of.StartBy, Field(description="The day on which the person is to come home.")] = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.kind == "assessment" and self.needs is None:
            raise ValueError("an assessment tells the needs")
        if self.kind == "discharge" and self.discharge_on is None:
            raise ValueError("a discharge tells its day (discharge_on)")
        if self.kind == "changed" and self.needs is None and self.discharge_on is None:
            raise ValueError("a change tells other needs or another day (needs, discharge_on)")
        if self.kind == "withdrawn" and (self.needs is not None or self.discharge_on is not None):
            raise ValueError("a withdrawal tells no needs and no day")
        return self


class NoticeShown(Answer):
    """A notice that has come."""

    notice_id: Annotated[str, Field(examples=["NNUH-2026-11-0412-A"])]
    kind: Kind
    sent_at: Annotated[str, Field(examples=["2026-11-23T09:10:00"])]
    received_at: Annotated[str, Field(examples=["2026-11-23T09:12:31"])]


CASE: dict[str, Any] = {
    "case_ref": "NNUH-2026-11-0412",
    "package_id": "H-5f1c2a90b7de",
    "situation": "asked_for",
    "sentence": "Care is asked for.",
    "discharge_on": "2026-11-26",
    "notices": [
        {
            "notice_id": "NNUH-2026-11-0412-A",
            "kind": "assessment",
            "sent_at": "2026-11-23T09:10:00",
            "received_at": "2026-11-23T09:12:31",
        }
    ],
}


class HospitalCase(Answer):
    """A stay in hospital, and what has come of its notices."""

    model_config = ConfigDict(json_schema_extra={"example": CASE})

    case_ref: str
    package_id: Annotated[str, Field(description="The one request of this case, or the person's care that it names.")]
    situation: Literal["asked_for", "needs_not_told", "care_runs", "withdrawn", "ended"]
    sentence: str
    discharge_on: str | None
    notices: list[NoticeShown]


class CasesQuery(Query):
    """Cases of a situation."""

    situation: Literal["asked_for", "needs_not_told", "care_runs", "withdrawn", "ended"] | None = None
