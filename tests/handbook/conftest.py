"""The handbook, built once with every warning an error."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from optimiser.handbook import HERE


class Warned(logging.Handler):
    """Keeps what MkDocs warns of: ``--strict`` counts the same."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built pages."""
    folder = tmp_path_factory.mktemp("handbook") / "site"
    log, warned = logging.getLogger("mkdocs"), Warned()
    log.addHandler(warned)
    try:
        build(load_config(str(HERE / "mkdocs.yml"), site_dir=str(folder), strict=True))
    finally:
        log.removeHandler(warned)
    assert warned.said == []
    return folder
