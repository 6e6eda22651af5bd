"""Whoever asks without a key what anybody may know: a caller who is nobody, held to what one address may ask for."""

from __future__ import annotations

from fastapi import Request

from api.acts.act import Caller
from api.http.peers import Peers
from api.security.roles import VIEWER
from api.service import Service
from api.storage.audit import Actor

ANYBODY = Actor("whoever asks", VIEWER)
_PEERS = Peers()
"""An address is known by a hash alone, that another day has another of."""


async def stranger(request: Request) -> Caller:
    """Raises the problem ``too_many_requests``. What it is asked for it may be told as a viewer is; nothing is written down."""
    service: Service = request.app.state.service
    if service.strangers is not None:
        service.strangers.take(_PEERS.hashed(request.client.host if request.client else ""))
    return Caller(service, ANYBODY)
