"""Enhanced home support, as it is answered for and shown."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from api.http.conversion import Cell
from api.http.strict import Answer, Id, Line, Query, Strict
from api.meanwhile.schemas import Wrong
from api.packages import columns as of

Why = Annotated[
    str | None, Cell("meanwhile", "choice_reason", description="Why; needed where care is not needed, or the draft is dropped.")
]
Onward = Annotated[
    Literal["confirm", "drop"] | None,
    Field(description="confirm: the draft becomes an ordinary request; drop: it does not; null: no draft is open."),
]
What = Literal["notice", "financial_assessment"]

ANSWER: dict[str, Any] = {"needed": True, "onward": "confirm", "why": "Cannot yet wash alone."}
CHARGE = "Nothing says that a charge is due: no notice and no financial assessment is recorded."
CLOCK = "Enhanced home support, counted from its first visit, 8:10 on 23 November 2026: for up to 8:10 on 26 November 2026."


class StillNeeded(Strict):
    """Whether care is still needed once the support ends, and what becomes of the draft of the onward request."""

    model_config = ConfigDict(json_schema_extra={"example": ANSWER})

    needed: bool
    onward: Onward = None
    why: Why = None
    start_by: Annotated[
        str | None, Cell("packages", "start_by", description="Otherwise than the draft: from when on care has to begin.")
    ] = None
    priority: Annotated[
        str | None,
        Field(
            description="Otherwise than the draft.",
            json_schema_extra={"enum": ["urgent", "discharge", "standard", "planned", None]},
        ),
        Cell("packages", "priority"),
    ] = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if not self.needed and self.onward == "confirm":
            raise ValueError("care that is not needed is not asked for: onward is drop, or left out")
        if (not self.needed or self.onward == "drop") and not self.why:
            raise ValueError("say why care is not needed, or why the draft is dropped (why)")
        if self.onward != "confirm" and (self.start_by is not None or self.priority is not None):
            raise ValueError("start_by and priority go with onward: confirm")
        return self


class OfACharge(Strict):
    """What a charge would need is recorded: the notice that was given, or the financial assessment that was made."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"what": "notice", "on": "2026-11-25", "by": "Community finance desk"}}
    )

    what: What
    on: Annotated[str, Cell("packages", "care_started", needed=True, description="The day on which it was given or made.")]
    by: Annotated[Line, Field(description="Who gave or made it.", examples=["Community finance desk"])]


class Recorded(Answer):
    """A notice or an assessment: on which day, by whom, and who recorded it."""

    on: Annotated[str, Field(examples=["2026-11-25"])]
    by: Annotated[str, Field(examples=["Community finance desk"])]
    recorded_by: Annotated[str, Field(examples=["Fay Finance (9c41d02e)"])]
    recorded_at: Annotated[str, Field(examples=["2026-11-25T10:00:00"])]


class Charge(Answer):
    """What is recorded of a charge, and nothing else of the person. A charge needs both; nothing here decides on one."""

    package_id: of.PackageId
    notice: Recorded | None
    financial_assessment: Recorded | None
    sentence: Annotated[str, Field(examples=[CHARGE])]


class Support(Answer):
    """One person's enhanced home support now. Moments are in Europe/London; null where the beginning is not recorded, or care has
    not begun."""

    package_id: of.PackageId
    area_id: Annotated[str, Field(examples=["A1"])]
    priority: of.Priority
    provider_id: Annotated[str | None, Field(examples=["DOCK"])]
    began_at: Annotated[
        str | None, Field(description="Its first visit, or the start of that day.", examples=["2026-11-23T08:10:00"])
    ]
    is_first_visit: Annotated[bool, Field(description="Whether it is the first visit that is recorded.")]
    asks_at: Annotated[list[str], Field(description="When it is asked whether care is still needed.")]
    alerts_at: Annotated[str | None, Field(description="When it is alerted that it ends.", examples=["2026-11-26T02:10:00"])]
    ends_at: Annotated[str | None, Field(description="From then on it is not decided.", examples=["2026-11-26T08:10:00"])]
    runs_on: Annotated[bool, Field(description="It runs on beyond that: not decided.")]
    question_open: bool
    wrong: Annotated[list[Wrong], Field(description="What somebody has to look at, the furthest gone first.")]
    clock: Annotated[str, Field(examples=[CLOCK])]
    onward_package_id: Annotated[str | None, Field(description="The onward request, while it is there.", examples=["N9-2"])]
    onward_situation: Annotated[str | None, Field(examples=["waiting"])]
    charge: Annotated[str, Field(description="What is recorded of a charge.", examples=[CHARGE])]


class DraftVisit(Answer):
    """A visit of the draft."""

    days: of.Days
    earliest_start: of.Earliest
    latest_start: of.Latest
    duration_minutes: of.Duration
    workers: of.VisitWorkers


class Draft(Answer):
    """The onward request as it would be opened: what is known of the person's needs and wishes."""

    latitude: of.Latitude
    longitude: of.Longitude
    area_id: Annotated[str, Field(examples=["A1"])]
    hours_per_week: of.Hours
    visits_per_week: of.Visits
    workers: of.Workers
    skills: of.Skills
    priority: of.Priority
    start_by: of.StartBy
    protected: of.Protected
    excluded_provider_ids: of.Excluded
    source: of.Source
    if_missed: of.IfMissed
    can_step_in: of.CanStepIn
    worker_gender: of.WorkerGender
    worker_languages: of.WorkerLanguages
    preferred_provider_ids: of.Preferred
    household_id: of.HouseholdId
    formats: of.Formats
    language: of.Language
    write_to: of.WriteTo
    visits: list[DraftVisit]


class Said(Answer):
    """What a named person said: whether care is still needed, and what became of the draft."""

    needed: bool
    onward: Onward
    why: Annotated[str | None, Field(examples=["Cannot yet wash alone."])]
    onward_package_id: Annotated[str | None, Field(examples=["N9-2"])]
    said_by: Annotated[str, Field(examples=["Ada Planner (06e72157)"])]
    said_at: Annotated[str, Field(examples=["2026-11-24T09:00:00"])]


class SupportWithDraft(Support):
    """The same with what was said so far and, while no onward request is there, its draft."""

    answers: list[Said]
    draft: Draft | None
    notice: Recorded | None
    financial_assessment: Recorded | None


class SupportsQuery(Query):
    """Those in an area; `runs_on=true`: who runs on, not decided; `question_open=true`: of whom it is asked."""

    area_id: Id = None
    runs_on: bool = False
    question_open: bool = False
