"""The Ed25519 key of this installation and the public keys that it trusts: files, never rows of the database.

Whoever can write to the database can therefore not sign, and a copy of the database cannot be continued by somebody else.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from clinic.start import signing_key_file

Keyring = Mapping[str, Ed25519PublicKey]


class NoKey(Exception):
    """There is no key to sign with; the text is a sentence for whoever runs the program."""


@dataclass(frozen=True)
class SigningKey:
    """The private key in use and the name that entries know it by."""

    key_id: str
    private: Ed25519PrivateKey

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


@dataclass(frozen=True)
class KeyFiles:
    """Where the key and the trusted public keys of one mode lie: a demo's key is no key of production."""

    folder: Path
    mode: str

    @property
    def private(self) -> Path:
        return signing_key_file(self.folder, self.mode)

    @property
    def keyring(self) -> Path:
        return self.folder / f"{self.mode}-keyring"


def our_files() -> KeyFiles:
    """The files that the settings name."""
    return KeyFiles(settings.SIGNING_KEYS, settings.MODE)


def signing_key(files: KeyFiles | None = None) -> SigningKey:
    """The key in use. A machine that keeps its key in its own data folder makes one at the first signature.

    Raises ``NoKey`` where SIGNING_KEYS names a folder without a key: several machines must not make one each.
    """
    files = files or our_files()
    if not files.private.exists():
        if settings.SIGNING_KEYS_ARE_SHARED:
            raise NoKey(f"{files.private} does not exist. Make it with manage.py new_signing_key, or copy it from the other machine.")
        make_key(files)
    private = serialization.load_pem_private_key(files.private.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise NoKey(f"{files.private} holds a key of another kind.")
    return SigningKey(key_id_of(private.public_key()), private)


def keyring(files: KeyFiles | None = None) -> Keyring:
    """Every trusted public key by its name: all that were ever used here. The files' names are not trusted, only what they hold."""
    files = files or our_files()
    found: dict[str, Ed25519PublicKey] = {}
    for path in sorted(files.keyring.glob("*.pub")):
        public = serialization.load_pem_public_key(path.read_bytes())
        if isinstance(public, Ed25519PublicKey):
            found[key_id_of(public)] = public
    return found


def make_key(files: KeyFiles, *, replaces: bool = False) -> str:
    """Makes a key, readable only by its owner, and adds its public half to the keyring; answers the name of the key in use.

    Two processes that start together end with one key. ``replaces`` puts a new key in the place of the present one,
    whose public half stays trusted.
    """
    files.keyring.mkdir(mode=0o700, parents=True, exist_ok=True)
    private = Ed25519PrivateKey.generate()
    # The public half first: an entry that was signed must never meet a keyring that does not know its key.
    made = _publish(files, private.public_key())
    aside = files.private.with_suffix(f".{os.getpid()}.new")
    _write(aside, private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()), 0o600)
    if replaces:
        aside.replace(files.private)
        return made.stem
    try:
        os.link(aside, files.private)
    except FileExistsError:
        made.unlink()  # nobody will ever sign with this one
    finally:
        aside.unlink()
    return signing_key(files).key_id


def key_id_of(public: Ed25519PublicKey) -> str:
    """The first 16 hex digits of the SHA-256 of the public key."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16]


def is_signed(ring: Keyring, key_id: str, message: bytes, signature: bytes) -> bool:
    """Whether a trusted key of that name signed exactly these bytes."""
    public = ring.get(key_id)
    if public is None:
        return False
    try:
        public.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _publish(files: KeyFiles, public: Ed25519PublicKey) -> Path:
    path = files.keyring / f"{key_id_of(public)}.pub"
    if not path.exists():
        _write(path, public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo), 0o644)
    return path


def _write(path: Path, data: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
