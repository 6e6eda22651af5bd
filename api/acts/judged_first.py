"""Who sends a body is judged before any of it is looked at: the key, the act, then its size, what it says it is, and its form.

A framework reads a body first and asks for the key afterwards. Here a stranger's body is never read: it could cost more than it
says, and what is wrong with it is nobody's to know.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, cast

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from api.acts.act import Caller, Size
from api.acts.signing_in import acts_of, bearer, signed_in
from api.http.bodies import TwiceError, parsed, read_whole, refuse_other_kinds, told_twice
from api.service import Service
from api.settings import Settings

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

FORM_BYTES = 262_144
"""Of what one person fills in: a few texts of 10,000 characters."""


def limit_of(size: Size, settings: Settings) -> int:
    """How many bytes an act of a size takes at most."""
    limits = {Size.FORM: min(FORM_BYTES, settings.max_body_bytes), Size.LIST: settings.max_body_bytes}
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
        if self.body_field is None:
            return answer  # one that takes a folder asks for it itself, once the act is admitted to
        acts, takes = acts_of(self), cast(Any, self.body_field.field_info.annotation)

        async def judged(request: Request) -> Response:
            service: Service = request.app.state.service
            actor = await signed_in(request, await bearer(request))
            for act in acts:
                act.admit(Caller(service, actor))
            body = await read_whole(request, max(limit_of(act.takes, service.settings) for act in acts))
            if not body:
                return await answer(request)
            refuse_other_kinds(request, "application/json")
            try:
                value = parsed(body)
            except TwiceError as twice:
                raise told_twice(twice, TypeAdapter(takes).json_schema()) from None
            except (ValueError, RecursionError):
                return await answer(request)  # which cannot read it either, and says where
            known = _Parsed(request.scope, request.receive)
            known.value, known._body = value, body
            return await answer(known)

        return judged


class Router(APIRouter):
    """The routes of a feature."""

    def __init__(self, **given: Any) -> None:
        super().__init__(route_class=JudgedFirst, **given)
