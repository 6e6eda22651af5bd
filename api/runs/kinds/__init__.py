"""The kinds of run, one file each: its settings, the work, what applying its plan means, what its plan is known by.

A further kind is one more file here with a ``KIND``; nothing else needs to know of it. What is heavy is imported when a run is
worked on: the server itself never loads a solver.
"""

from __future__ import annotations

import importlib
import pkgutil

from api.runs.kinds.kind import Kind


def _found() -> dict[str, Kind]:
    modules = (importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    kinds: list[Kind] = [module.KIND for module in modules if hasattr(module, "KIND")]
    return {each.name: each for each in sorted(kinds, key=lambda each: each.name)}


KINDS = _found()
"""Every kind by its name: the only list of them."""
