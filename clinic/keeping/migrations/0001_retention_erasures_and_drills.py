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
                    name="Drill",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("started_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField()),
                        ("file", models.CharField(max_length=200)),
                        ("digest", models.CharField(max_length=64)),
                        ("taken_at", models.DateTimeField()),
                        ("rows", models.PositiveBigIntegerField(default=0)),
                        ("trouble", models.TextField(blank=True)),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("finished_at__gte", models.F("started_at"))), name="a_drill_ends_after_it_began"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Erasure",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "state",
                            models.CharField(
                                choices=[("asked", "Asked for"), ("refused", "Refused"), ("withdrawn", "Taken back"), ("done", "Erased")],
                                default="asked",
                                max_length=9,
                            ),
                        ),
                        ("words", models.TextField(max_length=500, verbose_name="Who asked, and why")),
                        ("kept_until", models.DateField(null=True)),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("decided_at", models.DateTimeField(editable=False, null=True)),
                        ("answer", models.TextField(blank=True, max_length=500)),
                        ("removed", models.JSONField(default=dict)),
                        (
                            "asked_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="erasures", to="staff.clinic"),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="erasures", to="patients.patient"),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "asked")), fields=("patient",), name="an_erasure_is_asked_for_once_at_a_time"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["asked", "refused", "withdrawn", "done"])),
                                name="an_erasure_is_in_a_known_state",
                            ),
                            models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="an_erasure_says_why"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at", None), ("decided_by", None), ("state", "asked")),
                                    models.Q(
                                        models.Q(("state", "asked"), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_erasure_is_decided_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["refused", "done"]), _negated=True),
                                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="an_erasure_takes_two_persons",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Retention",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("record_years", models.PositiveSmallIntegerField(default=10, verbose_name="Years after the last session")),
                        (
                            "child_until_age",
                            models.PositiveSmallIntegerField(default=28, verbose_name="Records of children at least until this age"),
                        ),
                        (
                            "message_days",
                            models.PositiveSmallIntegerField(default=90, verbose_name="Days that the words of a sent message are kept"),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "clinic",
                            models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="retention", to="staff.clinic"),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("record_years__gte", 1), ("record_years__lte", 40)),
                                name="records_are_kept_for_1_to_40_years",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("child_until_age__gte", 18), ("child_until_age__lte", 40)),
                                name="records_of_children_are_kept_until_18_to_40",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("message_days__gte", 7), ("message_days__lte", 730)),
                                name="words_are_kept_for_7_to_730_days",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
