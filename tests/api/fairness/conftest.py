"""The three villages, as the pages are tried on them."""

from tests.api.pages.conftest import nobody, villages

__all__ = ["nobody", "villages"]
