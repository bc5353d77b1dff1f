"""On SQLite a connection serves one request after the other, as long as its file lies where it was."""

from pathlib import Path
from typing import Any

import pytest
from django.db.utils import ConnectionHandler

from clinic import environment


def _next_request(line: Any) -> list[Any]:
    """What Django does when a request begins, and what is read then."""
    line.close_if_unusable_or_obsolete()
    with line.cursor() as cursor:
        cursor.execute("SELECT name FROM who")
        return [name for (name,) in cursor.fetchall()]


def _a_file(path: Path, name: str) -> Any:
    line = ConnectionHandler({"default": environment.sqlite(path)})["default"]
    with line.cursor() as cursor:
        cursor.execute("CREATE TABLE who (name text)")
        cursor.execute("INSERT INTO who VALUES (%s)", [name])
    return line


@pytest.mark.django_db
@pytest.mark.same_everywhere
def test_a_connection_is_kept_until_another_file_lies_there(tmp_path: Path) -> None:
    """Who wrote into a file that was put away would write for nobody."""
    kept, other = tmp_path / "tactus.sqlite3", tmp_path / "other.sqlite3"
    line = _a_file(kept, "old")
    first = line.connection
    assert _next_request(line) == ["old"]
    assert line.connection is first
    _a_file(other, "new").close()
    other.rename(kept)
    for beside in tmp_path.glob("*-*"):
        beside.unlink()
    assert _next_request(line) == ["new"]
    line.close()
