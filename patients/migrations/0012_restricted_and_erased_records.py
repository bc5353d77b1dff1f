from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0011_care_and_breaking_glass"),
    ]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="restricted_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="patient",
            name="erased_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(("erased_on", None), ("restricted_on__isnull", False), _connector="OR"),
                name="an_erased_record_is_restricted",
            ),
        ),
    ]
