"""Wrong tries at a locked screen are counted for the person, not for the browser."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0005_a_pin_for_a_locked_screen")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="wrong_unlocks",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
    ]
