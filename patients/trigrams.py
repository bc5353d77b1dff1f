"""On SQLite: the index of parts of names, which the database itself keeps beside the register (docs/adr/0028).

It holds, for every three letters that stand side by side in a ``search_key``, whose key has them, and no text. Triggers keep it whatever
writes. Where SQLite was built without it (FTS5 and its tokenizer ``trigram``, both there since 3.34), a search reads the whole register.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db import DatabaseError, connection, transaction

LETTERS: Final = 3  # that stand side by side; of fewer the index knows nothing
_TABLE: Final = """CREATE VIRTUAL TABLE patients_by_trigrams USING
fts5(search_key, content='patients_patient', content_rowid='id', tokenize='trigram', detail='none', columnsize=0)"""
_FILL: Final = "INSERT INTO patients_by_trigrams (patients_by_trigrams) VALUES ('rebuild')"
_FOUND: Final = "SELECT rowid FROM patients_by_trigrams WHERE patients_by_trigrams MATCH %s"
_TAKE: Final = "INSERT INTO patients_by_trigrams (rowid, search_key) VALUES (NEW.id, NEW.search_key);"
_LEAVE: Final = "INSERT INTO patients_by_trigrams (patients_by_trigrams, rowid, search_key) VALUES ('delete', OLD.id, OLD.search_key);"
# What left is only struck out until the parts of the index are merged: for a record without a key (restricted, erased) they are at once.
_FORGET: Final = "INSERT INTO patients_by_trigrams (patients_by_trigrams) SELECT 'optimize'"
_TRIGGERS: Final = {
    "patients_by_trigrams_insert": f"AFTER INSERT ON patients_patient BEGIN {_TAKE} END",
    "patients_by_trigrams_delete": f"AFTER DELETE ON patients_patient BEGIN {_LEAVE} {_FORGET}; END",
    "patients_by_trigrams_update": f"""AFTER UPDATE ON patients_patient WHEN OLD.search_key <> NEW.search_key
BEGIN {_LEAVE} {_TAKE} {_FORGET} WHERE NEW.search_key = ''; END""",
}
_asked: dict[str, bool] = {}  # name of the database: whether the index is kept there


def keep(**_signal: Any) -> None:
    """Makes the index where it can be and is not kept, after every ``migrate``: SQLite drops triggers with a table that is made anew.

    Where this SQLite cannot keep it, the triggers of another one go, or nobody could be registered any more.
    """
    if connection.vendor != "sqlite" or "patients_patient" not in connection.introspection.table_names():
        return
    can = _can_be_made()
    if can != is_kept(anew=True):
        drop()
        if can:
            _make()
    _asked[_database()] = can


def drop() -> None:
    """Takes the index away, and what keeps it."""
    with connection.cursor() as cursor:
        for name in _TRIGGERS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        if _can_be_made():
            cursor.execute("DROP TABLE IF EXISTS patients_by_trigrams")
    _asked.pop(_database(), None)


def is_kept(*, anew: bool = False) -> bool:
    """Whether searches can ask the index. The database is asked once in a process, or ``anew``."""
    if connection.vendor != "sqlite":
        return False
    if anew or _database() not in _asked:
        _asked[_database()] = _answers() == len(_TRIGGERS)
    return _asked[_database()]


def rows_with(spellings: Sequence[str]) -> tuple[str, str] | None:
    """SQL and its parameter for the numbers of all patients whose key may hold one of these; None where that may be anybody.

    Whoever holds one is among them. Some may have all its threes and not hold it: what is found is compared again.
    """
    if not is_kept() or min(map(len, spellings)) < LETTERS:
        return None
    return _FOUND, " OR ".join(f"({_all_of(each)})" for each in spellings)


def _all_of(text: str) -> str:
    threes = dict.fromkeys(text[start : start + LETTERS] for start in range(len(text) - LETTERS + 1))
    return " AND ".join('"' + each.replace('"', '""') + '"' for each in threes)


def _make() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute(_FILL)
        for name, does in _TRIGGERS.items():
            cursor.execute(f"CREATE TRIGGER {name} {does}")


def _answers() -> int:
    """How many of the triggers are there; 0 where the index does not answer."""
    names = ", ".join(f"'{name}'" for name in _TRIGGERS)
    asked = f"SELECT count(*), EXISTS ({_FOUND}) FROM sqlite_master WHERE type = 'trigger' AND name IN ({names})"  # noqa: S608  # our own names
    try:
        with connection.cursor() as cursor:
            cursor.execute(asked, ['"abc"'])
            return int(cursor.fetchone()[0])
    except DatabaseError:
        return 0


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _can_be_made() -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE VIRTUAL TABLE temp.tactus_tries_trigrams USING fts5(text, tokenize='trigram', content='')")
            cursor.execute("DROP TABLE temp.tactus_tries_trigrams")
    except DatabaseError:
        return False
    return True
