"""On PostgreSQL a part of a name, a telephone or a card is found by trigrams; without them each search reads the whole register.

The extension comes with PostgreSQL, and whoever owns the database may add it. Where that is not allowed the search works without it.
"""

import sys

from django.db import DatabaseError, migrations, transaction

INDEX = "patients_by_trigrams"


def add(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        sys.stderr.write("pg_trgm may not be added to this database: searching reads the whole register.\n")
        return
    schema_editor.execute(f"CREATE INDEX {INDEX} ON patients_patient USING gin (search_key gin_trgm_ops)")


def take_away(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("patients", "0015_who_is_in_care_is_found_by_indexes")]
    operations = [migrations.RunPython(add, take_away, elidable=False)]
