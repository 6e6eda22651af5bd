"""The proxies of the handbook, tried: ``python -m tests.campaigns.proxies [nginx] [caddy]``.

Each is started with the very file that the handbook gives, but for names, ports and certificates, before an `optimiser serve` of
its own, and asked over TLS: a line for each thing that has to hold. Exit code 1 where one does not, 2 where a proxy is missing.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from optimiser.handbook import HERE
from tests.api.conftest import SMALL
from tests.campaigns.serving import Running, database, service

FILES = HERE / "pages" / "files"
NAME = "brokerage.council.example"
SECRET_ID = "2026/0451"
MIB = 1024 * 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> None:
    """A certificate for this machine and its key, where the files of the handbook look for both."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + dt.timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    signed = made.sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(private)


def adapted(file: Path, folder: Path, port: int, upstream: str) -> str:
    """The handbook's file with this machine's names, ports and places."""
    text = file.read_text(encoding="utf-8")
    for old, new in (
        ("127.0.0.1:8000", upstream),
        ("/etc/ssl/optimiser", str(folder)),
        ("/var/log/nginx/optimiser.log", str(folder / "error.log")),
        ("listen 443 ", f"listen 127.0.0.1:{port} "),
        (f"server_name {NAME}", "server_name localhost"),
        (f"\n{NAME} {{", f"\nhttps://localhost:{port} {{"),
        ("auto_https disable_redirects", "auto_https disable_redirects\n\tadmin off"),
    ):
        text = text.replace(old, new)
    return text


def nginx(folder: Path, port: int, upstream: str) -> list[str]:
    inner = adapted(FILES / "nginx.conf", folder, port, upstream)
    temporary = "".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    head = f"daemon off; pid {folder}/nginx.pid; error_log {folder}/main.log; user root;"
    (folder / "nginx.conf").write_text(f"{head} events {{}} http {{ {temporary}\n{inner}\n}}", encoding="utf-8")
    return ["nginx", "-e", str(folder / "main.log"), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, upstream: str) -> list[str]:
    (folder / "Caddyfile").write_text(adapted(FILES / "caddy.conf", folder, port, upstream), encoding="utf-8")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


PROXIES: dict[str, Callable[[Path, int, str], list[str]]] = {"nginx": nginx, "caddy": caddy}


@contextmanager
def proxied(name: str, folder: Path, upstream: str) -> Iterator[str]:
    """The address of a proxy that runs; what it says goes to a file in the folder."""
    port = free_port()
    certificate(folder)
    command = PROXIES[name](folder, port, upstream)
    homes = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "said.log").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env={**os.environ, **homes})
        try:
            for _ in range(100):
                with suppress(OSError), socket.create_connection(("localhost", port), timeout=1):
                    break
                if process.poll() is not None:
                    raise RuntimeError(f"{name} did not start: {(folder / 'said.log').read_text(encoding='utf-8')}")
                time.sleep(0.1)
            yield f"https://localhost:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def told(address: str, folder: Path, running: Running) -> Iterator[tuple[str, bool]]:
    """What has to hold, and whether it does."""
    trusted = ssl.create_default_context(cafile=folder / "fullchain.pem")
    port = int(address.rpartition(":")[2])
    key = {"Authorization": f"Bearer {running.keys['planner']}"}
    with httpx.Client(base_url=address, verify=trusted, headers=key, timeout=30, follow_redirects=False) as client:
        me = client.get("/v1/me")
        yield "a key is taken over TLS", me.status_code == 200
        yield "browsers are told to stay with TLS", "max-age=31536000" in me.headers.get("strict-transport-security", "")
        yield "the service's own headers come through", me.headers.get("cache-control") == "no-store"
        yield "without a key nothing is told", httpx.get(f"{address}/v1/me", verify=trusted).status_code == 401
        yield "in the clear it is refused, and not led on", in_the_clear(port) == 400
        old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
        yield "TLS 1.1 is refused", not speaks(old, port, ssl.TLSVersion.TLSv1_1)
        yield (
            "TLS 1.2 and 1.3 are spoken",
            all(speaks(old, port, each) for each in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)),
        )
        yield "figures are not for outside", client.get("/metrics").status_code == 403
        there = client.get(f"/v1/packages/{SECRET_ID.replace('/', '%2F')}")
        yield "an id with a slash is found", there.status_code == 200 and there.json()["package_id"] == SECRET_ID
        large = [of_service(client, "/v1/packages", size)[0] for size in (MIB - 1, MIB + 1, 3 * MIB)]
        yield "a body that is too large is told so, and no other", large[0] in (400, 422) and large[1:] == [413, 413]
        with httpx.Client(base_url=address, verify=trusted, timeout=60) as admin:
            admin.headers["Authorization"] = f"Bearer {running.keys['admin']}"
            yield (
                "an import of many megabytes reaches the service",
                of_service(admin, "/v1/imports", 3 * MIB, "application/zip")[1],
            )
        run = client.post("/v1/runs", json={"kind": "allocate"}, headers={"Idempotency-Key": "one"}).json()["run_id"]
        began = time.monotonic()
        with client.stream("GET", f"/v1/runs/{run}/events") as events:
            first = next(events.iter_lines())
            yield "events come as they are written", bool(first) and time.monotonic() - began < 2
    os.kill(running.process, 19)  # it is there, and says nothing
    with suppress(httpx.HTTPError):
        httpx.get(f"{address}/v1/packages/2026%2F0451?who=0451", verify=trusted, headers=key, timeout=2)
    os.kill(running.process, 9)
    with suppress(httpx.HTTPError):
        httpx.get(f"{address}/v1/packages/2026%2F0451?who=0451", verify=trusted, headers=key, timeout=10)
    kept = [file for file in folder.rglob("*") if file.is_file() and b"0451" in file.read_bytes()]
    yield "no file of the proxy's names a person, even when the service fails", not kept


