"""``optimiser explain``: the planner's page, the person's paragraph, the provider's note; and what each may not tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.running import run

Capture = pytest.CaptureFixture[str]


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


@pytest.mark.parametrize("package_id", ["N1", "N2", "N3", "N4", "N5", "N6", "R1", "R2", "R3", "R4"])
def test_the_persons_paragraph_stands_alone_and_tells_no_price_and_no_code(
    result: Path, package_id: str, capsys: Capture
) -> None:
    ran = run(capsys, "explain", result, package_id, "--for", "person")
    assert (ran.code, ran.err) == (0, "")
    assert flat(ran.out) == record(result, package_id)["person"]
    assert not any(word in ran.out for word in ("£", "C1", "FAILED", "tracheostomy", "end_of_life", package_id))


@pytest.mark.parametrize(
    ("package_id", "provider", "expected"),
    [
        ("N1", "ALDER", "We propose to place this package with you, on contract C1."),
        ("N5", "BIRCH", "We have asked you to take this package and wait for your answer."),
        ("N2", "ALDER", "You have said no to this package, or let our offer run out."),
        ("N2", "DOGWOOD", "The care needs something that you have not told us you offer."),
        ("R1", "BIRCH", "Not asked."),
    ],
)
def test_a_providers_note_tells_its_own_part(
    result: Path, package_id: str, provider: str, expected: str, capsys: Capture
) -> None:
    ran = run(capsys, "explain", result, package_id, "--for", "provider", "--provider", provider)
    assert (ran.code, ran.err) == (0, "")
    assert expected in flat(ran.out)


@pytest.mark.parametrize("package_id", ["N1", "N2", "N3", "N4", "N5", "N6", "R1", "R2", "R3", "R4"])
@pytest.mark.parametrize("provider", ["ALDER", "BIRCH", "CEDAR", "DOGWOOD", "NOBODY"])
def test_no_providers_note_tells_of_the_person_or_of_other_providers(
    result: Path, package_id: str, provider: str, capsys: Capture
) -> None:
    said = run(capsys, "explain", result, package_id, "--for", "provider", "--provider", provider).out
    others = {"Alder": "ALDER", "Birch": "BIRCH", "Cedar": "CEDAR", "Dogwood": "DOGWOOD"}
    forbidden = [name for name, other in others.items() if other != provider]
    assert not any(word in said for word in [*forbidden, "dementia", "tracheostomy", "end_of_life", "exclu", "against", "52.6"])


def test_an_excluded_provider_reads_what_a_provider_that_was_not_needed_reads(result: Path, capsys: Capture) -> None:
    excluded = run(capsys, "explain", result, "N2", "--for", "provider", "--provider", "CEDAR").out
    unknown = run(capsys, "explain", result, "N2", "--for", "provider", "--provider", "NOBODY").out
    assert flat(excluded) == flat(unknown) == "Package N2, area A1, 10.5 hours a week. Not asked."


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
