"""A letter that puts right what was written before, as it is shown: the software sends nothing to anybody."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import Field

from api.http.strict import Answer, Id, Query
from optimiser.transferring.letters import Letter, to_print


class LettersQuery(Query):
    """Those that put right the letters of one run."""

    run_id: Id = None


class LetterShown(Answer):
    """One person's letter: paragraphs to lay out or to translate, and the whole as plain text; nulls without a number."""

    letter_id: Annotated[str, Field(examples=["90f3b1c47a5d2e66"])]
    package_id: Annotated[str, Field(examples=["R1"])]
    run_id: Annotated[str, Field(description="Whose letter it puts right.", examples=["5f0c1d2e3b4a59687786a5b4c3d2e1f0"])]
    written_on: Annotated[dt.date, Field(examples=["2026-11-23"])]
    kind: Annotated[str, Field(examples=["correction"])]
    subject: Annotated[str, Field(examples=["Your care stays as it is for now"])]
    paragraphs: Annotated[list[str] | None, Field(examples=[["We wrote to you about a change to who gives your care."]])]
    plain: Annotated[str | None, Field(examples=["Your reference: R1"])]
    not_printed: Annotated[str | None, Field(description="Why there is no letter; null: here it is.", examples=[None])]


def letter_json(body: dict[str, Any]) -> dict[str, Any]:
    """A stored letter, with whom to call by day and night."""
    letter = Letter(body["package_id"], body["kind"], body["subject"], tuple(body["paragraphs"]))
    ready, why_not = to_print([letter])
    told = {name: body.get(name) for name in LetterShown.model_fields}
    if why_not:
        return told | {"paragraphs": None, "plain": None, "not_printed": why_not}
    return told | {"paragraphs": list(ready[0].paragraphs), "plain": ready[0].plain(), "not_printed": None}
