"""To the key of somebody who is not this machine: what it writes it cannot read again. The format is age's, so age itself reads it too."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BufferedWriter
from pathlib import Path
from typing import IO, Any, Final, cast

import pyrage  # type: ignore[import-untyped]

from clinic.keeping.backups.trouble import BackupTrouble

PUBLIC: Final = "age1"
SECRET: Final = "AGE-SECRET-KEY-"  # noqa: S105  # the beginning of every secret key, and none itself
WRONG_KEY: Final = "No matching keys"
NOT_OURS: Final = ("header is invalid", "failed to fill", "unknown format", "incomplete header")


def recipients(said: Sequence[str]) -> list[Any]:
    """The public keys that these words name: a key, or a file with one in each line. Raises ``BackupTrouble`` for anything else."""
    return [_recipient(key) for word in said for key in ([word] if word.startswith((PUBLIC, SECRET)) else _lines_of(Path(word)))]


def identities(file: Path) -> list[Any]:
    """The secret keys in a file. Raises ``BackupTrouble`` where there are none."""
    try:
        return [pyrage.x25519.Identity.from_str(line) for line in _lines_of(file)]
    except pyrage.IdentityError as wrong:
        raise BackupTrouble(f"{file} does not hold a key that opens backups (a line that begins with {SECRET}).") from wrong


def new_identity() -> tuple[str, str]:
    """A secret key and its public half."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def _recipient(word: str) -> Any:
    if word.startswith(SECRET):
        raise BackupTrouble(
            "That is the secret key. Backups are made with the public one, which begins with age1; keep the secret one away."
        )
    try:
        return pyrage.x25519.Recipient.from_str(word)
    except pyrage.RecipientError as wrong:
        raise BackupTrouble(f"{word} is no public key of age; it begins with age1 and has 62 letters and digits.") from wrong


def _lines_of(file: Path) -> list[str]:
    try:
        lines = [line.strip() for line in file.read_text(encoding="ascii").splitlines()]
    except (OSError, UnicodeDecodeError) as wrong:
        raise BackupTrouble(f"{file} cannot be read as a file of keys.") from wrong
    found = [line for line in lines if line and not line.startswith("#")]
    if not found:
        raise BackupTrouble(f"{file} holds no key.")
    return found


class _Remembering:
    """A stream that keeps what went wrong with it: pyrage passes on only the words."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.wrong: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        return bytes(self._do(lambda: self.stream.read(size)))

    def write(self, data: bytes) -> int:
        return int(self._do(lambda: self.stream.write(data)))

    def flush(self) -> None:
        self._do(self.stream.flush)

    def _do(self, deed: Callable[[], Any]) -> Any:
        try:
            return deed()
        except OSError as wrong:
            self.wrong = wrong
            raise


def encrypt(write_all: Callable[[IO[bytes]], None], out: IO[bytes], keys: Sequence[Any]) -> None:
    """What ``write_all`` writes goes to ``out`` encrypted, as it comes: never whole in memory, never plain on the disk.

    Raises what ``write_all`` raises, and the ``OSError`` of ``out``.
    """
    reading, writing = (os.fdopen(end, mode) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
    feeder = _Beside(write_all, cast("BufferedWriter", writing))
    kept = _Remembering(out)
    try:
        with reading:
            pyrage.encrypt_io(reading, kept, keys)
    except pyrage.EncryptError as wrong:
        raise kept.wrong or OSError(str(wrong)) from wrong
    finally:
        feeder.join()
    feeder.raise_again()


@contextmanager
def decrypted(file: Path, keys: Sequence[Any]) -> Iterator[IO[bytes]]:
    """The plain bytes of an encrypted file, as they come. At the end of the block all of it was read and held: what was changed or cut off
    raises ``BackupTrouble``, and so does a key that does not fit. Until then nothing that was read may be trusted."""
    reading, writing = (os.fdopen(end, mode) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
    opener = _Beside(lambda out: _open_into(file, out, keys), cast("BufferedWriter", writing))
    try:
        with reading:
            yield reading
            while reading.read(1 << 20):  # what the reader left over: the last bytes say whether anything was cut off
                pass
    except BaseException:
        opener.join()
        opener.raise_again()  # why the bytes ended is the better reason
        raise
    opener.join()
    opener.raise_again()


def _open_into(file: Path, out: IO[bytes], keys: Sequence[Any]) -> None:
    kept = _Remembering(out)
    try:
        with file.open("rb") as source:
            pyrage.decrypt_io(source, kept, keys)
    except pyrage.DecryptError as wrong:
        raise BackupTrouble(_why_not_opened(file, str(wrong))) from wrong
    except OSError as wrong:
        if kept.wrong:
            raise kept.wrong from wrong  # the reader gave up and knows why
        raise BackupTrouble(f"{file.name} was changed or cut off after it was made: it is not restored.") from wrong


def _why_not_opened(file: Path, words: str) -> str:
    if WRONG_KEY in words:
        return f"This key does not open {file.name}: it was encrypted to another one."
    if words.lower().startswith(NOT_OURS):
        return f"{file.name} is no encrypted backup, or only its beginning."
    return f"{file.name} cannot be opened: {words}."


class _Beside:
    """Writes into one end of a pipe in a thread of its own."""

    def __init__(self, write_all: Callable[[IO[bytes]], None], writing: BufferedWriter) -> None:
        self.wrong: BaseException | None = None
        self.thread = threading.Thread(target=self._run, args=(write_all, writing))
        self.thread.start()

    def _run(self, write_all: Callable[[IO[bytes]], None], writing: BufferedWriter) -> None:
        try:
            with writing:
                write_all(writing)
        except BaseException as wrong:
            self.wrong = wrong

    def join(self) -> None:
        self.thread.join()

    def raise_again(self) -> None:
        """What went wrong in the thread. That nobody read on is no reason by itself."""
        if self.wrong is not None and not isinstance(self.wrong, BrokenPipeError):
            raise self.wrong
