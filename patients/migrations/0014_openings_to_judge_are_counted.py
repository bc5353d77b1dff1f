from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0013_what_an_erasure_may_do"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="breakglass",
            index=models.Index(condition=models.Q(("reviewed_at", None)), fields=["patient"], name="openings_to_judge"),
        ),
    ]
