"""A column of the snapshot format in JSON: the way between its cell, which is text, and a value of a type, and back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema

from api.http.forms import FORMS, Json
from optimiser.domain.records import LONGEST
from optimiser.io.area_files import PROPERTIES
from optimiser.io.cells import MAX_TEXT, MOST_OWN_COLUMNS, BadCellError, Column
from optimiser.io.record_cells import EXTRA
from optimiser.io.schema import DAYS, TABLES

MOST_DIGITS = 15
"""Whole numbers of more digits than these stand for nothing here; they are refused before they are written out."""


class NotThisTypeError(Exception):
    """A JSON value of another type than the column's; says what was expected, never the value."""


def json_of(column: str, cell: str) -> Any:
    """A column's cell as its JSON value. An empty cell is null, or an empty list."""
    shape = FORMS[column].shape
    if shape == "list":
        words = cell.split(";") if cell else []
        return sorted(words, key=DAYS.index) if column == "days" else words
    if shape == "numbers":
        return [int(each) for each in cell.split(";")] if cell else []
    if not cell:
        return None
    if shape == "number":
        return float(cell) if "." in cell else int(cell)
    return cell == "true" if shape == "truth" else cell


def cell_of(column: str, value: Any) -> str:
    """A JSON value as a column's cell; whether the cell is good is for the column's parser. Raises ``NotThisTypeError``."""
    shape = FORMS[column].shape
    if shape in ("list", "numbers"):
        return _cell_of_list(value, numbers=shape == "numbers")
    if value is None:
        return ""
    if shape == "number":
        return _digits(value)
    if shape == "truth":
        if type(value) is not bool:
            raise NotThisTypeError("true or false")
        return "true" if value else "false"
    if type(value) is not str or not value:
        raise NotThisTypeError("a text that is not empty")
    return _plain(value)


def _cell_of_list(value: Any, *, numbers: bool) -> str:
    if type(value) is not list or len(value) > 100:
        raise NotThisTypeError("a list of at most 100")
    if numbers:
        return ";".join(map(_digits, value))
    for word in value:
        if type(word) is not str or not word or len(word) > 100 or ";" in word or word != word.strip() or not word.isprintable():
            raise NotThisTypeError("a list of words, each without ';' and without blanks around it")
    return ";".join(value)


def _digits(value: Any) -> str:
    """A JSON number in full, exactly as it was written."""
    if type(value) is int and abs(value) < 10**MOST_DIGITS:
        return str(value)
    if type(value) is float and abs(value) < 10**MOST_DIGITS:  # false for NaN and the infinities
        return format(Decimal(repr(value)), "f")
    raise NotThisTypeError("a number")


def _plain(text: str) -> str:
    """A text that any file can hold: lines may end, but nothing else may steer, and no character is halved."""
    if any((char < " " and char not in "\n\t") or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in text):
        raise NotThisTypeError("a text of whole characters, without control characters")
    return text


AREA_COLUMNS = tuple(Column(name, parse) for name, parse in PROPERTIES)
"""What an area's file says of it beside its outline."""


def columns_of(kind: str) -> tuple[str, ...]:
    """The columns of a kind of record, in the order of its file; of areas the properties."""
    return tuple(column.name for column in (AREA_COLUMNS if kind == "areas" else TABLES[f"{kind}.csv"]))


def record_json(kind: str, cells: Json) -> Json:
    """A record's cells as JSON, and what stands in columns of the council's own. A cell that was never stored is empty."""
    return {name: json_of(name, cells.get(name) or "") for name in columns_of(kind)} | {EXTRA: cells.get(EXTRA, {})}


ADDRESSABLE = r"^[A-Za-z0-9][A-Za-z0-9._~-]*$"
"""An id given here stands in addresses: letters, digits and ``. _ ~ -``. Ids that were loaded may hold more."""

_COLUMNS: dict[tuple[str, str], Column] = {
    (file.removesuffix(".csv"), column.name): column
    for file, columns in [*TABLES.items(), ("areas", AREA_COLUMNS)]
    for column in columns
}


class Cell:
    """Stands in ``Annotated``: the JSON value of a column, refused where the column's parser refuses its cell.

    ``needed``: null is refused although the cell may be empty.
    """

    def __init__(self, kind: str, name: str, *, needed: bool = False, description: str = "") -> None:
        self._column, self._form = _COLUMNS[kind, name], FORMS[name]
        self._description = description or self._form.description
        self.may_be_null = not needed and self._form.shape in ("text", "number") and self._column.may_be_empty

    def check(self, value: Any) -> Any:
        """The value as it stands, if its cell is a good one. The error tells what was expected and never the value."""
        try:
            if value is None and not self.may_be_null:
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
        if self.may_be_null:
            schema["type"] = [schema["type"], "null"]
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
        if self._description:
            schema["description"] = self._description
        return schema | {"examples": [self._form.example]}


class Extra:
    """Stands in ``Annotated``: an object of text to text, what stands in a table's columns of the council's own.

    No name of one, and no text in it, is told by an error: it may be of a person.
    """

    def __init__(self, kind: str) -> None:
        known = dict(PROPERTIES) if kind == "areas" else {name for file, name in _COLUMNS if file == kind}
        self._known = sorted(known)

    def check(self, value: Any) -> dict[str, str]:
        """The value as it stands, if a file could hold it."""
        if type(value) is not dict or len(value) > MOST_OWN_COLUMNS:
            raise _error(f"an object of at most {MOST_OWN_COLUMNS} names")
        for name, text in value.items():
            if not name.strip() or len(name) > LONGEST or not name.isprintable() or name in self._known:
                raise _error(f"names of 1 to {LONGEST} printable characters that are no columns of the format")
            if type(text) is not str or len(text) > MAX_TEXT:
                raise _error(f"texts of at most {MAX_TEXT:,} characters")
            try:
                _plain(text)
            except NotThisTypeError as error:
                raise _error(str(error)) from None
        return value

    def __get_pydantic_core_schema__(self, _: Any, __: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, _: core_schema.CoreSchema, __: GetJsonSchemaHandler) -> Json:
        return {
            "type": "object",
            "maxProperties": MOST_OWN_COLUMNS,
            "propertyNames": {"minLength": 1, "maxLength": LONGEST, "not": {"enum": self._known}},
            "additionalProperties": {"type": "string", "maxLength": MAX_TEXT},
            "description": "What stands in columns of your own, by heading. To change: those named, empty for none; others stay.",
            "examples": [{"our_line_id": "4711"}],
        }


def _error(expected: str) -> PydanticCustomError:
    return PydanticCustomError("cell", "expected {expected}", {"expected": expected})
