"""The tables as 0001 to 0005 leave them, for a database that has none of these yet (docs/adr/0024-an-empty-database-at-once.md)."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import clinic.audit.append_only
from clinic.at_once import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("audit", "0001_audit_lines_and_read_lines"),
        ("audit", "0002_no_line_is_replaced"),
        ("audit", "0003_looks_of_a_kind_on_a_page"),
        ("audit", "0004_lines_of_a_record_by_clinic"),
        ("audit", "0005_what_an_erasure_may_do"),
    ]

    initial = True

    dependencies = [
        ("staff", "0003_invitations_and_profiles"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ChainHead",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("sequence", models.PositiveBigIntegerField(default=0)),
                        (
                            "digest",
                            models.CharField(default="0000000000000000000000000000000000000000000000000000000000000000", max_length=64),
                        ),
                    ],
                    options={
                        "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="the_audit_chain_has_one_head")],
                    },
                ),
                migrations.CreateModel(
                    name="AuditLine",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("sequence", models.PositiveBigIntegerField(unique=True)),
                        ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="at")),
                        ("roles", models.CharField(blank=True, max_length=120, verbose_name="roles")),
                        ("verb", models.CharField(max_length=60, verbose_name="what was done")),
                        ("subject_type", models.CharField(max_length=60, verbose_name="kind of record")),
                        ("subject_id", models.CharField(max_length=60, verbose_name="record")),
                        ("details", models.JSONField(default=dict, verbose_name="details")),
                        ("previous_digest", models.CharField(max_length=64)),
                        ("digest", models.CharField(max_length=64, unique=True)),
                        (
                            "clinic",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="audit_lines", to="staff.clinic"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="audit_lines",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-sequence",),
                        "indexes": [
                            models.Index(fields=["clinic", "-sequence"], name="audit_by_clinic"),
                            models.Index(fields=["subject_type", "subject_id"], name="audit_by_subject"),
                            models.Index(condition=models.Q(("verb", "sealed-looks")), fields=["-sequence"], name="audit_seals"),
                            models.Index(fields=["clinic", "subject_type", "subject_id", "at"], name="audit_of_a_record"),
                        ],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(emptied=("details",), name="an_audit_line_is_never_changed"),
                            models.CheckConstraint(condition=models.Q(("sequence__gt", 0)), name="audit_lines_are_numbered_from_one"),
                            models.CheckConstraint(
                                condition=models.Q(("verb", ""), _negated=True), name="an_audit_line_says_what_was_done"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReadLine",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="at")),
                        ("roles", models.CharField(max_length=120, verbose_name="roles")),
                        ("subject_type", models.CharField(blank=True, max_length=60, verbose_name="kind of record")),
                        ("subject_id", models.CharField(blank=True, max_length=60, verbose_name="record")),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="read_lines", to="staff.clinic"),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="read_lines", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("details", models.JSONField(blank=True, default=dict, verbose_name="details")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("looked", "looked"),
                                    ("printed", "printed"),
                                    ("exported", "exported"),
                                    ("searched", "searched"),
                                    ("refused", "was refused"),
                                ],
                                default="looked",
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("page", models.CharField(blank=True, max_length=80, verbose_name="page")),
                    ],
                    options={
                        "ordering": ("-pk",),
                        "indexes": [
                            models.Index(fields=["clinic", "kind"], name="reads_by_kind"),
                            models.Index(fields=["clinic", "user"], name="reads_by_person"),
                            models.Index(fields=["clinic", "subject_type", "subject_id", "at"], name="reads_of_a_record"),
                        ],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(name="a_read_line_is_never_changed"),
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["looked", "printed", "exported", "searched", "refused"])),
                                name="a_look_is_of_a_known_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ("searched", "refused")), models.Q(("subject_id", ""), _negated=True), _connector="OR"
                                ),
                                name="a_look_names_what_was_seen",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Erasing",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                    ],
                    options={
                        "constraints": [models.CheckConstraint(condition=models.Q(("pk", 1)), name="one_record_is_erased_at_a_time")],
                    },
                ),
            ],
        ),
    ]
