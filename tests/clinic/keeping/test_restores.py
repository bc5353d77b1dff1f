"""A backup comes back whole, into an empty place, or not at all (trust.md F45, F46)."""

import io
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.db.migrations.loader import MigrationLoader

from clinic.keeping.backups.crypt import new_identity
from clinic.keeping.backups.databases import PostgresDatabase, database_of_url, url_of
from clinic.keeping.backups.places import place_of
from clinic.keeping.backups.scratch import HELD, alone
from clinic.keeping.backups.trouble import BackupTrouble
from clinic.signing.keys import KeyFiles, make_key
from tests.clinic.keeping.archives import FIRST, PAPER, House, a_house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return a_house(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def backup(house: House) -> Path:
    return house.back_up().file.path


@pytest.fixture
def spoilt(backup: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copy(backup, tmp_path))


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return tmp_path / "restored"


def nothing_is_at(into: Path) -> bool:
    return not into.exists() and not into.with_name(f"{into.name}.unfinished").exists()


def test_everything_comes_back_into_a_new_folder(house: House, backup: Path, into: Path) -> None:
    restored = house.bring_back(backup, str(into))
    assert sorted(path.name for path in into.iterdir()) == ["media", "tactus.sqlite3"]
    assert (into / "media" / "ab" / PAPER).read_bytes() == b"a scan"
    with closing(sqlite3.connect(into / "tactus.sqlite3")) as found:
        assert [name for (name,) in found.execute("SELECT name FROM patients_patient ORDER BY id")] == ["Weber", "Braun"]
    assert restored.rows == 5
    assert nothing_is_at(into.with_name("another"))


def test_an_older_backup_says_what_migrate_will_add_and_is_not_looked_through_before(house: House, backup: Path, into: Path) -> None:
    assert "keeping.0001_retention_erasures_and_drills" in house.bring_back(backup, str(into)).to_come
    with pytest.raises(BackupTrouble, match="Say --migrate"):
        house.bring_back(backup, str(into.with_name("again")), verify=True)


def test_a_migration_that_stands_for_others_is_there_where_they_are(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    found = MigrationLoader(None).disk_migrations
    at_once = {key: migration.replaces for key, migration in found.items() if key[0] == "staff" and migration.replaces}
    assert at_once
    for app, name in {each for replaced in at_once.values() for each in replaced} - {FIRST}:
        house.ask("INSERT INTO django_migrations VALUES (?, ?)", app, name)
    to_come = house.bring_back(house.back_up().file.path, str(tmp_path / "into")).to_come
    assert not {".".join(key) for key in at_once} & set(to_come)


def test_a_backup_of_a_newer_tactus_is_refused(tmp_path: Path) -> None:
    newer = a_house(tmp_path)
    newer.ask("INSERT INTO django_migrations VALUES ('staff', '9999_of_the_future')")
    with pytest.raises(BackupTrouble, match="of a newer Tactus"):
        newer.bring_back(newer.back_up().file.path, str(tmp_path / "into"))
    assert nothing_is_at(tmp_path / "into")


def test_nothing_is_ever_restored_over_what_is_there(house: House, backup: Path, into: Path) -> None:
    into.mkdir()
    (into / "note").write_text("ours")
    with pytest.raises(BackupTrouble, match="is not empty"):
        house.bring_back(backup, str(into))
    assert [path.name for path in into.iterdir()] == ["note"]


def test_what_an_interrupted_restore_left_is_cleared_but_not_what_another_is_doing(house: House, backup: Path, into: Path) -> None:
    aside = into.with_name(f"{into.name}.unfinished")
    aside.mkdir()
    (aside / "database.sqlite3").write_bytes(b"half")
    with alone(aside / HELD, "never said"), pytest.raises(BackupTrouble, match="Another process restores"):
        house.bring_back(backup, str(into))
    house.bring_back(backup, str(into))
    assert not aside.exists()
    assert into.exists()


# Spoilt ---------------------------------------------------------------------------------------------------------------------
def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def cut_at_the_head(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:90])


def one_bit_changed(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def of_another_kind(file: Path) -> None:
    file.write_bytes(b"%PDF-1.7 " * 500)


SPOILT: list[tuple[Callable[[Path], None], str]] = [
    (cut_short, "was changed or cut off"),
    (cut_at_the_head, "is no encrypted backup, or only its beginning"),
    (one_bit_changed, "was changed or cut off"),
    (emptied, "is no encrypted backup, or only its beginning"),
    (of_another_kind, "is no encrypted backup"),
]


@pytest.mark.parametrize(("spoil", "sentence"), SPOILT, ids=lambda each: getattr(each, "__name__", ""))
def test_a_spoilt_backup_is_refused_with_a_sentence_and_leaves_nothing(
    spoil: Callable[[Path], None], sentence: str, house: House, spoilt: Path, into: Path
) -> None:
    spoil(spoilt)
    with pytest.raises(BackupTrouble, match=sentence):
        house.bring_back(spoilt, str(into))
    assert nothing_is_at(into)


def test_wherever_a_byte_is_changed_or_the_end_is_cut_it_is_found(house: House, spoilt: Path, into: Path) -> None:
    data = spoilt.read_bytes()
    for number in range(0, len(data), max(1, len(data) // 20)):
        spoilt.write_bytes(data[:number] + bytes([data[number] ^ 0x20]) + data[number + 1 :])
        with pytest.raises(BackupTrouble):
            house.bring_back(spoilt, str(into))
        spoilt.write_bytes(data[:number])
        with pytest.raises(BackupTrouble):
            house.bring_back(spoilt, str(into))
    assert nothing_is_at(into)


def test_another_key_opens_nothing(house: House, backup: Path, into: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text(new_identity()[0])
    with pytest.raises(BackupTrouble, match="This key does not open"):
        house.bring_back(backup, str(into), identity=tmp_path / "other")
    (tmp_path / "notes").write_text("no key")
    with pytest.raises(BackupTrouble, match="does not hold a key that opens backups"):
        house.bring_back(backup, str(into), identity=tmp_path / "notes")
    assert nothing_is_at(into)


def test_a_backup_that_somebody_else_made_for_our_key_is_refused(house: House, backup: Path, tmp_path: Path) -> None:
    assert backup.exists()  # by then there is a key of ours, which did not sign the other one
    stranger = a_house(tmp_path)
    forged = stranger.back_up(keys=house.wish.keys).file.path
    with pytest.raises(BackupTrouble, match="somebody else made it"):
        house.bring_back(forged, str(tmp_path / "into"))
    assert nothing_is_at(tmp_path / "into")


def test_without_the_public_signing_keys_it_is_said_where_they_are(house: House, backup: Path, into: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupTrouble, match=r"no public signing key in .*test-keyring; copy that folder"):
        house.bring_back(backup, str(into), keys=tmp_path / "none", verify=True, migrate=True)
    assert "was therefore not checked" in house.bring_back(backup, str(into), keys=tmp_path / "none").notes[0]


def test_a_signing_key_made_since_still_trusts_what_the_one_before_signed(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    file = house.back_up().file.path
    make_key(KeyFiles(house.data / "signing", "test"), replaces=True)
    assert house.bring_back(file, str(tmp_path / "into")).notes == []


def a_tar(file: Path, **members: bytes) -> Path:
    with tarfile.open(file, "w") as tar:
        for name, data in members.items():
            header = tarfile.TarInfo(name)
            header.size = len(data)
            tar.addfile(header, io.BytesIO(data))
    return file


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "media/../../evil", "media", "notes.txt", "media//a"])
def test_a_name_that_leads_elsewhere_is_refused(name: str, house: House, into: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupTrouble, match="does not belong there"):
        house.bring_back(a_tar(tmp_path / "tactus-20260101T000000Z.tar", **{name: b"x"}), str(into))
    assert nothing_is_at(into)
    assert not (tmp_path / "evil").exists()


def test_what_is_in_it_is_compared_with_what_it_says(house: House, into: Path, tmp_path: Path) -> None:
    whole = house.back_up(folder=tmp_path, keys=[]).file.path
    with tarfile.open(whole) as tar:
        parts = {name: tar.extractfile(name).read() for name in tar.getnames()}  # type: ignore[union-attr]
    changed = parts | {f"media/ab/{PAPER}": b"another"}
    for members, sentence in ((changed, "is not what it was"), ({"media/x": b"", **parts}, "does not hold what it says")):
        with pytest.raises(BackupTrouble, match=sentence):
            house.bring_back(a_tar(tmp_path / "tactus-20260101T000000Z.tar", **members), str(into))
    assert nothing_is_at(into)


def test_a_database_of_another_kind_is_not_taken_for_ours(house: House, backup: Path) -> None:
    """Nothing is asked of a server that cannot take it."""
    with pytest.raises(BackupTrouble, match="does not answer"):
        house.bring_back(backup, "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(BackupTrouble, match="names no database"):
        place_of("postgresql://", media=house.root, data=house.root)


def test_an_address_of_a_database_is_read_and_written_without_loss_and_its_password_is_on_no_command_line() -> None:
    url = "postgresql://tac%20tus:p%40ss%2Fword@db.example:5433/na%20me?sslmode=require"
    database = database_of_url(url)
    assert database == database_of_url(url_of(database))
    assert "p@ss" not in database.on_a_command_line()
    assert "p@ss" not in repr(database)
    assert database.secrets_for({})["PGPASSWORD"] == "p@ss/word"
    socket = PostgresDatabase({"dbname": "t", "host": "/run/postgresql"})
    assert database_of_url(url_of(socket)).where["host"] == "/run/postgresql"
    assert FIRST[0] == "staff"
