"""What a page tells to run is run, on the three villages, and prints what the page says."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from api.security.key_ring import FRESH_SECONDS
from optimiser.handbook import HERE, ROOT
from tests.warmed.path import warmed

__all__ = ["warmed"]

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


def in_one_go(page: Path, language: str, folder: Path, warmed: Path) -> list[str]:
    """What each block of a language printed: they run one after the other, in one process."""
    found = [text for kinds, text in blocks(page) if kinds == {language, "run"}]
    if not found:
        return []
    if language == "python":
        command = [sys.executable, "-W", "error::DeprecationWarning:__main__", "-c", f"\nprint('{END}')\n".join(found)]
    else:
        command = ["sh", "-e", "-c", f"\necho '{END}'\n".join(found)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=_environment(warmed), check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split(END)


def _environment(warmed: Path) -> dict[str, str]:
    path = os.pathsep.join([str(warmed), str(Path(sys.executable).parent), os.environ["PATH"]])
    seldom = {"OPTIMISER_TICK_SECONDS": "3600"}  # what the service does by itself would come between on a slow machine
    return SETTINGS | {"PATH": path, "COLUMNS": "150"} | seldom


@pytest.mark.parametrize("page", RUN, ids=lambda page: str(page.relative_to(PAGES)))
def test_what_a_page_tells_to_run_prints_what_it_says(page: Path, folder: Path, warmed: Path) -> None:
    printed = {language: iter(in_one_go(page, language, folder, warmed)) for language in ("sh", "python")}
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
    """Every line of a page stands in what was printed, in this order; not so blanks, lines of tables, and what "…" leaves out."""
    there = " ".join(said.split())
    at = 0
    for part in text.replace("…", "\n").splitlines():
        words = " ".join(part.strip("─ ").split())
        if words:
            found = there.find(words, at)
            assert found >= 0, f"not printed: {words}\nin: {said}"
            at = found + len(words)


WALK = ({"sh", "begin"}, {"text", "session"})
"""A session with the service: how it begins, and commands ("$ …") with what each printed."""


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="the walk is told with curl and jq")
@pytest.mark.parametrize("page", ["planner.md", "contracts.md", "a-county-year.md", "quality.md", "one-persons-path.md"])
def test_a_walk_with_the_service_goes_as_it_is_told(folder: Path, warmed: Path, page: str) -> None:
    port = _free_port()
    lines = ["trap 'kill $!' EXIT"]
    sessions: list[tuple[str, str]] = []
    for kinds, text in blocks(PAGES / "how-to" / page):
        if kinds == WALK[0]:
            lines += text.replace("localhost:8000", f"127.0.0.1:{port}").splitlines()
            if sessions and "keys create" in text:
                lines.append(f"sleep {FRESH_SECONDS}")  # until the service, which runs already, knows of it
        elif kinds == WALK[1]:
            for asked, _, told in (part.partition("\n") for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]):
                lines += [asked, f"echo '{END}'"]
                sessions.append((asked, told))
    printed = _in_bash("\n".join(lines), folder, warmed, port).split(END)
    assert len(printed) == len(sessions) + 1 > 9, printed
    for (asked, told), said in zip(sessions, printed, strict=False):
        assert told.strip() or "=$(" in asked, f"a page shows what is printed: {asked}"
        _follows(told, said)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _in_bash(lines: str, folder: Path, warmed: Path, port: int = 0) -> str:
    """What is printed, errors too."""
    command, environment = ["bash", "-c", lines], _environment(warmed) | {"OPTIMISER_PORT": str(port)}
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
        timeout=300,
    )
    return done.stdout


README = (ROOT / "README.md").read_text(encoding="utf-8").replace(".venv/bin/optimiser", "optimiser")


def test_the_commands_of_the_readme_print_what_it_says(folder: Path, warmed: Path) -> None:
    session = README.partition("**From the command line:**")[2].partition("```\n")[2].partition("```")[0]
    asked = re.findall(r"^\$ (.*)$", session, re.MULTILINE)
    assert len(asked) == 2
    _follows(re.sub(r"^\$ .*$", "", session, flags=re.MULTILINE), _in_bash("\n".join(asked), folder, warmed))


@pytest.mark.skipif(not shutil.which("curl"), reason="the example is told with curl")
def test_the_example_over_http_of_the_readme_answers_what_it_says(folder: Path, warmed: Path) -> None:
    port = _free_port()
    asked, _, rest = README.partition("**Over HTTP:**")[2].partition("```sh\n")[2].partition("```\n")
    told = rest.partition("```\n")[2].partition("```")[0]
    lines = f"trap 'kill $!' EXIT\n{asked.replace('localhost:8000', f'127.0.0.1:{port}')}"
    _follows(told, _in_bash(lines, folder, warmed, port))


def test_every_kind_of_block_is_one_that_is_run_or_compared() -> None:
    """``walk``: steps from official files to a county, which tests/official takes."""
    for page in PAGES.rglob("*.md"):
        for kinds, _ in blocks(page):
            assert kinds in ({"sh", "run"}, {"python", "run"}, {"text", "printed"}, {"sh", "walk"}, *WALK), (page, kinds)
    assert len(RUN) >= 4


def test_a_page_that_says_something_else_is_noticed() -> None:
    _follows("one  two\n───\nthree", "one two and three\n")
    with pytest.raises(AssertionError):
        _follows("three\none", "one two three")
