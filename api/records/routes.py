"""Records over HTTP: for each kind the same five addresses, made from its declaration."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Response

from api.acts.act import Act, Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.addresses import address_of
from api.http.openapi import problems
from api.http.places import NO_POSTCODES, NO_SUCH_PLACE
from api.http.responses import IfMatch, IfNoneMatch, one, several
from api.http.strict import Listed
from api.records.acts import DEEDS
from api.records.record_kinds import RECORD_KINDS, RecordKind
from api.records.schemas import SCHEMAS, Ended

DryRun = Annotated[bool, Query(description="Say what would come of it, and write nothing.", examples=[True])]

router = Router(prefix="/v1")


def add_routes(kind: RecordKind) -> None:
    """The addresses of one kind."""
    deeds, its = DEEDS[kind.kind], SCHEMAS[kind.kind]
    at, single = f"/{kind.kind}", f"/{kind.kind}/{{{kind.id_name}}}"
    a = kind.a

    def records(by: Caller, query: Any) -> Response:
        """In the order of their ids."""
        return several(deeds.list(by, query)) if deeds.list else Response(status_code=404)

    def record(record_id: str, by: Caller, if_none_match: IfNoneMatch = None) -> Response:
        """Its columns, with their names in its file."""
        return one(deeds.read(by, record_id), if_none_match) if deeds.read else Response(status_code=404)

    def add(asked: Any, by: Caller, dry_run: DryRun = False) -> Response:
        """Judged as a snapshot's files are, with every fault; the reason is kept in the audit trail."""
        made = address_of(kind.kind, kind.id_of(kind.cells(asked)))
        return one(deeds.add(by, asked, dry_run), created_at="" if dry_run else made)

    def change(record_id: str, asked: Any, by: Caller, if_match: IfMatch = None, dry_run: DryRun = False) -> Response:
        """What is left out stays as it is. Running care stays where it is; the reason is kept in the audit trail."""
        return one(deeds.change(by, record_id, asked, if_match, dry_run))

    def end(record_id: str, asked: Ended, by: Caller, if_match: IfMatch = None, dry_run: DryRun = False) -> Response:
        return one(deeds.end(by, record_id, asked, if_match, dry_run))

    end.__doc__ = f"{kind.ending} Nothing is deleted: the audit trail keeps it, with the reason."

    def route(endpoint: Any, deed: Act[..., Any], method: str, path: str, summary: str, answer: Any, **more: Any) -> None:
        """``more``: its problems and status, and the kind's own models for what it takes."""
        typed: dict[str, Any] = {name: more.pop(name) for name in ("asked", "query") if name in more}
        if "record_id" in endpoint.__annotations__:
            typed["record_id"] = Annotated[str, Path(alias=kind.id_name)]
        endpoint.__annotations__ |= typed | {"by": Annotated[Caller, may(deed)]}
        more |= {"tags": [kind.kind], "name": endpoint.__name__}
        router.add_api_route(path, endpoint, methods=[method], summary=summary, response_model=answer, **more)

    if deeds.list and deeds.read:
        listed = f"{kind.kind.capitalize()}, a page at a time"
        route(records, deeds.list, "GET", at, listed, Listed[its.shown], query=Annotated[its.query, Query()])  # type: ignore[name-defined]
        route(record, deeds.read, "GET", single, a, its.shown)
    tried = {200: {"description": "A dry run: so it would be", "model": its.written}}
    of_places = (NO_SUCH_PLACE, NO_POSTCODES) if kind.kind in ("offices", "surgeries", "providers") else ()
    refused = problems("already_there", "refused", *of_places) | tried
    route(add, deeds.add, "POST", at, f"{a} is added", its.written, asked=its.new, responses=refused, status_code=201)
    refused = problems("still_needed", "refused", *of_places)
    route(change, deeds.change, "PATCH", single, f"{a} is changed", its.written, asked=its.changes, responses=refused)
    refused = problems("still_needed", "not_ahead", "refused")
    route(end, deeds.end, "POST", f"{single}/end", f"{a} ends", its.written, responses=refused)


for _kind in RECORD_KINDS:
    add_routes(_kind)
