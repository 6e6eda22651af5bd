"""``optimiser explain``: the planner's page, the person's paragraph, the provider's note; and what each may not tell."""

from __future__ import annotations

import errno
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from optimiser.allocating.story import allocate
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.notes import COMPLAINTS, CONTACT, NOT_ASKED, with_contact
from tests.commands.running import run
from tests.making import framework, legacy, noon, offer, package, principal, provider, snapshot

VILLAGES = Path("data/three_villages")
Capture = pytest.CaptureFixture[str]


LINE = "the Care Line on 01603 496 0123"


@pytest.fixture(autouse=True)
def a_number_to_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONTACT, LINE)


def flat(text: str) -> str:
    return " ".join(text.split())


def record(result: Path, package_id: str) -> dict[str, Any]:
    lines = (result / "explanations.jsonl").read_text(encoding="utf-8").splitlines()
    found: dict[str, Any] = next(each for line in lines if (each := json.loads(line))["package_id"] == package_id)
    return found


@pytest.mark.parametrize(
    ("package_id", "heading"),
    [
        ("N1", "Package N1 in area A1: placed on C1."),
        ("N4", "Package N4 in area A1: unmet."),
        ("N5", "Package N5 in area A1: pending."),
        ("N6", "Package N6 in area A2: placed on C6."),
        ("R1", "Package R1 in area A1: placed on C1."),
    ],
)
def test_the_planners_page_begins_with_the_outcome_and_its_reason(
    result: Path, package_id: str, heading: str, capsys: Capture
) -> None:
    ran = run(capsys, "explain", result, package_id)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == heading
    assert record(result, package_id)["reason"] in flat(ran.out)


def test_contracts_stand_in_the_order_asked_with_the_rules_that_failed(result: Path, capsys: Capture) -> None:
    ran = run(capsys, "explain", result, "N2")
    said = record(result, "N2")["contracts"]
    headings = [f"{number}. {step['contract_id']} · {step['provider']}" for number, step in enumerate(said, 1)]
    places = [ran.out.index(heading) for heading in headings]
    assert places == sorted(places)
    assert [step["tier"] for step in said] == sorted(
        (step["tier"] for step in said), key=["principal", "framework", "legacy"].index
    )
    assert "FAILED no_standing_decline" in ran.out
    assert "FAILED not_excluded" in ran.out
    assert "FAILED skills" in ran.out


def test_with_all_every_rule_of_every_contract_is_shown(result: Path, capsys: Capture) -> None:
    everything = flat(run(capsys, "explain", result, "N1", "--all").out)
    brief = run(capsys, "explain", result, "N1").out
    findings = [finding for step in record(result, "N1")["contracts"] for finding in step["findings"]]
    assert all(f"{finding[0]}: {finding[5]}" in everything for finding in findings)
    assert everything.count(" passed ") > flat(brief).count(" passed ")


def test_an_unmet_package_is_told_what_would_place_it(result: Path, capsys: Capture) -> None:
    said = flat(run(capsys, "explain", result, "N4").out)
    assert "What would place it higher" in said
    assert record(result, "N4")["remedies"][0]["sentence"] in said
    assert said.index("What would place it higher") < said.index("In the order asked:")


def test_what_would_place_somebody_if_others_move_is_told_where_the_run_was_asked_for_it(tmp_path: Path, capsys: Capture) -> None:
    said = []
    for name, more in (("plain", ()), ("others", ("--if-others-move",))):
        run(capsys, "allocate", VILLAGES, "--out", tmp_path / name, "--quiet", *more)
        said.append(flat(run(capsys, "explain", tmp_path / name, "N6").out))
    assert "if others who wait may go elsewhere" not in said[0]
    assert "- contract hours (+24 hours per four weeks)" in said[1]
    assert (
        "- contract hours (+4 hours per four weeks): Contract F-CLOVER allows 60 hours per four weeks instead of 56 hours per"
        " four weeks. 1 other then goes elsewhere; nothing smaller would do."
    ) in said[1]
    for audience in (["--for", "person"], ["--for", "provider", "--provider", "CLOVER"]):
        assert "elsewhere" not in run(capsys, "explain", tmp_path / "others", "N6", *audience).out


