"""One letter is read, as it is printed: those that put right what was written before, and those of a run."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from api.acts.act import Caller, act, only
from api.http.errors import Problem, declare
from api.http.printing import refusing_without_pdf
from api.letters.schemas import JSON, PAGE, PDF, TEXT, Form
from api.runs import acts as runs
from api.runs.acts import PEOPLE
from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.state.state import State
from api.state.stored_records import LETTERS
from optimiser.domain.person_records import Reads
from optimiser.transferring.letters import Letter, to_print

NO_NUMBER = declare("no_number_to_call", 409, "No letter is printed before it is said whom people can call")
MEDIA: dict[Form, str] = {JSON: "application/json", PAGE: "text/html", PDF: "application/pdf", TEXT: "text/plain"}


@dataclass(frozen=True)
class MadeLetter:
    """A letter as it is sent back."""

    content: bytes
    media_type: str

    def __repr__(self) -> str:
        return f"<MadeLetter as {self.media_type}>"


@act("letters.read", only(TRANSITION, PLANNER, ADMIN), writes=("letters.read",))
def read(by: Caller, letter_id: str, form: Form) -> MadeLetter:
    """One letter that puts right what was written before, in the format recorded for its person."""
    stored = by.store.state().get(LETTERS, letter_id)
    if stored is None:
        raise Problem("not_found", "There is no letter of this id.")
    body = stored.body
    state = by.read("letters.read", "packages", body["package_id"], {"letter_id": letter_id})
    letter = Letter(body["package_id"], body["kind"], body["subject"], tuple(body["paragraphs"]))
    ready, why_not = to_print([letter])
    if why_not:
        raise Problem(NO_NUMBER, why_not)
    return _made(state, ready[0], form)


@act("runs.letter", PEOPLE, writes=("run.explanation.read",))
def read_of_run(by: Caller, run_id: str, package_id: str, form: Form) -> MadeLetter:
    """The letter that a run's plan has for somebody, in the format recorded for them."""
    told = orjson.loads(runs.read_explanation(by, run_id, package_id).body).get("letter")
    if not told:
        raise Problem("not_found", "This run has no letter to them.")
    letter = Letter(told["package_id"], told["kind"], told["subject"], tuple(told["paragraphs"]))
    return _made(by.store.state(), letter, form)


def _made(state: State, letter: Letter, form: Form) -> MadeLetter:
    """The letter with whom to call in it, in each way that its person asked for. Raises the problem ``no_pdf``."""
    from optimiser.transferring.letters_as_asked import made_for, page_of_letters
    from optimiser.transferring.letters_in_formats import as_pdf, as_recorded, as_text

    reads = _reads(state, letter.package_id)
    if form == JSON:
        content = orjson.dumps(
            {
                "package_id": letter.package_id,
                "kind": letter.kind,
                "subject": letter.subject,
                "paragraphs": letter.paragraphs,
                "formats": [each.made for each in as_recorded(reads, letter)],
                "write_to": reads.write_to or None,
            }
        )
    elif form == PAGE:
        content = page_of_letters(made_for(reads, letter))
    elif form == PDF:
        with refusing_without_pdf():
            content = as_pdf(as_recorded(reads, letter))
    else:
        content = as_text(as_recorded(reads, letter))
    return MadeLetter(content, MEDIA[form])


def _reads(state: State, package_id: str) -> Reads:
    """How they are written to; of whoever has left nothing is known any more."""
    stored = state.get("packages", package_id)
    if stored is None:
        return Reads()
    return Reads(stored.record.formats, stored.record.language, stored.record.write_to)
