"""What a page tells to run is run, on the three villages, and prints what the page says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from optimiser.handbook import HERE, ROOT

PAGES = HERE / "pages"
BLOCK = re.compile(r"^```\{ ((?:\.\w+ ?)+)\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SETTINGS = {name: value for name, value in os.environ.items() if not name.startswith("OPTIMISER_") and name != "DATABASE_URL"}


def blocks(page: Path) -> list[tuple[set[str], str]]:
    """The kinds of each marked block of a page, and its text."""
    return [
        ({kind.strip(".") for kind in kinds.split()}, text) for kinds, text in BLOCK.findall(page.read_text(encoding="utf-8"))
    ]


RUN = [page for page in sorted(PAGES.rglob("*.md")) if any("run" in kinds for kinds, _ in blocks(page))]
END = "= end of a block ="


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data" / "three_villages", tmp_path / "data" / "three_villages")
    return tmp_path


def in_one_go(page: Path, language: str, folder: Path) -> list[str]:
    """What each block of a language printed: they run one after the other, in one process."""
    found = [text for kinds, text in blocks(page) if kinds == {language, "run"}]
    if not found:
        return []
    if language == "python":
        command = [sys.executable, "-W", "error::DeprecationWarning:__main__", "-c", f"\nprint('{END}')\n".join(found)]
    else:
        command = ["sh", "-e", "-c", f"\necho '{END}'\n".join(found)]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = SETTINGS | {"PATH": path, "COLUMNS": "150"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split(END)


@pytest.mark.parametrize("page", RUN, ids=lambda page: str(page.relative_to(PAGES)))
def test_what_a_page_tells_to_run_prints_what_it_says(page: Path, folder: Path) -> None:
    printed = {language: iter(in_one_go(page, language, folder)) for language in ("sh", "python")}
    said, compared = "", 0
    for kinds, text in blocks(page):
        if "run" in kinds:
            (language,) = kinds - {"run"}
            said = next(printed[language])
        elif "printed" in kinds:
            compared += 1
            _follows(text, said)
    assert compared, "a page shows what a run prints"


def _follows(text: str, said: str) -> None:
    """Every line of a page stands in what was printed, in this order; blanks and the lines of tables apart."""
    there = " ".join(said.split())
    at = 0
    for line in text.splitlines():
        words = " ".join(line.strip("─ ").split())
        if words:
            found = there.find(words, at)
            assert found >= 0, f"not printed: {words}\nin: {said}"
            at = found + len(words)


def test_every_kind_of_block_is_one_that_is_run_or_compared() -> None:
    for page in PAGES.rglob("*.md"):
        for kinds, _ in blocks(page):
            assert kinds in ({"sh", "run"}, {"python", "run"}, {"text", "printed"}), (page, kinds)
    assert len(RUN) >= 4


def test_a_page_that_says_something_else_is_noticed() -> None:
    _follows("one  two\n───\nthree", "one two and three\n")
    with pytest.raises(AssertionError):
        _follows("three\none", "one two three")