@pytest.mark.parametrize("package_id", ["N1", "N2", "N3", "N4", "N5", "N6", "R1", "R2", "R3", "R4"])
def test_the_persons_paragraph_stands_alone_and_tells_no_price_and_no_code(
    result: Path, package_id: str, capsys: Capture
) -> None:
    ran = run(capsys, "explain", result, package_id, "--for", "person")
    assert (ran.code, ran.err) == (0, NOT_RECORDED)
    said = record(result, package_id)
    assert flat(ran.out) == with_contact(said["person"], said["outcome"])
    assert not any(word in ran.out for word in ("£", "C1", "FAILED", "tracheostomy", "end_of_life", package_id))


NOT_RECORDED = "The format and the language that the person reads is not recorded. Ask before this goes.\n"


def test_the_persons_letter_is_made_as_they_asked(tmp_path: Path, capsys: Capture) -> None:
    reads: dict[str, Any] = {"formats": ("large_print", "easy_read"), "language": "Polish", "write_to": "Mr Ali Reed, her son"}
    record = allocate(snapshot([package("N1", **reads)], [framework("BRACKEN")])).explain(0)
    (tmp_path / "explanations.jsonl").write_text(json.dumps(record, separators=(",", ":")) + "\n", encoding="utf-8")
    page = tmp_path / "letter.html"
    asked = ("explain", tmp_path, "N1", "--for", "person", "--page", page)
    ran = run(capsys, *asked)
    assert (ran.code, ran.err) == (0, ""), "all is recorded"
    assert [line for line in ran.out.splitlines() if line.endswith(":")] == ["Large print:", "Easy read:", "Easy to translate:"]
    assert ran.out.count("To: Mr Ali Reed, her son") == 3
    assert "For the translator: into Polish, please." in ran.out
    assert "\nThey can do all that your care plan asks for.\n" in ran.out, "a sentence a line"
    made = page.read_text(encoding="utf-8")
    assert [made.count(f'<article class="{way}"') for way in ("large_print", "easy_read", "easy_to_translate")] == [1, 1, 1]
    assert LINE in made
    assert page.stat().st_mode & 0o077 == 0
    assert "cannot be written" in run(capsys, *asked).err, "what is there stays"
    told = json.loads(run(capsys, *asked[:5], "--json").out)
    assert (told["reads"]["language"], told["made"][0]["format"]) == ("Polish", "large_print")
    for others in ((), ("--for", "provider", "--provider", "BRACKEN")):
        assert "Reed" not in run(capsys, "explain", tmp_path, "N1", *others).out


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    record = allocate(snapshot([package("N1")], [framework("BRACKEN")])).explain(0)
    (tmp_path / "explanations.jsonl").write_text(json.dumps(record, separators=(",", ":")) + "\n", encoding="utf-8")
    letters = tmp_path / "letters"
    letters.mkdir()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    ran = run(capsys, "explain", tmp_path, "N1", "--for", "person", "--page", letters / "letter.html")
    assert (ran.code, list(letters.iterdir())) == (2, []), "no empty page that somebody might send"
    assert "No space left on device" in ran.err


def test_what_is_not_known_of_how_somebody_reads_is_said_before_it_goes(tmp_path: Path, capsys: Capture) -> None:
    record = allocate(snapshot([package("N1", formats=("plain_text",))], [framework("BRACKEN")])).explain(0)
    (tmp_path / "explanations.jsonl").write_text(json.dumps(record, separators=(",", ":")) + "\n", encoding="utf-8")
    ran = run(capsys, "explain", tmp_path, "N1", "--for", "person")
    assert (ran.code, ran.err) == (0, "The language that the person reads is not recorded. Ask before this goes.\n")
    assert ran.out.startswith("Plain text:\n\nWe have a plan for your care.")
    assert run(capsys, "explain", tmp_path, "N1", "--page", tmp_path / "letter.html").code == 2


