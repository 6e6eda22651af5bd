"""Less may leave a provider than leaves others, as was agreed with it: the plan keeps to it, names it, and is checked by it."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from optimiser.domain.plan import AgreedLimit, AgreedMove, EarlierMove, Known
from optimiser.io.faults import InputRefusedError
from optimiser.io.moves import read_known
from optimiser.transferring.check import check
from optimiser.transferring.recut import recut_candidates
from optimiser.transferring.story import CannotPlanError
from tests.making import days
from tests.making.transfers import POLICY, files, planned, small_county, where

WHY = "It said on 3 November that it would have to close its night rota."


def limit(share: Fraction | None = None, hours: int | None = None, provider_id: str = "OLD") -> Known:
    return Known(limits=(AgreedLimit(provider_id, WHY, share, None if hours is None else hours * 60),))


@pytest.mark.parametrize(
    ("known", "moves"),
    [
        (Known(), {"R1", "R4"}),
        (limit(Fraction(15, 100)), {"R1", "R4"}),
        (limit(Fraction(14, 100)), {"R1"}),
        (limit(hours=10), {"R1"}),
        (limit(hours=9), {"R4"}),
        (limit(hours=4), set()),
        (limit(hours=0), set()),
        (limit(Fraction(1)), {"R1", "R4"}),
        (limit(hours=0, provider_id="SMALL"), {"R1", "R4"}),
    ],
    ids=["none", "as all", "share", "hours", "R4 alone fits", "nothing fits", "nothing may", "higher than for all", "another's"],
)
def test_the_plan_keeps_to_it(known: Known, moves: set[str]) -> None:
    """OLD has 100 hours. R1 are 10 of them and R4 are 5; of all providers 15% may leave, and what is agreed is never more."""
    plan = planned(known=known)
    assert {name for name, day in where(plan).items() if day != "stays"} == moves
    made = json.loads(files(plan)["result.json"])
    assert [each["provider_id"] for each in made.get("agreed_limits", [])] == [each.provider_id for each in known.limits]


def test_it_is_named_with_its_reason_and_what_leaves() -> None:
    made = files(planned(known=limit(hours=12)))
    result = json.loads(made["result.json"])
    assert result["agreed_limits"] == [
        {"provider_id": "OLD", "share": "0.120000", "most_hours_per_week": "12.00", "hours_in_a_year": "10.00", "reason": WHY}
    ]
    assert f"At most 12 hours a week may leave OLD within a year, as agreed with it ({WHY}); 10 hours do." in result["warnings"]
    stays = next(line for line in made["transfers.csv"].decode().splitlines() if line.startswith("R4,"))
    assert "12.0% of OLD's hours, as agreed with it, in the year from" in stays
    assert "agreed with it" in made["transfer.html"].decode()
    assert result["known_digest"] != json.loads(files(planned())["result.json"])["known_digest"]


def test_without_one_nothing_of_the_result_is_different() -> None:
    assert "agreed_limits" not in json.loads(files(planned())["result.json"])


def test_earlier_moves_count_in_it() -> None:
    """Two hours left OLD on 7 May: of twelve that were agreed ten are left in the year, for R1; of eleven it waits."""
    before = (EarlierMove(days(-200), "Z", "OLD", 120),)
    for hours, day in ((12, "2027-03-01"), (11, "2027-06-01")):
        assert where(planned(known=Known(history=before, limits=limit(hours=hours).limits)))["R1"] == day


def test_a_plan_that_passes_it_is_not_confirmed() -> None:
    known, county = limit(hours=12), small_county()
    said = check(county, POLICY, known, ["A1"], files(planned()))
    assert "OLD loses 900 of 6000 minutes in the year from 2027-03-01" in said
    assert "the agreed limits of the result are not those that were agreed" in said
    made = files(planned(known=known))
    assert check(county, POLICY, known, ["A1"], made) == []
    for name, value in (("share", "0.150000"), ("hours_in_a_year", "12.00"), ("reason", "Another")):
        result = json.loads(made["result.json"])
        result["agreed_limits"][0][name] = value
        wrong = {**made, "result.json": json.dumps(result).encode()}
        assert check(county, POLICY, known, ["A1"], wrong) == ["provider OLD: its agreed limit is wrong"], name


def test_what_is_agreed_to_move_and_passes_it_is_refused() -> None:
    agreed = Known(agreed=(AgreedMove("R1", days(98)),), limits=limit(hours=9).limits)
    with pytest.raises(CannotPlanError, match="as agreed with it"):
        planned(known=agreed)


def put(folder: Path, text: str) -> Path:
    path = folder / "limits.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_file_is_read_in_any_order(tmp_path: Path) -> None:
    text = "reason,provider_id,hours_per_week,share\nA night rota,SMALL,2.25,\nTwo rounds at most,OLD,,0.08\n"
    known, notes = read_known(small_county(), limits=put(tmp_path, text))
    assert known.limits == (
        AgreedLimit("OLD", "Two rounds at most", Fraction(8, 100)),
        AgreedLimit("SMALL", "A night rota", None, 135),
    )
    assert not notes and "night rota" not in repr(known)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("provider_id,share,reason\nNOBODY,0.1,Why\n", "line 2, provider_id: expected a known provider_id"),
        ("provider_id,share,reason\nOLD,0.1,Why\nOLD,0.2,Why\n", "line 3, provider_id: expected each provider once"),
        ("provider_id,share,hours_per_week,reason\nOLD,0.1,5,Why\n", "line 2, share: expected a share or hours_per_week"),
        ("provider_id,share,hours_per_week,reason\nOLD,,,Why\n", "line 2, share: expected a share or hours_per_week"),
        ("provider_id,share,reason\nOLD,0.1,\n", "line 2, reason: expected why it was agreed"),
        ("provider_id,share,reason\nOLD,1.1,Why\n", "line 2, share: expected a number from 0 to 1"),
        ("provider_id,hours_per_week,reason\nOLD,5.1,Why\n", "line 2, hours_per_week: expected hours in quarter hours"),
    ],
)
def test_what_is_wrong_with_the_file_is_told(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputRefusedError) as refused:
        read_known(small_county(), limits=put(tmp_path, text))
    assert said in " ".join(fault.message() for fault in refused.value.faults)


def test_parts_of_rounds_are_no_larger_than_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may leave at all bounds the parts that are proposed: of the same county, with less agreed, fewer minutes of one."""
    sizes: list[int] = []

    def parts(*given: Any) -> list[Any]:
        sizes.append(given[4])
        return []

    monkeypatch.setattr("optimiser.transferring.recut.parts", parts)
    assert recut_candidates.__module__ == "optimiser.transferring.recut"
    planned(known=limit(hours=3), recut=True)
    assert 180 in sizes and 900 not in sizes
