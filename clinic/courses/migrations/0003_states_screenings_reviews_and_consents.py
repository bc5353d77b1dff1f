import clinic.audit.append_only
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def fewer_states(apps, schema_editor):
    """Before there were only drafts, running and finished courses."""
    courses = apps.get_model("courses", "Course").objects
    courses.filter(state="ended").update(state="finished")
    between = courses.filter(state__in=("awaiting", "signed", "suspended", "paused"))
    between.filter(started_on=None).update(state="draft")
    between.exclude(started_on=None).update(state="running")



class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0002_running_finished_and_what_was_given"),
        ("patients", "0003_the_record_links_and_referrals"),
        ("staff", "0002_sent_forms"),
        ("staff", "__first__"),
    ]

    operations = [
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
                ("course", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="courses.course")),
                (
                    "recorded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    clinic.audit.append_only.AppendOnly(name="a_consent_is_never_changed"),
                    models.CheckConstraint(condition=models.Q(("given_by_name", ""), _negated=True), name="a_consent_names_who_gave_it"),
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
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="withdrawals", to="courses.consent"),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [clinic.audit.append_only.AppendOnly(name="a_withdrawal_is_never_changed")],
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
                ("course", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="courses.course")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [clinic.audit.append_only.AppendOnly(name="a_move_of_a_course_is_never_changed")],
            },
        ),
        migrations.CreateModel(
            name="CourseReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("mid-course", "Mid-course review"), ("question", "Question about the course")], max_length=10
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
                ("course", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="courses.course")),
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
                                models.Q(("decision", ""), _negated=True), ("decided_at__isnull", False), ("decided_by__isnull", False)
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
                ("course", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="screenings", to="courses.course")),
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
                    clinic.audit.append_only.AppendOnly(name="a_screening_is_never_changed"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ("clear", "caution", "modify", "doctor", "defer", "absolute", "emergency"))),
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
                ("session", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="courses.session")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [clinic.audit.append_only.AppendOnly(name="a_move_of_a_session_is_never_changed")],
            },
        ),
        migrations.RemoveConstraint(
            model_name="course",
            name="a_course_is_in_a_known_state",
        ),
        migrations.RemoveConstraint(
            model_name="course",
            name="a_course_that_was_begun_has_the_day",
        ),
        migrations.RemoveConstraint(
            model_name="course",
            name="a_finished_course_has_its_last_day",
        ),
        migrations.AddField(
            model_name="course",
            name="referral",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="courses", to="patients.referral"),
        ),
        migrations.AddField(
            model_name="course",
            name="therapist",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="session",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("booked", "Booked"),
                    ("in-progress", "In progress"),
                    ("done", "Given"),
                    ("missed", "Missed"),
                    ("cancelled", "Cancelled late"),
                    ("unresolved", "Unresolved"),
                ],
                default="planned",
                max_length=11,
            ),
        ),
        migrations.AlterField(
            model_name="course",
            name="state",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "awaiting", "signed", "running", "paused", "suspended", "finished", "ended", "discarded"])
                ),
                name="a_course_is_in_a_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("started_on__isnull", False), ("state__in", ("running", "paused", "finished", "ended"))),
                    models.Q(("started_on", None), ("state__in", ("draft", "signed", "discarded"))),
                    ("state__in", ("awaiting", "suspended")),
                    _connector="OR",
                ),
                name="a_course_that_was_begun_has_the_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("finished_on__gte", models.F("started_on")), ("finished_on__isnull", False), ("state__in", ("finished", "ended"))
                    ),
                    models.Q(models.Q(("state__in", ("finished", "ended")), _negated=True), ("finished_on", None)),
                    _connector="OR",
                ),
                name="a_course_that_is_over_has_its_last_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "booked", "in-progress", "done", "missed", "cancelled", "unresolved"])),
                name="a_session_is_in_a_known_state",
            ),
        ),
        # Undone first: what the version before does not know becomes what it knows.
        migrations.RunPython(migrations.RunPython.noop, fewer_states),
    ]
