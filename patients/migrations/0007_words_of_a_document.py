from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("patients", "0006_spellings_lead_to_the_patient")]

    operations: ClassVar = [
        migrations.AddField(model_name="document", name="words", field=models.TextField(blank=True, default="", max_length=600)),
    ]
