"""Letters go to those alone for whom something changes, say what is true whatever the reason, and are easy to read."""

from __future__ import annotations

from dataclasses import replace

from optimiser.transferring.letters import to_print
from optimiser.transferring.relieving.letters import relief_letters
from optimiser.transferring.relieving.report import relief_files
from optimiser.transferring.relieving.story import Relief
from tests.explaining.reading import grade
from tests.transferring.relieving.worlds import losing, on_dale, relieved


def four() -> Relief:
    """A is kept with a whole round, B in a round that is broken; C, of that round, goes to ELM; D is left uncovered."""
    people = [
        on_dale("A", if_missed="red", round_id="R1", excluded_provider_ids=("ELM",)),
        on_dale("B", if_missed="red", round_id="R2", protected="end_of_life", can_step_in="Her son"),
        on_dale("C", if_missed="amber", round_id="R2"),
        on_dale("D", if_missed="green"),
    ]
    return relieved(losing(people, elm=5), 10)


def words() -> dict[str, str]:
    return {letter.package_id: " ".join((letter.subject, *letter.paragraphs)) for letter in to_print(relief_letters(four()))[0]}


def test_nobody_whom_nothing_changes_is_written_to() -> None:
    assert {letter.package_id: letter.kind for letter in relief_letters(four())} == {
        "B": "kept", "C": "new_provider", "D": "looking",
    }  # fmt: skip


def test_whoever_is_kept_with_a_whole_round_is_written_to_where_that_is_asked_for() -> None:
    asked = four()
    asked = replace(asked, case=replace(asked.case, policy=replace(asked.case.policy, letters_to_stayers=True)))
    said = {letter.package_id: " ".join(letter.paragraphs) for letter in relief_letters(asked)}
    assert said.keys() == {"A", "B", "C", "D"}
    assert "they go on giving you your care" in said["A"]
    assert "Other care workers" not in said["A"]
    assert grade(said["A"]) <= 6.5
    assert relief_files(asked, {}), "and the check asks for the same"


def test_each_says_what_happens_to_this_persons_care() -> None:
    assert "they go on giving you your care" in words()["B"]
    assert "we plan that Elm will care for you from that day" in words()["C"]
    assert "Your care will not stop" in words()["C"]
    assert "Your care will not stop" not in words()["D"]
    assert "They may not be able to come to you from that day" in words()["D"]


def test_none_says_why_or_anything_of_the_person() -> None:
    for said in words().values():
        for private in ("red", "amber", "green", "end of life", "end_of_life", "son", "protected", "harm", "hours"):
            assert f" {private} " not in said.lower()
        assert "keep Dale" not in said
        assert "told us" not in said


def test_they_are_easy_to_read() -> None:
    for said in words().values():
        assert grade(said) <= 6.5


def test_who_can_step_in_and_the_harm_are_in_no_letter_and_who_can_step_in_in_no_file() -> None:
    files = relief_files(four(), {})
    assert not any(b"Her son" in content for content in files.values())
    assert "Her son" not in repr(four().before.packages[1])


def test_parts_of_one_persons_care_with_the_same_news_are_one_letter() -> None:
    people = [on_dale("A"), on_dale("A2", part_of="A"), on_dale("B")]
    county = losing(people, elm=10)
    files = relief_files(relieved(replace(county), 5), {})
    assert files["letters.jsonl"].count(b"\n") == 1
