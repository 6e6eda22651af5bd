"""A county of which somebody is told."""

from __future__ import annotations

from tests.api.outbox.told_county import told, told_here

__all__ = ("told", "told_here")
