"""The tables as 0001 to 0015 leave them, for a database that has none of these yet (docs/adr/0024-an-empty-database-at-once.md)."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import clinic.audit.append_only
from clinic.at_once import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("patients", "0001_patients_intakes_and_answers"),
        ("patients", "0002_documents_seen_on_paper"),
        ("patients", "0003_the_record_links_and_referrals"),
        ("patients", "0004_a_referral_keeps_its_signature"),
        ("patients", "0005_why_a_form_was_put_aside"),
        ("patients", "0006_spellings_lead_to_the_patient"),
        ("patients", "0007_words_of_a_document"),
        ("patients", "0008_what_a_patient_likes"),
        ("patients", "0009_likes_of_two_records"),
        ("patients", "0010_who_died_and_words_by_link"),
        ("patients", "0011_care_and_breaking_glass"),
        ("patients", "0012_restricted_and_erased_records"),
        ("patients", "0013_what_an_erasure_may_do"),
        ("patients", "0014_openings_to_judge_are_counted"),
        ("patients", "0015_who_is_in_care_is_found_by_indexes"),
    ]

    initial = True

    dependencies = [
        ("audit", "0005_what_an_erasure_may_do"),
        ("signing", "0003_what_an_erasure_may_do"),
        ("staff", "0011_erased_cards"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Patient",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("card_number", models.CharField(max_length=20, verbose_name="Card number")),
                        ("family_name", models.CharField(max_length=80, verbose_name="Family name")),
                        ("given_name", models.CharField(max_length=80, verbose_name="Given name")),
                        ("middle_name", models.CharField(blank=True, max_length=80, verbose_name="Middle name or patronymic")),
                        ("born_on", models.DateField(verbose_name="Date of birth")),
                        ("sex", models.CharField(choices=[("female", "Female"), ("male", "Male")], max_length=6, verbose_name="Sex")),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="Telephone")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-mail")),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("ru", "Russian")], default="en", max_length=2, verbose_name="Language"
                            ),
                        ),
                        ("guardian_name", models.CharField(blank=True, max_length=160, verbose_name="Parent or guardian")),
                        ("guardian_phone", models.CharField(blank=True, max_length=40, verbose_name="Telephone of the parent or guardian")),
                        ("notes", models.TextField(blank=True, max_length=2000, verbose_name="Notes")),
                        ("search_key", models.TextField(editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("registered_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="patients", to="staff.clinic"),
                        ),
                        (
                            "registered_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged_from",
                                to="patients.patient",
                            ),
                        ),
                        ("likes", models.TextField(blank=True, verbose_name="What the patient likes")),
                        ("died_on", models.DateField(blank=True, editable=False, null=True, verbose_name="Died on")),
                        ("restricted_on", models.DateField(blank=True, editable=False, null=True)),
                        ("erased_on", models.DateField(blank=True, editable=False, null=True)),
                    ],
                    options={
                        "ordering": ["family_name", "given_name", "pk"],
                        "indexes": [
                            models.Index(fields=["clinic", "family_name", "given_name", "id"], name="patients_of_a_clinic_by_name"),
                            models.Index(fields=["registered_at"], name="patients_in_time"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("clinic", "card_number"), name="a_card_number_is_given_once_per_clinic"),
                            models.CheckConstraint(condition=models.Q(("sex__in", ["female", "male"])), name="sex_is_female_or_male"),
                            models.CheckConstraint(
                                condition=models.Q(("family_name", ""), _negated=True), name="a_patient_has_a_family_name"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("merged_into", None), models.Q(("merged_into", models.F("pk")), _negated=True), _connector="OR"
                                ),
                                name="a_patient_is_not_merged_into_itself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("erased_on", None), ("restricted_on__isnull", False), _connector="OR"),
                                name="an_erased_record_is_restricted",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Intake",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "state",
                            models.CharField(
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
                        ("edition", models.CharField(max_length=40)),
                        ("given_by", models.CharField(default="patient", max_length=10)),
                        ("gate", models.JSONField(default=dict)),
                        ("replies", models.JSONField(default=dict)),
                        ("asked", models.JSONField(default=list)),
                        ("started_at", models.DateTimeField(auto_now_add=True)),
                        ("completed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "completed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "patient",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="intakes", to="patients.patient"),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[("staff", "asked by staff"), ("tablet", "on a tablet handed over"), ("link", "by a link")],
                                default="staff",
                                max_length=6,
                            ),
                        ),
                        ("language", models.CharField(default="en", max_length=2)),
                        ("submitted_at", models.DateTimeField(blank=True, null=True)),
                        ("typed", models.JSONField(default=dict)),
                        ("put_aside_because", models.TextField(blank=True)),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(fields=["state", "patient"], name="intakes_by_state"),
                            models.Index(fields=["completed_at"], name="intakes_by_completion"),
                            models.Index(fields=["started_at"], name="intakes_by_beginning"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("completed_at", None), ("completed_by", None), ("state", "draft"), ("submitted_at", None)),
                                    models.Q(
                                        ("completed_at", None),
                                        ("completed_by", None),
                                        ("state", "submitted"),
                                        ("submitted_at__isnull", False),
                                    ),
                                    models.Q(("completed_at__isnull", False), ("completed_by__isnull", False), ("state", "completed")),
                                    ("state", "discarded"),
                                    _connector="OR",
                                ),
                                name="a_completed_intake_says_when_and_by_whom",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["draft", "submitted"])),
                                fields=("patient",),
                                name="a_patient_has_one_open_intake",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("channel__in", ["staff", "tablet", "link"])),
                                name="an_intake_was_filled_in_by_a_known_hand",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FactAnswer",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("fact", models.CharField(max_length=80)),
                        (
                            "reply",
                            models.CharField(choices=[("stated", "Answered"), ("normal", "No"), ("unknown", "Don't know")], max_length=7),
                        ),
                        ("value", models.JSONField(blank=True, null=True)),
                        ("answered_on", models.DateField()),
                        ("given_by", models.CharField(default="patient", max_length=10)),
                        ("recorded_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "recorded_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "intake",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fact_answers",
                                to="patients.intake",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="fact_answers", to="patients.patient"
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
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
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [models.Index(fields=["patient", "fact", "-id"], name="newest_answer_of_a_fact")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reply__in", ["stated", "normal", "unknown"])),
                                name="a_reply_is_stated_normal_or_unknown",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("how__in", ["asked", "typed", "measured", "seen", "merged"])),
                                name="a_fact_says_how_it_came_to_be_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Document",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("kind", models.CharField(max_length=40)),
                        ("issued_on", models.DateField()),
                        ("issued_by", models.CharField(max_length=160)),
                        ("rules", models.JSONField(default=list)),
                        ("edition", models.CharField(max_length=40)),
                        ("recorded_on", models.DateField()),
                        ("recorded_at", models.DateTimeField(auto_now_add=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        ("withdrawn_because", models.CharField(blank=True, max_length=400)),
                        (
                            "patient",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="patients.patient"),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("valid_until", models.DateField(blank=True, null=True)),
                        ("words", models.TextField(blank=True, default="", max_length=600)),
                    ],
                    options={
                        "ordering": ["-issued_on", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(models.Q(("kind", ""), _negated=True), models.Q(("issued_by", ""), _negated=True)),
                                name="a_document_says_what_it_is_and_who_issued_it",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("issued_on__lte", models.F("recorded_on"))),
                                name="a_document_is_not_issued_after_it_was_recorded",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("withdrawn_at", None), ("withdrawn_because", ""), ("withdrawn_by", None)),
                                    models.Q(
                                        ("withdrawn_at__isnull", False),
                                        ("withdrawn_by__isnull", False),
                                        models.Q(("withdrawn_because", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_withdrawn_document_says_when_by_whom_and_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("valid_until", None), ("valid_until__gte", models.F("issued_on")), _connector="OR"),
                                name="a_document_is_not_over_before_it_was_issued",
                            ),
                        ],
                    },
                ),
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
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="patients.patient"
                            ),
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
                                choices=[("staff", "asked by staff"), ("tablet", "on a tablet handed over"), ("link", "by a link")],
                                max_length=6,
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links",
                                to="patients.intake",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="intake_links", to="patients.patient"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("channel__in", ["tablet", "link"])), name="a_link_is_sent_or_handed_over"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("used_at", None), ("revoked_at", None), _connector="OR"),
                                name="a_used_link_is_not_revoked",
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
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="message_consents", to="patients.patient"
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(goes=True, name="a_word_about_messages_is_never_changed"),
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
                        "indexes": [models.Index(fields=["clinic", "key", "patient"], name="patients_by_spelling")],
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
                        (
                            "kept",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="merges", to="patients.patient"),
                        ),
                        ("merged", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient")),
                        (
                            "merged_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "undone_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kept", models.F("merged")), _negated=True), name="two_records_are_merged"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("undone_at", None)), fields=("merged",), name="a_record_is_merged_once"
                            ),
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
                        (
                            "origin",
                            models.CharField(choices=[("here", "signed here"), ("paper", "on paper")], default="here", max_length=5),
                        ),
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
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referral",
                                to="patients.document",
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
                        (
                            "signature",
                            models.ForeignKey(
                                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="signing.signature"
                            ),
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
                                condition=models.Q(("session_count__gte", 1), ("session_count__lte", 60)),
                                name="a_referral_is_for_1_to_60_sessions",
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "signed"), _negated=True),
                                    ("origin", "paper"),
                                    ("signature__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_referral_signed_here_has_its_signature",
                            ),
                        ],
                        "indexes": [models.Index(fields=["state"], name="referrals_by_state")],
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
                        (
                            "referral",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="patients.referral"),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [clinic.audit.append_only.AppendOnly(goes=True, name="a_move_of_a_referral_is_never_changed")],
                        "indexes": [models.Index(fields=["at"], name="moves_of_referrals_in_time")],
                    },
                ),
                migrations.CreateModel(
                    name="BreakGlass",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("emergency", "Emergency"),
                                    ("standing-in", "I stand in for a colleague"),
                                    ("patient-here", "The patient is here or on the telephone"),
                                    ("safety", "A question of safety or a complaint"),
                                    ("other", "Another reason"),
                                ],
                                max_length=12,
                                verbose_name="Reason",
                            ),
                        ),
                        ("words", models.TextField(max_length=500, verbose_name="In a sentence")),
                        ("opened_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("ends_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(editable=False, null=True)),
                        ("reviewed_at", models.DateTimeField(editable=False, null=True)),
                        ("is_justified", models.BooleanField(editable=False, null=True)),
                        ("review_words", models.TextField(blank=True, max_length=500)),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="break_glasses", to="patients.patient"
                            ),
                        ),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(fields=["user", "patient", "ends_at"], name="records_opened_from_outside"),
                            models.Index(condition=models.Q(("reviewed_at", None)), fields=["patient"], name="openings_to_judge"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("opened_at"))), name="a_record_is_open_for_some_time"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("words", ""), _negated=True), name="a_record_is_opened_for_a_reason_in_words"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason__in", ["emergency", "standing-in", "patient-here", "safety", "other"])),
                                name="a_record_is_opened_for_a_known_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("is_justified", None), ("reviewed_at", None), ("reviewed_by", None)),
                                    models.Q(
                                        ("is_justified__isnull", False), ("reviewed_at__isnull", False), ("reviewed_by__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="who_read_why_a_record_was_opened_judged_it",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reviewed_by", None), models.Q(("reviewed_by", models.F("user")), _negated=True), _connector="OR"
                                ),
                                name="nobody_judges_that_they_opened_a_record",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CareMember",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("added_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("removed_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "added_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="care_members", to="patients.patient"
                            ),
                        ),
                        (
                            "removed_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("removed_at", None)),
                                fields=("patient", "user"),
                                name="somebody_is_in_the_care_of_a_patient_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("removed_at", None), ("removed_by", None)),
                                    models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="who_was_taken_off_a_patients_care_was_so_by_somebody",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
