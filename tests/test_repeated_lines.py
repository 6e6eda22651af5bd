"""No document says the same twice: lines and sentences that were pasted again. Examples and the heads of tables may repeat."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "data").rglob("*.md"), *(ROOT / "optimiser").rglob("*.md"), *(ROOT / "api").rglob("*.md")]
)
SHORTEST = 45
"""Shorter lines and sentences may stand twice by right: "Prints nothing." """


def said_twice(text: str) -> list[str]:
    """Every long line and sentence outside examples and tables that stands in a text more than once."""
    prose = re.sub(r"^(```|~~~).*?^\1[^\n]*$", "", text, flags=re.MULTILINE | re.DOTALL)
    lines = [line.strip() for line in prose.splitlines() if not line.lstrip().startswith("|")]
    sentences = [sentence.strip() for sentence in re.split(r"(?<=[.;:!?])\s+", " ".join(lines))]
    counts = Counter(lines) + Counter(sentences) - Counter(set(lines) & set(sentences))
    return sorted(each for each, count in counts.items() if count > 1 and len(each) >= SHORTEST)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_document_says_nothing_twice(document: Path) -> None:
    assert said_twice(document.read_text(encoding="utf-8")) == []


LINE = "An offer made or answered after the day is taken as it stands, with a note."


@pytest.mark.parametrize(
    "text",
    [
        f"{LINE}\nBetween.\n{LINE}\n",
        f"Ones; {LINE}\nTwos; {LINE}\n",
        f"One. {LINE.replace('is taken', chr(10) + 'is taken')} {LINE}",
    ],
)
def test_a_line_or_sentence_that_was_pasted_again_is_found(text: str) -> None:
    assert LINE in said_twice(text)


@pytest.mark.parametrize("text", [f"{LINE}\n", f"```\n{LINE}\n{LINE}\n```\n", f"| {LINE} |\n| {LINE} |\n", "Yes.\nYes.\n"])
def test_examples_tables_and_short_lines_may_repeat(text: str) -> None:
    assert said_twice(text) == []
