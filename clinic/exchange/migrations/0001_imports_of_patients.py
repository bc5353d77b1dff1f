import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from clinic.at_once import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("patients", "0011_care_and_breaking_glass"),
        ("staff", "0008_who_opens_records"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="PatientImport",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "state",
                            models.CharField(
                                choices=[("shown", "Shown"), ("taken", "Taken over"), ("put-away", "Put away"), ("undone", "Taken back")],
                                default="shown",
                                max_length=8,
                            ),
                        ),
                        ("file_name", models.CharField(max_length=200)),
                        ("digest", models.CharField(max_length=64)),
                        ("rows", models.JSONField(default=list)),
                        ("columns", models.JSONField(default=dict)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("read_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("taken_at", models.DateTimeField(editable=False, null=True)),
                        ("undone_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="patient_imports", to="staff.clinic"
                            ),
                        ),
                        (
                            "read_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "taken_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["shown", "taken", "put-away", "undone"])),
                                name="an_import_is_in_a_known_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("taken_at", None), ("taken_by", None)),
                                    models.Q(("taken_at__isnull", False), ("taken_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="an_import_is_taken_over_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("undone_at", None), ("undone_by", None)),
                                    models.Q(("taken_at__isnull", False), ("undone_at__isnull", False), ("undone_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="an_import_is_taken_back_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportedPatient",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("line", models.PositiveIntegerField()),
                        ("card_number", models.CharField(max_length=20)),
                        (
                            "patient",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="patients.patient"
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="patients", to="exchange.patientimport"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["line"],
                        "constraints": [models.UniqueConstraint(fields=("source", "line"), name="a_line_registers_one_patient")],
                    },
                ),
            ],
        ),
    ]
