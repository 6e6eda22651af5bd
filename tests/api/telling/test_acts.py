"""Addresses, kinds, the list of what could not be sent and bounces over HTTP; the command, with what would be sent."""

from __future__ import annotations

import datetime as dt
import json
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from api.outbox.bounces import bounces_in
from api.outbox.posting import moment
from api.settings import exported
from optimiser.__main__ import main
from tests.api.conftest import serving
from tests.api.desk import code_of
from tests.api.outbox.receivers import until
from tests.api.outbox.told_county import Told

DESK = {
    "provider_id": "ALDER",
    "name": "ALDER's desk",
    "channel": "email",
    "address": "desk@alder.example",
    "kinds": ["offer_waits", "offer_closed"],
}


def test_from_an_address_to_a_message_by_the_served_service(told_here: Told) -> None:
    """An administrator adds the desk; a planner asks; the server sends by itself; what came back is listed, and sent again."""
    told = told_here
    settings = told.settings.model_copy(update={"telling_seconds": 0.05})
    with (
        serving(settings) as served,
        served.client("admin") as admin,
        served.client("planner") as planner,
        served.client("job") as notify,
    ):
        made = admin.post("/v1/telling/addresses", json=DESK)
        assert made.status_code == 201 and made.json()["stopped_at"] is None
        assert admin.get("/v1/telling/addresses").json() == {"items": [made.json()], "channels": ["email", "notify", "webhook"]}
        assert code_of(planner.get("/v1/telling/addresses")) == (403, "forbidden")
        assert planner.post("/v1/packages/N1/offers").status_code == 201
        until(lambda: told.box.taken)
        until(lambda: told.states() == ["sent"])
        (message,) = admin.get("/v1/telling/messages").json()["items"]
        assert message["kind"] == "offer_waits" and message["name"] == "ALDER's desk" and "N1" not in str(message)
        callback: dict[str, Any] = {
            "reference": message["message_id"],
            "status": "delivered",
            "to": "desk@alder.example",
            "id": "1",
        }
        assert notify.post("/v1/telling/receipts", json=callback).json() == {"changed": False}
        callback["status"] = "permanent-failure"
        assert notify.post("/v1/telling/receipts", json=callback).json() == {"changed": True}
        assert notify.post("/v1/telling/receipts", json=callback).json() == {"changed": False}, "said twice, heard once"
        (dead,) = admin.get("/v1/telling/messages", params={"state": "dead"}).json()["items"]
        assert (dead["said"], dead["message_id"]) == ("notify_permanent-failure", message["message_id"])
        again = f"/v1/telling/messages/{dead['message_id']}/send-again"
        assert code_of(admin.post(again)) == (409, "not_to_be_sent"), "its address is stopped"
        (address,) = admin.get("/v1/telling/addresses").json()["items"]
        assert address["stopped_because"] == "notify_permanent-failure"
        assert admin.post(f"/v1/telling/addresses/{address['address_id']}/resume").json()["stopped_at"] is None
        assert admin.post(again).json()["state"] == "waiting"
        until(lambda: len(told.box.taken) == 2)
        until(lambda: told.states() == ["sent"])
        assert admin.delete(f"/v1/telling/addresses/{address['address_id']}").status_code == 204
        assert admin.get("/v1/telling/messages").json()["items"] == []
        trail = [each["action"] for each in admin.get("/v1/audit").json()["items"]]
        for action in ("address.add", "message.bounced", "address.resume", "message.send_again", "address.remove"):
            assert action in trail
        assert "desk@alder.example" not in admin.get("/v1/audit").text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"provider_id": "NOBODY"}, "provider_id"),
        ({"address": "desk"}, "address"),
        ({"channel": "webhook", "address": "http://alder.example/told"}, "https"),
        ({"kinds": ["alert_raised"]}, "alert_raised"),
        ({"provider_id": None}, "expected some of alert_raised"),
    ],
)
def test_an_address_to_which_nothing_could_be_sent_is_refused(told_here: Told, given: dict[str, Any], said: str) -> None:
    with serving(told_here.settings) as served, served.client("admin") as admin:
        refused = admin.post("/v1/telling/addresses", json=DESK | given)
        assert code_of(refused) == (422, "nobody_told") and said in refused.json()["detail"]
        assert admin.get("/v1/telling/addresses").json()["items"] == []


def test_off_until_it_is_set_up(told_here: Told) -> None:
    """Without a way of sending nobody can be added, so that nothing is ever written."""
    off = told_here.settings.model_copy(update={"smtp_host": "", "notify_key_file": "", "webhook_secret_file": ""})
    with serving(off) as served, served.client("admin") as admin:
        refused = admin.post("/v1/telling/addresses", json=DESK)
        assert code_of(refused) == (422, "nobody_told") and "not set up" in refused.json()["detail"]


