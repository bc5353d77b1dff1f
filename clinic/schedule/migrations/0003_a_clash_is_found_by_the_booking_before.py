from typing import Any

from django.db import migrations, models

from clinic.schedule.no_overlap import NoOverlap


def make_the_guards_anew(apps: Any, schema_editor: Any) -> None:
    """SQLite's triggers, as they are written now; PostgreSQL's constraints stay."""
    if schema_editor.connection.vendor != "sqlite":
        return
    booking = apps.get_model("schedule", "Booking")
    for guard in booking._meta.constraints:
        if isinstance(guard, NoOverlap):
            for statement in (*guard.off(booking, schema_editor), *guard.on(booking, schema_editor)):
                schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("schedule", "0002_what_an_erasure_may_do")]

    operations = [
        migrations.AddIndex(model_name="booking", index=models.Index(fields=["device", "starts_at"], name="bookings_of_a_device")),
        migrations.AddIndex(model_name="booking", index=models.Index(fields=["clinic", "key"], name="bookings_by_their_key")),
        migrations.RunPython(make_the_guards_anew, migrations.RunPython.noop),
    ]
