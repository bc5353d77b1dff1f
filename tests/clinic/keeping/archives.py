"""A small clinic's data without Django, and a backup of it, for tests of what is in a backup and of what it survives."""

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.test import override_settings

from clinic.keeping.backups.crypt import new_identity, recipients
from clinic.keeping.backups.databases import SqliteDatabase
from clinic.keeping.backups.places import place_of
from clinic.keeping.backups.restoring import Orders, Restored, restore
from clinic.keeping.backups.retention import STANDARD
from clinic.keeping.backups.taking import Taken, Wish, take_backup

FIRST = ("staff", "0001_clinics_users_and_roles")
PAPER = "ab" * 24
TABLES = """
CREATE TABLE django_migrations (app text, name text);
CREATE TABLE patients_patient (id integer primary key, name text);
CREATE TABLE patients_attachment (stored_as text, sha256 text);
CREATE TABLE audit_chainhead (id integer, sequence integer, digest text);
"""


@dataclass(frozen=True)
class House:
    """A data folder with database, uploads and keys; who opens its backups; and where they go."""

    root: Path
    wish: Wish
    identity: Path

    @property
    def data(self) -> Path:
        return self.wish.data

    def ask(self, sql: str, *values: Any) -> None:
        assert isinstance(self.wish.database, SqliteDatabase)
        with closing(sqlite3.connect(self.wish.database.file)) as found:
            found.execute(sql, values)
            found.commit()

    def back_up(self, **other: Any) -> Taken:
        with override_settings(SIGNING_KEYS=self.data / "signing"):
            return take_backup(replace(self.wish, **other))

    def bring_back(self, file: Path, into: str = "", **other: Any) -> Restored:
        given: dict[str, Any] = {"keys": self.data / "signing", "identity": self.identity} | other
        place = place_of(into or str(self.root / "restored"), media=self.root / "no-media", data=self.data)
        return restore(Orders(file, place=place, **given))


def a_house(root: Path) -> House:
    """With two patients, one uploaded paper, and keys that belong into no backup."""
    data, media = root / "data", root / "data" / "media"
    (media / PAPER[:2]).mkdir(parents=True)
    (media / PAPER[:2] / PAPER).write_bytes(b"a scan")
    (data / "test.key").write_text("SECRET-KEY-OF-THIS-CLINIC-0123456789")
    secret, public = new_identity()
    (root / "identity").write_text(f"# kept elsewhere\n{secret}\n")
    house = House(
        root, Wish(root / "backups", SqliteDatabase(data / "c.sqlite3"), media, data, recipients([public]), STANDARD), root / "identity"
    )
    with closing(sqlite3.connect(data / "c.sqlite3")) as made:
        made.executescript(TABLES)
    house.ask("INSERT INTO django_migrations VALUES (?, ?)", *FIRST)
    house.ask("INSERT INTO patients_patient (name) VALUES ('Weber'), ('Braun')")
    house.ask("INSERT INTO audit_chainhead VALUES (1, 7, 'seven')")
    house.ask("INSERT INTO patients_attachment VALUES (?, ?)", PAPER, hashlib.sha256(b"a scan").hexdigest())
    return house
