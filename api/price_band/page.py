"""The page, as bytes: one form, its answer or what is wrong above it. It needs no script and nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from starlette.responses import Response

from optimiser.geography.postcodes.spelling import postcode_of
from optimiser.io.folders import page_of


@dataclass(frozen=True)
class Told:
    """What the page says beside its form."""

    postcode: str = ""
    """As it was typed, to be put right."""
    band: int = 0
    """0: nothing was asked, or there is no answer."""
    miles: float = 0.0
    centre: str = ""
    note: str = ""
    """What is to be known of the postcode's place."""
    limits_miles: tuple[float, float] = (0, 0)
    wrong: str = ""
    """What is wrong with the postcode."""
    closed: str = ""
    """Why nobody can ask now; there is no form then."""


def page(told: Told, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The answer, under a policy that lets in its own style and nothing else."""
    content = page_of("api.price_band", "price_band.html.j2", {"told": told}, miles=_miles)
    policy = f"default-src 'none'; style-src '{_digest_of_style(content)}'; form-action 'self'; base-uri 'none'"
    more = {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'", "Content-Language": "en-GB", **(headers or {})}
    return Response(content, status, more, "text/html; charset=utf-8")


def _digest_of_style(content: bytes) -> str:
    found = re.search(rb"<style>(.*?)</style>", content, re.DOTALL)
    return _digest(found[1] if found else b"")


@cache
def _digest(style: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(style).digest()).decode()}"


def _miles(number: float) -> str:
    return "1 mile" if number == 1 else f"{number:g} miles"


def told_of(found: dict[str, Any], postcode: str, note: str, limits_miles: tuple[float, float]) -> Told:
    """What the page says of a band that was found for a whole postcode, however it was typed."""
    told = Told(band=found["band"], miles=found["miles"], centre=found["name"], note=note, limits_miles=limits_miles)
    return replace(told, postcode=str(postcode_of(postcode)))
