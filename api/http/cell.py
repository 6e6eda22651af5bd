"""A column of the snapshot format as the type of a model's field: read by the very parser that reads the files."""

from __future__ import annotations

from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from api.http.conversion import NotThisTypeError, cell_of
from api.http.forms import FORMS, Json
from optimiser.io.cells import BadCellError, Column
from optimiser.io.schema import TABLES

ADDRESSABLE = r"^[A-Za-z0-9][A-Za-z0-9._~-]*$"
"""An id given here stands in addresses: letters, digits and ``. _ ~ -``. Ids that were loaded may hold more."""

_COLUMNS: dict[tuple[str, str], Column] = {
    (file.removesuffix(".csv"), column.name): column for file, columns in TABLES.items() for column in columns
}


class Cell:
    """Stands in ``Annotated``: the JSON value of a column, refused where the column's parser refuses its cell.

    ``needed``: null is refused although the cell may be empty.
    """

    def __init__(self, kind: str, name: str, *, needed: bool = False, description: str = "") -> None:
        self._column, self._form = _COLUMNS[kind, name], FORMS[name]
        self._description = description or self._form.description
        self._may_be_null = not needed and self._form.shape in ("text", "number") and self._reads_empty()

    def _reads_empty(self) -> bool:
        try:
            self._column.parse("")
        except BadCellError:
            return False
        return True

    def check(self, value: Any) -> Any:
        """The value as it stands, if its cell is a good one. The error tells what was expected and never the value."""
        try:
            if value is None and not self._may_be_null:
                raise NotThisTypeError("a value")
            self._column.parse(cell_of(self._column.name, value))
        except NotThisTypeError as error:
            raise _error(str(error)) from None
        except BadCellError as error:
            raise _error(f"{error.expected}; found {error.kind}") from None
        return value

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, _: core_schema.CoreSchema, __: GetJsonSchemaHandler) -> Json:
        schema = dict(self._form.schema)
        if self._may_be_null:
            schema["type"] = [schema["type"], "null"]
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
        if self._description:
            schema["description"] = self._description
        return schema | {"examples": [self._form.example]}


def _error(expected: str) -> PydanticCustomError:
    return PydanticCustomError("cell", "expected {expected}", {"expected": expected})
