"""A fresh small county for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.making.folders import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A small valid county on disk."""
    return Folder.make(tmp_path / "county")
