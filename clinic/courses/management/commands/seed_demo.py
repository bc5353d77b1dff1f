"""`manage.py seed_demo`: the database of the demo, ready to sign in; used by `manage.py demo`."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from clinic import start
from clinic.courses import demo


class Command(BaseCommand):
    """Migrate, and seed where there is no clinic yet; prints who can sign in."""

    help = "Prepare the demo's own database file and print its log-ins."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.MODE != "demo":
            raise CommandError("Demo data only goes into the demo's own database: start it with manage.py demo.")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        password = _kept_password()
        demo.seed_if_empty()
        demo.set_passwords(password=password)
        self.stdout.write(f"Sign in with the password {password} as")
        for email, who in demo.log_ins():
            self.stdout.write(f"  {email:<32} {who}")


def _kept_password() -> str:
    """Made once for each demo, so that no two installations share one; readable only by its owner."""
    return start.kept_key(settings.DATA_DIR / "demo.password", characters=12)
