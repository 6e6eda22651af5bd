"""One letter, as a page, a tagged PDF, plain text, or JSON."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Header, Query, Response

from api.acts.act import Caller
from api.acts.judged_first import Router
from api.acts.signing_in import may
from api.http.openapi import problems
from api.letters import acts
from api.letters.schemas import JSON, PAGE, PDF, TEXT, Form, LetterQuery, ReadyLetter
from api.runs.routes import PackageId, RunId

router = Router(prefix="/v1", tags=["letters"])
ENDINGS = {JSON: "json", PAGE: "html", PDF: "pdf", TEXT: "txt"}
OK: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
            "text/html": {"schema": {"type": "string"}},
            "text/plain": {"schema": {"type": "string"}},
        }
    }
}
Accept = Annotated[str | None, Header(description="Used where no `format` is given.", examples=["application/pdf"])]


@router.get(
    "/letters/{letter_id}",
    summary="One letter, as it is printed",
    response_model=ReadyLetter,
    responses=OK | problems("no_number_to_call", "no_pdf"),
)
def read(
    letter_id: str,
    by: Annotated[Caller, may(acts.read)],
    query: Annotated[LetterQuery, Query()],
    accept: Accept = None,
) -> Response:
    """One that puts right what was written before, in the format recorded for its person: large print, easy read, plain text,
    ready to be translated. The PDF is tagged (PDF/UA-1). Reading it is an entry of the trail; nothing is sent by the software."""
    form = _form(query, accept)
    return _answer(acts.read(by, letter_id, form), form)


@router.get(
    "/runs/{run_id}/explanations/{package_id}/letter",
    summary="The letter that a run's plan has for somebody",
    response_model=ReadyLetter,
    responses=OK | problems("no_pdf"),
)
def read_of_run(
    run_id: RunId,
    package_id: PackageId,
    by: Annotated[Caller, may(acts.read_of_run)],
    query: Annotated[LetterQuery, Query()],
    accept: Accept = None,
) -> Response:
    """Of a transfer, a hand-back or a relief, in the format recorded for the person."""
    form = _form(query, accept)
    return _answer(acts.read_of_run(by, run_id, package_id, form), form)


def _form(query: LetterQuery, accept: str | None) -> Form:
    """What is asked for by name, else the first media type of a caller's that a letter can be made as."""
    if query.format is not None:
        return query.format
    of_media: dict[str, Form] = {media: form for form, media in acts.MEDIA.items()}
    wanted = (each.partition(";")[0].strip().lower() for each in (accept or "").split(","))
    return next((of_media[each] for each in wanted if each in of_media), JSON)


def _answer(made: acts.MadeLetter, form: Form) -> Response:
    """No name of a file tells whose letter it is."""
    headers = {"Vary": "Accept"}
    if form != JSON:
        headers["Content-Disposition"] = f'inline; filename="letter.{ENDINGS[form]}"'
    return Response(made.content, headers=headers, media_type=made.media_type)
