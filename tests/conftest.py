"""Settings of every test: hypothesis finds the same examples on every machine, and nothing depends on seconds."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "optimiser", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("optimiser")
