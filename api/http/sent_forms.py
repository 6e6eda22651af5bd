"""What a form of a page has sent: each field once, as text."""

from __future__ import annotations

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
    body = await read_whole(request, most)
    refuse_other_kinds(request, FORM)
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise Problem("malformed", "The form cannot be read.") from None
    if any(len(values) > 1 for values in fields.values()):
        raise Problem("malformed", "A field of the form was sent twice.")
    return {name: values[0].strip() for name, values in fields.items()}
