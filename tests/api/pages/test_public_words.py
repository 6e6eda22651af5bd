"""What anybody may read without signing in is plain: a Flesch-Kincaid grade of at most 7 for each page as a whole."""

from __future__ import annotations

import pytest

from tests.api.pages.reading import Browser
from tests.explaining.reading import grade

HARDEST = 7.0


@pytest.mark.parametrize("address", ["/sign-in", "/signed-out", "/accessibility"])
def test_a_page_for_everybody_is_read_with_seven_years_of_school(nobody: Browser, address: str) -> None:
    page = nobody.read(address)
    said = [each for tag in ("h1", "h2", "p", "li") for each in page.said(tag) if len(each.split()) > 2]
    assert grade(" ".join(each if each[-1] in ".?!:" else f"{each}." for each in said)) <= HARDEST
