"""The roles by name."""

from __future__ import annotations

VIEWER, PLANNER, TRANSITION, JOB, ADMIN = "viewer", "planner", "transition", "job", "admin"
