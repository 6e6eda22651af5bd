"""A place in a request: in degrees, or by a postcode, which is turned into degrees before anything is kept and is then forgotten.

Acts do that first of all (``placed``), so that a postcode reaches no record, no entry of the trail and no digest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeVar

from pydantic import BaseModel, Field, PrivateAttr, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.http.errors import Problem, declare
from api.http.forms import Json
from api.http.strict import Changes, Strict, changes_like
from optimiser.geography.postcodes.postcode_places import NoSuchPlaceError, Place, place_of

if TYPE_CHECKING:
    from optimiser.geography.postcodes.index import PostcodeIndex

NO_SUCH_PLACE = declare(
    "no_such_place", 422, "A postcode is no place in England that the index knows; `detail` names the nearest"
)
NO_POSTCODES = declare("no_postcodes", 422, "This service has no index of postcodes: send latitude and longitude")
DEGREES = ("latitude", "longitude")
POSTCODE = "postcode"
SOME_DEGREES: Json = {"anyOf": [{"required": [each]} for each in DEGREES]}

Postcode = Annotated[
    str,
    StringConstraints(min_length=1, max_length=20),
    # It is in no dump and in no text of the request, wherever one may be written.
    Field(
        exclude=True,
        repr=False,
        description="In place of latitude and longitude: its place is kept, the postcode is not.",
        examples=["NR1 2DH"],
    ),
]


def at_place(example: Json | None = None) -> Callable[[Json], None]:
    """For the ``json_schema_extra`` of a request with a place: in degrees or by a postcode."""
    in_degrees: Json = {"required": [*DEGREES], "not": {"required": [POSTCODE]}}
    by_postcode: Json = {"required": [POSTCODE], "not": SOME_DEGREES}

    def extra(schema: Json) -> None:
        for name in (*DEGREES, POSTCODE):
            schema["properties"][name].pop("default", None)
        schema["oneOf"] = [in_degrees, by_postcode]
        if example is not None:
            schema["example"] = example

    return extra


def changes_at_place(example: Json) -> Callable[[Json], None]:
    """The same of a request to change some fields: either, or neither."""

    def extra(schema: Json) -> None:
        changes_like(example)(schema)
        schema["not"] = {"required": [POSTCODE], **SOME_DEGREES}

    return extra


OR_POSTCODE: Any = None
"""In place of a latitude or longitude that a postcode stands for. What an act works with is ``placed``, and has both."""


class MayBeAtPlace(Strict):
    """A request that may say where something is: one that changes it need not."""

    postcode: Postcode = Field(default="")
    _note: str = PrivateAttr(default="")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.postcode and not self.model_fields_set.isdisjoint(DEGREES):
            raise PydanticCustomError("place", "expected latitude and longitude, or a postcode, and not both")
        return self

    def cells(self, *but: str) -> dict[str, Any]:
        return super().cells(POSTCODE, *but)


class AtPlace(MayBeAtPlace):
    """A request that says where something is."""

    @model_validator(mode="after")
    def _some_place(self) -> Self:
        if not self.postcode and not self.model_fields_set.issuperset(DEGREES):
            raise PydanticCustomError("place", "expected latitude and longitude, or a postcode")
        return self


class ChangesAtPlace(MayBeAtPlace, Changes):
    """A request to change some fields of something that is somewhere."""


M = TypeVar("M", bound=BaseModel)


def placed(asked: M, index: PostcodeIndex | None) -> M:
    """A request with places in place of postcodes, wherever they stand in it.

    Raises ``Problem`` where any is no place, with every one of them. It names postcodes, and goes to whoever asked alone.
    """
    finding = _Finding(index)
    made: M = finding.placed(asked, ("body",))
    if len(finding.faults) == 1:
        raise Problem(NO_SUCH_PLACE, finding.faults[0]["problem"], faults=finding.faults)
    if finding.faults:
        raise Problem(NO_SUCH_PLACE, f"{len(finding.faults)} postcodes are no places.", faults=finding.faults)
    return made


def place_notes(asked: BaseModel) -> list[str]:
    """What is to be known of the place of a request that was placed."""
    return [asked._note] if isinstance(asked, MayBeAtPlace) and asked._note else []


class _Finding:
    """The places of one request: what is wrong with any is collected, and where it stands."""

    def __init__(self, index: PostcodeIndex | None) -> None:
        self._index = index
        self.faults: list[dict[str, Any]] = []

    def placed(self, value: Any, where: tuple[str, ...]) -> Any:
        """The very same value where there is no postcode in it."""
        if isinstance(value, list):
            found = [self.placed(each, (*where, str(place))) for place, each in enumerate(value)]
            return found if any(new is not old for new, old in zip(found, value, strict=True)) else value
        if not isinstance(value, BaseModel):
            return value
        given = {name: getattr(value, name) for name in type(value).model_fields if name in value.model_fields_set}
        within = {name: self.placed(each, (*where, name)) for name, each in given.items()}
        update = {name: each for name, each in within.items() if each is not given[name]}
        place = self._found(value, where) if isinstance(value, MayBeAtPlace) and value.postcode else None
        if place is not None:
            update |= {"latitude": place.latitude, "longitude": place.longitude, POSTCODE: ""}
        if not update:
            return value
        made = value.model_copy(update=update)
        if place is not None and isinstance(made, MayBeAtPlace):
            made.model_fields_set.discard(POSTCODE)
            made._note = f"Its place is that of a postcode: {place.note}." if place.note else ""
        return made

    def _found(self, value: MayBeAtPlace, where: tuple[str, ...]) -> Place | None:
        if self._index is None:
            raise Problem(NO_POSTCODES, "Send latitude and longitude, or set OPTIMISER_POSTCODES to an index of postcodes.")
        try:
            return place_of(self._index, value.postcode)
        except NoSuchPlaceError as error:
            self.faults.append({"where": [*where, POSTCODE], "problem": str(error)})
            return None
