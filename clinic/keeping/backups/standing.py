"""What stands in a database at one moment, as a backup writes it down and as it is found again after a restore."""

from dataclasses import dataclass, field
from typing import Any, Final

from clinic.keeping.backups.databases import POSTGRESQL, Ask

# A restore that was not finished leaves this table in a PostgreSQL database; the last thing that it does is to drop it.
UNFINISHED: Final = "tactus_unfinished_restore"
TABLES: Final = {
    POSTGRESQL: "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'",
    # The tables of an index by trigrams are no rows of ours, and a SQLite that was built without it cannot count them.
    "sqlite": """SELECT name FROM sqlite_master
WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND name NOT LIKE '%~_by~_trigrams%' ESCAPE '~'""",
}


@dataclass(frozen=True)
class Place:
    """How far a chain has got: the number and digest of its last entry."""

    sequence: int
    digest: str


@dataclass(frozen=True)
class Standing:
    """Rows of each table, the newest migration of each app, where the chains end."""

    rows: dict[str, int]
    migrations: dict[str, str]
    audit: Place | None
    signatures: dict[int, Place] = field(default_factory=dict)  # by clinic

    def differences(self, found: "Standing") -> list[str]:
        """In what another standing differs from this one, as sentences; none where it is the same."""
        said = [
            f"table {table} has {found.rows.get(table, 'no')} rows and had {self.rows.get(table, 'no')}"
            for table in sorted(self.rows.keys() | found.rows.keys())
            if self.rows.get(table) != found.rows.get(table)
        ]
        if self.migrations != found.migrations:
            said.append("the migrations are others than the backup says")
        if self.audit != found.audit:
            said.append("the audit ends elsewhere than the backup says")
        if self.signatures != found.signatures:
            said.append("the signatures end elsewhere than the backup says")
        return said


def standing_of(ask: Ask, kind: str) -> Standing:
    """What stands there now, by statements that see one moment."""
    tables = sorted(name for (name,) in ask(TABLES[kind]) if name != UNFINISHED)
    rows = {table: ask(f'SELECT count(*) FROM "{table}"')[0][0] for table in tables}  # noqa: S608  # names from the database itself
    audit = _places(ask, tables, "audit_chainhead", "SELECT id, sequence, digest FROM audit_chainhead")
    signatures = _places(ask, tables, "signing_chainhead", "SELECT clinic_id, sequence, digest FROM signing_chainhead")
    return Standing(rows, newest(applied(ask, kind)), next(iter(audit.values()), None), signatures)


def applied(ask: Ask, kind: str) -> set[tuple[str, str]]:
    """Every migration that the database has been through, by app and name."""
    if ("django_migrations",) not in ask(TABLES[kind]):
        return set()
    return {(str(app), str(name)) for app, name in ask("SELECT app, name FROM django_migrations")}


def newest(migrations: set[tuple[str, str]]) -> dict[str, str]:
    """Of each app the last migration: their names begin with numbers."""
    return dict(sorted(migrations))


def files_of(ask: Ask, kind: str) -> dict[str, str]:
    """The uploaded files that records name: the name on the disk, and the SHA-256 of what is in it."""
    if ("patients_attachment",) not in ask(TABLES[kind]):
        return {}
    return {str(name): str(digest) for name, digest in ask("SELECT stored_as, sha256 FROM patients_attachment")}


def _places(ask: Ask, tables: list[str], table: str, sql: str) -> dict[int, Place]:
    return {key: Place(sequence, digest) for key, sequence, digest in _rows(ask, sql)} if table in tables else {}


def _rows(ask: Ask, sql: str) -> list[tuple[Any, ...]]:
    return sorted(ask(sql))
