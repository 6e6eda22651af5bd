"""The kinds of message by name, found by looking into this folder: whoever adds a file adds a kind."""

from __future__ import annotations

import importlib
import pkgutil

from api.outbox.message_kind import Kind


def _found() -> dict[str, Kind]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    kinds = [importlib.import_module(f"{__name__}.{name}").KIND for name in names]
    return {kind.name: kind for kind in kinds}


KINDS: dict[str, Kind] = _found()
