"""What kind of fault it is, for programs: a code stays what it is once it was published, whatever becomes of the words."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """The ways in which an input can be wrong."""

    FILE_ABSENT = "file_absent"
    FILE_UNREADABLE = "file_unreadable"
    FILE_TOO_LARGE = "file_too_large"
    NOT_UTF_8 = "not_utf_8"
    MALFORMED = "malformed"
    HEADINGS_ABSENT = "headings_absent"
    COLUMN_ABSENT = "column_absent"
    COLUMN_TWICE = "column_twice"
    OWN_COLUMNS = "own_columns"
    NUMBER_OF_CELLS = "number_of_cells"
    VALUE_ABSENT = "value_absent"
    NOT_EMPTY = "not_empty"
    NO_NUMBER = "no_number"
    OUT_OF_BOUNDS = "out_of_bounds"
    TOO_PRECISE = "too_precise"
    NO_DATE = "no_date"
    NO_TIME = "no_time"
    UNKNOWN_WORD = "unknown_word"
    NO_TEXT = "no_text"
    NO_ID = "no_id"
    WRONG_VALUE = "wrong_value"
    ID_TWICE = "id_twice"
    UNKNOWN_ID = "unknown_id"
    WRONG_ORDER = "wrong_order"
    CONTRADICTION = "contradiction"
    UNKNOWN_SETTING = "unknown_setting"
    WRONG_SETTING = "wrong_setting"
    NO_PLACE = "no_place"
    NO_AREA = "no_area"
    WRONG_OUTLINE = "wrong_outline"


MEANINGS: dict[Code, str] = {
    Code.FILE_ABSENT: "The folder, or a file that it must hold, is not there.",
    Code.FILE_UNREADABLE: "The file cannot be read: no plain file, no right to, or somebody is writing to it.",
    Code.FILE_TOO_LARGE: "The file is larger than is read.",
    Code.NOT_UTF_8: "The file is not text in UTF-8.",
    Code.MALFORMED: "The file is not well-formed: CSV, JSON, GeoJSON or TOML, or its columns are separated by another character.",
    Code.HEADINGS_ABSENT: "There is no line with the headings where it is expected, or none of them is known.",
    Code.COLUMN_ABSENT: "A column, or a property of an area, is missing.",
    Code.COLUMN_TWICE: "A heading, or a name in an object, stands there twice.",
    Code.OWN_COLUMNS: "The council's own columns or properties are too many, too long, without a heading, or cannot be kept.",
    Code.NUMBER_OF_CELLS: "A row has more or fewer cells than there are headings.",
    Code.VALUE_ABSENT: "Nothing stands where a value is needed, by itself or because of what stands beside it.",
    Code.NOT_EMPTY: "A value stands where none belongs, because of what stands beside it.",
    Code.NO_NUMBER: "The value is no number of the kind that is expected.",
    Code.OUT_OF_BOUNDS: "A number, or a coordinate, is out of its bounds.",
    Code.TOO_PRECISE: "A number has more digits or decimals than are kept, or is not in the steps that are expected.",
    Code.NO_DATE: "The value is no date, or no date and time.",
    Code.NO_TIME: "The value is no time of day.",
    Code.UNKNOWN_WORD: "The value is none of the words that are expected.",
    Code.NO_TEXT: "The value is no text of the kind that is expected: too long, on several lines, blanks around it, no address.",
    Code.NO_ID: "The value cannot be an id.",
    Code.WRONG_VALUE: "The value is not what is expected there, in another way than those that have a code.",
    Code.ID_TWICE: "An id, or what a line is known by, stands there twice.",
    Code.UNKNOWN_ID: "An id names nothing that the snapshot holds.",
    Code.WRONG_ORDER: "Two dates or times, or two numbers, do not follow each other as they must.",
    Code.CONTRADICTION: "The value contradicts another record.",
    Code.UNKNOWN_SETTING: "A setting of this name does not exist.",
    Code.WRONG_SETTING: "A setting's value is not what is expected, or out of its bounds.",
    Code.NO_PLACE: "A place is neither coordinates nor a postcode that is one.",
    Code.NO_AREA: "A place lies in no area's outline, or in several, and no area is stated.",
    Code.WRONG_OUTLINE: "An area's outline cannot be used, or its system of coordinates is not known.",
}
"""In a sentence each; the handbook lists them."""
