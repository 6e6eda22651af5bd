"""Settings of every test: hypothesis finds the same examples on every machine, and nothing depends on seconds.

Nor on the shell: what it exports for the service is forgotten, and an interrupt is heeded even where the tests were started with
it ignored (as under ``nohup``), here and in every process that a test starts. These processes, of which there are hundreds, keep
what Python compiles for each other, whatever the shell says of that.
"""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

settings.register_profile(
    "optimiser", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("optimiser")

for name in [each for each in os.environ if each == "DATABASE_URL" or each.upper().startswith("OPTIMISER_")]:
    del os.environ[name]
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
if signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, None):
    signal.signal(signal.SIGINT, signal.default_int_handler)
