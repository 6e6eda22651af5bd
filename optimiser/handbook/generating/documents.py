"""Documents that live beside what they describe, as pages of the handbook: their links lead to pages, or are plain words. And
``{file:PATH}`` in a page is that file, as it is: a template, a unit, a job.
"""

from __future__ import annotations

import os
import posixpath
import re
from functools import cache

from optimiser.handbook import HERE, ROOT

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
ELSEWHERE = {
    "data/README.md": "reference/data.md",
    "data/prices/README.md": "reference/prices.md",
    "data/three_villages/WORKED.md": "reference/three-villages.md",
    "api/README.md": "reference/service.md",
    "optimiser/rules/README.md": "add/rules-in-full.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
    "SECURITY.md": "papers/security.md",
    "README.md": "index.md",
}
"""Where in the handbook a document of the checkout stands. The README has a page of its own in its place."""
DECISIONS = "optimiser/decisions"
ARCHITECTURE = "optimiser/ARCHITECTURE.md"


@cache
def mapped() -> dict[str, str]:
    """Every document's path in the checkout, with its address in the handbook."""
    found = dict(ELSEWHERE)
    for file in sorted((ROOT / DECISIONS).glob("*.md")):
        found[f"{DECISIONS}/{file.name}"] = f"decisions/{'index.md' if file.name == 'README.md' else file.name}"
    if (ROOT / ARCHITECTURE).exists():
        found[ARCHITECTURE] = "decisions/architecture.md"
    return found


def document_pages() -> dict[str, str]:
    """The documents as pages, but for the README."""
    return {address: page_of(path) for path, address in mapped().items() if path != "README.md"}


def decisions() -> list[tuple[str, str]]:
    """Title and address of the map, if there is one, and of every decision."""
    found = [(_title(path), address) for path, address in mapped().items() if address.startswith("decisions/")]
    return sorted(found, key=lambda each: (each[1] != "decisions/index.md", each[1] != "decisions/architecture.md", each))


def _title(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8").splitlines()[0].lstrip("# ")


def page_of(path: str) -> str:
    """A document's text with its links as they are from where it stands in the handbook."""
    address = mapped()[path]
    return LINK.sub(lambda link: _led(link, path, address), (ROOT / path).read_text(encoding="utf-8"))


def _led(link: re.Match[str], path: str, address: str) -> str:
    text, target = link.groups()
    if re.match(r"[a-z]+:|#", target):
        return link.group(0)
    file, _, anchor = target.partition("#")
    to = address_of(posixpath.normpath(posixpath.join(posixpath.dirname(path), file)))
    if to is None:
        return text  # a file of the code: the handbook is read where that is not at hand
    near = posixpath.relpath(to, posixpath.dirname(address) or ".")
    return f"[{text}]({near}{'#' + anchor if anchor else ''})"


def address_of(path: str) -> str | None:
    """Where a file of the checkout stands in the handbook; None: nowhere."""
    pages = f"{os.path.relpath(HERE, ROOT)}/pages/"
    return path.removeprefix(pages) if path.startswith(pages) else mapped().get(path)


MARK = re.compile(r"^\{file:([\w./-]+)\}$", re.MULTILINE)
KINDS = {".py": "python", ".yaml": "yaml", ".service": "ini", ".timer": "ini", ".conf": "text"}


def with_files(markdown: str) -> str:
    """A text with the files that it names, each as a block of code. Paths are from the folder of the pages."""
    return MARK.sub(_block, markdown)


def _block(mark: re.Match[str]) -> str:
    file = HERE / "pages" / mark.group(1)
    return f"```{KINDS[file.suffix]}\n{file.read_text(encoding='utf-8').rstrip()}\n```"
