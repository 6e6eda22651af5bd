"""What was worked out about single packages, kept from one version of the county to the next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TypeVar, cast

T = TypeVar("T")

LARGEST = 400
"""So many packages are kept, those asked about last: some 150 kB each."""


class Memory:
    """Shared by the states of a county that differ in their offers alone. Hold ``lock`` while using what it gives.

    What is kept says itself what it rests on: it is used again only where that is still so.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._kept: OrderedDict[tuple[type, int], object] = OrderedDict()

    def of(self, kind: type[T], package: int) -> T:
        """What is kept of a kind for a package; an empty one where nothing is."""
        key = (kind, package)
        if key not in self._kept:
            self._kept[key] = kind()
        self._kept.move_to_end(key)
        while len(self._kept) > LARGEST:
            self._kept.popitem(last=False)
        return cast(T, self._kept[key])
