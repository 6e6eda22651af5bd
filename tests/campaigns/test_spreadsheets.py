"""The short version of the campaign of spoiled spreadsheets, and whether its judge finds what was read wrong."""

from __future__ import annotations

import pytest

from tests.campaigns import spreadsheets
from tests.campaigns.spoiling.programs import GERMANY, UK, US, entered, shown


def test_spoiled_counties_are_read_equal_or_refused_in_words() -> None:
    counts, wrong = spreadsheets.run(cases=40, seed=7)
    assert not wrong
    assert counts["equal"] >= 8, "who refuses everything is never wrong"
    assert counts["refused"] >= 10, "what does no harm proves little"
    assert counts["harmless"] >= 5


def test_the_judge_finds_what_is_read_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days and months are swapped on the way, which no reader can see; the judge knows what they were."""
    before = spreadsheets.files_of

    def swapped(case: spreadsheets.Case, others: object) -> dict[str, bytes]:
        made = before(case, others)  # type: ignore[arg-type]
        return {name: content.replace(b"2026-05-04", b"2026-04-05") for name, content in made.items()}

    monkeypatch.setattr(spreadsheets, "files_of", swapped)
    monkeypatch.setattr(spreadsheets, "HARMFUL", spreadsheets.HARMFUL[:2])
    monkeypatch.setattr(spreadsheets, "HARMLESS", ())
    _, wrong = spreadsheets.run(cases=40, seed=7)
    assert any("read as another county" in line for line in wrong)


def test_the_programs_do_what_programs_do() -> None:
    through = {
        country: [shown(entered(text, country), country) for text in ("00123", "1-11", "2026-04-01", "24.50", "TRUE")]
        for country in (UK, US, GERMANY)
    }
    assert through[UK] == ["123", "01-Nov", "01/04/2026", "24.5", "TRUE"]
    assert through[US] == ["123", "11-Jan", "4/1/2026", "24.5", "TRUE"]
    assert through[GERMANY] == ["123", "01-Nov", "01.04.2026", "24.50", "TRUE"]
    assert shown(entered("123456789012345678", UK), UK) == "1.23457E+17"
    assert shown(entered("7E2", UK), UK) == "700"


def test_the_campaign_says_how_it_went(capsys: pytest.CaptureFixture[str]) -> None:
    assert spreadsheets.main(["--cases", "2"]) == 0
    assert capsys.readouterr().out.startswith("2 spoiled spreadsheets: ")
