"""One letter over HTTP: in the format recorded for its person, by name or by ``Accept``, and not for whoever may not read it."""

from __future__ import annotations

import pytest

from api.letters import acts
from api.state.stored_records import LETTERS
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.notes import CONTACT
from optimiser.io.tagged_pdf import NoPdfError
from tests.api.conftest import LOADER
from tests.api.databases import ON_SQLITE
from tests.api.desk import code_of, desk
from tests.making.pdf_reading import elements

BODY = {
    "letter_id": "L1",
    "run_id": "R",
    "package_id": "R1",
    "kind": "correction",
    "subject": "Your care stays as it is for now",
    "paragraphs": ["Please contact {whom to call}."],
    "written_on": "2026-11-23",
}
CALL = "Please contact the Care Line on 01603 496 0123."


@ON_SQLITE
def test_a_letter_is_made_as_its_person_reads_it(database_url: str, small: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONTACT, "the Care Line on 01603 496 0123")
    with desk(database_url, small) as at:
        with at.store.change(LOADER) as change:
            body = change.state.stock["packages"]["R1"].body
            change.put("packages", "R1", body | {"formats": "large_print", "write_to": "Ms Joan Reed"})
            change.put(LETTERS, "L1", BODY)
            change.remember("letter.written", "packages", "R1", {"letter_id": "L1"})
        address = "/v1/letters/L1"
        told = at.client.get(address).json()
        assert (told["paragraphs"], told["formats"], told["write_to"]) == ([CALL], ["large_print"], "Ms Joan Reed")
        pdf = at.client.get(address, params={"format": "pdf"})
        assert pdf.headers["content-type"] == "application/pdf" and "R1" not in pdf.headers["content-disposition"]
        assert pdf.content == at.client.get(address, headers={"Accept": "application/pdf;q=0.9, text/plain"}).content
        read = [("P", "To: Ms Joan Reed"), ("P", "Your reference: R1"), ("H1", BODY["subject"]), ("P", "Hello,"), ("P", CALL)]
        assert elements(pdf.content) == read
        text = at.client.get(address, headers={"Accept": "text/plain"})
        assert text.text.split("\n\n")[:2] == ["To: Ms Joan Reed", "Your reference: R1"]
        page = at.client.get(address, headers={"Accept": "text/html"})
        assert '<article class="large_print"' in page.text and CALL in page.text
        assert code_of(at.client.get(address, params={"format": "scroll"})) == (422, "invalid_request")
        assert code_of(at.client.get("/v1/letters/none")) == (404, "not_found")
        with at.served.client("contracts") as officer:
            assert code_of(officer.get(address)) == (403, "forbidden")

        def missing(*_: object) -> bytes:
            raise NoPdfError("the PDFs of letters need something")

        with monkeypatch.context() as without:
            without.setattr("optimiser.transferring.letters_in_formats.pdf_of", missing)
            refused = at.client.get(address, params={"format": "pdf"})
        assert code_of(refused) == (409, "no_pdf") and refused.json()["detail"] == "Here the PDFs of letters need something"
        with monkeypatch.context() as without:
            without.delenv(CONTACT)
            assert code_of(at.client.get(address, params={"format": "text"})) == (409, "no_number_to_call")
        reads = [row["subject"] for row in at.trail() if row["action"] == acts.read.writes[0]]
        assert reads == ["R1"] * 7, "each reading stands in the trail, whatever came of it"
