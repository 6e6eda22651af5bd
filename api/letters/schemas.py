"""A letter to a person, and what it can be asked for as."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.http.strict import Answer, Strict

Form = Literal["json", "page", "pdf", "text"]
JSON: Form = "json"
PAGE: Form = "page"
PDF: Form = "pdf"
TEXT: Form = "text"


class LetterQuery(Strict):
    """What the letter is to be made as."""

    format: Annotated[
        Form | None,
        Field(description="Left out: as `Accept` says (`application/pdf`, `text/plain`, `text/html`), else JSON."),
    ] = None


class ReadyLetter(Answer):
    """A letter with whom to call: paragraphs to lay out or to translate."""

    package_id: Annotated[str, Field(examples=["R1"])]
    kind: Annotated[str, Field(examples=["correction"])]
    subject: Annotated[str, Field(examples=["Your care stays as it is for now"])]
    paragraphs: Annotated[list[str], Field(examples=[["We wrote to you about a change to who gives your care."]])]
    formats: Annotated[list[str], Field(description="The ways that it is made in for this person.", examples=[["large_print"]])]
    write_to: Annotated[str | None, Field(description="To whom it goes, if not to the person.", examples=[None])]
