"""Bodies of requests: read up to a size, of a kind that is said, and as JSON in which no name stands twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from starlette.requests import Request

from api.http.errors import Problem, declare
from optimiser.io.json_once import OnceEach

UNSUPPORTED = declare(
    "unsupported_media_type", 415, "The body is of another kind than this operation reads, or does not say which"
)
LONGEST_KIND = 100


def too_large(most: int) -> Problem:
    """The connection ends with it: nobody waits for the rest."""
    return Problem("too_large", f"At most {most:,} bytes.", headers={"Connection": "close"})


def refuse_larger(request: Request, most: int) -> None:
    """Raises the problem ``too_large`` where a request tells that it is larger."""
    told = request.headers.get("content-length", "0")
    if told.isdigit() and int(told) > most:
        raise too_large(most)


async def read_whole(request: Request, most: int) -> bytes:
    """The body. Raises the problem ``too_large`` beyond so many bytes, whether it tells its size or not."""
    refuse_larger(request, most)
    parts, seen = [], 0
    async for part in request.stream():
        seen += len(part)
        if seen > most:
            raise too_large(most)
        parts.append(part)
    request._body = b"".join(parts)  # where whoever reads it next looks for it
    return request._body


def refuse_other_kinds(request: Request, *kinds: str) -> None:
    """Raises the problem ``unsupported_media_type`` unless the request says that its body is of one of the kinds."""
    told = request.headers.get("content-type", "")
    kind = told.partition(";")[0].strip().lower()
    if kind in kinds or ("application/json" in kinds and re.fullmatch(r"application/[\w.-]+\+json", kind)):
        return
    found = f"It says {kind[:LONGEST_KIND]!r}" if kind.isprintable() and kind else "Content-Type is missing"
    raise Problem(UNSUPPORTED, f"{found}: send 'Content-Type: {kinds[0]}'.")


class TwiceError(ValueError):
    """Objects in which a name stands twice; ``names``: which."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__("a name stands twice")


def parsed(body: bytes) -> Any:
    """JSON in which a name stands once in each object: of two values one would count, and others read the other.

    Raises ``TwiceError`` with every name that does not, and ``ValueError`` for what is no JSON.
    """
    once_each = OnceEach()
    value = json.loads(body, object_pairs_hook=once_each)
    if once_each.twice:
        raise TwiceError(once_each.twice)
    return value


def told_twice(twice: TwiceError, shape: dict[str, Any]) -> Problem:
    """What is said of them: names that the operation knows, and of no other which, since it may be of a person."""
    known = set(_names_in(shape))
    said = [f"{name if name in known else 'a name'} is given twice in one object" for name in twice.names]
    return Problem("invalid_request", f"{len(said)} fault(s)", faults=[{"where": ["body"], "problem": each} for each in said])


def _names_in(shape: Any) -> Iterator[str]:
    """The names of all fields in a JSON Schema."""
    if isinstance(shape, list):
        for each in shape:
            yield from _names_in(each)
    elif isinstance(shape, dict):
        yield from shape.get("properties", {})
        for each in shape.values():
            yield from _names_in(each)
