"""What can go wrong, as RFC 9457 problems: every ``code`` is listed here, and in `api/README.md`, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from optimiser.io.faults import InputRefusedError

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5
"""When to ask again, where it is not known any better: ``Retry-After``."""


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its HTTP status, and what it means in a sentence."""

    status: int
    title: str


KINDS: dict[str, Kind] = {
    "invalid_request": Kind(422, "The request does not have the form that this operation expects"),
    "refused": Kind(422, "The records that this would write break the rules of the snapshot format"),
    "malformed": Kind(400, "The request cannot be read"),
    "too_large": Kind(413, "The request is larger than this service reads"),
    "unauthenticated": Kind(401, "A key or a token of the council's sign-in service is needed"),
    "forbidden": Kind(403, "This role may not do this"),
    "not_found": Kind(404, "There is nothing here"),
    "method_not_allowed": Kind(405, "This address does not know this method"),
    "changed_since": Kind(412, "The record is not what it was when it was read: read it again"),
    "too_slow": Kind(408, "The request did not arrive in time"),
    "busy": Kind(503, "This cannot be answered in time: ask again after the seconds that Retry-After names"),
    "not_ready": Kind(503, "The service cannot work: its database is empty, of an older form, away, full, or cannot be written"),
    "internal": Kind(500, "A defect of this software"),
}
"""Every module adds its own kinds with ``declare``."""


def declare(code: str, status: int, title: str) -> str:
    """A further kind of problem, declared by the part of the service that raises it; returns its code."""
    if code in KINDS:
        raise ValueError(f"two kinds of problem share the code {code}")
    KINDS[code] = Kind(status, title)
    return code


ALREADY_THERE = declare("already_there", 409, "There is a record with this id already")


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """Raised anywhere in the service; becomes the answer. ``more`` are further members, never of a person."""

    def __init__(self, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        self.code, self.detail, self.more, self.headers = code, detail, more, dict(headers or {})
        super().__init__(f"{code}: {detail}")


@contextmanager
def told_as_problems() -> Iterator[None]:
    """What an act refuses is a ``Problem`` here, records that break the rules of the format too: for whoever is no route."""
    try:
        yield
    except InputRefusedError as error:
        raise _of_the_format(error) from error


def _of_the_format(error: InputRefusedError) -> Problem:
    return Problem("refused", f"{len(error.faults)} fault(s)", faults=[fault.message() for fault in error.faults])


def body_of(problem: Problem) -> dict[str, Any]:
    """What is answered, as RFC 9457 has it."""
    kind = KINDS[problem.code]
    body = {"type": f"urn:optimiser:problem:{problem.code}", "title": kind.title, "status": kind.status}
    return body | {"code": problem.code, "detail": problem.detail, **problem.more}


def answer(problem: Problem) -> JSONResponse:
    body = body_of(problem)
    return JSONResponse(body, status_code=body["status"], media_type=MEDIA_TYPE, headers=problem.headers)


BY_STATUS = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}


def install(app: FastAPI) -> None:
    """Make every error of an app a problem; what nobody expected is caught in ``api.http.observing``."""

    @app.exception_handler(Problem)
    async def _problem(_: Request, problem: Problem) -> JSONResponse:
        return answer(problem)

    @app.exception_handler(RequestValidationError)
    async def _validation(_: Request, error: RequestValidationError) -> JSONResponse:
        # Where and what, never the value: it may be personal.
        faults = [{"where": list(map(str, each["loc"])), "problem": str(each["msg"])} for each in error.errors()]
        return answer(Problem("invalid_request", f"{len(faults)} fault(s)", faults=faults))

    @app.exception_handler(InputRefusedError)
    async def _refused(_: Request, error: InputRefusedError) -> JSONResponse:
        return answer(_of_the_format(error))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        code, headers = BY_STATUS.get(error.status_code, "internal"), dict(error.headers or {})
        said = f"{KINDS[code].title}."
        if code == "method_not_allowed" and "route" in request.scope:
            headers["Allow"] = ", ".join(_methods_at(request))
        if code == "not_found" and request.url.path.endswith("/"):
            said = "There is nothing at an address that ends in a slash: leave the slash out."
        return answer(Problem(code, said, headers=headers))


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _methods_at(request: Request) -> list[str]:
    """The methods that an address knows, whichever of its routes has them; HEAD wherever there is GET."""
    routes, scope = request.app.router.routes, {**request.scope}
    found = [each for each in METHODS if any(route.matches({**scope, "method": each})[0] is Match.FULL for route in routes)]
    return [name for each in found for name in ((each, "HEAD") if each == "GET" else (each,))]
