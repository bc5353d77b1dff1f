"""The connection that Django makes because ``ENGINE`` names this package."""

import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.db.backends.sqlite3 import base
from django.utils.dateparse import parse_date, parse_time

FEW: Final = 4096  # days, and times of a day: the same again and again


class Cursor(base.SQLiteCursorWrapper):
    """Turns Django's way of writing a question into SQLite's once, not each time that it is asked."""

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        return _in_sqlites_words(query) if param_names is None else str(super().convert_query(query, param_names=param_names))


@lru_cache(maxsize=512)
def _in_sqlites_words(query: str) -> str:
    return str(base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%"))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the file that lies at its path. Once another file lies there, or none, it is opened anew (``CONN_HEALTH_CHECKS``)."""

    opened: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        made = super().get_new_connection(conn_params)
        self.opened = self._file()
        return made

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)

    def is_usable(self) -> bool:
        """Asked once in each request. Who writes into a file that was put away would write for nobody."""
        return self.opened == self._file()

    def _file(self) -> tuple[int, int] | None:
        try:
            found = Path(self.settings_dict["NAME"]).stat()
        except OSError:  # a database in the memory has none
            return None
        return found.st_dev, found.st_ino


# As Django registers them, but that a day or a time that was read before is not read again.
sqlite3.register_converter("date", lru_cache(maxsize=FEW)(lambda value: parse_date(value.decode())))
sqlite3.register_converter("time", lru_cache(maxsize=FEW)(lambda value: parse_time(value.decode())))
