"""The versions that a result names."""

from __future__ import annotations

SOFTWARE = "0.1.0"
FORMAT = "1"
"""The version of the snapshot and result format."""
