"""What a backup says about itself: what is in it, what stood in the database, and who signed that."""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

import rfc8785

from clinic.bootstrap.folders import ROOT
from clinic.keeping.backups.standing import Place, Standing
from clinic.keeping.backups.trouble import BackupTrouble
from clinic.signing.keys import Keyring, SigningKey, is_signed

FORMAT: Final = "tactus-backup-1"
PART: Final = "manifest.json"


@dataclass(frozen=True)
class Part:
    """One file inside of a backup."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Manifest:
    """All of it. ``program`` is the main version of what wrote the database; ``missing`` are uploaded files that were gone already."""

    mode: str
    made_by: str
    taken_at: datetime
    kind: str
    program: int
    standing: Standing
    parts: dict[str, Part] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The manifest as it is written."""
        standing = self.standing
        return {
            "format": FORMAT,
            "mode": self.mode,
            "made_by": self.made_by,
            "taken_at": self.taken_at.isoformat(timespec="seconds"),
            "database": {"kind": self.kind, "program": self.program},
            "migrations": standing.migrations,
            "rows": standing.rows,
            "audit": asdict(standing.audit) if standing.audit else None,
            "signatures": {str(clinic): asdict(place) for clinic, place in standing.signatures.items()},
            "parts": {name: asdict(part) for name, part in self.parts.items()},
            "media": {"complete": not self.missing, "missing": list(self.missing)},
        }


def version() -> str:
    """The version of this Tactus, as pyproject.toml says it."""
    import tomllib

    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def sealed(manifest: Manifest, key: SigningKey) -> bytes:
    """The manifest with a signature: whoever has the public key for backups could else make one up."""
    said = manifest.as_json()
    signature = base64.b64encode(key.sign(rfc8785.dumps(said))).decode()
    return json.dumps({"manifest": said, "key_id": key.key_id, "signature": signature}, indent=1).encode()


def read_manifest(data: bytes) -> tuple[Manifest, dict[str, Any]]:
    """The manifest, and what was written with its signature. Raises ``BackupTrouble`` for what Tactus did not write."""
    try:
        envelope = json.loads(data)
        said = envelope["manifest"]
        found = said["format"]
        if found != FORMAT:
            raise BackupTrouble(f"This backup is of the format {found}, which this Tactus does not know ({FORMAT} it does).")
        return _of(said), envelope
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise BackupTrouble("This is no backup of Tactus: what it says about itself cannot be read.") from wrong


def _of(said: Mapping[str, Any]) -> Manifest:
    standing = Standing(
        rows={str(table): int(count) for table, count in said["rows"].items()},
        migrations={str(app): str(name) for app, name in said["migrations"].items()},
        audit=_place(said["audit"]),
        signatures={int(clinic): Place(place["sequence"], place["digest"]) for clinic, place in said["signatures"].items()},
    )
    return Manifest(
        mode=str(said["mode"]),
        made_by=str(said["made_by"]),
        taken_at=datetime.fromisoformat(said["taken_at"]),
        kind=str(said["database"]["kind"]),
        program=int(said["database"]["program"]),
        standing=standing,
        parts={str(name): Part(str(part["sha256"]), int(part["bytes"])) for name, part in said["parts"].items()},
        missing=tuple(said["media"]["missing"]),
    )


def _place(said: Mapping[str, Any] | None) -> Place | None:
    return Place(int(said["sequence"]), str(said["digest"])) if said else None


def signed_by_us(envelope: Mapping[str, Any], ring: Keyring) -> bool:
    """Whether a key of this keyring signed the manifest in the envelope."""
    try:
        signature = base64.b64decode(envelope["signature"], validate=True)
        return is_signed(ring, envelope["key_id"], rfc8785.dumps(envelope["manifest"]), signature)
    except (KeyError, ValueError, TypeError):
        return False
