"""JSON in which a name stands once in each object: of two values one would count, and another reader may take the other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class OnceEach:
    """For ``json.loads(…, object_pairs_hook=OnceEach())``; ``twice``: every name that stood more than once in an object."""

    twice: list[str] = field(default_factory=list)

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            self.twice += [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
        return made
