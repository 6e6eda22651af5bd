"""Tokens of a council's sign-in service, from a real HTTP server with its keys; and every way to forge one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError

from api.http.errors import Problem
from api.safe_addresses import safe_address
from api.security import jwks
from api.security.oidc import Tokens, roles_of
from api.settings import Settings
from api.state.store import Store
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import serving

AUDIENCE = "brokerage"
KEY, OTHER, SMALL_KEY = (rsa.generate_private_key(65537, bits) for bits in (2048, 2048, 1024))
CURVE = ec.generate_private_key(ec.SECP256R1())


def public(key: Any, key_id: str, **more: str) -> dict[str, Any]:
    algorithm: Any = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    return {**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": key_id, **more}


class Directory:
    """The council's sign-in service: serves its keys, and counts who asks."""

    def __init__(self) -> None:
        self.asked = 0
        self.fails = False
        self.codes: dict[str, tuple[dict[str, str], dict[str, Any]]] = {}
        self.authorizations: list[str] = []
        self.keys: list[Any] = [
            public(KEY, "k1", use="sig", alg="RS256"),
            public(CURVE, "k2"),
            public(SMALL_KEY, "small"),
            public(OTHER, "encrypts", use="enc"),
            {"kty": "oct", "kid": "shared", "k": "c2VjcmV0"},
            {"kty": "RSA", "kid": "broken", "n": "!", "e": "AQAB"},
            "no key at all",
        ]
        directory = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(*directory.status(self.path))
                body = json.dumps(directory.body(self.path)).encode()
                self.send_header("Location", f"{directory.issuer}/keys")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, told = directory.exchange(dict(parse_qsl(sent)), self.headers.get("Authorization", ""))
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
                """Nothing is said."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def status(self, path: str) -> tuple[int, str]:
        self.asked += 1
        return (302, "Found") if path == "/moved" else (503, "Down") if self.fails else (200, "OK")

    def body(self, path: str) -> Any:
        if path.endswith("/openid-configuration"):
            ends = {f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token")}
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **ends}
        return {"keys": self.keys}

    def token(self, key: Any = KEY, algorithm: str = "RS256", key_id: str | None = "k1", **claims: Any) -> str:
        now = int(time.time())
        said = {"iss": self.issuer, "aud": AUDIENCE, "sub": "u-17", "iat": now, "exp": now + 300, "roles": ["planner"]} | claims
        headers = {} if key_id is None else {"kid": key_id}
        return jwt.encode({name: value for name, value in said.items() if value is not None}, key, algorithm, headers)

    def let_in(self, address: str, **claims: Any) -> dict[str, str]:
        """Somebody signs in there, having been sent to an address; what their browser brings back."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = (asked, claims)
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def exchange(self, sent: dict[str, str], authorization: str) -> tuple[int, Any]:
        """A code for a token, once, for whoever holds the verifier."""
        self.authorizations.append(authorization)
        asked, claims = self.codes.pop(sent["code"], ({}, {}))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).decode().rstrip("=")
        if self.fails or not asked or challenge != asked["code_challenge"] or sent["redirect_uri"] != asked["redirect_uri"]:
            return (503 if self.fails else 400), {"error": "invalid_grant"}
        said = {"aud": asked["client_id"], "nonce": asked["nonce"], "preferred_username": "ada@county.example", **claims}
        return 200, {"id_token": self.token(**said), "access_token": "never looked at", "token_type": "Bearer"}

    def settings(self, **more: Any) -> Settings:
        return Settings(oidc_issuer=self.issuer, oidc_audience=AUDIENCE, **more)


@pytest.fixture
def directory() -> Iterator[Directory]:
    made = Directory()
    yield made
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


