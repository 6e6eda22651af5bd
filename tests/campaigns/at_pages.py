"""Planners at the pages, as their browsers are: a session, what a page shows, and its forms sent as they stand."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

import httpx

from api.acts.in_browsers import COOKIE

FORM = re.compile(r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
PERSON = re.compile(r'href="(/people/[^"/?#]+)[?"]')


@dataclass(frozen=True)
class Shown:
    """A page that somebody was shown: its status, text, where it leads on to, and its forms by their addresses."""

    status: int
    text: str
    leads_to: str = ""
    forms: dict[str, dict[str, str]] = field(default_factory=dict)
    """Per address what is hidden in its form."""

    def people(self) -> list[str]:
        """The addresses of people's pages, each once, in the order of the page."""
        return list(dict.fromkeys(html.unescape(each) for each in PERSON.findall(self.text)))

    def form_to(self, *ends: str) -> str:
        """The address of the first form that is sent to one that ends so, or has that in it; empty: there is none."""
        return next((each for each in self.forms if any(each.endswith(end) for end in ends)), "")

    def offers(self) -> list[str]:
        """The addresses to which the answers of providers are sent."""
        return [each for each in self.forms if re.fullmatch(r"/people/[^/]+/offers/[^/]+", each)]


class AtPages:
    """Somebody signed in at a browser that follows nothing by itself. ``client``: shared, it keeps no cookies."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client, self._cookie = client, ""

    async def sign_in(self, key: str) -> None:
        shown = await self._client.post("/sign-in", data={"key": key}, headers={"Sec-Fetch-Site": "same-origin"})
        self._client.cookies.clear()
        assert shown.status_code == 303, shown.status_code
        self._cookie = shown.headers["set-cookie"].partition(";")[0]
        assert self._cookie.startswith(COOKIE)

    async def get(self, address: str) -> Shown:
        return _shown(await self._client.get(address, headers=self._headers("none")))

    async def send(self, address: str, hidden: dict[str, str], **filled_in: str) -> Shown:
        """A form as the page had it, with what somebody has filled in."""
        return _shown(await self._client.post(address, data=hidden | filled_in, headers=self._headers("same-origin")))

    def _headers(self, site: str) -> dict[str, str]:
        return {"Cookie": self._cookie, "Accept": "text/html", "Sec-Fetch-Site": site}


def _shown(answer: httpx.Response) -> Shown:
    text = answer.text
    forms = {
        html.unescape(address): {name: html.unescape(value) for name, value in HIDDEN.findall(inside)}
        for address, inside in FORM.findall(text)
    }
    return Shown(answer.status_code, text, answer.headers.get("location", ""), forms)
