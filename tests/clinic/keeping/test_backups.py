"""What is in a backup, who can open it, and what does not get in its way (trust.md §3.4)."""

import errno
import io
import os
import shutil
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from clinic import start
from clinic.keeping.backups import programs, taking
from clinic.keeping.backups.crypt import decrypted, encrypt, identities, recipients
from clinic.keeping.backups.manifest import PART, read_manifest
from clinic.keeping.backups.naming import backups_in
from clinic.keeping.backups.retention import Keep
from clinic.keeping.backups.scratch import SCRATCH, alone
from clinic.keeping.backups.trouble import BackupTrouble
from tests.clinic.keeping.archives import PAPER, House, a_house
from tests.clinic.test_start import GOOD


@pytest.fixture
def house(tmp_path: Path) -> House:
    return a_house(tmp_path)


def writing(data: bytes) -> Callable[[IO[bytes]], None]:
    def write_all(out: IO[bytes]) -> None:
        out.write(data)

    return write_all


def plain(house: House, file: Path) -> bytes:
    with decrypted(file, identities(house.identity)) as stream:
        return stream.read()


def test_a_backup_holds_database_uploads_and_what_it_says_of_itself_and_no_key_at_all(house: House) -> None:
    taken = house.back_up()
    data = plain(house, taken.file.path)
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        assert tar.getnames() == ["database.sqlite3", f"media/ab/{PAPER}", PART]
    keys = [path for path in house.data.rglob("*") if path.suffix in {".key", ".pub"}]
    assert len(keys) == 3, "the secret key, the signing key and its public half"
    for path in keys:
        assert path.read_bytes() not in data
        assert path.read_bytes()[:40] not in data


def test_what_it_says_of_itself_is_enough_to_compare_a_restored_database(house: House) -> None:
    said = house.back_up().manifest
    assert said.standing.rows == {"audit_chainhead": 1, "django_migrations": 1, "patients_attachment": 1, "patients_patient": 2}
    assert said.standing.migrations == {"staff": "0001_clinics_users_and_roles"}
    assert said.standing.audit is not None
    assert said.standing.audit.sequence == 7
    assert said.missing == ()
    assert {len(part.sha256) for part in said.parts.values()} == {64}


def test_only_its_owner_reads_it_and_nothing_else_is_left(house: House) -> None:
    file = house.back_up().file.path
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in house.wish.folder.iterdir()] == [file.name]
    assert list((house.data / SCRATCH).iterdir()) == []


def test_whoever_wrote_it_cannot_read_it_again(house: House, tmp_path: Path) -> None:
    file = house.back_up().file.path
    assert b"Weber" not in file.read_bytes()
    with pytest.raises(BackupTrouble, match="encrypted: name the file with its secret key"):
        house.bring_back(file, identity=None)


def test_a_file_that_a_record_names_and_that_is_gone_or_changed_is_told(house: House) -> None:
    (house.wish.media / "ab" / PAPER).write_bytes(b"another scan")
    assert house.back_up().manifest.missing == (PAPER,)
    (house.wish.media / "ab" / PAPER).unlink()
    assert house.back_up().manifest.missing == (PAPER,)


def test_a_link_among_the_uploads_leads_to_no_key(house: House) -> None:
    (house.wish.media / "link").symlink_to(house.data / "test.key")
    assert b"SECRET-KEY-OF-THIS-CLINIC" not in plain(house, house.back_up().file.path)


def test_a_full_disk_is_said_and_nothing_is_left_under_any_name(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BackupTrouble, match=r"the disk is full\. Free some space"):
        house.back_up()
    assert list(house.wish.folder.iterdir()) == []
    assert list((house.data / SCRATCH).iterdir()) == []


def test_a_disk_that_fills_up_in_the_middle_of_encrypting_is_known_for_what_it_is(house: House) -> None:
    with Path("/dev/full").open("wb", buffering=0) as out, pytest.raises(OSError, match="No space") as wrong:
        encrypt(writing(b"x" * 500_000), out, house.wish.keys)
    assert wrong.value.errno == errno.ENOSPC


def test_a_folder_that_is_not_there_is_not_made_up(house: House) -> None:
    with pytest.raises(BackupTrouble, match="is the disk mounted"):
        house.back_up(folder=house.root / "mnt" / "backups")


def test_no_backup_lies_among_the_uploads(house: House) -> None:
    with pytest.raises(BackupTrouble, match="would hold those before it"):
        house.back_up(folder=house.wish.media / "backups")


def test_two_at_once_do_not_disturb_each_other(house: House) -> None:
    with alone(house.data / "backup.lock", "never said"), pytest.raises(BackupTrouble, match="Another backup is being taken"):
        house.back_up()
    assert house.back_up().file.size > 0


def test_what_a_killed_backup_left_goes_with_the_next(house: House) -> None:
    left = house.data / SCRATCH / "of-a-killed-one"
    left.mkdir(parents=True)
    (left / "database.sqlite3").write_bytes(b"plain")
    house.wish.folder.mkdir()
    half = house.wish.folder / f".tactus-20260101T000000Z.tar.age.{taking._machine()}.unfinished"
    half.write_bytes(b"half")
    elsewhere = house.wish.folder / ".tactus-20260101T000000Z.tar.age.another-machine.unfinished"
    elsewhere.write_bytes(b"half")
    house.back_up()
    assert not left.exists()
    assert not half.exists()
    assert elsewhere.exists(), "another machine may be writing it now"


