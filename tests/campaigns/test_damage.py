"""The short version of the campaign of damage, and whether its judge finds what is not told."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.campaigns import damage
from tests.campaigns.damage import Made, under_running, under_stopped
from tests.campaigns.damaging import sqlite_damage
from tests.campaigns.damaging.history import Compared
from tests.campaigns.damaging.told import Told, judge


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return damage.made_in(tmp_path_factory.mktemp("damage"))


@pytest.mark.parametrize(
    ("how", "source", "harm", "words"),
    [
        (under_stopped, "stopped", sqlite_damage.nothing_in_a_page, ("damaged, broken", "not started, broken")),
        (under_stopped, "stopped", sqlite_damage.emptied, ("not started, broken",)),
        (under_stopped, "killed", sqlite_damage.log_cut_in_a_frame, ("gone_back, broken", "not started, broken")),
        (under_stopped, "killed", sqlite_damage.log_of_another_time, ("gone_back, broken",)),
        (under_stopped, "killed", lambda *_: None, ("ready, holds",)),
        (under_running, "stopped", sqlite_damage.log_emptied, ("damaged, broken", "gone_back, broken")),
    ],
)
def test_what_is_damaged_is_told(
    made: Made,
    tmp_path: Path,
    how: Callable[..., tuple[Told, Compared]],
    source: str,
    harm: sqlite_damage.Damage,
    words: tuple[str],
) -> None:
    told, found = how(made, getattr(made, source), tmp_path, harm, random.Random(1))
    assert judge(told, found) == []
    assert told.in_words in words


@pytest.mark.parametrize(
    ("told", "found", "wrong"),
    [
        (Told(verified=0), Compared([], unreadable=False, broken=False), []),
        (Told(verified=5, ready="damaged"), Compared([("audit", "3")], unreadable=True, broken=True), []),
        (Told(verified=5), Compared([("audit", "3")], unreadable=False, broken=False), []),  # no file shows it
        (
            Told(verified=0),
            Compared([("audit", "3")], unreadable=False, broken=False),
            ["1 rows are lost ([('audit', '3')]), and verify says that all holds"],
        ),
        (
            Told(verified=5),
            Compared([], unreadable=True, broken=True),
            ["the files are damaged, and readiness says ready"],
        ),
        (Told(verified=5, wrong=["/v1/runs: 500 internal"]), Compared([], False, False), ["/v1/runs: 500 internal"]),
    ],
)
def test_the_judge_finds_what_is_not_told(told: Told, found: Compared, wrong: list[str]) -> None:
    assert judge(told, found) == wrong
