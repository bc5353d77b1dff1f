"""The key lies outside the database, is made once, and an old one stays trusted."""

import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from django.core.management import call_command

from clinic import start
from clinic.signing.keys import KeyFiles, NoKey, is_signed, key_id_of, keyring, make_key, signing_key
from clinic.signing.models import Signature
from clinic.signing.queries import is_sound
from clinic.staff.permissions import Actor
from tests.clinic.signing.making import a_content, signed


@pytest.fixture
def files(tmp_path: Path) -> KeyFiles:
    return KeyFiles(tmp_path / "signing", "test")


def test_a_key_is_made_once_and_is_readable_only_by_its_owner(files: KeyFiles) -> None:
    made = signing_key(files)
    assert signing_key(files).key_id == made.key_id
    assert stat.S_IMODE(files.private.stat().st_mode) == 0o600
    assert set(keyring(files)) == {made.key_id}
    assert sorted(path.name for path in files.folder.iterdir()) == ["test-keyring", "test-signing.key"]


def test_two_processes_that_start_together_end_with_one_key(files: KeyFiles) -> None:
    first = make_key(files)
    assert make_key(files) == first
    assert set(keyring(files)) == {first}


def test_after_a_new_key_the_old_one_is_still_trusted(files: KeyFiles) -> None:
    old = signing_key(files)
    seal = old.sign(b"before")
    new = make_key(files, replaces=True)
    assert signing_key(files).key_id == new != old.key_id
    assert is_signed(keyring(files), old.key_id, b"before", seal)
    assert not is_signed(keyring(files), new, b"before", seal)
    assert stat.S_IMODE(files.private.stat().st_mode) == 0o600


def test_a_key_is_known_by_what_it_is_and_not_by_the_name_of_its_file(files: KeyFiles) -> None:
    key = signing_key(files)
    (files.keyring / f"{key.key_id}.pub").rename(files.keyring / "0000000000000000.pub")
    assert set(keyring(files)) == {key_id_of(key.private.public_key())}


def test_machines_that_share_a_folder_make_no_key_each(files: KeyFiles, settings: Any) -> None:
    settings.SIGNING_KEYS_ARE_SHARED = True
    with pytest.raises(NoKey, match="new_signing_key"):
        signing_key(files)


def test_a_key_of_another_kind_is_refused(files: KeyFiles) -> None:
    files.folder.mkdir()
    other = generate_private_key(SECP256R1())
    pem = other.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files.private.write_bytes(pem)
    with pytest.raises(NoKey, match="another kind"):
        signing_key(files)
    files.keyring.mkdir()
    public = other.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (files.keyring / "x.pub").write_bytes(public)
    assert keyring(files) == {}


def test_the_key_of_a_demo_is_none_of_a_clinic(files: KeyFiles) -> None:
    demo = make_key(KeyFiles(files.folder, "demo"))
    assert demo not in keyring(KeyFiles(files.folder, "production"))


def test_the_command_makes_a_key_and_then_a_newer_one(files: KeyFiles, capsys: pytest.CaptureFixture[str]) -> None:
    for keys in (1, 2):
        call_command("new_signing_key", folder=files.folder, mode="production")
        ring = keyring(KeyFiles(files.folder, "production"))
        assert len(ring) == keys
        assert signing_key(KeyFiles(files.folder, "production")).key_id in capsys.readouterr().out


def test_signatures_outlive_their_key(doctor: Actor, settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEYS = tmp_path
    old = signed(doctor, a_content(1))
    make_key(KeyFiles(tmp_path, "test"), replaces=True)
    new = signed(doctor, a_content(2))
    assert old.key_id != new.key_id
    assert all(is_sound(each) for each in Signature.objects.all())


PRODUCTION = {"TACTUS_MODE": "production", "DATABASE_URL": "postgresql://db.example/tactus"}


def signing_faults(**env: str) -> list[str]:
    return [fault for fault in start.faults(PRODUCTION | env) if "SIGNING_KEYS" in fault]


def test_production_on_a_database_server_does_not_start_without_a_folder_of_keys() -> None:
    assert signing_faults() == ["SIGNING_KEYS is missing; name the folder with the key that signs, outside the database."]


def test_production_does_not_start_with_a_folder_without_a_key(tmp_path: Path) -> None:
    assert "production-signing.key" in signing_faults(SIGNING_KEYS=str(tmp_path))[0]
    assert signing_faults(SIGNING_KEYS=str(tmp_path / "missing"), DATABASE_URL="")
    make_key(KeyFiles(tmp_path, "demo"))
    assert signing_faults(SIGNING_KEYS=str(tmp_path))
    make_key(KeyFiles(tmp_path, "production"))
    assert signing_faults(SIGNING_KEYS=str(tmp_path)) == []


def test_one_machine_with_its_own_file_needs_no_folder() -> None:
    assert signing_faults(DATABASE_URL="") == []
