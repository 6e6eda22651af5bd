"""Letters are printed: somebody answers by day and night."""

from tests.calling import somebody_answers

__all__ = ["somebody_answers"]