def test_people_sign_in_with_their_councils_token_beside_keys(
    directory: Directory, store: Store, database_url: str, small: Snapshot
) -> None:
    assert not store.is_empty()
    with serving(directory.settings(database_url=database_url, as_of=small.as_of)) as running:
        with running.client(None) as client:
            headers = {"Authorization": f"Bearer {directory.token(preferred_username='ada@county.example')}"}
            assert client.get("/v1/me", headers=headers).json() == {
                "name": "ada@county.example (oidc u-17)",
                "roles": ["planner"],
            }
            headers = {"Authorization": f"Bearer {directory.token(roles=['gardener'])}"}
            answer = client.get("/v1/me", headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
            headers = {"Authorization": f"Bearer {directory.token(exp=1)}"}
            assert client.get("/v1/me", headers=headers).status_code == 401
        with running.client("viewer") as client:
            assert client.get("/v1/me").json()["roles"] == ["viewer"]


def test_a_curve_key_and_a_claim_further_in(directory: Directory) -> None:
    tokens = Tokens(directory.settings(oidc_role_claim="realm_access.roles"))
    actor = tokens.sign_in(directory.token(CURVE, "ES256", "k2", realm_access={"roles": ["viewer"]}))
    assert actor is not None
    assert (actor.name, actor.role) == ("u-17 (oidc)", "viewer")


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def with_header(token: str, **header: Any) -> str:
    """The token of another header, with the signature that it had."""
    return ".".join([encoded(header), *token.split(".")[1:]])


def signed_with_the_public_key(directory: Directory) -> str:
    """The old trick: the public key, which everybody has, as the secret of a symmetric signature."""
    secret = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    said = ".".join([encoded({"alg": "HS256", "kid": "k1"}), directory.token().split(".")[1]])
    return f"{said}.{encoded(hmac.new(secret, said.encode(), hashlib.sha256).digest())}"


def escalated(directory: Directory) -> str:
    """A true token, whose holder wrote another role into it."""
    header, claims, signature = directory.token().split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    return ".".join([header, encoded({**said, "roles": ["admin"]}), signature])


def test_nothing_forged_opens_the_door(directory: Directory) -> None:
    now, good = int(time.time()), directory.token()
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        too_short = directory.token(SMALL_KEY, "RS256", "small")
    forged = {
        "alg none": with_header(good, alg="none", kid="k1").rsplit(".", 1)[0] + ".",
        "alg none, signed": with_header(good, alg="None", kid="k1"),
        "the public key as a secret": signed_with_the_public_key(directory),
        "a shared secret": directory.token("s" * 32, "HS256", "shared"),
        "another's signature": directory.token(OTHER),
        "another algorithm of the same key": directory.token(KEY, "RS512"),
        "a key that encrypts": directory.token(OTHER, "RS256", "encrypts"),
        "a key too short": too_short,
        "an unknown key": directory.token(OTHER, "RS256", "k9"),
        "no key named": directory.token(key_id=None),
        "a role written in": escalated(directory),
        "another audience": directory.token(aud="payroll"),
        "no audience": directory.token(aud=None),
        "another issuer": directory.token(iss="https://elsewhere.example"),
        "expired": directory.token(exp=now - 60),
        "no end": directory.token(exp=None),
        "not yet": directory.token(nbf=now + 60),
        "issued tomorrow": directory.token(iat=now + 86_400),
        "nobody": directory.token(sub=None),
        "an empty subject": directory.token(sub=""),
        "critical headers that nobody knows": with_header(good, alg="RS256", kid="k1", crit=["mine"], mine=1),
        "a token of its own key": with_header(good, alg="RS256", kid="k1", jwk=public(OTHER, "k1")).rsplit(".", 1)[0] + ".AAAA",
        "no token": "a.b.c",
        "very long": f"{good[:-10]}{'A' * 20_000}",
    }
    tokens = Tokens(directory.settings())
    assert tokens.sign_in(good) is not None
    assert [name for name, token in forged.items() if tokens.sign_in(token) is not None] == []


def test_clocks_may_differ_by_half_a_minute(directory: Directory) -> None:
    now, tokens = int(time.time()), Tokens(directory.settings())
    assert tokens.sign_in(directory.token(exp=now - 20, iat=now - 300, nbf=now + 20)) is not None
    assert tokens.sign_in(directory.token(exp=now - 40)) is None


@pytest.mark.parametrize(
    ("claimed", "roles"),
    [
        ("planner", ("planner",)),
        (["job", "gardener", "planner", "viewer", "job"], ("viewer", "planner", "job")),
        (["admin", "social_work"], ("social_work", "admin")),
        ("planner admin", ()),
        ("Admin", ()),
        (["gardener"], ()),
        ([["admin"]], ()),
        ({"admin": True}, ()),
        (None, ()),
        ([], ()),
        (5, ()),
    ],
)
def test_the_roles_of_ours_count_and_no_other(claimed: Any, roles: tuple[str, ...]) -> None:
    assert roles_of(claimed) == roles


def test_a_valid_token_without_a_role_is_told_so(directory: Directory) -> None:
    with pytest.raises(Problem, match="no role of this service"):
        Tokens(directory.settings()).sign_in(directory.token(roles=None))


def test_unknown_keys_make_us_ask_again_but_not_often(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = Tokens(directory.settings(oidc_jwks_url=f"{directory.issuer}/keys"))
    assert tokens.sign_in(directory.token()) is not None
    for number in range(20):
        assert tokens.sign_in(directory.token(OTHER, "RS256", f"new{number}")) is None
    assert directory.asked == 1
    directory.keys = [public(OTHER, "new7")]
    monkeypatch.setattr(jwks, "RETRY_SECONDS", 0.0)
    assert tokens.sign_in(directory.token(OTHER, "RS256", "new7")) is not None
    assert tokens.sign_in(directory.token()) is None, "a key that was taken back opens nothing any more"


def test_known_keys_serve_while_the_directory_is_down_but_not_for_ever(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = Tokens(directory.settings())
    assert tokens.sign_in(directory.token()) is not None
    directory.fails = True
    monkeypatch.setattr(jwks, "RETRY_SECONDS", -1.0)
    monkeypatch.setattr(jwks, "FRESH_SECONDS", 0.0)
    assert tokens.sign_in(directory.token()) is not None
    monkeypatch.setattr(jwks, "KEPT_SECONDS", 0.0)
    assert tokens.sign_in(directory.token()) is None


@pytest.fixture
def silent() -> Iterator[str]:
    """Where the directory's keys would be, if anybody answered there."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as nobody:
        yield f"http://127.0.0.1:{nobody.getsockname()[1]}/keys"


def test_a_directory_that_does_not_answer_keeps_few_waiting_and_nobody_else(
    directory: Directory, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jwks, "TIMEOUT_SECONDS", 1.5)
    tokens = Tokens(directory.settings(oidc_jwks_url=silent))
    waited: list[tuple[str, float]] = []

    def sign_in() -> None:
        began, said = time.monotonic(), "not let in"
        try:
            assert tokens.sign_in(directory.token()) is None
        except Problem as problem:
            said = problem.code
            assert int(problem.headers["Retry-After"]) > 0
        waited.append((said, time.monotonic() - began))

    threads = [threading.Thread(target=sign_in) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    at_once = [seconds for said, seconds in waited if said == "busy"]
    assert len(at_once) == len(threads) - jwks.MOST_WAITING
    assert max(at_once) < 1.0, "they hold no thread that others need"
    assert len([said for said, _ in waited if said == "not let in"]) == jwks.MOST_WAITING


def test_whose_key_is_known_waits_for_nobody(directory: Directory, silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = Tokens(directory.settings(oidc_jwks_url=f"{directory.issuer}/keys"))
    assert tokens.sign_in(directory.token()) is not None
    monkeypatch.setattr(jwks, "FRESH_SECONDS", 0.0)
    monkeypatch.setattr(jwks, "RETRY_SECONDS", -1.0)
    monkeypatch.setattr(jwks, "TIMEOUT_SECONDS", 1.5)
    monkeypatch.setattr(tokens._keys, "_jwks_url", silent)
    began = time.monotonic()
    for _ in range(5):
        assert tokens.sign_in(directory.token()) is not None
    assert time.monotonic() - began < 1.0


def test_keys_come_from_where_we_asked_and_nowhere_else(directory: Directory) -> None:
    assert Tokens(directory.settings(oidc_jwks_url=f"{directory.issuer}/moved")).sign_in(directory.token()) is None
    other = Settings(oidc_issuer=f"{directory.issuer}/", oidc_audience=AUDIENCE)
    assert Tokens(other).sign_in(directory.token(iss=f"{directory.issuer}/")) is None, "its document names another issuer"
    assert safe_address("https://sign-in.example/keys")
    assert safe_address("http://localhost:8080/keys")
    for address in ("http://sign-in.example/keys", "file:///etc/passwd", "http://127.0.0.1.example/", "https://", ""):
        assert not safe_address(address)


def test_an_issuer_needs_an_audience() -> None:
    with pytest.raises(ValidationError, match="oidc_audience"):
        Settings(oidc_issuer="https://sign-in.example")
