"""Heads signed with a key outside of the database: who has the database alone cannot write the trail anew."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, delete, select, update

from api.settings import Settings
from api.storage import audit, table_schema
from api.storage.audit import Actor, Entry
from api.storage.database import database_of, open_database, reading, writing
from api.storage.migrating import downgrade, upgrade
from api.storage.patience import Patience
from api.storage.signed_heads import Signer
from api.storage.trail import BEGINNING, entry_hash, public_part
from optimiser import exits
from tests.commands.running import Ran, run

ADA = Actor("Ada Planner (a1)", "planner")
AUDIT, COUNTY = table_schema.audit, table_schema.county
PEM, NONE = serialization.Encoding.PEM, serialization.NoEncryption()
Command = Callable[..., Ran]


def new_key(folder: Path, name: str) -> Path:
    """A key pair in two files."""
    private = Ed25519PrivateKey.generate()
    file = folder / name
    file.write_bytes(private.private_bytes(PEM, serialization.PrivateFormat.PKCS8, NONE))
    public = private.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    file.with_suffix(".pub").write_bytes(public)
    return file


@pytest.fixture
def engine(empty: Path, tmp_path: Path) -> Iterator[Engine]:
    """A trail of three entries, signed."""
    shutil.copy(empty, tmp_path / "county.db")
    key = new_key(tmp_path, "own")
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'county.db'}", audit_signing_key=str(key))
    made = database_of(settings, Patience())
    for number in range(3):
        write(made, f"N{number}")
    yield made
    made.dispose()


@pytest.fixture
def command(engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.setenv("DATABASE_URL", str(engine.url))
    return lambda *arguments: run(capsys, *arguments)


def write(engine: Engine, subject: str) -> None:
    with writing(engine) as connection:
        entry = Entry(ADA, "package.read", "packages", subject)
        audit.append(connection, [entry], at="2026-11-24T09:00:00+00:00", rule_book="1")


def problems(engine: Engine, key: Path) -> list[str]:
    with reading(engine) as connection:
        return [each.problem for each in audit.check(connection, signed_by=Signer.of(str(key)).public()).breaks]


def write_anew(engine: Engine) -> None:
    """Somebody who has the database makes a whole trail in which another name stands."""
    with writing(engine) as connection:
        previous = BEGINNING
        for row in connection.execute(select(AUDIT).order_by(AUDIT.c.seq)).mappings().all():
            told = {**row, "actor": "Somebody Else", "previous": previous}
            previous = entry_hash(previous, public_part(told))
            values = {"actor": "Somebody Else", "previous": told["previous"], "hash": previous}
            connection.execute(update(AUDIT).where(AUDIT.c.seq == row["seq"]).values(**values))
        connection.execute(update(COUNTY).values(audit_hash=previous))


def cut_off(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(delete(AUDIT).where(AUDIT.c.seq == 3))
        last = connection.execute(select(AUDIT.c.hash).where(AUDIT.c.seq == 2)).scalar_one()
        connection.execute(update(COUNTY).values(audit_seq=2, audit_hash=last))


@pytest.mark.parametrize("edit", [write_anew, cut_off])
def test_what_a_chain_cannot_know_its_signature_does(engine: Engine, tmp_path: Path, edit: Callable[[Engine], None]) -> None:
    assert problems(engine, tmp_path / "own") == []
    edit(engine)
    with reading(engine) as connection:
        assert audit.check(connection).breaks == [], "the chain itself is whole"
    assert problems(engine, tmp_path / "own") == [
        "is the last one, and its signature is not by this key: it, or one before it, was written past the service"
    ]
    write(engine, "N4")
    assert len(problems(engine, tmp_path / "own")) == 1, "the next entry does not cover it"
    with writing(engine) as connection:
        connection.execute(update(COUNTY).values(audit_signature=None))
    write(engine, "N5")
    assert len(problems(engine, tmp_path / "own")) == 1, "nor where the signature was taken out"


def test_a_head_that_was_written_without_the_key_is_told_until_somebody_signs(
    engine: Engine, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = open_database(str(engine.url))
    write(without, "N9")
    without.dispose()
    assert problems(engine, tmp_path / "own") == [
        "is the last one, and not signed: it, or one before it, was written without the key"
    ]
    assert command("audit", "sign").code == exits.REFUSED, "no key is named"
    monkeypatch.setenv("OPTIMISER_AUDIT_SIGNING_KEY", str(tmp_path / "own"))
    signed = command("audit", "sign")
    assert (signed.code, signed.out.strip()) == (0, f"{command('audit', 'head').out.strip()}, signed")
    assert problems(engine, tmp_path / "own") == []
    write(engine, "N10")
    assert problems(engine, tmp_path / "own") == []
    told = json.loads(command("audit", "sign", "--json").out)
    assert f"{told['entry']}:{told['hash']}" == command("audit", "head").out.strip()
    with writing(engine) as connection:
        connection.execute(update(AUDIT).where(AUDIT.c.seq == 2).values(actor="Somebody Else"))
    assert command("audit", "sign").code == exits.REFUSED, "what does not hold is not signed"


def test_a_database_from_before_signatures_is_signed_as_it_is_migrated(engine: Engine, tmp_path: Path) -> None:
    downgrade(engine, "0006")
    upgrade(engine)
    assert problems(engine, tmp_path / "own") == []
    write(engine, "N4")
    assert problems(engine, tmp_path / "own") == []


@pytest.mark.parametrize("signature", ["", "none", "AAAA", "\N{SNOWMAN}", "A" * 88])
def test_no_signature_is_one_by_its_looks(engine: Engine, tmp_path: Path, signature: str) -> None:
    with writing(engine) as connection:
        connection.execute(update(COUNTY).values(audit_signature=signature))
    assert len(problems(engine, tmp_path / "own")) == 1


def test_an_auditor_needs_the_public_half_alone(engine: Engine, command: Command, tmp_path: Path) -> None:
    assert "signed" not in command("audit", "verify").out
    told = command("audit", "verify", "--public-key", str(tmp_path / "own.pub"))
    assert told.code == 0
    assert told.out.rstrip().endswith(", signed")
    other = new_key(tmp_path, "other").with_suffix(".pub")
    assert command("audit", "verify", "--public-key", str(other)).code == 5
    write_anew(engine)
    assert command("audit", "verify").code == 5, "another head was noted beside the database"
    (tmp_path / "county.db-head").unlink()
    assert command("audit", "verify").code == 0
    assert command("audit", "verify", "--public-key", str(tmp_path / "own.pub")).code == 5


def test_with_the_setting_it_is_asked_for(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPTIMISER_AUDIT_SIGNING_KEY", str(tmp_path / "own"))
    assert command("audit", "verify").out.rstrip().endswith(", signed")


def test_what_is_no_such_key_is_refused_before_anything_is_done(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(PEM, serialization.PrivateFormat.PKCS8, NONE)
    (tmp_path / "curve").write_bytes(curve)
    (tmp_path / "junk").write_bytes(b"s3cret junk")
    for name in ("curve", "junk", "own.pub", "none-such"):
        monkeypatch.setenv("OPTIMISER_AUDIT_SIGNING_KEY", str(tmp_path / name))
        told = command("keys", "list")
        assert told.code == exits.REFUSED
        assert told.err.startswith("Refused: OPTIMISER_AUDIT_SIGNING_KEY: expected a file with an Ed25519 private key")
        assert "s3cret" not in told.err
    monkeypatch.delenv("OPTIMISER_AUDIT_SIGNING_KEY")
    for name in ("own", "junk", "none-such"):
        told = command("audit", "verify", "--public-key", str(tmp_path / name))
        assert told.code == exits.REFUSED
        assert "s3cret" not in told.err
