from django.db import migrations, models


class Migration(migrations.Migration):
    """Two records that become one keep the words of both, which may be longer than what one person types."""

    dependencies = [("patients", "0008_what_a_patient_likes")]

    operations = [
        migrations.AlterField(
            model_name="patient", name="likes", field=models.TextField(blank=True, verbose_name="What the patient likes")
        ),
    ]
