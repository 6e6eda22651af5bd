"""Records of visits, as they are sent and read."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from api.http.strict import PRINTABLE, Answer, Exact, Id, Query
from optimiser.domain.actuals import OUTCOMES, WHO, WHY

MOST_DAYS = 62
"""How many days odd records are looked for in at once."""
MOMENT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?$"
Named = Annotated[str, Field(min_length=1, max_length=200, pattern=PRINTABLE)]
Maybe = Annotated[str | None, Field(max_length=200, pattern=PRINTABLE)]
Moment = Annotated[str | None, Field(pattern=MOMENT, examples=["2026-10-26T08:18"])]
Outcome = Annotated[str, Field(pattern=f"^({'|'.join(OUTCOMES)})$", examples=["delivered"])]
Who = Annotated[str | None, Field(pattern=f"^({'|'.join(WHO)})$", description="Whose doing it was.", examples=["person"])]
Why = Annotated[str | None, Field(pattern=f"^({'|'.join(WHY)})$", examples=["persons_wish"])]

SENT: dict[str, Any] = {
    "actual_id": "B001",
    "package_id": "R4",
    "date": "2026-11-09",
    "visit_id": "V06",
    "planned_start": "2026-11-09T08:15",
    "planned_minutes": 60,
    "arrived": "2026-11-09T08:18",
    "left": "2026-11-09T09:16",
    "workers": 1,
    "worker_keys": ["b1"],
    "outcome": "delivered",
}


class NewActual(Exact):
    """What call monitoring recorded of one visit; times are those of local clocks."""

    actual_id: Named
    package_id: Named
    date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="The day that it is of.", examples=["2026-10-26"])]
    visit_id: Maybe = None
    planned_start: Moment = None
    planned_minutes: Annotated[int | None, Field(ge=1, le=1440)] = None
    arrived: Moment = None
    left: Moment = None
    workers: Annotated[int, Field(ge=1, le=2, description="How many care workers came, or were to come.")]
    worker_keys: Annotated[
        list[Named], Field(max_length=2, description="Pseudonyms: shown to nobody, numbers once the period is closed.")
    ] = Field(default=[])
    outcome: Outcome
    who: Who = None
    why: Why = None
    contract_id: Maybe = None
    corrects: Annotated[Maybe, Field(description="The `actual_id` of the record that this one stands in place of.")] = None

    def as_cells(self) -> dict[str, str]:
        """As a line of the file."""
        given = self.model_dump()
        cells = {name: "" if value is None else str(value) for name, value in given.items() if name != "worker_keys"}
        return cells | {"worker_keys": ";".join(self.worker_keys)}


class NewActuals(Exact):
    """A batch: all of it is taken, or nothing."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [SENT]}})

    items: Annotated[list[NewActual], Field(min_length=1)]


class BatchTaken(Answer):
    """What became of a batch."""

    batch: Annotated[int | None, Field(description="Its number; null: nothing in it was new.", examples=[7])]
    taken: Annotated[int, Field(description="How many records are new.", examples=[1])]
    same: Annotated[int, Field(description="How many had been taken before, just as they are.", examples=[0])]


class Actual(Answer):
    """A record as it was taken, without pseudonyms."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **{name: value for name, value in SENT.items() if name != "worker_keys"},
                **dict.fromkeys(("who", "why", "corrects", "corrected_by")),
                "contract_id": "F-BRACKEN",
                "batch": 7,
            }
        }
    )

    actual_id: str
    package_id: str
    date: str
    visit_id: str | None
    planned_start: str | None
    planned_minutes: int | None
    arrived: str | None
    left: str | None
    workers: int
    outcome: str
    who: str | None
    why: str | None
    contract_id: Annotated[str | None, Field(description="Under which it counts; null: none is known.", examples=["F-BRACKEN"])]
    corrects: str | None
    corrected_by: Annotated[str | None, Field(description="The record that stands in place of this one.")]
    batch: int


class OddActual(Answer):
    """A record that somebody should look at."""

    kind: Annotated[str, Field(examples=["one_came_of_two"])]
    actual_id: Annotated[str, Field(examples=["A017"])]
    package_id: Annotated[str, Field(examples=["R1"])]
    date: Annotated[str, Field(examples=["2026-10-28"])]
    contract_id: Annotated[str | None, Field(examples=["P-ALDER"])]
    effect: Annotated[str, Field(description="What it does to the money.", examples=["pays_the_less"])]
    what: Annotated[str, Field(examples=["the visit needs two care workers, and one came"])]


class ActualsQuery(Query):
    """Records of one person, of one day, or of both."""

    package_id: Id = None
    date: dt.date | None = None

    @model_validator(mode="after")
    def _narrowed(self) -> ActualsQuery:
        if self.package_id is None and self.date is None:
            raise PydanticCustomError("nothing", "name a package_id, a date, or both")
        return self


class OddQuery(Query):
    """Odd records of some days: from `since` on, up to `until`, which is not included; of four weeks until tomorrow otherwise."""

    since: dt.date | None = None
    until: dt.date | None = None
    kind: Id = None
    contract_id: Id = None

    @model_validator(mode="after")
    def _a_span(self) -> OddQuery:
        if self.since is not None and self.until is not None and not 0 < (self.until - self.since).days <= MOST_DAYS:
            raise PydanticCustomError("span", f"until is after since, and at most {MOST_DAYS} days")
        return self
