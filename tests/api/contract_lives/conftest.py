"""Letters name somebody who answers."""

from __future__ import annotations

from tests.calling import somebody_answers

__all__ = ["somebody_answers"]
