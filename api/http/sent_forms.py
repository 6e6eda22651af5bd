"""What a form of a page has sent, as text: each field once, but for those that say otherwise."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import parse_qs

from fastapi import Request

from api.http.bodies import read_whole, refuse_other_kinds
from api.http.errors import Problem

FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 65_536
MOST_FIELDS = 200


async def form_of(request: Request, most: int = MOST_BYTES) -> dict[str, str]:
    """The fields by name, without blanks around them.

    Raises a ``Problem`` for what is no form, larger than so many bytes, or says a field twice.
    """
    return {name: values[0] for name, values in (await fields_of(request, most)).items()}


async def fields_of(
    request: Request, most: int = MOST_BYTES, *, several: Collection[str] = (), most_fields: int = MOST_FIELDS
) -> dict[str, list[str]]:
    """All that each field says; only those of ``several`` may say more than one thing. Otherwise as ``form_of``."""
    body = await read_whole(request, most)
    refuse_other_kinds(request, FORM)
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=most_fields, errors="strict")
    except ValueError:
        raise Problem("malformed", "The form cannot be read.") from None
    if any(len(values) > 1 for name, values in fields.items() if name not in several):
        raise Problem("malformed", "A field of the form was sent twice.")
    return {name: [value.strip() for value in values] for name, values in fields.items()}
