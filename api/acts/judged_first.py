"""Who sends a body is judged before any of it is looked at: the key, the act, then its size, what it says it is, and its form.

A framework reads a body first and asks for the key afterwards. Here a stranger's body is never read: it could cost more than it
says, and what is wrong with it is nobody's to know.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, cast

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from api.acts.act import Caller, Size
from api.acts.signing_in import acts_of, bearer, signed_in
from api.http.bodies import TwiceError, parsed, read_whole, refuse_other_kinds, told_twice
from api.http.responses import refuse_any
from api.http.stems import StemRouter
from api.service import Service
from api.settings import Settings

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

IF_MATCH = "if-match"
FORM_BYTES = 262_144
"""Of what one person fills in: a few texts of 10,000 characters."""


def limit_of(size: Size, settings: Settings) -> int:
    """How many bytes an act of a size takes at most."""
    limits = {
        Size.FORM: min(FORM_BYTES, settings.max_body_bytes),
        Size.LIST: settings.max_body_bytes,
        Size.VISITS: settings.max_actuals_bytes,
    }
    return limits.get(size, settings.max_import_bytes)


class _Parsed(Request):
    """A request whose body has been parsed already."""

    value: Any

    async def json(self) -> Any:
        return self.value


class JudgedFirst(APIRoute):
    """A route of the service."""

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()
        acts, field = acts_of(self), self.body_field
        if field is None and IF_MATCH not in {each.alias.lower() for each in self.dependant.header_params}:
            return answer
        takes = None if field is None else cast(Any, field.field_info.annotation)

        async def judged(request: Request) -> Response:
            service: Service = request.app.state.service
            actor = await signed_in(request, await bearer(request))
            for act in acts:
                act.admit(Caller(service, actor))
            refuse_any(request.headers.get(IF_MATCH))
            if takes is None:
                return await answer(request)  # what takes a folder reads it itself
            most = max(limit_of(act.takes, service.settings) for act in acts)
            return await answer(await _read(request, most, takes))

        return judged


async def _read(request: Request, most: int, takes: Any) -> Request:
    """The request with its body, of at most so many bytes; parsed, unless it cannot be: the route then says where."""
    body = await read_whole(request, most)
    if not body:
        return request
    refuse_other_kinds(request, "application/json")
    try:
        value = parsed(body)
    except TwiceError as twice:
        raise told_twice(twice, TypeAdapter(takes).json_schema()) from None
    except (ValueError, RecursionError):
        return request
    known = _Parsed(request.scope, request.receive)
    known.value, known._body = value, body
    return known


class Router(StemRouter):
    """The routes of a feature."""

    def __init__(self, **given: Any) -> None:
        super().__init__(route_class=JudgedFirst, **given)
