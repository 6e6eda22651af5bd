"""A rule is one file: the toys' folder stands beside a folder of the rule book, and the standard book finds them there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from optimiser.rules import limits
from optimiser.rules.book import standard_rules
from tests.rules import toy_files


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The standard book has the toys in it, as if their files lay in one of its folders."""
    folder = str(Path(toy_files.__file__).parent)
    monkeypatch.setattr(limits, "__path__", [*limits.__path__, folder])
    standard_rules.cache_clear()
    yield
    monkeypatch.undo()
    standard_rules.cache_clear()
    for name in [path.stem for path in Path(folder).glob("*.py")]:
        sys.modules.pop(f"{limits.__name__}.{name}", None)
        if hasattr(limits, name) and name != "__init__":
            delattr(limits, name)
