"""The head of the audit trail, signed with a key that is kept outside of the database.

Whoever may write to the database, and has not this key, cannot write the trail anew, nor cut off its end, without being found:
what follows a head that is not signed by it is not signed either, until an administrator says so.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from sqlalchemy import Engine, Row

SIGNED = "optimiser audit head {seq}:{hash}"
"""What a signature is of, as text."""


@dataclass(frozen=True)
class Signer:
    """A private key."""

    key: Ed25519PrivateKey

    @staticmethod
    def of(file: str) -> Signer:
        """The key in a PEM file. Raises ``ValueError`` where it cannot be read or holds no such key."""
        try:
            key = load_pem_private_key(Path(file).read_bytes(), password=None)
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(
                "expected a file with an Ed25519 private key in PEM form, as 'openssl genpkey -algorithm ed25519' writes it"
            )
        return Signer(key)

    def sign(self, seq: int, entry_hash: str) -> str:
        return b64encode(self.key.sign(_signed(seq, entry_hash))).decode()

    def public(self) -> Verifier:
        return Verifier(self.key.public_key())


@dataclass(frozen=True)
class Verifier:
    """A public key."""

    key: Ed25519PublicKey

    @staticmethod
    def of(file: str) -> Verifier:
        """The key in a PEM file. Raises ``ValueError`` where it cannot be read or holds no such key."""
        try:
            key = load_pem_public_key(Path(file).read_bytes())
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("expected a file with an Ed25519 public key in PEM form, as 'openssl pkey -pubout' writes it")
        return Verifier(key)

    def holds(self, seq: int, entry_hash: str, signature: str) -> bool:
        """Whether this head was signed so."""
        try:
            self.key.verify(b64decode(signature, validate=True), _signed(seq, entry_hash))
        except (InvalidSignature, ValueError, TypeError):
            return False
        return True


def _signed(seq: int, entry_hash: str) -> bytes:
    return SIGNED.format(seq=seq, hash=entry_hash).encode()


_signers: WeakKeyDictionary[Engine, Signer] = WeakKeyDictionary()


def sign_with(engine: Engine, signer: Signer) -> None:
    """From now on what is written over this engine is signed."""
    _signers[engine] = signer


def verifier_of(engine: Engine) -> Verifier | None:
    """By whose signature what is written over this engine is known; None: no key is given."""
    signer = _signers.get(engine)
    return None if signer is None else signer.public()


def signature_after(engine: Engine, before: Row[Any], seq: int, entry_hash: str, *, anew: bool = False) -> str | None:
    """The signature under a head that follows the one in the county's row; None: no key is given.

    A head that does not bear this key's signature is not vouched for by signing what follows it: whoever had written the trail
    anew would be covered by the next entry. It is signed again only where somebody says so (``anew``), or it is the beginning.
    """
    signer = _signers.get(engine)
    if signer is None:
        return None
    if anew or not before.audit_seq or _is_by(signer, before):
        return signer.sign(seq, entry_hash)
    return "" if before.audit_signature is None else str(before.audit_signature)


def _is_by(signer: Signer, head: Row[Any]) -> bool:
    return signer.public().holds(head.audit_seq, head.audit_hash, head.audit_signature)
