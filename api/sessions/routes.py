"""Who is signed in to the pages, and signing somebody out."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated

from fastapi import Response
from pydantic import Field

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.strict import Answer, Listed
from api.sessions import acts

router = Router(prefix="/v1")


class Session(Answer):
    """Somebody who is signed in to the pages in a browser. Moments in UTC."""

    session: Annotated[str, Field(description="A name with which nobody gets in.", examples=["5f1c2a90b7de4431"])]
    holder: Annotated[str, Field(examples=["Ada Planner"])]
    roles: Annotated[tuple[str, ...], Field(examples=[["planner"]])]
    key_id: Annotated[str, Field(description="Empty: signed in by the council's directory.", examples=["06e72157"])]
    began_at: dt.datetime
    seen_at: Annotated[dt.datetime, Field(description="To the minute or so.")]
    ends_at: Annotated[dt.datetime, Field(description="If nothing more is asked for.")]


@router.get("/sessions", tags=["you"], summary="Who is signed in to the pages")
def sessions(by: Annotated[Caller, may(acts.list_sessions)]) -> Listed[Session]:
    """Whoever came last first. Administrators read of everybody, all others of themselves."""
    return Listed(items=[Session.model_validate(asdict(each)) for each in acts.list_sessions(by)], next_cursor=None)


@router.post("/sessions/{session}/end", tags=["you"], summary="Somebody is signed out of the pages", status_code=204)
def end_session(session: str, by: Annotated[Caller, may(acts.end_one)]) -> Response:
    """In whatever browser they are: the next thing that they ask for shows them the form to sign in. Their key stays good."""
    acts.end_one(by, session)
    return Response(status_code=204)
