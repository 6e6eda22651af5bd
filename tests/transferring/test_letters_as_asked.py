"""Letters are made as people asked for them, by themselves; whose way is not known is listed before anything goes."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html import unescape
from typing import Any

from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.handing_back.letters import hand_back_letters
from optimiser.transferring.handing_back.story import plan_hand_back
from optimiser.transferring.letters import to_print
from optimiser.transferring.letters_as_asked import AS_ASKED_FILE, TO_CHECK_FILE, ask_first, post_files, to_check
from optimiser.transferring.report import letters
from tests.explaining.reading import grade
from tests.making.transfers import POLICY, planned, small_county
from tests.transferring.handing_back.test_hand_back import county as handed_back
from tests.transferring.test_letters import SECRETS


def asking(snapshot: Snapshot, **by_person: dict[str, Any]) -> Snapshot:
    """The same county, in which people have asked for their letters in some way."""
    people = tuple(replace(each, **by_person.get(each.package_id, {})) for each in snapshot.packages)
    return replace(snapshot, packages=people)


def files_of(snapshot: Snapshot) -> tuple[dict[str, str], str, list[dict[str, str]]]:
    """By the way that they are made, the letters as asked; the whole page; and the list of whom to ask first."""
    plan = planned(snapshot, letters_to_stayers=True)
    made = post_files(plan.county, letters(plan))
    page = made[AS_ASKED_FILE].decode()
    articles = re.findall(r'<article class="(\w+)".*?>\n(.*?)</article>', page, re.DOTALL)
    return dict(articles), page, list(csv.DictReader(io.StringIO(made[TO_CHECK_FILE].decode("utf-8-sig"))))


def test_each_is_made_as_its_person_asked() -> None:
    county = asking(
        small_county(),
        A1={"formats": ("large_print",), "language": "English"},
        A2={"formats": ("easy_read",), "language": "English", "write_to": "Mr Ali Reed, her son"},
        B1={"language": "Polish"},
        D1={"formats": ("plain_text",), "language": "english"},
    )
    made, page, to_ask = files_of(county)
    assert made.keys() == {"large_print", "easy_read", "easy_to_translate", "plain_text"}
    assert page.count("<article") == 4
    assert "To: Mr Ali Reed, her son" in made["easy_read"]
    assert "<p>They are the main care provider for your area.</p>" in made["easy_read"], "a sentence a line"
    assert "into Polish, please." in made["easy_to_translate"]
    assert "Your reference: D1" in made["plain_text"]
    assert ".large_print { font-size: 18pt; }" in page
    assert [(row["package_id"], row["format"], row["language"]) for row in to_ask] == [
        ("B1", "not recorded", "Polish"),
        ("B2", "not recorded", "not recorded"),
        ("C1", "not recorded", "not recorded"),
    ]


def test_no_word_is_lost_and_nothing_private_is_told() -> None:
    county = small_county()
    everybody = {each.package_id: {"formats": ("easy_read",), "language": "English"} for each in county.packages}
    plan = planned(asking(county, **everybody), letters_to_stayers=True)
    post, _ = to_print(letters(plan))
    page = post_files(plan.county, post)[AS_ASKED_FILE].decode()
    text = unescape(" ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL).split()))
    for letter in post:
        assert all(paragraph in text for paragraph in letter.paragraphs)
    assert not SECRETS.search(text)
    assert grade(text) <= 6


def test_where_nobody_asked_for_anything_everybody_is_on_the_list() -> None:
    made, page, to_ask = files_of(small_county())
    assert (made, len(to_ask)) == ({}, 6)
    assert "Nobody who is written to has asked" in page


def test_letters_of_a_hand_back_are_made_so_too() -> None:
    plan = plan_hand_back(asking(handed_back(), A1={"formats": ("large_print",), "language": "English"}), "P-NEW", POLICY)
    post = hand_back_letters(plan)
    assert post_files(plan.county, post)[AS_ASKED_FILE].count(b'<article class="large_print"') == 1
    assert [row["package_id"] for row in to_check(plan.county, post)] == ["A2", "U"]
    told = "Letters: how 2 people read theirs is not recorded. Ask before they go: letters-to-check.csv."
    assert ask_first(plan.county, post) == [told]
