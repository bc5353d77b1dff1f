"""``python -m clinic.benchmark.floor.sign_in NUMBER…`` signs these people in at the floor and prints a session key for each."""

import os
import sys

import django


def main() -> None:
    """One line for each person."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "clinic.benchmark.floor.settings"
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from clinic.benchmark.floor.models import Person

    for person in Person._default_manager.filter(pk__in=[int(each) for each in sys.argv[1:]]).order_by("pk"):
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session.create()
        sys.stdout.write(f"{session.session_key}\n")


if __name__ == "__main__":
    main()
