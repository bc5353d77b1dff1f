"""What the database itself says of the tables: columns, constraints, indexes, triggers and the functions of ours behind them."""

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

# The place of a column says nothing: SQLite makes a table anew to alter it, and then a column that points to its own table comes last.
_POSTGRESQL: Final = (
    """SELECT t.relname, concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
         pg_get_expr(d.adbin, d.adrelid))
       FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
       WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped""",
    """SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = current_schema()::regnamespace""",
    "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    """SELECT proname, pg_get_functiondef(oid) FROM pg_proc
       WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'tactus%'""",
)


def shape() -> frozenset[str]:
    """One line for each thing: the name of its table, or of the function, and what the database says of it."""
    with connection.cursor() as cursor:
        return frozenset(f"{name}: {' '.join(said.split())}" for name, said in _said(cursor))


def _said(cursor: Any) -> Iterator[tuple[str, str]]:
    if connection.vendor == "postgresql":
        for question in _POSTGRESQL:
            cursor.execute(question)
            yield from cursor.fetchall()
        return
    cursor.execute("SELECT type, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    for kind, name, sql in cursor.fetchall():
        for part in _parts(sql) if kind == "table" else (sql,):
            yield name, part


def _parts(sql: str) -> Iterator[str]:
    """The columns and constraints of a CREATE TABLE, as SQLite keeps its text."""
    inside, depth, quoted, part = sql[sql.index("(") + 1 : sql.rindex(")")], 0, "", ""
    for sign in inside:
        if quoted:
            quoted = "" if sign == quoted else quoted
        elif sign in "'\"":
            quoted = sign
        elif sign == "," and not depth:
            yield part.strip()
            part = ""
            continue
        else:
            depth += (sign == "(") - (sign == ")")
        part += sign
    yield part.strip()
