import clinic.audit.append_only
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0002_documents_seen_on_paper"),
        ("staff", "0002_sent_forms"),
        ("staff", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("content_type", models.CharField(max_length=20)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("stored_as", models.CharField(max_length=64, unique=True)),
                ("uploaded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="patients.document",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="patients.patient"),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("content_type__in", ["application/pdf", "image/jpeg", "image/png"])),
                        name="a_file_is_pdf_jpeg_or_png",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IntakeLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[("staff", "asked by staff"), ("tablet", "on a tablet handed over"), ("link", "by a link")], max_length=6
                    ),
                ),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("wrong_tries", models.PositiveSmallIntegerField(default=0)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "intake",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="links", to="patients.intake"
                    ),
                ),
                ("made_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "patient",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="intake_links", to="patients.patient"),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("channel__in", ["tablet", "link"])), name="a_link_is_sent_or_handed_over"),
                    models.CheckConstraint(
                        condition=models.Q(("used_at", None), ("revoked_at", None), _connector="OR"), name="a_used_link_is_not_revoked"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "E-mail"), ("sms", "Text message"), ("phone", "Telephone call")],
                        max_length=5,
                        verbose_name="Channel",
                    ),
                ),
                ("is_given", models.BooleanField(verbose_name="May be used")),
                ("said_on", models.DateField()),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
                (
                    "patient",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="message_consents", to="patients.patient"),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    clinic.audit.append_only.AppendOnly(name="a_word_about_messages_is_never_changed"),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "sms", "phone"])), name="a_channel_is_one_of_three"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NameKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="staff.clinic")),
                (
                    "patient",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="name_keys", to="patients.patient"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["clinic", "key"], name="patients_by_spelling")],
            },
        ),
        migrations.CreateModel(
            name="PatientMerge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("moved", models.JSONField(default=dict)),
                ("contradictions", models.JSONField(default=list)),
                ("merged_at", models.DateTimeField(auto_now_add=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("kept", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="patients.patient")),
                ("merged", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient")),
                (
                    "merged_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kept", models.F("merged")), _negated=True), name="two_records_are_merged"),
                    models.UniqueConstraint(condition=models.Q(("undone_at", None)), fields=("merged",), name="a_record_is_merged_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_by", None)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_undone_merge_says_when_and_by_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(choices=[("here", "signed here"), ("paper", "on paper")], default="here", max_length=5)),
                ("diagnosis", models.CharField(max_length=300, verbose_name="Diagnosis")),
                ("icd10", models.CharField(max_length=8, verbose_name="ICD-10 code")),
                ("condition", models.CharField(max_length=60, verbose_name="Condition")),
                ("form", models.CharField(blank=True, max_length=120, verbose_name="Form of the disease")),
                ("stage", models.CharField(max_length=60, verbose_name="Stage")),
                ("zones_barred", models.JSONField(default=list)),
                ("families_barred", models.JSONField(default=list)),
                ("techniques_barred", models.JSONField(default=list)),
                ("pressure_max", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="Strongest pressure")),
                ("rules", models.JSONField(default=list)),
                ("session_count", models.PositiveSmallIntegerField(verbose_name="Number of sessions")),
                ("valid_from", models.DateField(verbose_name="Valid from")),
                ("valid_until", models.DateField(verbose_name="Valid until")),
                ("question", models.TextField(blank=True, max_length=1000, verbose_name="Question to the doctor")),
                ("answer", models.TextField(blank=True, max_length=1000, verbose_name="The doctor's answer")),
                ("outside_doctor", models.CharField(blank=True, max_length=160, verbose_name="Doctor who signed on paper")),
                ("reason", models.TextField(blank=True, max_length=1000, verbose_name="Why more sessions are asked for")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "With the doctor"),
                            ("returned", "Returned with a question"),
                            ("signed", "Signed"),
                            ("refused", "Refused"),
                            ("superseded", "Replaced by a newer one"),
                            ("revoked", "Revoked"),
                            ("expired", "Expired"),
                            ("exhausted", "All sessions given"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("edition", models.CharField(max_length=40)),
                ("version", models.PositiveIntegerField(default=1)),
                ("written_on", models.DateField()),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                (
                    "document",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="referral", to="patients.document"
                    ),
                ),
                (
                    "extends",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extended_by",
                        to="patients.referral",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="referrals", to="patients.patient"),
                ),
                (
                    "written_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "submitted",
                                    "returned",
                                    "signed",
                                    "refused",
                                    "superseded",
                                    "revoked",
                                    "expired",
                                    "exhausted",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="a_referral_is_in_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("session_count__gte", 1), ("session_count__lte", 60)), name="a_referral_is_for_1_to_60_sessions"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gte", models.F("valid_from"))), name="a_referral_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("pressure_max", None), models.Q(("pressure_max__gte", 1), ("pressure_max__lte", 4)), _connector="OR"
                        ),
                        name="a_pressure_barred_is_1_to_4",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin", "here"), ("outside_doctor", "")),
                            models.Q(("origin", "paper"), models.Q(("outside_doctor", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_paper_referral_names_the_doctor",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferralMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.CharField(max_length=10)),
                ("after", models.CharField(max_length=10)),
                ("note", models.TextField(blank=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("referral", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="patients.referral")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [clinic.audit.append_only.AppendOnly(name="a_move_of_a_referral_is_never_changed")],
            },
        ),
        migrations.RemoveConstraint(
            model_name="intake",
            name="a_completed_intake_says_when_and_by_whom",
        ),
        migrations.RemoveConstraint(
            model_name="intake",
            name="a_patient_has_one_intake_draft",
        ),
        migrations.AddField(
            model_name="document",
            name="valid_until",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="factanswer",
            name="how",
            field=models.CharField(
                choices=[
                    ("asked", "asked by staff"),
                    ("typed", "typed by the patient"),
                    ("measured", "measured"),
                    ("seen", "seen on a document"),
                    ("merged", "two records were merged"),
                ],
                default="asked",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="intake",
            name="channel",
            field=models.CharField(
                choices=[("staff", "asked by staff"), ("tablet", "on a tablet handed over"), ("link", "by a link")],
                default="staff",
                max_length=6,
            ),
        ),
        migrations.AddField(
            model_name="intake",
            name="language",
            field=models.CharField(default="en", max_length=2),
        ),
        migrations.AddField(
            model_name="intake",
            name="submitted_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="intake",
            name="typed",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="patient",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_from",
                to="patients.patient",
            ),
        ),
        migrations.AlterField(
            model_name="intake",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Being filled in"),
                    ("submitted", "Filled in by the patient, to be read"),
                    ("completed", "Completed"),
                    ("discarded", "Discarded"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_until", None), ("valid_until__gte", models.F("issued_on")), _connector="OR"),
                name="a_document_is_not_over_before_it_was_issued",
            ),
        ),
        migrations.AddConstraint(
            model_name="factanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("how__in", ["asked", "typed", "measured", "seen", "merged"])),
                name="a_fact_says_how_it_came_to_be_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="intake",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("completed_at", None), ("completed_by", None), ("state", "draft"), ("submitted_at", None)),
                    models.Q(("completed_at", None), ("completed_by", None), ("state", "submitted"), ("submitted_at__isnull", False)),
                    models.Q(("completed_at__isnull", False), ("completed_by__isnull", False), ("state", "completed")),
                    ("state", "discarded"),
                    _connector="OR",
                ),
                name="a_completed_intake_says_when_and_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="intake",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["draft", "submitted"])), fields=("patient",), name="a_patient_has_one_open_intake"
            ),
        ),
        migrations.AddConstraint(
            model_name="intake",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", ["staff", "tablet", "link"])), name="an_intake_was_filled_in_by_a_known_hand"
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", None), models.Q(("merged_into", models.F("pk")), _negated=True), _connector="OR"),
                name="a_patient_is_not_merged_into_itself",
            ),
        ),
    ]
