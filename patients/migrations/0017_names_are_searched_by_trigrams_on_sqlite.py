"""On SQLite too a part of a name, a telephone or a card is found by trigrams: an index that triggers keep (docs/adr/0028)."""

from django.db import migrations

from patients import trigrams


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        trigrams.keep()


def take_away(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        trigrams.drop()


class Migration(migrations.Migration):
    dependencies = [("patients", "0016_names_are_searched_by_trigrams")]
    operations = [migrations.RunPython(add, take_away, elidable=False)]
