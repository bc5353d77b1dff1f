"""What the commands say when they are done. English, like all that is said on a command line."""

from collections.abc import Iterator

from clinic.keeping.backups.places import NewFolder
from clinic.keeping.backups.restoring import Orders, Restored
from clinic.keeping.backups.taking import Taken


def megabytes(size: int) -> str:
    """So many bytes, for people."""
    return f"{size / 1e6:.1f} MB"


def sentences_about(taken: Taken) -> Iterator[str]:
    """What was backed up, what was missing, what was removed."""
    said = taken.manifest
    rows, files = sum(said.standing.rows.values()), len(said.parts) - 1
    yield f"{taken.file.path}: {megabytes(taken.file.size)}, {rows} rows in {len(said.standing.rows)} tables, {files} uploaded files."
    if said.missing:
        yield f"{len(said.missing)} uploaded files that records name are not on the disk any more, or were changed: {said.missing[0]} ..."
    if not taken.file.is_encrypted:
        yield "It is NOT encrypted: whoever has the file reads every record."
    if taken.removed:
        yield f"No longer kept: {', '.join(taken.removed)}."


def sentences_about_restored(restored: Restored, orders: Orders) -> Iterator[str]:
    """What came back, and how it is put in force."""
    said = restored.manifest
    tables, files = len(said.standing.rows), len(said.parts) - 1
    yield f"Restored: {restored.rows} rows in {tables} tables, {files} uploaded files, as of {said.taken_at:%Y-%m-%d %H:%M:%S} UTC."
    if orders.verify:
        yield "Looked through: sums, rows, migrations, audit, signatures, the sign-in page and the first page after it. All of it holds."
    yield from restored.notes
    if said.missing:
        yield f"{len(said.missing)} uploaded files that records name were not on the disk when the backup was taken: {said.missing[0]} ..."
    if restored.to_come:
        yield f"It is of an older Tactus: manage.py migrate will add {', '.join(restored.to_come)}."
    yield from _in_force(orders)


def _in_force(orders: Orders) -> Iterator[str]:
    yield "To put it in force: stop the web and worker processes, then"
    if isinstance(orders.place, NewFolder):
        yield f"  set TACTUS_DATA={orders.place.folder.absolute()}, without SQLITE_FILE and DATABASE_URL;"
    else:
        yield f"  let DATABASE_URL name the database {orders.place.database.name}; the uploaded files are in {orders.place.media},"
        yield "  which must be the folder media under TACTUS_DATA;"
    yield "  put back SIGNING_KEYS and SECRET_KEY from where they are kept; run manage.py migrate, then createcachetable;"
    yield "  start the processes."
