"""The tables as 0001 to 0005 leave them, for a database that has none of these yet (docs/adr/0024-an-empty-database-at-once.md)."""

import datetime

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clinic.audit.append_only
from clinic.at_once import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("reminders", "0001_the_outbox"),
        ("reminders", "0002_messages_by_day_and_to_deal_with"),
        ("reminders", "0003_dates_that_are_known_already"),
        ("reminders", "0004_failures_are_counted_apart"),
        ("reminders", "0005_ends_are_counted_from_an_index"),
    ]

    initial = True

    dependencies = [
        ("patients", "0010_who_died_and_words_by_link"),
        ("schedule", "0001_places_hours_and_bookings"),
        ("staff", "0006_wrong_tries_of_a_person"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Pace",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("channel", models.CharField(choices=[("email", "E-mail"), ("sms", "Text message")], max_length=5, unique=True)),
                        ("window_at", models.DateTimeField()),
                        ("used", models.PositiveIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="Pulse",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=80, unique=True)),
                        ("at", models.DateTimeField()),
                        ("details", models.JSONField(default=dict)),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="MailboxLetter",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("key", models.CharField(max_length=80, unique=True)),
                        ("channel", models.CharField(choices=[("email", "E-mail"), ("sms", "Text message")], max_length=5)),
                        ("sent_to", models.CharField(max_length=254)),
                        ("subject", models.CharField(blank=True, max_length=200)),
                        ("body", models.TextField()),
                        ("attachment_name", models.CharField(blank=True, max_length=80)),
                        ("attachment", models.TextField(blank=True)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic")),
                    ],
                    options={
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="MessageTemplate",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "code",
                            models.CharField(
                                choices=[
                                    ("schedule", "Dates of a new course"),
                                    ("change", "Some dates have changed"),
                                    ("cancelled", "Dates are cancelled"),
                                    ("reminder-day", "Reminder the day before"),
                                    ("reminder-hours", "Reminder some hours before"),
                                    ("missed", "Missed session"),
                                    ("next-morning", "Question the next morning"),
                                    ("halfway", "Half of the course"),
                                    ("finished", "Course finished"),
                                    ("home", "Sheet for home"),
                                    ("tomorrow", "Tomorrow's list"),
                                    ("referrals", "Referrals that end"),
                                    ("unsigned", "Sessions not signed"),
                                    ("screening", "Changed answers"),
                                    ("reviews", "Reviews to do"),
                                    ("cannot-come", "A patient cannot come"),
                                    ("undelivered", "Messages not delivered"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("channel", models.CharField(choices=[("email", "E-mail"), ("sms", "Text message")], max_length=5)),
                        ("language", models.CharField(choices=[("en", "English"), ("ru", "Русский")], max_length=2)),
                        ("version", models.PositiveIntegerField()),
                        ("subject", models.CharField(blank=True, max_length=120, verbose_name="subject")),
                        ("body", models.TextField(blank=True, max_length=4000, verbose_name="text")),
                        ("made_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="message_templates", to="staff.clinic"
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                    options={
                        "ordering": ["clinic", "code", "channel", "language", "-version"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(name="a_text_of_messages_is_never_changed"),
                            models.UniqueConstraint(
                                fields=("clinic", "code", "channel", "language", "version"), name="a_version_of_a_text_exists_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "code__in",
                                        [
                                            "schedule",
                                            "change",
                                            "cancelled",
                                            "reminder-day",
                                            "reminder-hours",
                                            "missed",
                                            "next-morning",
                                            "halfway",
                                            "finished",
                                            "home",
                                            "tomorrow",
                                            "referrals",
                                            "unsigned",
                                            "screening",
                                            "reviews",
                                            "cannot-come",
                                            "undelivered",
                                        ],
                                    )
                                ),
                                name="a_text_is_one_of_the_list",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("channel__in", ["email", "sms"])), name="a_text_is_for_a_known_channel"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "ru"])), name="a_text_is_in_a_known_language"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("dates", "Dates of a course"),
                                    ("reminder-day", "Reminder the day before"),
                                    ("reminder-hours", "Reminder some hours before"),
                                    ("missed", "Missed session"),
                                    ("next-morning", "Question the next morning"),
                                    ("halfway", "Half of the course"),
                                    ("finished", "Course finished"),
                                    ("home", "Sheet for home"),
                                    ("tomorrow", "Tomorrow's list"),
                                    ("referrals", "Referrals that end"),
                                    ("unsigned", "Sessions not signed"),
                                    ("screening", "Changed answers"),
                                    ("reviews", "Reviews to do"),
                                    ("cannot-come", "A patient cannot come"),
                                    ("undelivered", "Messages not delivered"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("channel", models.CharField(choices=[("email", "E-mail"), ("sms", "Text message")], max_length=5)),
                        ("about", models.CharField(max_length=48)),
                        ("version", models.PositiveIntegerField(default=0)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "Waiting"),
                                    ("sending", "Being sent"),
                                    ("sent", "Sent"),
                                    ("dropped", "Not needed"),
                                    ("failed", "Not delivered"),
                                ],
                                default="waiting",
                                max_length=7,
                            ),
                        ),
                        ("due_at", models.DateTimeField()),
                        ("next_at", models.DateTimeField(null=True)),
                        ("not_after", models.DateTimeField()),
                        ("claim", models.CharField(blank=True, max_length=32)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("last_error", models.CharField(blank=True, max_length=200)),
                        (
                            "drop_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("over", "Its time is over"),
                                    ("nothing-new", "There is nothing new to say"),
                                    ("released", "The date was given up"),
                                    ("answered", "It was answered already"),
                                    ("turned-off", "The clinic does not send this"),
                                    ("no-consent", "The patient has not agreed to messages"),
                                    ("no-address", "There is no address or number"),
                                    ("no-channel", "This way of sending is not set up"),
                                    ("died", "The patient has died"),
                                    ("left", "The person does not work here any more"),
                                    ("other-channel", "It goes another way"),
                                    ("quiet", "It could only have come in the quiet hours"),
                                ],
                                max_length=13,
                            ),
                        ),
                        ("made_at", models.DateTimeField(auto_now_add=True)),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "text_code",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("schedule", "Dates of a new course"),
                                    ("change", "Some dates have changed"),
                                    ("cancelled", "Dates are cancelled"),
                                    ("reminder-day", "Reminder the day before"),
                                    ("reminder-hours", "Reminder some hours before"),
                                    ("missed", "Missed session"),
                                    ("next-morning", "Question the next morning"),
                                    ("halfway", "Half of the course"),
                                    ("finished", "Course finished"),
                                    ("home", "Sheet for home"),
                                    ("tomorrow", "Tomorrow's list"),
                                    ("referrals", "Referrals that end"),
                                    ("unsigned", "Sessions not signed"),
                                    ("screening", "Changed answers"),
                                    ("reviews", "Reviews to do"),
                                    ("cannot-come", "A patient cannot come"),
                                    ("undelivered", "Messages not delivered"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("language", models.CharField(blank=True, choices=[("en", "English"), ("ru", "Русский")], max_length=2)),
                        ("sent_to", models.CharField(blank=True, max_length=120)),
                        ("fields", models.JSONField(default=dict)),
                        ("subject", models.CharField(blank=True, max_length=200)),
                        ("body", models.TextField(blank=True)),
                        (
                            "handled",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("called", "Told by telephone"),
                                    ("again", "Sent again"),
                                    ("moved", "Another date was found"),
                                    ("released", "The date was given up"),
                                    ("stays", "The date stays"),
                                    ("nothing", "Nothing needs to be done"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("handled_at", models.DateTimeField(null=True)),
                        (
                            "booking",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="schedule.booking"
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="staff.clinic"),
                        ),
                        (
                            "handled_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="patients.patient"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="messages", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reminders.messagetemplate"
                            ),
                        ),
                        ("failures", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("about", "kind", "channel", "version"), name="a_message_exists_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "dates"), ("state", "waiting")),
                                fields=("patient",),
                                name="new_dates_wait_in_one_message_for_a_patient",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "dates",
                                            "reminder-day",
                                            "reminder-hours",
                                            "missed",
                                            "next-morning",
                                            "halfway",
                                            "finished",
                                            "home",
                                            "tomorrow",
                                            "referrals",
                                            "unsigned",
                                            "screening",
                                            "reviews",
                                            "cannot-come",
                                            "undelivered",
                                        ],
                                    )
                                ),
                                name="a_message_is_of_a_known_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("channel__in", ["email", "sms"])), name="a_message_goes_by_a_known_channel"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["waiting", "sending", "sent", "dropped", "failed"])),
                                name="a_message_is_in_a_known_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("patient__isnull", False), ("user", None)),
                                    models.Q(("patient", None), ("user__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_message_goes_to_one_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("next_at__isnull", False), ("state__in", ("waiting", "sending"))),
                                    models.Q(models.Q(("state__in", ("waiting", "sending")), _negated=True), ("next_at", None)),
                                    _connector="OR",
                                ),
                                name="an_open_message_is_looked_at_again",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "sending"), models.Q(("claim", ""), _negated=True)),
                                    models.Q(models.Q(("state", "sending"), _negated=True), ("claim", "")),
                                    _connector="OR",
                                ),
                                name="who_sends_a_message_has_claimed_it",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                                    _connector="OR",
                                ),
                                name="a_sent_message_says_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("state", "dropped"),
                                        (
                                            "drop_reason__in",
                                            [
                                                "over",
                                                "nothing-new",
                                                "released",
                                                "answered",
                                                "turned-off",
                                                "no-consent",
                                                "no-address",
                                                "no-channel",
                                                "died",
                                                "left",
                                                "other-channel",
                                                "quiet",
                                            ],
                                        ),
                                    ),
                                    models.Q(models.Q(("state", "dropped"), _negated=True), ("drop_reason", "")),
                                    _connector="OR",
                                ),
                                name="a_dropped_message_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "failed"), _negated=True),
                                    models.Q(("last_error", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="a_failed_message_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("handled", ""), ("handled_at", None), ("handled_by", None)),
                                    models.Q(models.Q(("handled", ""), _negated=True), ("handled_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="what_was_dealt_with_says_when",
                            ),
                        ],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_at__isnull", False)), fields=["next_at", "id"], name="messages_that_are_due"
                            ),
                            models.Index(fields=["clinic", "state", "-id"], name="messages_of_a_clinic"),
                            models.Index(fields=["patient", "-id"], name="messages_to_a_patient"),
                            models.Index(fields=["booking"], name="messages_about_a_booking"),
                            models.Index(fields=["clinic", "due_at", "id"], name="messages_by_due_time"),
                            models.Index(
                                condition=models.Q(
                                    ("handled", ""),
                                    models.Q(
                                        ("state", "failed"),
                                        models.Q(
                                            ("drop_reason__in", ("no-consent", "no-address", "no-channel", "quiet")),
                                            ("kind__in", ("dates",)),
                                            ("state", "dropped"),
                                        ),
                                        _connector="OR",
                                    ),
                                ),
                                fields=["clinic", "-id"],
                                name="messages_to_deal_with",
                            ),
                            models.Index(
                                condition=models.Q(("handled_at__isnull", False)),
                                fields=["clinic", "-handled_at"],
                                name="messages_dealt_with",
                            ),
                            models.Index(
                                condition=models.Q(("next_at__isnull", False)),
                                fields=["kind", "patient"],
                                name="messages_open_to_a_patient",
                            ),
                            models.Index(
                                condition=models.Q(("next_at", None)),
                                fields=["clinic", "kind", "channel", "state", "drop_reason", "due_at"],
                                name="messages_that_are_over",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MessageWishes",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "preferred",
                            models.CharField(
                                blank=True, choices=[("email", "E-mail"), ("sms", "Text message")], max_length=5, verbose_name="rather by"
                            ),
                        ),
                        ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet hours from")),
                        ("quiet_until", models.TimeField(blank=True, null=True, verbose_name="quiet hours until")),
                        ("said_on", models.DateField()),
                        (
                            "patient",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="message_wishes", to="patients.patient"
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("preferred__in", ("", "email", "sms"))), name="a_preferred_channel_is_known"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("quiet_from", None), ("quiet_until", None)),
                                    models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                                    _connector="OR",
                                ),
                                name="quiet_hours_begin_and_end",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Told",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("starts_at", models.DateTimeField()),
                        ("is_off", models.BooleanField(default=False)),
                        ("told_at", models.DateTimeField()),
                        (
                            "booking",
                            models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="told", to="schedule.booking"),
                        ),
                        ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schedule.site")),
                    ],
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("starts_at", models.DateTimeField(null=True)),
                        ("purpose", models.CharField(max_length=6)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("confirmed", "Comes"),
                                    ("cannot-come", "Cannot come"),
                                    ("pain", "Pain the next morning"),
                                    ("stop", "No more messages"),
                                ],
                                max_length=11,
                            ),
                        ),
                        ("value", models.PositiveSmallIntegerField(null=True)),
                        ("suits", models.JSONField(default=list)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "handled",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("called", "Told by telephone"),
                                    ("again", "Sent again"),
                                    ("moved", "Another date was found"),
                                    ("released", "The date was given up"),
                                    ("stays", "The date stays"),
                                    ("nothing", "Nothing needs to be done"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("handled_at", models.DateTimeField(null=True)),
                        (
                            "booking",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="schedule.booking"
                            ),
                        ),
                        ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic")),
                        (
                            "handled_by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="reminders.message"),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(fields=["booking", "-id"], name="answers_about_a_booking"),
                            models.Index(
                                condition=models.Q(("handled", ""), ("kind", "cannot-come")),
                                fields=["clinic"],
                                name="those_who_cannot_come",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("message", "purpose"), name="a_link_is_answered_once"),
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["confirmed", "cannot-come", "pain", "stop"])),
                                name="an_answer_is_of_a_known_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "pain"), ("value__isnull", False), ("value__lte", 10)),
                                    models.Q(models.Q(("kind", "pain"), _negated=True), ("value", None)),
                                    _connector="OR",
                                ),
                                name="pain_is_answered_from_0_to_10",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("handled", ""), ("handled_at", None), ("handled_by", None)),
                                    models.Q(models.Q(("handled", ""), _negated=True), ("handled_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="an_answer_dealt_with_says_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MessageRules",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "short_name",
                            models.CharField(
                                blank=True,
                                help_text="Neighbours may read it: no illness and no treatment in it. Empty: the clinic's own name, where that tells nothing.",
                                max_length=40,
                                verbose_name="name in messages",
                            ),
                        ),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="telephone in messages")),
                        (
                            "day_before_at",
                            models.TimeField(blank=True, default=datetime.time(18, 0), null=True, verbose_name="the day before, at"),
                        ),
                        (
                            "hours_before",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                default=2,
                                null=True,
                                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)],
                                verbose_name="hours before",
                            ),
                        ),
                        ("next_morning_at", models.TimeField(default=datetime.time(9, 30), verbose_name="the next morning, at")),
                        (
                            "grace_minutes",
                            models.PositiveSmallIntegerField(
                                default=3,
                                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)],
                                verbose_name="minutes to wait for further changes",
                            ),
                        ),
                        ("quiet_from", models.TimeField(default=datetime.time(21, 0), verbose_name="quiet hours from")),
                        ("quiet_until", models.TimeField(default=datetime.time(8, 0), verbose_name="quiet hours until")),
                        ("staff_at", models.TimeField(default=datetime.time(17, 0), verbose_name="tomorrow's list, at")),
                        ("kinds_off", models.JSONField(blank=True, default=list)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "clinic",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="message_rules", to="staff.clinic"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("hours_before", None), models.Q(("hours_before__gte", 1), ("hours_before__lte", 12)), _connector="OR"
                                ),
                                name="a_reminder_comes_hours_before",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("grace_minutes__gte", 1), ("grace_minutes__lte", 60)),
                                name="changes_are_waited_for_up_to_an_hour",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
