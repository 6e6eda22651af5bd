"""The page of administration: somebody is told, a message comes back, is looked at and sent again."""

from __future__ import annotations

from tests.api.conftest import serving
from tests.api.outbox.receivers import until
from tests.api.outbox.told_county import Told
from tests.api.pages.reading import Browser

HERE = "/administration/telling"
DESK = {
    "provider_id": "ALDER",
    "name": "ALDER's desk",
    "channel": "email",
    "address": "desk@alder.example",
    "kinds": "offer_waits",
}


def test_from_an_address_to_what_could_not_be_sent(told_here: Told) -> None:
    told = told_here
    settings = told.settings.model_copy(update={"telling_seconds": 0.05})
    told.box.refusing["desk@alder.example"] = "550 no such mailbox"
    with serving(settings) as served, Browser(served).client:
        browser, planner = Browser(served).signed_in(served.key("admin")), Browser(served).signed_in(served.key("planner"))
        assert planner.get(HERE).status_code == 403
        assert "Nobody yet" in browser.read(HERE).words
        wrong = browser.post(f"{HERE}/addresses", DESK | {"address": "desk", "provider_id": "NOBODY"})
        assert wrong.status_code == 422 and "there is no such provider" in wrong.text and "an e-mail address" in wrong.text
        nothing = browser.post(f"{HERE}/addresses", {"name": "", "address": ""})
        assert nothing.status_code == 422 and "Choose how they are told" in nothing.text
        assert browser.post(f"{HERE}/addresses", DESK).headers["location"] == f"{HERE}?done=added"
        told.ask("N1")
        until(lambda: told.states() == ["dead"])
        page = browser.read(HERE)
        assert "there is no such mailbox" in page.words and "put the address right first" in page.words
        assert "N1" not in page.words and "N1" not in browser.get(f"{HERE}.csv").text
        told.box.refusing.clear()
        (message,), (address_id,) = told.rows(), {row["address_id"] for row in told.rows()}
        assert browser.post(f"{HERE}/addresses/{address_id}/resume").headers["location"] == f"{HERE}?done=resumed"
        assert browser.post(f"{HERE}/messages/{message['message_id']}/again").headers["location"] == f"{HERE}?done=again"
        until(lambda: told.states() == ["sent"])
        assert len(told.box.taken) == 1 and "Nothing: everything" in browser.read(HERE).words
        chosen = {"was-offer_waits": "at_once", "way-offer_waits": "off", "was-offer_closed": "off", "way-offer_closed": "off"}
        assert browser.post(f"{HERE}/kinds", chosen).headers["location"] == f"{HERE}?done=kinds"
        told.ask("N2")
        assert told.states() == ["sent"], "that kind is off now; the other, which this form left as it was shown, is as it was"
        assert browser.post(f"{HERE}/addresses/{address_id}/remove").headers["location"] == f"{HERE}?done=removed"
        assert "Nobody yet" in browser.read(HERE).words
        browser.client.close()
        planner.client.close()
