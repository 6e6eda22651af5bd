"""The small county, and the result of one run on it. Rounds are planned with few tries: those of small weeks are soon found."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from optimiser.__main__ import main
from tests.calling import somebody_answers
from tests.making.folders import Folder
from tests.making.weeks import searched_briskly

__all__ = ["somebody_answers"]


@pytest.fixture(scope="package", autouse=True)
def brisk() -> Iterator[None]:
    with searched_briskly():
        yield


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