@pytest.mark.parametrize(
    ("package_id", "provider", "expected"),
    [
        ("N1", "ALDER", "We propose to place this package with you, on contract C1."),
        ("N5", "BIRCH", "We have asked you to take this package and wait for your answer."),
        ("N2", "ALDER", NOT_ASKED),
        ("N2", "DOGWOOD", NOT_ASKED),
        ("R1", "ALDER", "You deliver this care; nothing changes."),
        ("R1", "BIRCH", NOT_ASKED),
    ],
)
def test_a_providers_note_tells_its_own_part(
    result: Path, package_id: str, provider: str, expected: str, capsys: Capture
) -> None:
    ran = run(capsys, "explain", result, package_id, "--for", "provider", "--provider", provider)
    assert (ran.code, ran.err) == (0, "")
    assert expected in flat(ran.out)


@pytest.mark.parametrize("package_id", ["N1", "N2", "N3", "N4", "N5", "N6", "R1", "R2", "R3", "R4"])
@pytest.mark.parametrize("provider", ["ALDER", "BIRCH", "CEDAR", "DOGWOOD"])
def test_no_providers_note_tells_of_the_person_or_of_other_providers(
    result: Path, package_id: str, provider: str, capsys: Capture
) -> None:
    said = run(capsys, "explain", result, package_id, "--for", "provider", "--provider", provider).out
    others = {"Alder": "ALDER", "Birch": "BIRCH", "Cedar": "CEDAR", "Dogwood": "DOGWOOD"}
    forbidden = [name for name, other in others.items() if other != provider]
    assert not any(word in said for word in [*forbidden, "dementia", "tracheostomy", "end_of_life", "exclu", "against", "52.6"])


def test_an_excluded_provider_reads_what_a_provider_that_does_not_fit_reads(result: Path, capsys: Capture) -> None:
    excluded = run(capsys, "explain", result, "N2", "--for", "provider", "--provider", "CEDAR").out
    unskilled = run(capsys, "explain", result, "N2", "--for", "provider", "--provider", "DOGWOOD").out
    assert excluded == unskilled
    assert flat(excluded) == f"Package N2, area A1, 10.5 hours a week. {NOT_ASKED}"


def test_an_unknown_provider_is_refused(result: Path, capsys: Capture) -> None:
    ran = run(capsys, "explain", result, "N2", "--for", "provider", "--provider", "NONSENSE")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "Refused: this result has no provider 'NONSENSE'.\n"


@pytest.mark.parametrize("content", [None, "{}"])
def test_without_a_list_of_providers_nobody_is_unknown(
    result: Path, content: str | None, tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "explanations.jsonl").write_bytes((result / "explanations.jsonl").read_bytes())
    if content is not None:
        (tmp_path / "result.json").write_text(content, encoding="utf-8")
    ran = run(capsys, "explain", tmp_path, "N2", "--for", "provider", "--provider", "NONSENSE")
    assert (ran.code, ran.err) == (0, "")
    assert flat(ran.out).endswith(NOT_ASKED)


