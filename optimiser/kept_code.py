"""Compiled code, kept for later runs: in a folder of its own for these very sources, and never believed if it cannot be read.

Numba looks at the file of a function and at nothing else. But what the function calls is compiled into it, out of other files
too; and what it was compiled for names classes of modules, which the next version may have renamed. So after an upgrade in place
a run would take up what other sources were compiled to, or end for a name that there no longer is.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache, UserProvidedCacheLocator
from numba.extending import is_jitted

F = TypeVar("F", bound=Callable[..., Any])


def kept(compiled: F) -> F:
    """Keep what numba compiles of a function, which calls compiled functions of its own folder alone.

    It is kept below ``NUMBA_CACHE_DIR``, or else below the user's own folder for such things. Where nothing may be written, what
    was kept before is read; where nothing can be read, each run compiles anew.
    """
    if _base() is not None and is_jitted(compiled):  # it is not where NUMBA_DISABLE_JIT is set
        compiled._cache = _Kept(compiled.py_func)  # type: ignore[attr-defined, no-untyped-call]
    return compiled


def _base() -> Path | None:
    """The folder below which compiled code is kept; None for a user without a home."""
    given, of_the_user = os.environ.get("NUMBA_CACHE_DIR"), os.environ.get("XDG_CACHE_HOME", "")
    if given:
        return Path(given)
    if os.path.isabs(of_the_user):  # noqa: PTH117
        return Path(of_the_user, "optimiser")
    try:
        return Path.home() / ".cache" / "optimiser"
    except RuntimeError:
        return None


@cache
def _digest(folder: Path) -> str:
    """Of every source in a folder, by name and content, and of what compiles them."""
    whole = hashlib.sha256(numba.__version__.encode())
    for file in sorted(folder.glob("*.py")):
        content = file.read_bytes()
        whole.update(f"\0{file.name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()[:20]


class _OfTheseSources(UserProvidedCacheLocator):
    """Where the compiled code of one function lies."""

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        super().__init__(function, file)  # type: ignore[no-untyped-call]
        base, folder = _base(), Path(file).parent
        assert base is not None
        self._cache_path = str(base / f"{folder.name}-{_digest(folder)}")

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> _OfTheseSources:
        """A place that may not be written is one too: what was kept there before can be read."""
        return cls(function, file)


class _Place(CompileResultCacheImpl):
    """Compiled code as numba writes it, in that place."""

    _locator_classes = [_OfTheseSources]  # noqa: RUF012


class _Kept(FunctionCache):
    """What is kept is a help: a run goes on without it."""

    _impl_class = _Place

    def load_overload(self, signature: Any, target: Any) -> Any:
        """None where nothing is kept. What cannot be read, for whatever reason, is forgotten."""
        try:
            return super().load_overload(signature, target)  # type: ignore[no-untyped-call]
        except Exception:
            with suppress(OSError):
                self.flush()  # type: ignore[no-untyped-call]
            return None

    def save_overload(self, signature: Any, made: Any) -> None:
        with suppress(OSError):  # a folder that may only be read, a full disk
            super().save_overload(signature, made)  # type: ignore[no-untyped-call]