def in_the_clear(port: int) -> int:
    """The status of a request without TLS."""
    connection = HTTPConnection("localhost", port, timeout=10)
    try:
        connection.request("GET", "/v1/me", headers={"Authorization": "Bearer nothing"})
        return connection.getresponse().status
    finally:
        connection.close()


def speaks(context: ssl.SSLContext, port: int, version: ssl.TLSVersion) -> bool:
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = version
    try:
        with (
            socket.create_connection(("localhost", port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as wrapped,
        ):
            return wrapped.version() == {ssl.TLSVersion.TLSv1_2: "TLSv1.2", ssl.TLSVersion.TLSv1_3: "TLSv1.3"}.get(version)
    except (ssl.SSLError, OSError):
        return False


def of_service(client: httpx.Client, path: str, size: int, kind: str = "application/json") -> tuple[int, bool]:
    """The status of an answer to a large body, and whether the service itself gave it."""
    try:
        answer = client.post(path, content=b"x" * size, headers={"Content-Type": kind})
    except httpx.HTTPError:
        return 413, False  # it was closed upon while it still sent
    return answer.status_code, answer.headers.get("content-type", "").startswith("application/problem+json")


def with_a_slash(place: Path) -> Path:
    """The three villages, of which one package has a slash in its id."""
    county = place / "county"
    shutil.copytree(SMALL, county)
    for file in county.glob("*.csv"):
        file.write_text(re.sub(r"\bN5\b", SECRET_ID, file.read_text(encoding="utf-8")), encoding="utf-8")
    return county


def tried(name: str) -> bool:
    """Try one proxy; whether all holds."""
    with database("sqlite") as url, tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "proxy"
        folder.mkdir()
        with (
            service(url, with_a_slash(Path(place)), OPTIMISER_RUN_WORKERS="0") as running,
            proxied(name, folder, running.address.removeprefix("http://")) as address,
        ):
            held = list(told(address, folder, running))
    for what, holds in held:
        print(f"{'holds' if holds else 'FAILS'}  {name}: {what}")
    print(f"{name}: {sum(holds for _, holds in held)} of {len(held)} hold")
    return all(holds for _, holds in held)


def main(names: list[str]) -> int:
    missing = [name for name in names or PROXIES if shutil.which(name) is None]
    if missing:
        print(f"Not installed: {', '.join(missing)}", file=sys.stderr)
        return 2
    held = [tried(name) for name in names or PROXIES]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
