"""Sends what schemathesis makes of the OpenAPI document, and malformed bodies, to a running service; says what was wrong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Err
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.campaigns.malformed import malformed

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
"""Not "what the schema allows is accepted": a schema cannot tell that a provider is known or that visits add up to the hours.

That a wrong body is refused is asked below; in an address, a list of one text is that text.
"""


@schemathesis.serializer("application/zip")
def _as_it_is(_: Any, value: Any) -> Any:
    """A zip is sent as the bytes that were made."""
    return value if isinstance(value, bytes) else str(value).encode()


TRACES = re.compile(r"Traceback|File \"|\.py\b|sqlalchemy|psycopg|pydantic_core", re.IGNORECASE)
"""What no answer may hold."""


def by_schema(address: str, key: str, examples: int, number: int = 1, but: str = "") -> tuple[int, list[str]]:
    """Good and bad requests for every operation, so many of each; how many were sent, and every failure in words.

    ``but``: not of addresses like this one.
    """
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    headers = {"Authorization": f"Bearer {key}"}
    sent, failures = 0, []
    asking = requests.Session()
    asking.trust_env = False  # else it looks for passwords and proxies of this machine before every request

    for found in schema.get_all_operations():
        if isinstance(found, Err):
            raise found.err()  # the document itself is wrong
        operation = found.ok()
        if but and re.match(but, operation.path):
            continue
        for mode in GenerationMode:

            @seed(number)
            @settings(
                max_examples=examples,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.explicit, Phase.generate],
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                nonlocal sent
                sent += 1
                answer = case.call(base_url=address, headers=headers, timeout=30, session=asking)
                assert not TRACES.search(answer.text), f"a trace in {answer.text[:500]}"
                case.validate_response(answer, checks=CHECKS)
                assert answer.status_code >= 400 or not _has_wrong_body(case), "a body against the schema was accepted"

            try:
                ask()
            except Unsatisfiable:
                continue  # an operation that takes nothing cannot be asked wrongly
            except (Exception, FailureGroup) as failure:  # whatever it is: it is told, and the others are tried too
                failures.append(f"{operation.method.upper()} {operation.path} ({mode.value}): {_in_words(failure)}")
    asking.close()
    return sent, failures


def _has_wrong_body(case: Any) -> bool:
    body = case.meta.components.get(ParameterLocation.BODY)
    return body is not None and bool(body.mode.is_negative)


def _in_words(failure: BaseException) -> str:
    inner = getattr(failure, "exceptions", ())
    return "; ".join(_in_words(each) for each in inner) if inner else f"{type(failure).__name__}: {str(failure)[:1500]}"


def by_malformed(clients: Sequence[httpx.Client], how_many: int, number: int = 1) -> tuple[Counter[int], list[str]]:
    """Malformed bodies, to each server in turn; the statuses of the answers, and every failure in words."""
    statuses: Counter[int] = Counter()
    failures = []
    for client, (method, path, body, media_type) in zip(cycle(clients), _requests(clients[0], how_many, number), strict=False):
        headers = {"Content-Type": media_type, "If-Match": '"0"', "Idempotency-Key": "fuzz"}
        answer = _answered(client, method, path, body, headers)
        if answer is None:
            failures.append(f"{method.upper()} {path} {body[:200]!r}: no answer, twice")
            continue
        statuses[answer.status_code] += 1
        if answer.status_code >= 500 or TRACES.search(answer.text):
            failures.append(f"{method.upper()} {path} {body[:200]!r}: {answer.status_code} {answer.text[:300]}")
        elif answer.status_code >= 400 and answer.headers["content-type"] != "application/problem+json":
            failures.append(f"{method.upper()} {path} {body[:200]!r}: no problem but {answer.headers['content-type']}")
    return statuses, failures


def _answered(client: httpx.Client, method: str, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response | None:
    """The answer; asked again once where the connection was closed, as a server may close one that has been idle."""
    for _ in range(2):
        try:
            return client.request(method, path, content=body, headers=headers)
        except httpx.RemoteProtocolError:
            continue
    return None


def _requests(client: httpx.Client, how_many: int, number: int) -> Iterator[tuple[str, str, bytes, str]]:
    document = client.get("/openapi.json").json()
    known = {"package_id": "N1", "provider_id": "DOCK", "contract_id": "L-DOCK", "restriction_id": "X1"}
    for sent in malformed(document, how_many, number):
        path = re.sub(r"\{(\w+)\}", lambda name: known.get(name[1], "none-such"), sent.path)
        yield sent.method, path, sent.body, sent.media_type
