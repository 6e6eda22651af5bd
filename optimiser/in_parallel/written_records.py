"""Frozen records as what JSON can hold, and back by their types: so that what a task found can be kept in a file that anybody can
read, and read again without running anything that stands in it.
"""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Record = TypeVar("Record")


def as_json(value: Any) -> Any:
    """Records as lists of their fields; sets in order. Numbers, texts and nothing as they are."""
    if is_dataclass(value):
        return [as_json(getattr(value, each.name)) for each in fields(value)]
    if isinstance(value, Mapping):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(as_json, value))
    if isinstance(value, list | tuple):
        return [as_json(each) for each in value]
    return value.isoformat() if isinstance(value, dt.datetime) else str(value) if isinstance(value, Fraction) else value


def from_json(kind: type[Record], value: Any) -> Record:
    """A record of a kind, of what ``as_json`` made of it. A moment keeps its offset, not the name of its zone."""
    return cast(Record, _reader(cast(Any, kind))(value))


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of a type. A type that is not among these is taken as JSON gives it."""
    made, parts = get_origin(kind) or kind, get_args(kind)
    if made in (Union, types.UnionType):
        (inner,) = (part for part in parts if part is not types.NoneType)
        read = _reader(inner)
        return lambda value: None if value is None else read(value)
    if is_dataclass(made):
        hints = get_type_hints(made)
        readers = {each.name: _reader(hints[each.name]) for each in fields(made)}
        return lambda value: cast(Any, made)(
            **{name: read(each) for (name, read), each in zip(readers.items(), value, strict=True)}
        )
    if made is tuple and parts[-1] is not Ellipsis:
        each_read = [_reader(part) for part in parts]
        return lambda value: tuple(read(each) for read, each in zip(each_read, value, strict=True))
    if made in (tuple, frozenset):
        one = _reader(parts[0])
        return lambda value: made(map(one, value))
    if isinstance(made, type) and issubclass(made, Mapping):
        inside = _reader(parts[1])
        return lambda value: {key: inside(each) for key, each in value.items()}
    if made is dt.datetime:
        return dt.datetime.fromisoformat
    return Fraction if made is Fraction else lambda value: value
