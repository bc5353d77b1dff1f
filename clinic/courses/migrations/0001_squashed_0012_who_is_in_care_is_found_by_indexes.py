"""The tables as 0001 to 0012 leave them, for a database that has none of these yet (docs/adr/0024-an-empty-database-at-once.md)."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

import clinic.audit.append_only
import protocols.editions.content
from clinic.at_once import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("courses", "0001_courses_and_sessions"),
        ("courses", "0002_running_finished_and_what_was_given"),
        ("courses", "0003_states_screenings_reviews_and_consents"),
        ("courses", "0004_a_course_keeps_its_signature"),
        ("courses", "0005_bookings_patterns_and_waiting"),
        ("courses", "0006_replanning"),
        ("courses", "0007_the_session_day_and_outcomes"),
        ("courses", "0008_the_planning_studio"),
        ("courses", "0009_courses_keep_to_an_edition"),
        ("courses", "0010_how_courses_went_to_another_edition"),
        ("courses", "0011_what_an_erasure_may_do"),
        ("courses", "0012_who_is_in_care_is_found_by_indexes"),
    ]

    initial = True

    dependencies = [
        ("audit", "0005_what_an_erasure_may_do"),
        ("patients", "0014_openings_to_judge_are_counted"),
        ("protocols", "0002_editions_and_variants"),
        ("schedule", "0001_places_hours_and_bookings"),
        ("signing", "0003_what_an_erasure_may_do"),
        ("staff", "0011_erased_cards"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Course",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("condition", models.CharField(max_length=60)),
                        ("stage", models.CharField(max_length=60)),
                        ("request", models.JSONField(default=dict)),
                        ("session_count", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("awaiting", "Awaiting sign-off"),
                                    ("signed", "Signed"),
                                    ("running", "Running"),
                                    ("paused", "Paused"),
                                    ("suspended", "Suspended"),
                                    ("finished", "Finished"),
                                    ("ended", "Ended early"),
                                    ("discarded", "Discarded"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("outcome", models.CharField(max_length=10)),
                        ("may_start", models.BooleanField(default=False)),
                        ("screening", models.JSONField(default=dict)),
                        ("plan", models.JSONField(default=dict)),
                        ("edition", models.CharField(max_length=40)),
                        ("library_digest", models.CharField(max_length=64)),
                        ("digest", models.CharField(max_length=64)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("planned_on", models.DateField()),
                        ("planned_at", models.DateTimeField()),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="courses", to="staff.clinic"),
                        ),
                        (
                            "patient",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="courses", to="patients.patient"),
                        ),
                        (
                            "planned_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        ("finished_on", models.DateField(null=True)),
                        ("started_on", models.DateField(null=True)),
                        (
                            "referral",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="courses", to="patients.referral"
                            ),
                        ),
                        (
                            "therapist",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "signature",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="signing.signature"
                            ),
                        ),
                        (
                            "pinned",
                            models.ForeignKey(
                                db_column="edition_digest",
                                default=protocols.editions.content.shipped_digest,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="courses",
                                to="protocols.edition",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(fields=["clinic", "state", "-id"], name="courses_of_a_clinic"),
                            models.Index(
                                django.db.models.functions.comparison.Coalesce("therapist", "planned_by"),
                                models.F("state"),
                                models.F("finished_on"),
                                name="courses_by_who_gives_them",
                            ),
                            models.Index(fields=["state"], name="courses_by_state"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("session_count__gte", 1), ("session_count__lte", 60)),
                                name="a_course_has_1_to_60_sessions",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("outcome__in", ("clear", "caution", "modify", "doctor", "defer", "absolute", "emergency"))
                                ),
                                name="an_outcome_is_on_the_scale",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("may_start", False), ("outcome__in", ("clear", "caution", "modify")), _connector="OR"),
                                name="a_course_that_needs_a_doctor_may_not_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        ["draft", "awaiting", "signed", "running", "paused", "suspended", "finished", "ended", "discarded"],
                                    )
                                ),
                                name="a_course_is_in_a_known_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("started_on__isnull", False), ("state__in", ("running", "paused", "finished", "ended"))),
                                    models.Q(("started_on", None), ("state__in", ("draft", "signed", "discarded"))),
                                    ("state__in", ("awaiting", "suspended")),
                                    _connector="OR",
                                ),
                                name="a_course_that_was_begun_has_the_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("finished_on__gte", models.F("started_on")),
                                        ("finished_on__isnull", False),
                                        ("state__in", ("finished", "ended")),
                                    ),
                                    models.Q(models.Q(("state__in", ("finished", "ended")), _negated=True), ("finished_on", None)),
                                    _connector="OR",
                                ),
                                name="a_course_that_is_over_has_its_last_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "signed"), _negated=True), ("signature__isnull", False), _connector="OR"
                                ),
                                name="a_signed_course_has_its_signature",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Session",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("number", models.PositiveSmallIntegerField()),
                        ("plan", models.JSONField()),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "course",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="courses.course"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("booked", "Booked"),
                                    ("in-progress", "In progress"),
                                    ("done", "Given"),
                                    ("missed", "Missed"),
                                    ("cancelled", "Cancelled late"),
                                ],
                                default="planned",
                                max_length=11,
                            ),
                        ),
                        (
                            "booking",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="session",
                                to="schedule.booking",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["course", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("course", "number"), name="a_session_number_is_used_once_per_course"),
                            models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="sessions_are_numbered_from_one"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "booked"), _negated=True), ("booking__isnull", False), _connector="OR"
                                ),
                                name="a_booked_session_has_its_booking",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["planned", "booked", "in-progress", "done", "missed", "cancelled"])),
                                name="a_session_is_in_a_known_state",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SessionRecord",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("given_on", models.DateField()),
                        ("comfort", models.PositiveSmallIntegerField(null=True)),
                        ("pain_before", models.PositiveSmallIntegerField(null=True)),
                        ("pain_after", models.PositiveSmallIntegerField(null=True)),
                        ("bad_reaction", models.BooleanField(default=False)),
                        ("note", models.TextField(blank=True)),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "recorded_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "session",
                            models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="record", to="courses.session"),
                        ),
                        ("digest", models.CharField(blank=True, max_length=64)),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "given_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("hurts", models.JSONField(default=list)),
                        ("is_as_planned", models.BooleanField(default=True)),
                        ("outage_note", models.TextField(blank=True)),
                        ("plan_digest", models.CharField(blank=True, max_length=64)),
                        ("reactions", models.JSONField(default=list)),
                        ("readings", models.JSONField(default=dict)),
                        ("rows", models.JSONField(default=list)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("player", "Given with the player"),
                                    ("form", "Given without the player"),
                                    ("outage", "Entered afterwards, after an outage"),
                                ],
                                default="form",
                                max_length=6,
                            ),
                        ),
                        ("started_at", models.DateTimeField(null=True)),
                        (
                            "stop_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("pain", "Pain that does not settle"),
                                    ("dizzy", "Dizziness or nausea"),
                                    ("pale", "Cold sweat or pallor"),
                                    ("heart", "Palpitation or chest pain"),
                                    ("breath", "Breathlessness"),
                                    ("nerve", "Pain or tingling shooting into a limb, numbness, weakness, sight or speech"),
                                    ("readings", "A reading out of its limits"),
                                    ("wish", "The patient asked to stop"),
                                    ("other", "Another reason"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "warmth",
                            models.CharField(
                                blank=True, choices=[("none", "None"), ("pleasant", "Pleasant"), ("hot", "Too hot")], max_length=8
                            ),
                        ),
                        ("wellbeing", models.PositiveSmallIntegerField(null=True)),
                    ],
                    options={
                        "ordering": ["session"],
                        "indexes": [models.Index(fields=["recorded_by", "recorded_at"], name="records_of_somebody_in_time")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("comfort__lte", 10), ("comfort", None), _connector="OR"), name="comfort_is_0_to_10"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("pain_before__lte", 10), ("pain_before", None), _connector="OR"),
                                name="pain_before_is_0_to_10",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("pain_after__lte", 10), ("pain_after", None), _connector="OR"),
                                name="pain_after_is_0_to_10",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("wellbeing__lte", 10), ("wellbeing", None), _connector="OR"),
                                name="wellbeing_is_0_to_10",
                            ),
                            clinic.audit.append_only.AppendOnly(goes=True, name="a_record_is_never_changed"),
                            models.CheckConstraint(
                                condition=models.Q(("source__in", ["player", "form", "outage"])), name="a_record_says_where_it_comes_from"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("source", "outage"), _negated=True),
                                    models.Q(("outage_note", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="an_outage_is_explained",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_at", None),
                                    models.Q(("ended_at__gte", models.F("started_at")), ("started_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_session_ends_after_it_began",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("course_version", models.PositiveIntegerField()),
                        ("course_digest", models.CharField(max_length=64)),
                        ("scope", models.JSONField()),
                        ("sections", models.JSONField()),
                        ("language", models.CharField(max_length=2)),
                        ("way", models.CharField(choices=[("screen", "signed on the screen"), ("paper", "signed on paper")], max_length=6)),
                        ("given_by_name", models.CharField(max_length=160)),
                        (
                            "given_as",
                            models.CharField(
                                choices=[
                                    ("patient", "the patient"),
                                    ("guardian", "a parent or guardian"),
                                    ("representative", "a legal representative"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("drawing", models.TextField(blank=True)),
                        ("given_on", models.DateField()),
                        ("recorded_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "course",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="courses.course"),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(goes=True, name="a_consent_is_never_changed"),
                            models.CheckConstraint(
                                condition=models.Q(("given_by_name", ""), _negated=True), name="a_consent_names_who_gave_it"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConsentWithdrawal",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("zones", models.JSONField(default=list)),
                        ("note", models.TextField(blank=True)),
                        ("withdrawn_on", models.DateField()),
                        ("recorded_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "consent",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="withdrawals", to="courses.consent"
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [clinic.audit.append_only.AppendOnly(goes=True, name="a_withdrawal_is_never_changed")],
                    },
                ),
                migrations.CreateModel(
                    name="CourseMove",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("before", models.CharField(max_length=10)),
                        ("after", models.CharField(max_length=10)),
                        ("reason", models.CharField(blank=True, max_length=20)),
                        ("note", models.TextField(blank=True)),
                        ("details", models.JSONField(default=dict)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="courses.course"),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [clinic.audit.append_only.AppendOnly(goes=True, name="a_move_of_a_course_is_never_changed")],
                        "indexes": [models.Index(fields=["at"], name="moves_of_courses_in_time")],
                    },
                ),
                migrations.CreateModel(
                    name="CourseReview",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("mid-course", "Mid-course review"),
                                    ("question", "Question about the course"),
                                    ("emergency", "Emergency before or during a session"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("after_session", models.PositiveSmallIntegerField()),
                        ("question", models.TextField(blank=True)),
                        ("asked_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "decision",
                            models.CharField(
                                blank=True,
                                choices=[("go-on", "Go on as planned"), ("change", "Change the plan"), ("stop", "Stop the course")],
                                max_length=6,
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        ("decided_at", models.DateTimeField(null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="courses.course"),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at", None), ("decided_by", None), ("decision", "")),
                                    models.Q(
                                        models.Q(("decision", ""), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_decided_review_says_when_and_by_whom",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "mid-course")),
                                fields=("course", "after_session"),
                                name="a_course_is_reviewed_once_at_a_session",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScreeningRecord",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("version", models.PositiveIntegerField()),
                        ("cause", models.CharField(max_length=12)),
                        ("screening", models.JSONField()),
                        ("digest", models.CharField(max_length=64)),
                        ("outcome", models.CharField(max_length=10)),
                        ("may_start", models.BooleanField()),
                        ("edition", models.CharField(max_length=40)),
                        ("library_digest", models.CharField(max_length=64)),
                        ("made_on", models.DateField()),
                        ("made_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "course",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="screenings", to="courses.course"),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(goes=True, name="a_screening_is_never_changed"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("outcome__in", ("clear", "caution", "modify", "doctor", "defer", "absolute", "emergency"))
                                ),
                                name="the_outcome_of_a_screening_is_on_the_scale",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SessionMove",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("before", models.CharField(max_length=11)),
                        ("after", models.CharField(max_length=11)),
                        ("happened_on", models.DateField()),
                        ("note", models.TextField(blank=True)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="courses.session"),
                        ),
                        (
                            "booking",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schedule.booking"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [clinic.audit.append_only.AppendOnly(goes=True, name="a_move_of_a_session_is_never_changed")],
                    },
                ),
                migrations.CreateModel(
                    name="DatePattern",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("pattern", models.JSONField(default=dict)),
                        ("saved_at", models.DateTimeField(auto_now=True)),
                        (
                            "course",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="date_pattern", to="courses.course"
                            ),
                        ),
                        (
                            "saved_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Waiting",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("weekdays", models.JSONField(blank=True, default=list, verbose_name="days")),
                        ("earliest", models.TimeField(blank=True, null=True, verbose_name="not before")),
                        ("latest", models.TimeField(blank=True, null=True, verbose_name="over by")),
                        ("first_on", models.DateField(verbose_name="from")),
                        ("last_on", models.DateField(verbose_name="until")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        ("added_at", models.DateTimeField(auto_now_add=True)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("closed_why", models.CharField(blank=True, max_length=9)),
                        (
                            "added_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "course",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="waitings", to="courses.course"),
                        ),
                        (
                            "therapist",
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
                        "ordering": ["added_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)), fields=("course",), name="a_course_waits_once_at_a_time"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("last_on__gte", models.F("first_on"))), name="a_wait_ends_after_it_begins"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at", None), ("closed_why", "")),
                                    models.Q(("closed_at__isnull", False), ("closed_why__in", ("placed", "withdrawn", "expired"))),
                                    _connector="OR",
                                ),
                                name="a_wait_that_is_over_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Offer",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("offered_at", models.DateTimeField(auto_now_add=True)),
                        ("expires_at", models.DateTimeField()),
                        ("answer", models.CharField(blank=True, max_length=9)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "booking",
                            models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="offer", to="schedule.booking"),
                        ),
                        (
                            "offered_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        ("session", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.session")),
                        (
                            "waiting",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="courses.waiting"),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(condition=models.Q(("answer", "")), fields=("waiting",), name="one_offer_at_a_time"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answer", ""), ("answered_at", None)),
                                    models.Q(
                                        ("answer__in", ("accepted", "declined", "expired", "withdrawn")), ("answered_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="an_answered_offer_says_when",
                            ),
                        ],
                    },
                ),
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
                        (
                            "asked_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
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
                migrations.CreateModel(
                    name="Acknowledgement",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("what", models.CharField(max_length=64)),
                        ("note", models.TextField(blank=True)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="acknowledgements", to="courses.sessionrecord"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [clinic.audit.append_only.AppendOnly(goes=True, name="an_acknowledgement_is_never_changed")],
                    },
                ),
                migrations.CreateModel(
                    name="AdaptationChoice",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("after_session", models.PositiveSmallIntegerField()),
                        ("proposal", models.JSONField()),
                        ("chosen", models.JSONField()),
                        ("is_edited", models.BooleanField(default=False)),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("caution", "More careful than proposed"),
                                    ("explained", "The discomfort had another cause"),
                                    ("wish", "The patient's wish"),
                                    ("finding", "What the hands found"),
                                    ("other", "Another reason"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="adaptation_choices", to="courses.course"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(goes=True, name="a_choice_is_never_changed"),
                            models.CheckConstraint(
                                condition=models.Q(("is_edited", False), models.Q(("reason", ""), _negated=True), _connector="OR"),
                                name="an_edited_proposal_has_a_reason",
                            ),
                        ],
                        "indexes": [models.Index(fields=["at"], name="choices_in_time")],
                    },
                ),
                migrations.CreateModel(
                    name="Addendum",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("correction", "Correction"),
                                    ("addition", "Addition"),
                                    ("later", "Later reaction"),
                                    ("other", "Another reason"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField()),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="addenda", to="courses.sessionrecord"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(goes=True, name="an_addendum_is_never_changed"),
                            models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="an_addendum_says_something"),
                            models.CheckConstraint(
                                condition=models.Q(("reason__in", ["correction", "addition", "later", "other"])),
                                name="an_addendum_has_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BodyChart",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("marks", models.JSONField(default=list)),
                        ("drawn_on", models.DateField()),
                        ("edition", models.CharField(max_length=40)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "course",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="body_charts", to="courses.course"),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.session"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["drawn_on", "pk"],
                        "constraints": [clinic.audit.append_only.AppendOnly(goes=True, name="a_body_chart_is_never_changed")],
                    },
                ),
                migrations.CreateModel(
                    name="MeasureValue",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("measure", models.CharField(max_length=60)),
                        ("side", models.CharField(blank=True, max_length=5)),
                        ("value", models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                        ("words", models.TextField(blank=True)),
                        ("moment", models.CharField(max_length=16)),
                        ("measured_on", models.DateField()),
                        ("reason", models.TextField(blank=True)),
                        ("edition", models.CharField(max_length=40)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="measure_values", to="courses.course"
                            ),
                        ),
                        (
                            "replaces",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="courses.measurevalue",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.session"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["measured_on", "pk"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(goes=True, name="a_value_is_never_changed"),
                            models.CheckConstraint(
                                condition=models.Q(("side__in", ("", "left", "right"))), name="a_value_is_of_a_known_side"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("value__isnull", False), models.Q(("words", ""), _negated=True), _connector="OR"),
                                name="a_value_is_a_number_or_words",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("replaces", None), models.Q(("reason", ""), _negated=True), _connector="OR"),
                                name="a_corrected_value_has_a_reason",
                            ),
                        ],
                        "indexes": [models.Index(fields=["course", "measure", "measured_on"], name="values_of_a_course")],
                    },
                ),
                migrations.CreateModel(
                    name="NextDay",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("pain", models.PositiveSmallIntegerField(null=True)),
                        ("has_skin_or_swelling", models.BooleanField(null=True)),
                        ("slept_worse_or_headache", models.BooleanField(null=True)),
                        ("note", models.TextField(blank=True)),
                        (
                            "source",
                            models.CharField(
                                choices=[("asked", "Asked at the next visit"), ("telephone", "By telephone"), ("link", "By a message")],
                                max_length=9,
                            ),
                        ),
                        ("answered_on", models.DateField()),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="next_days", to="courses.sessionrecord"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(goes=True, name="an_answer_of_the_next_day_is_never_changed"),
                            models.CheckConstraint(
                                condition=models.Q(("pain__lte", 10), ("pain", None), _connector="OR"), name="pain_the_next_day_is_0_to_10"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SessionStart",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("key", models.CharField(max_length=32, unique=True)),
                        ("started_at", models.DateTimeField()),
                        ("started_on", models.DateField()),
                        ("is_standing_in", models.BooleanField(default=False)),
                        ("plan", models.JSONField()),
                        ("plan_digest", models.CharField(max_length=64)),
                        ("device", models.CharField(blank=True, max_length=32)),
                        ("draft", models.JSONField(default=dict)),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("is_taken_back", models.BooleanField(default=False)),
                        (
                            "screening",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.screeningrecord"
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="starts", to="courses.session"),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)), fields=("session",), name="a_session_is_begun_once_at_a_time"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("is_taken_back", False), ("closed_at__isnull", False), _connector="OR"),
                                name="what_is_taken_back_is_closed",
                            ),
                        ],
                        "indexes": [models.Index(fields=["started_by", "started_at"], name="starts_of_somebody_in_time")],
                    },
                ),
                migrations.CreateModel(
                    name="SessionEvent",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("key", models.CharField(max_length=32)),
                        ("device", models.CharField(max_length=32)),
                        ("seq", models.PositiveIntegerField()),
                        ("at_ms", models.PositiveBigIntegerField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("begun", "Step begun"),
                                    ("paused", "Paused"),
                                    ("resumed", "Went on"),
                                    ("longer", "More time"),
                                    ("shorter", "Less time"),
                                    ("skipped", "Skipped"),
                                    ("hurt", "It hurt"),
                                    ("stopped", "Stopped"),
                                    ("finished", "Finished"),
                                    ("taken-over", "Taken over by another device"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("value", models.JSONField(default=dict)),
                        ("received_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "start",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="courses.sessionstart"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at_ms", "device", "seq"],
                        "constraints": [
                            models.UniqueConstraint(fields=("start", "key"), name="an_event_is_kept_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "begun",
                                            "paused",
                                            "resumed",
                                            "longer",
                                            "shorter",
                                            "skipped",
                                            "hurt",
                                            "stopped",
                                            "finished",
                                            "taken-over",
                                        ],
                                    )
                                ),
                                name="an_event_is_of_a_known_kind",
                            ),
                            clinic.audit.append_only.AppendOnly(goes=True, name="an_event_is_never_changed"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanEdit",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("version", models.PositiveIntegerField()),
                        ("before", models.JSONField()),
                        ("after", models.JSONField()),
                        ("acts", models.JSONField(default=list)),
                        ("digest_before", models.CharField(max_length=64)),
                        ("digest_after", models.CharField(max_length=64)),
                        ("note", models.TextField(blank=True)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "course",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="plan_edits", to="courses.course"),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(goes=True, name="a_change_by_hand_is_never_changed"),
                            models.UniqueConstraint(fields=("course", "version"), name="a_version_of_a_course_is_edited_once"),
                        ],
                        "indexes": [models.Index(fields=["at"], name="plan_edits_in_time")],
                    },
                ),
                migrations.CreateModel(
                    name="RuleOverride",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("code", models.CharField(max_length=40)),
                        ("step", models.CharField(blank=True, max_length=100)),
                        ("zone", models.CharField(blank=True, max_length=60)),
                        ("side", models.CharField(blank=True, max_length=5)),
                        ("first", models.PositiveSmallIntegerField()),
                        ("last", models.PositiveSmallIntegerField()),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("response", "The tissue or the patient responded so"),
                                    ("comfort", "The patient's comfort or wish"),
                                    ("palpation", "What the hand found"),
                                    ("build", "The build of the patient"),
                                    ("advice", "A doctor's advice"),
                                    ("time", "Time, room or position"),
                                    ("progress", "Progress: more is needed now"),
                                    ("other", "Another reason"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("words", models.TextField()),
                        (
                            "edit",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="courses.planedit"),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(goes=True, name="an_override_is_never_changed"),
                            models.CheckConstraint(condition=models.Q(("words", ""), _negated=True), name="an_override_is_explained"),
                            models.CheckConstraint(
                                condition=models.Q(("first__gte", 1), ("last__gte", models.F("first"))),
                                name="an_override_holds_for_sessions",
                            ),
                        ],
                        "indexes": [models.Index(fields=["edit", "code"], name="overrides_of_an_edit")],
                    },
                ),
                migrations.CreateModel(
                    name="StudioDraft",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("base_version", models.PositiveIntegerField()),
                        ("base", models.JSONField(default=dict)),
                        ("acts", models.JSONField(default=list)),
                        ("position", models.PositiveIntegerField(default=0)),
                        ("words", models.TextField(blank=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("begun_at", models.DateTimeField(auto_now_add=True)),
                        ("changed_at", models.DateTimeField(auto_now=True)),
                        (
                            "by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="studio_drafts", to="courses.course"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-changed_at"],
                        "constraints": [models.UniqueConstraint(fields=("course", "by"), name="a_person_has_one_draft_of_a_plan")],
                    },
                ),
                migrations.CreateModel(
                    name="EditionMove",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("version", models.PositiveIntegerField()),
                        ("digest_before", models.CharField(max_length=64)),
                        ("digest_after", models.CharField(max_length=64)),
                        ("difference", models.JSONField(default=list)),
                        ("needs_signature", models.BooleanField(default=False)),
                        ("note", models.TextField(blank=True)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        ("after", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="protocols.edition")),
                        (
                            "before",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="protocols.edition"),
                        ),
                        (
                            "by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="edition_moves", to="courses.course"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(goes=True, name="a_move_to_an_edition_is_never_changed"),
                            models.UniqueConstraint(fields=("course", "version"), name="a_version_of_a_course_is_moved_once"),
                            models.CheckConstraint(
                                condition=models.Q(("before", models.F("after")), _negated=True), name="a_course_moves_to_another_edition"
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
