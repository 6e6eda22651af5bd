"""Letters as tagged PDF and as plain text: in the format recorded, read in their order, the same bytes each time."""

from __future__ import annotations

import importlib
import io
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from optimiser.explaining.notes import CONTACT
from optimiser.io.tagged_pdf import NO_PANGO, NoPdfError, pdf_of, refuse_without_pdf
from optimiser.transferring.letters import NEXT_PAGE, to_print
from optimiser.transferring.letters_in_formats import TITLE, as_pdf, every_as_recorded, files_in_formats
from optimiser.transferring.report import letters
from tests.making.pdf_reading import elements
from tests.making.transfers import planned, small_county
from tests.transferring.test_letters_as_asked import asking

ASKED: dict[str, dict[str, Any]] = {
    "A1": {"formats": ("large_print",), "language": "English"},
    "A2": {"formats": ("easy_read",), "language": "English", "write_to": "Mr Ali Reed, her son"},
    "B1": {"language": "Polish"},
}


def test_each_letter_once_in_its_format_and_a_screen_reader_reads_all_of_it_in_its_order() -> None:
    plan = planned(asking(small_county(), **ASKED), letters_to_stayers=True)
    files = files_in_formats(plan.county, letters(plan), ["pdf", "text"])
    assert files.keys() == {"letters.pdf", "letters-as-asked.txt"}
    made = every_as_recorded(plan.county, to_print(letters(plan))[0])
    ways = {each.letter.package_id: each.made for each in made}
    assert (ways["A1"], ways["A2"], ways["B1"], ways["C1"]) == ("large_print", "easy_read", "easy_to_translate", "usual")

    expected = []
    for each in made:
        expected += [("P", f"To: {each.write_to}")] * bool(each.write_to)
        flag = "For the translator: into Polish, please. One sentence a line. Leave names, dates and numbers as they are."
        expected += [("P", flag)] * (each.made == "easy_to_translate")
        expected += [("P", f"Your reference: {each.letter.package_id}"), ("H1", each.letter.subject), ("P", "Hello,")]
        short = each.made in ("easy_read", "easy_to_translate")
        parts = [said for part in each.sentences for said in part] if short else each.letter.paragraphs
        expected += [("P", " ".join(part.split())) for part in parts]
    assert elements(files["letters.pdf"]) == expected
    with pikepdf.open(io.BytesIO(files["letters.pdf"])) as whole:
        assert str(whole.docinfo["/Title"]) == TITLE

    texts = files["letters-as-asked.txt"].decode().split(NEXT_PAGE)
    for each, text in zip(made, texts, strict=True):
        words = " ".join(text.split())
        assert all(" ".join(part.split()) in words for part in each.letter.paragraphs)
    assert any(text.startswith("To: Mr Ali Reed, her son\n\nYour reference: A2\n") for text in texts)


def test_a_letter_says_its_language_and_title_and_is_the_same_whenever_it_is_made() -> None:
    plan = planned(asking(small_county(), **ASKED), letters_to_stayers=True)
    made = every_as_recorded(plan.county, to_print(letters(plan))[0])
    one = [each for each in made if each.letter.package_id == "A1"]
    content = as_pdf(one)
    assert as_pdf(one) == content
    assert as_pdf([each for each in made if each.letter.package_id == "C1"]) != content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("en-GB", True)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo["/Title"]) == one[0].letter.subject
        assert not {"/CreationDate", "/ModDate"} & pdf.docinfo.keys()
        with pdf.open_metadata() as told:
            assert (told["pdfuaid:part"], told["dc:title"]) == ("1", one[0].letter.subject)
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert all("/FontFile" in "".join(map(str, font.DescendantFonts[0].FontDescriptor.keys())) for font in fonts)
    with pytest.raises(BaseException, match=r"other\.example"):
        pdf_of('<html lang="en"><title>x</title><link rel="stylesheet" href="https://other.example/x.css"></html>')


def test_without_a_number_or_a_letter_there_is_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(small_county(), letters_to_stayers=True)
    assert files_in_formats(plan.county, [], ["pdf", "text"]) == {}
    monkeypatch.delenv(CONTACT)
    assert files_in_formats(plan.county, letters(plan), ["pdf", "text"]) == {}


def test_a_machine_without_pango_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """WeasyPrint is there, and the system's libraries are not: it tells that on the output stream, which stays clean."""
    (tmp_path / "weasyprint.py").write_text("print('could not import'); raise OSError('cannot load library')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    importlib.invalidate_caches()
    with pytest.raises(NoPdfError) as told:
        refuse_without_pdf()
    assert str(told.value) == NO_PANGO
