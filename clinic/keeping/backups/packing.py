"""A backup as one stream: the database, the uploaded files, and at the very end the manifest with their sums."""

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO, Final

from clinic.keeping.backups.dumping import PART_OF, Dump
from clinic.keeping.backups.manifest import PART, Manifest, Part
from clinic.keeping.backups.scratch import HELD
from clinic.keeping.backups.trouble import BackupTrouble

MEDIA: Final = "media"
LONGEST_MANIFEST: Final = 64 << 20


class _Summing:
    """A file that is read, and its sum and length so far."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.sum = hashlib.sha256()
        self.length = 0

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.sum.update(data)
        self.length += len(data)
        return data

    @property
    def part(self) -> Part:
        return Part(self.sum.hexdigest(), self.length)


def pack(out: IO[bytes], *, dump: Dump, media: Path, manifest: Manifest, seal: Callable[[Manifest], bytes]) -> Manifest:
    """Writes the whole backup into ``out``; answers the manifest with the sums. ``seal`` makes the bytes of the manifest."""
    parts: dict[str, Part] = {}
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT, bufsize=1 << 18) as tar:
        parts[dump.file.name] = _add_file(tar, dump.file.name, dump.file)
        for path in files_under(media):
            name = f"{MEDIA}/{path.relative_to(media).as_posix()}"
            try:
                parts[name] = _add_file(tar, name, path)
            except FileNotFoundError:  # removed a moment ago; whether a record needed it is told below
                continue
        here = {PurePosixPath(name).name: part.sha256 for name, part in parts.items()}
        missing = sorted(name for name, digest in dump.files.items() if here.get(name) != digest)
        whole = replace(manifest, parts=parts, missing=tuple(missing))
        data = seal(whole)
        tar.addfile(_header(PART, len(data)), io.BytesIO(data))
    return whole


def files_under(folder: Path) -> Iterator[Path]:
    """Every plain file in the folder and those below, in order; links are left out: they could lead to a key."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and not path.is_symlink():
            yield path


def _add_file(tar: tarfile.TarFile, name: str, path: Path) -> Part:
    with path.open("rb") as source:
        summing = _Summing(source)
        tar.addfile(_header(name, path.stat().st_size), summing)
        return summing.part


def _header(name: str, size: int) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o600
    return header


def unpack(stream: IO[bytes], folder: Path) -> bytes:
    """Writes what is packed in the stream into the folder, and answers the manifest's bytes.

    Raises ``BackupTrouble`` for a stream that ends too early or holds anything that a backup does not.
    """
    data = b""
    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=1 << 18) as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or data or not _belongs(member.name):
                    raise BackupTrouble(f"The backup holds {member.name!r}, which does not belong there: it is not restored.")
                if member.name == PART:
                    data = content.read(LONGEST_MANIFEST)
                else:
                    _write(content, folder / member.name)
    except (tarfile.TarError, EOFError) as wrong:
        raise BackupTrouble("This is no backup of Tactus, or only a piece of one.") from wrong
    if not data:
        raise BackupTrouble("The backup ends before it says what is in it: it was cut off.")
    return data


def _belongs(name: str) -> bool:
    path = PurePosixPath(name)
    if name in {PART, *PART_OF.values()}:
        return True
    return path.parts[:1] == (MEDIA,) and len(path.parts) > 1 and ".." not in path.parts and str(path) == name


def _write(content: IO[bytes], path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as out:
        path.chmod(0o600)
        while data := content.read(1 << 20):
            out.write(data)


def check_parts(manifest: Manifest, folder: Path) -> None:
    """Raises ``BackupTrouble`` unless exactly the parts that the manifest names lie in the folder, with their sums."""
    found = {path.relative_to(folder).as_posix() for path in files_under(folder)} - {HELD}
    if odd := sorted(found ^ manifest.parts.keys()):
        raise BackupTrouble(f"The backup does not hold what it says it holds ({odd[0]}): it is not restored.")
    for name, part in manifest.parts.items():
        with (folder / name).open("rb") as source:
            if hashlib.file_digest(source, "sha256").hexdigest() != part.sha256:
                raise BackupTrouble(f"{name} in the backup is not what it was: it is not restored.")
