"""The only time at which append-only tables let go of something: inside the transaction that erases a record by order.

Each table says itself how far (``AppendOnly``): rows that go, columns that become empty. PostgreSQL asks a setting that ends with the
transaction; SQLite has no such thing, so there a row stands in a table of its own, which is gone before anybody else can see it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from clinic.audit.append_only import SETTING
from clinic.audit.models import Erasing


@contextmanager
def erasing() -> Iterator[None]:
    """Opens the guard for what stands inside, and closes it whatever happens there.

    Raises ``TransactionManagementError`` outside a transaction: an erasure is whole or has not happened.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a record is erased in one transaction")
    with transaction.atomic():  # what fails inside takes the opened guard with it
        _open(is_open=True)
        yield
        _open(is_open=False)


def is_open() -> bool:
    """Whether the guard stands open: never, outside of ``erasing``. Asked by the check of the audit."""
    return Erasing.objects.exists()


def _open(*, is_open: bool) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, "on" if is_open else "off"])
    elif is_open:
        Erasing.objects.create(pk=1)
    else:
        Erasing.objects.all().delete()