def test_old_backups_go_and_no_other_file_does(house: House) -> None:
    house.wish.folder.mkdir()
    for name in ("tactus-20200101T000000Z.tar.age", "tactus-20200102T000000Z.tar.age", "tactus.tar.age", "keys.txt"):
        (house.wish.folder / name).touch()
    taken = house.back_up(keep=Keep(0, 0, 2))
    assert taken.removed == ["tactus-20200101T000000Z.tar.age"]
    left = {path.name for path in house.wish.folder.iterdir()}
    assert left == {taken.file.path.name, "tactus-20200102T000000Z.tar.age", "tactus.tar.age", "keys.txt"}


def test_the_one_just_made_stays_though_the_clock_went_back(house: House) -> None:
    house.wish.folder.mkdir()
    for day in range(1, 9):
        (house.wish.folder / f"tactus-2090010{day}T000000Z.tar.age").touch()
    taken = house.back_up(keep=Keep(1, 0, 0))
    assert taken.file.path.exists()
    assert len(backups_in(house.wish.folder)) == 9


def test_what_was_written_a_moment_ago_is_in_it_though_others_still_write(house: House) -> None:
    assert hasattr(house.wish.database, "file")
    with closing(sqlite3.connect(house.wish.database.file)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("INSERT INTO patients_patient (name) VALUES ('Kept')")
        other.commit()
        other.execute("INSERT INTO patients_patient (name) VALUES ('Not yet')")
        taken = house.back_up()
        other.rollback()
    assert taken.manifest.standing.rows["patients_patient"] == 3


# For whom -------------------------------------------------------------------------------------------------------------------
def test_production_writes_nothing_that_anybody_can_read(house: House, settings: Any) -> None:
    settings.IN_PRODUCTION = True
    with pytest.raises(BackupTrouble, match="Backups of a real clinic are encrypted"):
        house.back_up(keys=[])


def test_a_command_that_names_nobody_who_could_open_it_writes_nothing(tmp_path: Path, settings: Any) -> None:
    settings.BACKUP_RECIPIENTS = []
    with pytest.raises(CommandError, match="Nobody is named who could open the backup"):
        call_command("backup", str(tmp_path / "backups"))
    assert not (tmp_path / "backups").exists()


def test_the_secret_key_is_not_taken_for_the_public_one(house: House, tmp_path: Path) -> None:
    with pytest.raises(BackupTrouble, match="That is the secret key"):
        recipients([str(house.identity)])
    with pytest.raises(BackupTrouble, match="is no public key"):
        recipients(["age1nonsense"])
    with pytest.raises(BackupTrouble, match="cannot be read as a file of keys"):
        recipients([str(tmp_path / "nowhere")])


def test_a_new_key_is_only_its_owners_is_never_written_over_and_never_lies_beside_the_data(
    tmp_path: Path, settings: Any, capsys: Any
) -> None:
    settings.DATA_DIR = tmp_path / "data"
    call_command("new_backup_key", str(tmp_path / "key"))
    said = capsys.readouterr().out
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    public = said.partition("BACKUP_RECIPIENTS=")[2].strip()
    out = io.BytesIO()
    encrypt(writing(b"words"), out, recipients([public]))
    (tmp_path / "file").write_bytes(out.getvalue())
    with decrypted(tmp_path / "file", identities(tmp_path / "key")) as stream:
        assert stream.read() == b"words"
    with pytest.raises(CommandError, match="never written over"):
        call_command("new_backup_key", str(tmp_path / "key"))
    with pytest.raises(CommandError, match="write it to another disk"):
        call_command("new_backup_key", str(tmp_path / "data" / "sub" / "key"))


# PostgreSQL's programs ------------------------------------------------------------------------------------------------------
def a_program(folder: Path, version: int) -> Path:
    folder.mkdir(parents=True)
    path = folder / "pg_dump"
    path.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.3 (Debian)'\n")
    path.chmod(0o755)
    return path


def test_a_missing_pg_dump_is_said_with_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupTrouble, match=r"pg_dump is missing on this machine. Install it .*postgresql-client-17"):
        programs.program("pg_dump", at_least=17, like=17)


def test_the_program_is_that_of_the_server_or_the_next_newer_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", os.defpath)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    paths = {version: a_program(tmp_path / str(version) / "bin", version) for version in (14, 15, 17)}
    assert programs.program("pg_dump", at_least=15, like=15) == paths[15]
    assert programs.program("pg_dump", at_least=16, like=16) == paths[17]
    with pytest.raises(BackupTrouble, match="is of version 17, and version 18 or newer is needed"):
        programs.program("pg_dump", at_least=18, like=18)


def test_what_a_backup_says_of_itself_is_read_only_in_its_own_format() -> None:
    with pytest.raises(BackupTrouble, match="of the format tactus-backup-2"):
        read_manifest(b'{"manifest": {"format": "tactus-backup-2"}}')
    with pytest.raises(BackupTrouble, match="This is no backup of Tactus"):
        read_manifest(b"[]")


# The settings ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"BACKUP_FOLDER": "/mnt/backups"}, "BACKUP_RECIPIENTS is missing"),
        ({"BACKUP_FOLDER": "/mnt/backups", "BACKUP_RECIPIENTS": "AGE-SECRET-KEY-1ABC"}, "BACKUP_RECIPIENTS holds the secret key"),
        ({"BACKUP_KEEP": "7 days"}, "BACKUP_KEEP must be three whole numbers"),
    ],
)
def test_production_refuses_settings_by_which_no_backup_would_be_taken_at_night(change: dict[str, str], sentence: str) -> None:
    assert [fault for fault in start.faults(GOOD | change) if fault.startswith(sentence)]
    right = {"BACKUP_FOLDER": "/mnt/backups", "BACKUP_RECIPIENTS": "age1abc", "BACKUP_KEEP": "7, 4, 12"}
    assert [fault for fault in start.faults(GOOD | right) if fault.startswith("BACKUP")] == []
