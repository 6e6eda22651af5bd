"""A snapshot written to a folder and read again is the same snapshot, whatever its texts and settings hold."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimiser.domain.policy import Policy
from optimiser.io.exporting import write_snapshot
from optimiser.io.faults import InputRefusedError
from optimiser.io.reading import read_snapshot
from optimiser.io.record_cells import KINDS, cells_of, record_of
from tests.making import days, package, plan_meanwhile, principal
from tests.making import snapshot as county_of

FOLDERS = [Path("data/three_villages"), Path("data/demonstration")]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_written_and_read_again_is_the_same_snapshot(folder: Path, tmp_path: Path) -> None:
    snapshot = read_snapshot(folder).snapshot
    write_snapshot(snapshot, tmp_path / "again")
    again = read_snapshot(tmp_path / "again").snapshot
    assert again == snapshot
    assert again.digest() == snapshot.digest()
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "again").iterdir()} == {0o600}


def test_a_folder_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    snapshot = read_snapshot(FOLDERS[0]).snapshot
    with pytest.raises(FileExistsError):
        write_snapshot(snapshot, tmp_path)
    assert not list(tmp_path.iterdir())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    title=st.text(st.characters(codec="utf-8"), max_size=40),
    target=st.integers(10**5, 9 * 10**5),
    overdue=st.integers(1000, 10**6),
)
def test_any_title_and_any_setting_come_back(
    tmp_path_factory: pytest.TempPathFactory, title: str, target: int, overdue: int
) -> None:
    snapshot = read_snapshot(FOLDERS[0]).snapshot
    policy = Policy(
        principal_share_target=Fraction(target, 10**6),
        overdue_factor=Fraction(overdue, 1000),
        bar_pamms=("poor", "requires_improvement"),
        move_pending=True,
    )
    snapshot = replace(snapshot, title=title, policy=policy)
    folder = tmp_path_factory.mktemp("out") / "again"
    write_snapshot(snapshot, folder)
    again = read_snapshot(folder).snapshot
    assert (again.title, again.policy) == (title.replace("\r\n", "\n"), policy)


def test_a_price_of_nothing_is_no_price_that_is_missing(tmp_path: Path) -> None:
    """Approved at £0.00, say because another pays: not the same as a purchase whose price nobody has approved."""
    bought: dict[str, Any] = {
        "choice": "purchase",
        "choice_until": days(9),
        "chosen_by": "a desk",
        "choice_reason": "Nobody is left.",
    }
    prices = []
    for pence in (0, None):
        plan = plan_meanwhile(**bought, approved_by="a head of service", approved_weekly_pence=pence)
        made = replace(county_of([package("N1")], [principal("ALDER")]), meanwhile=(plan,))
        write_snapshot(made, tmp_path / str(pence))
        again = read_snapshot(tmp_path / str(pence)).snapshot
        assert again == made
        prices.append((again.meanwhile[0].approved_weekly_pence, again.digest()))
    assert [pence for pence, _ in prices] == [0, None]
    assert prices[0][1] != prices[1][1]


def test_every_record_comes_back_from_its_cells() -> None:
    snapshot = read_snapshot(FOLDERS[1]).snapshot
    for kind in KINDS:
        for record in getattr(snapshot, kind)[:200]:
            assert record_of(kind, cells_of(kind, record)) == record


def test_cells_that_no_file_could_hold_are_refused_with_every_fault() -> None:
    package = read_snapshot(FOLDERS[0]).snapshot.packages[0]
    cells = cells_of("packages", package) | {"hours_per_week": "0.1", "workers": "3", "latitude": "91"}
    with pytest.raises(InputRefusedError) as refused:
        record_of("packages", cells)
    assert {fault.column for fault in refused.value.faults} == {"hours_per_week", "workers", "latitude"}
    assert "91" not in " ".join(fault.message() for fault in refused.value.faults)


def test_a_place_beside_the_greenwich_meridian_comes_back() -> None:
    package = replace(read_snapshot(FOLDERS[0]).snapshot.packages[0], longitude=0.00002)
    cells = cells_of("packages", package)
    assert cells["longitude"] == "0.00002"
    assert record_of("packages", cells) == package
