"""``{file:PATH}`` in a page is that file, as it is: a template, a unit, a job."""

from __future__ import annotations

import re

from optimiser.handbook import HERE

MARK = re.compile(r"^\{file:([\w./-]+)\}$", re.MULTILINE)
KINDS = {".py": "python", ".yaml": "yaml", ".service": "ini", ".timer": "ini"}


def with_files(markdown: str) -> str:
    """A text with the files that it names, each as a block of code. Paths are from the folder of the pages."""
    return MARK.sub(_block, markdown)


def _block(mark: re.Match[str]) -> str:
    file = HERE / "pages" / mark.group(1)
    return f"```{KINDS[file.suffix]}\n{file.read_text(encoding='utf-8').rstrip()}\n```"
