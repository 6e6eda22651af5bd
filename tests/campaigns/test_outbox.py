"""The campaign of the outbox, short; and its proof is shown what it has to find."""

from __future__ import annotations

from tests.campaigns.outbox import SENDER, WRITER, Plan, amiss, on


def test_nothing_is_lost_or_doubled_by_kill_9() -> None:
    """The longer one, with a server and on both databases, is ``python -m tests.campaigns.outbox``."""
    said: list[str] = []
    assert on("sqlite", Plan(messages=120, kills=2, seed=3, packages=30, who=(WRITER, SENDER)), said.append) == []
    assert any("heard 120 of 120" in each for each in said)


def test_its_proof_finds_what_it_is_for() -> None:
    """Of eighty messages to twenty desks, of twenty packages: every twentieth is of one package at one desk."""
    plan = Plan(messages=80, kills=0, seed=1, packages=20)
    whole = [f"O{number:07}" for number in range(80)]
    assert amiss(whole, plan) == []
    assert amiss(sorted(whole, key=lambda each: int(each[1:]) % 20), plan) == [], "packages may go before each other"
    assert amiss(whole[:7] + whole[8:], plan) == ["1 lost, the first O0000007"]
    assert amiss([*whole, whole[79]], plan) == ["1 told twice of one cause, the first O0000079"]
    assert amiss([*whole, "O0000999"], plan) == ["1 never written, the first O0000999"]
    assert amiss([whole[20], whole[0], *whole[1:20], *whole[21:]], plan) == ["O0000000 came after O0000020 of its package"]
