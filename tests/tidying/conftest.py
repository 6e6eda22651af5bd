"""A small county on disk."""

from tests.io.conftest import folder

__all__ = ["folder"]
