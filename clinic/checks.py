"""What is asked of the database before the web process or a worker starts."""

from django.conf import settings
from django.db import connection

from clinic.environment import BadSetting
from clinic.keeping.backups.standing import UNFINISHED
from clinic.staff.models import User
from clinic.start import DEMO_DOMAIN


def refuse_a_half_restored_database() -> None:
    """Nobody works in a PostgreSQL database before a restore into it was finished. SQLite's file has its name only then."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [UNFINISHED])
        found = cursor.fetchone()[0]
    if found is not None:
        raise BadSetting("Tactus does not start: a restore into this database was broken off. Run manage.py restore into it again.")


def refuse_demo_accounts() -> None:
    """Production does not start while anybody could sign in with an account that a demo printed."""
    refuse_a_half_restored_database()
    if not settings.IN_PRODUCTION:
        return
    found = User.objects.filter(email__iendswith=f"@{DEMO_DOMAIN}").count()
    if found:
        raise BadSetting(
            f"Tactus does not start in production: the database holds {found} demo accounts (…@{DEMO_DOMAIN}); use another database."
        )
