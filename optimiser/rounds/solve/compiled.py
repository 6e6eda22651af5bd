"""How the inner loops are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

from optimiser.kept_code import kept

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function on its first call, and keep the result for later runs.

    Without the counting of references (``_nrt``), which is ten times the work of the search itself; so the function may make no
    arrays of its own. And all put into one another: to hand over so many arrays at every call costs half as much again.
    """
    made: F = njit(forceinline=True, _nrt=False)(function)  # type: ignore[call-overload]
    return kept(made)
