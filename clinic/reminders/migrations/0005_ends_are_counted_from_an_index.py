"""What a page counts and what each batch asks is answered from an index of nothing else, also among a million messages."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("reminders", "0004_failures_are_counted_apart")]
    operations: ClassVar = [
        migrations.AddIndex(
            "message",
            models.Index(fields=["clinic", "-handled_at"], condition=models.Q(handled_at__isnull=False), name="messages_dealt_with"),
        ),
        migrations.AddIndex(
            "message",
            models.Index(fields=["kind", "patient"], condition=models.Q(next_at__isnull=False), name="messages_open_to_a_patient"),
        ),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["clinic", "kind", "channel", "state", "drop_reason", "due_at"],
                condition=models.Q(next_at=None),
                name="messages_that_are_over",
            ),
        ),
    ]
