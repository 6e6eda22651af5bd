"""The small county, and the result of one run on it."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest

from optimiser.__main__ import main
from tests.making.folders import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A small valid county on disk."""
    return Folder.make(tmp_path / "county")


@pytest.fixture(scope="package")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a result for the small county, made once. Only to be read."""
    place = tmp_path_factory.mktemp("shared")
    folder = Folder.make(place / "county")
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(["allocate", str(folder.path), "--out", str(place / "out"), "--quiet"]) == 0
    return place / "out"
