"""What all models share: requests are strict, the schema says only what holds, and a finding looks the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.http.conversion import ADDRESSABLE, cell_of
from api.http.forms import Json
from optimiser.io.record_cells import EXTRA
from optimiser.rules.vocabulary import Finding


class Strict(BaseModel):
    """A request: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)

    def cells(self, *but: str) -> dict[str, Any]:
        """The fields that were given, as cells by column, ``extra`` as it stands; ``but``: those that are no column."""
        given = {name: getattr(self, name) for name in sorted(self.model_fields_set) if name not in but}
        return {name: value if name == EXTRA else cell_of(name, value) for name, value in given.items()}


class Exact(Strict):
    """A request whose fields have no forms of their own: of the very types of JSON, nothing is converted."""

    model_config = ConfigDict(strict=True)


PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
RecordId = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PRINTABLE)]
"""The id of a record, where the request is no record itself."""
OwnId = Annotated[str, Field(min_length=1, max_length=60, pattern=ADDRESSABLE)]
"""An id that whoever sends a request may give to what it makes: sent again, nothing is made twice."""
Line = Annotated[str, StringConstraints(min_length=3, max_length=500, pattern=PRINTABLE, strip_whitespace=True)]
"""A line that somebody wrote: a reference, a reason."""

Notes = Annotated[
    list[str],
    Field(description="What is probably mistyped: accepted as it stands, and it may leave somebody with nobody to ask."),
]


def changes_like(example: Json) -> Callable[[Json], None]:
    """For the ``json_schema_extra`` of a request to change some fields: at least one is given, and none has a default."""

    def extra(schema: Json) -> None:
        for part in schema["properties"].values():
            part.pop("default", None)
        schema["minProperties"] = 1 + len(schema.get("required", []))
        schema["example"] = example

    return extra


class Changes(Strict):
    """A request to change some fields: what is left out stays as it is."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        required = {name for name, part in type(self).model_fields.items() if part.is_required()}
        if not self.model_fields_set - required:
            raise PydanticCustomError("nothing", "nothing to change is given")
        return self


class Answer(BaseModel):
    """An answer: exactly the fields that it has, nothing else."""

    model_config = ConfigDict(extra="forbid")


T = TypeVar("T")


class Listed(Answer, Generic[T]):
    """A page of a list, in a fixed order."""

    items: list[T]
    next_cursor: Annotated[
        str | None, Field(description="Send it as `cursor` for the next page; null: there is none.", examples=["WyJOOSJd"])
    ]


class Query(Strict):
    """What every list can be asked for."""

    limit: Annotated[int | None, Field(ge=1, description="Records a page; more than the service's most are not given.")] = None
    cursor: Annotated[
        str | None, Field(min_length=1, max_length=1000, description="`next_cursor` of the page before.", examples=["WyJOOCJd"])
    ] = None


Id = Annotated[str | None, Field(min_length=1, max_length=100, pattern=PRINTABLE)]
"""An id that a list can be narrowed to."""


class FindingBody(BaseModel):
    """A rule that is broken: the figures compared, and the sentence."""

    rule: str
    measured: str | int | float | None
    limit: str | int | float | None
    unit: str
    sentence: str

    @staticmethod
    def of(finding: Finding) -> FindingBody:
        said = asdict(finding)
        said.pop("passed")
        return FindingBody(**said)
