from django.db import migrations, models

from clinic.audit.append_only import AppendOnly
from clinic.audit.letting_erasing import LetErasing


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_lines_of_a_record_by_clinic"),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_record_is_erased_at_a_time")],
            },
        ),
        LetErasing({
            "AuditLine": AppendOnly(name="an_audit_line_is_never_changed", emptied=("details",)),
        }),
    ]
