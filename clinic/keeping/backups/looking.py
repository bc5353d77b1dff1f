"""Looks through a database that was restored: run in a process of its own, whose settings name that database and nothing else of this
machine. Whatever it does to the database (a session for the page that it opens) is taken back."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings
from django.urls import reverse

from clinic.audit.actions import verify_chain
from clinic.signing.heads import Head
from clinic.signing.keys import KeyFiles, keyring
from clinic.signing.models import Signature
from clinic.signing.verifying import verify_all
from clinic.staff.models import Role, StaffRole, User

# Pages are tried as they are, without what only belongs to the way to them: the host's name, HTTPS, the names of collected files.
AS_SERVED_HERE: Final[dict[str, Any]] = {
    "ALLOWED_HOSTS": ["testserver"],
    "SECURE_SSL_REDIRECT": False,
    "STORAGES": settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
}


def look_through(asked: dict[str, Any]) -> list[str]:
    """Every fault that is found, as sentences; none where all is well.

    ``asked`` names the folder of the signing keys, the mode of the backup, where its chains of signatures end, and whether migrations
    are made first (these stay).
    """
    if asked["migrate"]:
        call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)
    with transaction.atomic():
        found = [fault for look in (_audit, _signatures, _sign_in_page, _home_page) for fault in _faults(look, asked)]
        transaction.set_rollback(True)
    return found


def _faults(look: Callable[[dict[str, Any]], Iterator[str]], asked: dict[str, Any]) -> list[str]:
    try:
        with transaction.atomic():
            return list(look(asked))
    except DatabaseError as wrong:
        return [f"the database refuses a question: {str(wrong).splitlines()[0]}"]
    except Exception as wrong:  # an error of a page is a fault to tell, not an end
        return [f"a page or check fails with {type(wrong).__name__}: {wrong}"]


def _audit(_asked: dict[str, Any]) -> Iterator[str]:
    if broken := verify_chain():
        yield f"the audit is broken: {broken.sentence}"
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check(1)")
            said = cursor.fetchone()[0]
        if said != "ok":
            yield f"the file of the database is damaged: {said}"


def _signatures(asked: dict[str, Any]) -> Iterator[str]:
    files = KeyFiles(Path(asked["keys"]), asked["mode"])
    ring = keyring(files)
    if not ring:
        if Signature.objects.exists():
            yield f"the signatures cannot be checked: there is no public key in {files.keyring}; copy that folder from the clinic's server"
        return
    for verdict in verify_all(ring, [Head(**head) for head in asked["heads"]]):
        if verdict.broken:
            yield f"the signatures of clinic {verdict.clinic} do not hold: {verdict.broken.sentence}"


def _sign_in_page(_asked: dict[str, Any]) -> Iterator[str]:
    with override_settings(**AS_SERVED_HERE):
        status = Client().get(reverse("account_login")).status_code
    if status != 200:
        yield f"the sign-in page answers with {status}"


def _home_page(_asked: dict[str, Any]) -> Iterator[str]:
    user = _somebody()
    if user is None:
        return
    with override_settings(**AS_SERVED_HERE):
        client = Client()
        client.force_login(user)
        reply = client.get("/", follow=True)
    if reply.status_code != 200 or reply.request["PATH_INFO"] == reverse("account_login"):
        yield f"the first page after signing in answers with {reply.status_code}"


def _somebody() -> User | None:
    """An account that may sign in; a therapist's where there is one, whose first page shows the most."""
    roles = StaffRole.objects.filter(user__is_active=True).select_related("user").order_by("pk")
    role = roles.filter(role=Role.THERAPIST).first() or roles.first()
    return role.user if role else None