def test_messages_a_page_at_a_time_and_kinds(told_here: Told) -> None:
    told = told_here
    told.tell()
    told.ask("N1"), told.ask("N2")
    with serving(told.settings.model_copy(update={"telling_seconds": 0})) as served, served.client("admin") as admin:
        first = admin.get("/v1/telling/messages", params={"limit": 1}).json()
        second = admin.get("/v1/telling/messages", params={"limit": 1, "cursor": first["next_cursor"]}).json()
        assert second["next_cursor"] is None
        ids = [each["message_id"] for each in first["items"] + second["items"]]
        assert ids == [row["message_id"] for row in reversed(told.rows())]
        set_to = admin.put("/v1/telling/kinds/offer_waits", json={"way": "off"}).json()
        assert (set_to["way"], set_to["usual"]) == ("off", "at_once")
        assert {each["kind"]: each["way"] for each in admin.get("/v1/telling/kinds").json()["items"]}["offer_waits"] == "off"
        assert code_of(admin.put("/v1/telling/kinds/no_such", json={"way": "off"})) == (404, "not_found")
        assert told.states() == ["dropped"] * 2
        assert code_of(admin.post("/v1/telling/messages/msg_0/send-again")) == (404, "not_found")


REPORT = b"""From: MAILER-DAEMON@mail.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; desk@alder.example
Action: ACTION
Status: STATUS
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: text/rfc822-headers

Subject: An offer of home care waits for you
Message-ID: <MESSAGE@council.example>

--b--
"""


def report(message_id: str, status: bytes = b"5.1.1", action: bytes = b"failed") -> bytes:
    return REPORT.replace(b"MESSAGE", message_id.encode()).replace(b"STATUS", status).replace(b"ACTION", action)


def test_reports_of_mail_servers() -> None:
    """Nobody there; a full mailbox; a delay, which is none; what is no report at all."""
    message_id = "msg_" + "0a" * 16
    assert [(each.message_id, each.said, each.nobody_there) for each in bounces_in(report(message_id))] == [
        (message_id, "bounce_5.1.1", True)
    ]
    (full,) = bounces_in(report(message_id, b"5.2.2"))
    assert not full.nobody_there
    (for_now,) = bounces_in(report(message_id, b"4.1.1"))
    assert not for_now.nobody_there
    assert not list(bounces_in(report(message_id, b"4.4.1", b"delayed")))
    assert not list(bounces_in(b"Subject: I am away until Monday\n\nThank you for your message."))
    assert not list(bounces_in(report("somebody-elses")))


def test_the_command(
    told_here: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What would be sent is written and nothing sent; then it is sent, comes back, and is counted."""
    told = told_here
    for name in ("database_url", "as_of", "public_address", "smtp_from"):
        monkeypatch.setenv(exported(name), str(getattr(told.settings, name)))
    told.tell()
    told.tell(f"{told.program.address}/told", "webhook")
    told.ask("N1")
    folder = tmp_path / "would-be-sent"
    assert main(["outbox", "--dry-run", str(folder)]) == 0
    mail_file, hook_file = sorted(folder.iterdir(), key=lambda file: file.suffix)
    assert mail_file.suffix == ".eml" and hook_file.suffix == ".json"
    assert message_from_bytes(mail_file.read_bytes(), policy=policy.default)["To"] == "desk@alder.example"
    assert json.loads(hook_file.read_bytes())["type"] == "offer_waits"
    assert main(["outbox", "--dry-run", str(folder)]) == 2, "a folder that is there is not written into"
    assert main(["outbox", "--dry-run", str(mail_file / "inside-a-file")]) == 2
    assert "Nothing was written." in capsys.readouterr().err
    assert told.states() == ["waiting"] * 2 and not told.box.taken
    told.delivered()
    sent = told.box.taken[0].as_bytes()
    assert sent.replace(b"\r\n", b"\n").strip() == mail_file.read_bytes().strip()
    message_id = next(row["message_id"] for row in told.rows())
    (tmp_path / "bounce.eml").write_bytes(report(message_id))
    capsys.readouterr()
    assert main(["outbox", "--bounces", str(tmp_path / "bounce.eml"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"reports": 1, "came_back": 1}
    assert main(["outbox", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"dead": 1, "sent": 1}
    assert main(["outbox", "--send"]) == 2, "no way of sending is set up in this environment"
    assert "OPTIMISER_SMTP_HOST" in capsys.readouterr().err
    monkeypatch.setenv("OPTIMISER_WEBHOOK_SECRET_FILE", "/nowhere")
    for command in (["outbox", "--send"], ["serve"]):
        assert main(command) == 2
        said = capsys.readouterr().err.splitlines()
        assert said == ["Refused: OPTIMISER_WEBHOOK_SECRET_FILE: the file cannot be read."], command


def test_moments_compare_as_texts() -> None:
    """With and without parts of a second, from whatever place on earth."""
    early = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
    late = (early + dt.timedelta(microseconds=1)).astimezone(dt.timezone(dt.timedelta(hours=-5)))
    assert moment(early) < moment(late) and len(moment(early)) == len(moment(late))
