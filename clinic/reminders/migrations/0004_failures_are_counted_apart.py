"""How often a message failed is counted apart from how often it was taken: a worker that dies says nothing about the message."""

from typing import Any, ClassVar

from django.db import migrations, models


def count_as_before(apps: Any, _schema_editor: object) -> None:
    waiting = apps.get_model("reminders", "Message").objects.filter(state="waiting", attempts__gt=0)
    waiting.update(failures=models.F("attempts"))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reminders", "0003_dates_that_are_known_already")]
    operations: ClassVar = [
        migrations.AddField("message", "failures", models.PositiveSmallIntegerField(default=0)),
        migrations.RunPython(count_as_before, migrations.RunPython.noop),
    ]
