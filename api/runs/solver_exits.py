"""How a solver process ends, by its exit code."""

from __future__ import annotations

ENDED = 0
"""The run has ended, or is another's."""
LEFT = 3
"""It had to leave."""
FAILED = 4
"""This attempt failed. 1 and 2 are Python's own, where it cannot even begin."""
