"""What a program is told of a run's result: how it went, and who goes where. Not why, which may say who is restricted.

A job hands results on; whoever decides on them reads them whole, in a role of their own.
"""

from __future__ import annotations

import orjson

FIGURES = (
    "format", "software", "command", "rule_book", "snapshot_digest", "known_digest", "title", "as_of", "travel", "settings",
    "complete", "levels", "part", "pins", "pins_together", "reoptimise", "waves",
)  # fmt: skip
"""Of what ``result.json`` says; a new part of it is told to no program before it is named here."""


def for_programs(result: bytes) -> bytes:
    """A result without the figures of areas and contracts, the tables of a transfer, and the reasons of proposals."""
    told = orjson.loads(result)
    told["result"] = {name: value for name, value in told["result"].items() if name in FIGURES}
    told["proposals"] = [each | {"reason": None} for each in told["proposals"]]
    return orjson.dumps(told)
