import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0005_bookings_patterns_and_waiting"),
        ("staff", "0004_sex_of_staff"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Replanning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("should_stop", models.BooleanField(default=False)),
                ("over_at", models.DateTimeField(null=True)),
                ("begun", models.JSONField(default=dict)),
                ("places", models.JSONField(default=dict)),
                ("cost_before", models.PositiveIntegerField(default=0)),
                ("cost", models.PositiveIntegerField(default=0)),
                ("bound", models.PositiveIntegerField(default=0)),
                ("seconds", models.PositiveIntegerField(default=0)),
                ("asked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic")),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("over_at", None), ("state__in", ("waiting", "running"))),
                            models.Q(("over_at__isnull", False), ("state__in", ("done", "failed"))),
                            _connector="OR",
                        ),
                        name="a_replanning_that_is_over_says_when",
                    )
                ],
            },
        ),
    ]
