"""Real receivers: a mail server with TLS, a program told by webhooks, and what speaks GOV.UK Notify's API as its client does."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import orjson
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from standardwebhooks import Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOTIFY_SERVICE, NOTIFY_SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
NOTIFY_KEY = f"council_live-{NOTIFY_SERVICE}-{NOTIFY_SECRET}"
USER, PASSWORD = "brokerage", "a password of tests"


@cache
def certificate() -> tuple[bytes, bytes]:
    """A certificate for ``localhost`` that vouches for itself, and its key, both in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + dt.timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    kept = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM), kept


def certificate_files(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """The file by which it is known, and what a server needs to show it."""
    public, private = certificate()
    (folder / "ca.pem").write_bytes(public)
    (folder / "key.pem").write_bytes(private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    return folder / "ca.pem", server


class Mailbox:
    """What a mail server took. ``refusing``: what it answers to an address in place of taking it."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refusing: dict[str, str] = {}
        self.after_data = ""
        self.port = 0
        self.from_the_beginning = False
        """Whether it speaks nothing but TLS."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Called by aiosmtpd."""
        if address in self.refusing:
            return self.refusing[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        """Called by aiosmtpd."""
        if self.after_data:
            return self.after_data
        assert session.ssl or self.from_the_beginning, "nothing is sent without TLS"
        assert session.authenticated, "nor by whoever has not signed in"
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


def _signs_in(_: Any, __: Any, ___: Any, ____: str, given: Any) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(tls: ssl.SSLContext, *, from_the_beginning: bool = False) -> Iterator[Mailbox]:
    """A mail server that takes nothing without TLS, by STARTTLS or from the beginning, and from nobody who has not signed in."""
    box = Mailbox()
    box.from_the_beginning = from_the_beginning
    spoken: dict[str, Any] = {"tls_context": tls, "require_starttls": True, "auth_required": True}
    if from_the_beginning:  # it does not know then that it speaks TLS, and would let nobody sign in
        spoken = {"ssl_context": tls, "auth_require_tls": False}
    with socket.create_server(("127.0.0.1", 0)) as free:  # the controller cannot be given a port by the machine
        box.port = free.getsockname()[1]
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=box.port,
        authenticator=_signs_in,
        **spoken,
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


class Program:
    """A program that is told. What it does with the next requests: a status, ``hang`` or ``drip``; then it takes everything.

    It is idempotent by id, as Standard Webhooks ask of a receiver: ``heard`` has each id once, in the order of the first time.
    """

    def __init__(self) -> None:
        self.does: deque[int | str] = deque()
        self.heard: dict[str, dict[str, Any]] = {}
        self.came: list[str] = []
        self.lock = threading.Lock()
        self.leaving = threading.Event()
        self.address = ""
        self.fails: Callable[[], bool] = lambda: False
        """Whether it fails at the next request for which it has nothing to do."""

    def told(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """A request has come."""
        with self.lock:
            does = self.does.popleft() if self.does else 503 if self.fails() else 204
        if does == "hang":
            self.leaving.wait(20)
            handler.close_connection = True
            return
        if does == "drip":
            self._drip(handler)
            return
        found = Webhook(SECRET).verify(body, dict(handler.headers.items()))
        with self.lock:
            self.came.append(handler.headers["webhook-id"])
            if isinstance(does, int) and does < 300:
                self.heard.setdefault(handler.headers["webhook-id"], found)
        answer(handler, int(does))

    def _drip(self, handler: BaseHTTPRequestHandler) -> None:
        try:
            for byte in b"HTTP/1.1 204 No Content\r\nX-Slow: " + b"a" * 400:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                if self.leaving.wait(0.1):
                    return
        except OSError:
            return


class Notify:
    """GOV.UK Notify: what was sent by it, and what it answers next in place of taking it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.asked_after: list[str] = []
        self.does: deque[tuple[int, str] | str] = deque()
        self.address = ""

    def told(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """A request has come, with a token as the client makes it."""
        scheme, _, token = handler.headers["Authorization"].partition(" ")
        claims = jwt.decode(token, NOTIFY_SECRET, algorithms=["HS256"], options={"require": ["iss", "iat"]}, leeway=30)
        assert scheme == "Bearer" and claims["iss"] == NOTIFY_SERVICE
        parts = urlsplit(handler.path)
        if handler.command == "GET":
            assert parts.path == "/v2/notifications"
            (reference,) = parse_qs(parts.query)["reference"]
            self.asked_after.append(reference)
            found = [{"id": "1", "reference": each["reference"]} for each in self.sent if each["reference"] == reference]
            answer(handler, 200, {"notifications": found, "links": {}})
            return
        assert parts.path == "/v2/notifications/email"
        does = self.does.popleft() if self.does else (201, "")
        if isinstance(does, tuple) and does[0] != 201:
            errors = [{"error": "ValidationError" if does[0] == 400 else "Error", "message": does[1]}]
            answer(handler, does[0], {"status_code": does[0], "errors": errors})
            return
        self.sent.append(orjson.loads(body))
        if does == "lose the answer":
            handler.connection.shutdown(socket.SHUT_RDWR)
            handler.close_connection = True
            return
        answer(handler, 201, {"id": "740e5834-3a29-46b4-9a6f-16142fde533a", "reference": self.sent[-1]["reference"]})


def answer(handler: BaseHTTPRequestHandler, status: int, body: Any = None) -> None:
    """Answer a request."""
    content = b"" if body is None else orjson.dumps(body)
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content)))
    if body is not None:
        handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    handler.wfile.write(content)


@contextmanager
def listening(told: Program | Notify) -> Iterator[None]:
    """Something that is told over HTTP, on this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            told.told(self, self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self) -> None:
            told.told(self, b"")

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Whoever asked has gone."""

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield
    finally:
        if isinstance(told, Program):
            told.leaving.set()
        server.shutdown()
        server.server_close()
        thread.join()


def until(what: Any, seconds: float = 20.0) -> None:
    """Wait for something to hold."""
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "it did not come to that"
        time.sleep(0.01)
