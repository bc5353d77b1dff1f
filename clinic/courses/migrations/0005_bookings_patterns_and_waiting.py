import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def without_bookings(apps, schema_editor):
    """A session that is booked has its booking, which goes: it is planned again."""
    apps.get_model("courses", "Session").objects.filter(state="booked").update(state="planned")



class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0004_a_course_keeps_its_signature"),
        ("schedule", "0001_places_hours_and_bookings"),
        ("staff", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="DatePattern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pattern", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField(auto_now=True)),
                (
                    "course",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="date_pattern", to="courses.course"),
                ),
                ("saved_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
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
                ("added_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("course", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="waitings", to="courses.course")),
                (
                    "therapist",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["added_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at", None)), fields=("course",), name="a_course_waits_once_at_a_time"
                    ),
                    models.CheckConstraint(condition=models.Q(("last_on__gte", models.F("first_on"))), name="a_wait_ends_after_it_begins"),
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
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("booking", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="offer", to="schedule.booking")),
                (
                    "offered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("session", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="courses.session")),
                ("waiting", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="offers", to="courses.waiting")),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("answer", "")), fields=("waiting",), name="one_offer_at_a_time"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None)),
                            models.Q(("answer__in", ("accepted", "declined", "expired", "withdrawn")), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="an_answered_offer_says_when",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="session",
            name="a_session_is_in_a_known_state",
        ),
        migrations.AddField(
            model_name="session",
            name="booking",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="session", to="schedule.booking"
            ),
        ),
        migrations.AddField(
            model_name="sessionmove",
            name="booking",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schedule.booking"),
        ),
        migrations.AlterField(
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
                ],
                default="planned",
                max_length=11,
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "booked"), _negated=True), ("booking__isnull", False), _connector="OR"),
                name="a_booked_session_has_its_booking",
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "booked", "in-progress", "done", "missed", "cancelled"])),
                name="a_session_is_in_a_known_state",
            ),
        ),
        # Undone first: what the version before does not know becomes what it knows.
        migrations.RunPython(migrations.RunPython.noop, without_bookings),
    ]
