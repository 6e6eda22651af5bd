"""``python -m api.acts``: who may do what."""

from __future__ import annotations

from api.acts.table import every_act, table

print(table(every_act()), end="")
