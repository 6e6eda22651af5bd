"""Which counts a viewer does not see, so that nobody can be picked out of an area's figures.

A count under the limit is withheld, zero included. The parts of a total add up to it, so what is withheld could be worked
out from what is shown. Further counts are therefore withheld until at least two are, and together they hold too many people
to be small each. Which go first is fixed: a choice by size would tell sizes. A test tries every small area.
"""

from __future__ import annotations

from collections.abc import Mapping


def withheld(parts: Mapping[str, int], smallest: int) -> tuple[frozenset[str], bool]:
    """The names of the parts that are not shown, and whether their total is not shown either.

    ``parts`` in the order in which further ones are withheld; ``smallest``: counts under it are not shown (5: "fewer than 5").
    """
    hidden = {name for name, count in parts.items() if count < smallest}
    if not hidden:
        return frozenset(), False
    enough = len(parts) * smallest
    shown = [name for name in parts if name not in hidden]
    while shown and (len(hidden) < 2 or _people(parts, hidden) < enough):
        hidden.add(shown.pop(0))
    return frozenset(hidden), _people(parts, hidden) < enough


def _people(parts: Mapping[str, int], names: set[str]) -> int:
    return sum(parts[name] for name in names)
