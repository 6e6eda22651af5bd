"""A client of several servers, which asks them in turn, as a proxy without a memory passes requests on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Any

import httpx


class InTurn(httpx.Client):
    """``addresses``: those of the servers; one alone is asked each time. What is asked again is asked of the next one."""

    def __init__(self, addresses: Sequence[str], token: str, *, timeout: float) -> None:
        # Without ``verify`` no certificates are read, which takes as long as many requests and is of no use to http.
        super().__init__(headers={"Authorization": f"Bearer {token}"}, timeout=timeout, verify=False)
        self._addresses = cycle(addresses)

    def request(self, method: str, url: Any, **more: Any) -> httpx.Response:
        return super().request(method, f"{next(self._addresses)}{url}", **more)
