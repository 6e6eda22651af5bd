"""What every result begins with, in one place."""

from __future__ import annotations

from pathlib import Path

from optimiser.io.result_head import result_head
from optimiser.version import FORMAT, SOFTWARE
from tests.making import framework, package, snapshot


def test_a_head_names_versions_the_command_and_the_input() -> None:
    made = snapshot([package("N1")], [framework("ELM")])
    head = result_head(made, titled=True, command="bridge")
    assert list(head.items()) == [
        ("format", FORMAT), ("software", SOFTWARE), ("command", "bridge"), ("snapshot_digest", made.digest()),
        ("title", made.title), ("as_of", "2026-11-23"),
    ]  # fmt: skip
    assert list(result_head(made)) == ["format", "software", "snapshot_digest", "as_of"]


def test_no_command_writes_a_head_of_its_own() -> None:
    """A night's fingerprint names the versions too, and a bridge's check counts its head again: neither begins a result."""
    own = {str(file) for file in Path("optimiser").rglob("*.py") if '"format": FORMAT' in file.read_text(encoding="utf-8")}
    assert own == {"optimiser/io/result_head.py", "optimiser/nightly/story.py", "optimiser/bridging/check_tables.py"}