def test_a_council_s_own_words_are_put_in_when_a_result_is_read(
    result: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv(CONTACT, "Norwell Care Line on 01234 567890")
    monkeypatch.setenv(COMPLAINTS, "You can write to us.")
    for options in ([], ["--for", "person"]):
        said = flat(run(capsys, "explain", result, "N4", *options).out)
        assert "please contact Norwell Care Line on 01234 567890." in said
        assert said.endswith("You can write to us.")


def test_without_a_number_to_call_no_letter_is_printed(result: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv(CONTACT, "your social worker")
    ran = run(capsys, "explain", result, "N4", "--for", "person")
    assert (ran.code, ran.out) == (2, "")
    assert "no letter is printed without a number that the person can call by day and night" in ran.err
    page = flat(run(capsys, "explain", result, "N4").out)
    assert page.endswith(
        "For the person: No letter: set OPTIMISER_CONTACT, or give --contact, with a number that answers by day and night."
    )
    assert "You stay on our list" not in page
    assert json.loads(run(capsys, "explain", result, "N4", "--json").out)["person"] is None
    given = run(capsys, "explain", result, "N4", "--for", "person", "--contact", LINE)
    assert given.code == 0 and f"please contact {LINE}." in flat(given.out)


def test_the_note_for_a_provider_needs_the_provider(result: Path, capsys: Capture) -> None:
    ran = run(capsys, "explain", result, "N1", "--for", "provider")
    assert (ran.code, ran.out) == (2, "")
    assert "--provider" in ran.err


@pytest.mark.parametrize("package_id", ["N9", "n1", "N", "", 'N1"', "N1 ", "\udc80"])
def test_an_unknown_package_is_refused(result: Path, package_id: str, capsys: Capture) -> None:
    ran = run(capsys, "explain", result, package_id)
    assert (ran.code, ran.out) == (2, "")
    assert "no package" in ran.err


def test_a_folder_without_a_result_is_refused(tmp_path: Path, capsys: Capture) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        ran = run(capsys, "explain", folder, "N1")
        assert (ran.code, ran.out) == (2, "")
        assert "no result" in ran.err


@pytest.mark.parametrize("content", [b'{"package_id":"N1"', b'{"package_id":"N1"\xff}', b'{"package_id":"N1"}', b"\x00\xff\n"])
def test_a_damaged_result_is_refused(tmp_path: Path, content: bytes, capsys: Capture) -> None:
    (tmp_path / "explanations.jsonl").write_bytes(content)
    ran = run(capsys, "explain", tmp_path, "N1")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


def page(given: Snapshot, folder: Path, capsys: Capture, *options: str) -> str:
    """The planner's page of the first package of a snapshot."""
    record = allocate(given).explain(0)
    (folder / "explanations.jsonl").write_text(json.dumps(record, separators=(",", ":")) + "\n", encoding="utf-8")
    ran = run(capsys, "explain", folder, record["package_id"], *options)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def test_a_legacy_contract_that_fails_several_rules_has_one_line(tmp_path: Path, capsys: Capture) -> None:
    contracts = [framework("BRACKEN"), legacy("DOCK", bands=(2,)), legacy("ELDER", bands=(3,))]
    given = snapshot([package("N1")], contracts, providers=[provider("ELDER", cqc_rating="inadequate")])
    said = page(given, tmp_path, capsys).splitlines()
    (line,) = [line for line in said if "L-ELDER" in line]
    assert line.endswith(". L-ELDER: fails rating, band")
    assert any("L-DOCK · Dock · legacy · may not be asked" in line for line in said)
    everything = page(given, tmp_path, capsys, "--all")
    assert "L-ELDER · Elder · legacy · may not be asked" in everything
    assert "FAILED rating" in everything


def test_where_care_would_come_from_is_an_office_or_running_care(tmp_path: Path, capsys: Capture) -> None:
    said = page(snapshot([package("N1")], [framework("BRACKEN")]), tmp_path, capsys)
    assert "miles from its nearest office or running care" in said


def test_one_of_something_is_told_as_one(tmp_path: Path, capsys: Capture) -> None:
    declined = offer("N1", "F-BRACKEN", "declined", reason="no_capacity", offered_at=noon(-2), responded_at=noon(-1))
    assert "(+1 decline):" in page(snapshot([package("N1")], [framework("BRACKEN")], offers=[declined]), tmp_path, capsys)
    short = framework("BRACKEN", max_hours_4w=Fraction(19))
    assert "(+1 hour per four weeks):" in page(snapshot([package("N1")], [short]), tmp_path, capsys)
    shorter = framework("BRACKEN", max_hours_4w=Fraction(18))
    assert "(+2 hours per four weeks):" in page(snapshot([package("N1")], [shorter]), tmp_path, capsys)


@pytest.mark.parametrize(
    ("response", "words"),
    [
        ("accepted", "would fail today, but the offer was accepted: band:"),
        ("", "would fail today, but the offer has been made: band:"),
    ],
)
def test_what_fails_in_spite_of_an_offer_is_told_as_that(response: str, words: str, tmp_path: Path, capsys: Capture) -> None:
    given = snapshot([package("N1")], [legacy("DOCK", bands=(3,))], offers=[offer("N1", "L-DOCK", response)])
    said = page(given, tmp_path, capsys)
    assert words in flat(said)
    assert "FAILED" not in said


def test_a_principal_above_its_share_is_marked_on_the_page(tmp_path: Path, capsys: Capture) -> None:
    people = [package("N1"), package("R1", hours=20, contract_id="P-ALDER")]
    said = page(snapshot(people, [principal("ALDER"), framework("BRACKEN")]), tmp_path, capsys)
    assert "1. P-ALDER · Alder · principal, above the upper edge of its share · has room" in said
