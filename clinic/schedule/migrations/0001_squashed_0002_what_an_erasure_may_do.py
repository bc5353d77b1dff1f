"""The tables as 0001 to 0002 leave them, for a database that has none of these yet (docs/adr/0024-an-empty-database-at-once.md)."""

from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clinic.audit.append_only
import clinic.schedule.no_overlap
from clinic.at_once import CreateModels


class Migration(migrations.Migration):
    replaces = [("schedule", "0001_places_hours_and_bookings"), ("schedule", "0002_what_an_erasure_may_do")]

    initial = True

    dependencies = [
        ("audit", "0005_what_an_erasure_may_do"),
        ("patients", "0006_spellings_lead_to_the_patient"),
        ("staff", "0004_sex_of_staff"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="ScheduleRules",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("subdivision", models.CharField(blank=True, max_length=10, verbose_name="state or region")),
                        ("keeps_public_holidays", models.BooleanField(default=True, verbose_name="closed on public holidays")),
                        ("grid_minutes", models.PositiveSmallIntegerField(default=15, verbose_name="sessions begin every … minutes")),
                        (
                            "preparation_minutes",
                            models.PositiveSmallIntegerField(
                                default=10, verbose_name="minutes to undress and ask, before the hands-on time"
                            ),
                        ),
                        (
                            "turnover_minutes",
                            models.PositiveSmallIntegerField(default=5, verbose_name="minutes after a session to air and lay the couch"),
                        ),
                        (
                            "units_per_day",
                            models.DecimalField(decimal_places=1, default=Decimal("30"), max_digits=4, verbose_name="massage units a day"),
                        ),
                        ("hands_on_minutes_per_day", models.PositiveSmallIntegerField(default=300, verbose_name="hands-on minutes a day")),
                        (
                            "hold_minutes",
                            models.PositiveSmallIntegerField(default=10, verbose_name="minutes for which proposed dates are held"),
                        ),
                        ("offer_minutes", models.PositiveSmallIntegerField(default=15, verbose_name="minutes for which an offer is held")),
                        (
                            "late_cancellation_hours",
                            models.PositiveSmallIntegerField(
                                default=24, verbose_name="hours before a session from which a cancellation is late"
                            ),
                        ),
                        (
                            "clinic",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="schedule_rules", to="staff.clinic"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("grid_minutes__in", (5, 10, 15, 20, 30))), name="a_grid_divides_the_hour"
                            ),
                            models.CheckConstraint(condition=models.Q(("units_per_day__gt", 0)), name="a_day_has_room_for_some_units"),
                            models.CheckConstraint(
                                condition=models.Q(("hold_minutes__gte", 1), ("offer_minutes__gte", 1)),
                                name="a_hold_lasts_a_minute_at_least",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Site",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sites", to="staff.clinic")),
                    ],
                    options={
                        "ordering": ["name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("clinic", "name"), name="a_site_name_is_used_once_per_clinic"),
                            models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="a_site_has_a_name"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DayHours",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("day", models.DateField(verbose_name="day")),
                        ("starts", models.TimeField(blank=True, null=True, verbose_name="from")),
                        ("ends", models.TimeField(blank=True, null=True, verbose_name="to")),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="day_hours", to="staff.clinic"),
                        ),
                        (
                            "therapist",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="day_hours", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="day_hours",
                                to="schedule.site",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["day", "therapist", "starts", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ends", None), ("starts", None)),
                                    models.Q(("ends__gt", models.F("starts")), ("site__isnull", False), ("starts__isnull", False)),
                                    _connector="OR",
                                ),
                                name="hours_of_a_day_are_whole",
                            )
                        ],
                        "indexes": [models.Index(fields=["clinic", "day"], name="hours_of_a_day")],
                    },
                ),
                migrations.CreateModel(
                    name="Closure",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("first_on", models.DateField(verbose_name="first day")),
                        ("last_on", models.DateField(verbose_name="last day")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "is_open",
                            models.BooleanField(default=False, verbose_name="open on these days although they are public holidays"),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="closures", to="staff.clinic"),
                        ),
                        (
                            "created_by",
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
                        (
                            "site",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="closures",
                                to="schedule.site",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["first_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("last_on__gte", models.F("first_on"))), name="a_closure_ends_after_it_begins"
                            ),
                            models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="a_closure_has_a_name"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_closure_taken_back_says_by_whom",
                            ),
                        ],
                        "indexes": [models.Index(fields=["clinic", "last_on"], name="closures_of_a_clinic")],
                    },
                ),
                migrations.CreateModel(
                    name="Wishes",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("weekdays", models.JSONField(blank=True, default=list, verbose_name="days")),
                        ("earliest", models.TimeField(blank=True, null=True, verbose_name="not before")),
                        ("latest", models.TimeField(blank=True, null=True, verbose_name="over by")),
                        ("preferred", models.TimeField(blank=True, null=True, verbose_name="best at")),
                        ("therapist_sex", models.CharField(blank=True, max_length=6, verbose_name="therapist")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        ("said_on", models.DateField()),
                        (
                            "patient",
                            models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="wishes", to="patients.patient"),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("therapist_sex__in", ("", "female", "male"))), name="a_wished_sex_is_known"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("earliest", None), ("latest", None), ("latest__gt", models.F("earliest")), _connector="OR"
                                ),
                                name="wished_hours_end_after_they_begin",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WorkingHours",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("weekday", models.PositiveSmallIntegerField(verbose_name="weekday")),
                        ("starts", models.TimeField(verbose_name="from")),
                        ("ends", models.TimeField(verbose_name="to")),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="working_hours", to="staff.clinic"),
                        ),
                        (
                            "site",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="working_hours", to="schedule.site"
                            ),
                        ),
                        (
                            "therapist",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="working_hours", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["therapist", "weekday", "starts", "pk"],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="a_week_has_seven_days"),
                            models.CheckConstraint(
                                condition=models.Q(("ends__gt", models.F("starts"))), name="a_shift_ends_after_it_begins"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"),
                                name="a_pattern_is_valid_for_a_day_at_least",
                            ),
                        ],
                        "indexes": [models.Index(fields=["clinic", "therapist", "weekday"], name="hours_of_a_therapist")],
                    },
                ),
                migrations.CreateModel(
                    name="Absence",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("first_on", models.DateField(verbose_name="first day")),
                        ("last_on", models.DateField(verbose_name="last day")),
                        ("starts", models.TimeField(blank=True, null=True, verbose_name="from")),
                        ("ends", models.TimeField(blank=True, null=True, verbose_name="to")),
                        (
                            "reason",
                            models.CharField(
                                choices=[("ill", "Ill"), ("holiday", "Holiday"), ("training", "Training"), ("other", "Another reason")],
                                max_length=10,
                                verbose_name="reason",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="absences", to="staff.clinic"),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "therapist",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="absences", to=settings.AUTH_USER_MODEL
                            ),
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
                    ],
                    options={
                        "ordering": ["-first_on", "pk"],
                        "indexes": [models.Index(fields=["clinic", "last_on"], name="absences_of_a_clinic")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("last_on__gte", models.F("first_on"))), name="an_absence_ends_after_it_begins"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ends", None), ("starts", None)),
                                    models.Q(("ends__gt", models.F("starts")), ("first_on", models.F("last_on"))),
                                    _connector="OR",
                                ),
                                name="part_of_a_day_is_of_one_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason__in", ["ill", "holiday", "training", "other"])),
                                name="an_absence_has_a_known_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="an_absence_taken_back_says_by_whom",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AreaNorm",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("area", models.CharField(max_length=60)),
                        ("units", models.DecimalField(blank=True, decimal_places=1, max_digits=3, null=True, verbose_name="massage units")),
                        (
                            "turnover_minutes",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="minutes after the session"),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="area_norms", to="staff.clinic"),
                        ),
                    ],
                    options={
                        "ordering": ["area"],
                        "constraints": [
                            models.UniqueConstraint(fields=("clinic", "area"), name="an_area_has_one_norm_per_clinic"),
                            models.CheckConstraint(
                                condition=models.Q(("units__gt", 0), ("units", None), _connector="OR"), name="units_are_more_than_none"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Feed",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("token_digest", models.CharField(max_length=64, unique=True)),
                        ("shows_initials", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("read_at", models.DateTimeField(blank=True, null=True)),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="feeds", to="staff.clinic")),
                        (
                            "created_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="feeds",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "revoked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="feeds",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("patient", None), ("user__isnull", False)),
                                    models.Q(("patient__isnull", False), ("user", None)),
                                    _connector="OR",
                                ),
                                name="a_feed_is_somebodys",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("revoked_at", None), ("revoked_by", None)),
                                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_feed_taken_back_says_by_whom",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Placement",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("key", models.CharField(max_length=40)),
                        ("digest", models.CharField(max_length=64)),
                        ("result", models.JSONField(default=dict)),
                        ("made_at", models.DateTimeField(auto_now_add=True)),
                        ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic")),
                        (
                            "made_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("clinic", "key"), name="a_request_is_carried_out_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Room",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="rooms", to="staff.clinic")),
                        ("site", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="rooms", to="schedule.site")),
                    ],
                    options={
                        "ordering": ["site", "name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "name"), name="a_room_name_is_used_once_per_site"),
                            models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="a_room_has_a_name"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Device",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="devices", to="staff.clinic"),
                        ),
                        (
                            "room",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="devices",
                                to="schedule.room",
                            ),
                        ),
                        (
                            "site",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="devices", to="schedule.site"),
                        ),
                    ],
                    options={
                        "ordering": ["site", "name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("site", "name"), name="a_device_name_is_used_once_per_site"),
                            models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="a_device_has_a_name"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Booking",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("day", models.DateField()),
                        ("clock", models.TimeField()),
                        ("starts_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField()),
                        ("free_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[("held", "Held"), ("booked", "Booked"), ("released", "Released")], default="booked", max_length=8
                            ),
                        ),
                        ("is_taken", models.BooleanField(default=True)),
                        ("held_until", models.DateTimeField(blank=True, null=True)),
                        ("key", models.CharField(blank=True, max_length=40)),
                        ("label", models.CharField(blank=True, max_length=60)),
                        ("hands_on_minutes", models.PositiveSmallIntegerField(default=0)),
                        ("units", models.DecimalField(decimal_places=1, default=Decimal("0"), max_digits=3)),
                        ("is_heavy", models.BooleanField(default=False)),
                        ("needs", models.JSONField(blank=True, default=list)),
                        ("sequence", models.PositiveIntegerField(default=0)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("released_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "release_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("patient-wish", "The patient's wish"),
                                    ("patient-ill", "The patient is ill"),
                                    ("therapist-ill", "The therapist is ill"),
                                    ("therapist-away", "The therapist is away"),
                                    ("closed", "The clinic is closed"),
                                    ("room", "The room or a device is not available"),
                                    ("course", "The course was changed or ended"),
                                    ("missed", "An earlier session did not take place"),
                                    ("earlier", "An earlier place fell free"),
                                    ("expired", "Nobody confirmed in time"),
                                    ("mistake", "Booked by mistake"),
                                    ("other", "Another reason"),
                                ],
                                max_length=14,
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="staff.clinic"),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "patient",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="patients.patient"),
                        ),
                        (
                            "therapist",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "device",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bookings",
                                to="schedule.device",
                            ),
                        ),
                        (
                            "room",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="bookings", to="schedule.room"),
                        ),
                    ],
                    options={
                        "ordering": ["starts_at", "pk"],
                        "constraints": [
                            clinic.schedule.no_overlap.NoOverlap(
                                active="is_taken",
                                end="free_at",
                                name="a_therapist_treats_one_at_a_time",
                                resource="therapist",
                                start="starts_at",
                                violation_error_code="overlap",
                                violation_error_message="This therapist already has a session at that time.",
                            ),
                            clinic.schedule.no_overlap.NoOverlap(
                                active="is_taken",
                                end="free_at",
                                name="a_room_holds_one_at_a_time",
                                resource="room",
                                start="starts_at",
                                violation_error_code="overlap",
                                violation_error_message="This room is already in use at that time.",
                            ),
                            clinic.schedule.no_overlap.NoOverlap(
                                active="is_taken",
                                end="free_at",
                                name="a_device_serves_one_at_a_time",
                                resource="device",
                                start="starts_at",
                                violation_error_code="overlap",
                                violation_error_message="This device is already in use at that time.",
                            ),
                            clinic.schedule.no_overlap.NoOverlap(
                                active="is_taken",
                                end="ends_at",
                                name="a_patient_is_in_one_place_at_a_time",
                                resource="patient",
                                start="starts_at",
                                violation_error_code="overlap",
                                violation_error_message="This patient already has a session at that time.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at")), ("free_at__gte", models.F("ends_at"))),
                                name="a_booking_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("is_taken", True), ("release_reason", ""), ("released_at", None), ("state__in", ("held", "booked"))
                                    ),
                                    models.Q(
                                        ("is_taken", False),
                                        (
                                            "release_reason__in",
                                            [
                                                "patient-wish",
                                                "patient-ill",
                                                "therapist-ill",
                                                "therapist-away",
                                                "closed",
                                                "room",
                                                "course",
                                                "missed",
                                                "earlier",
                                                "expired",
                                                "mistake",
                                                "other",
                                            ],
                                        ),
                                        ("released_at__isnull", False),
                                        ("state", "released"),
                                    ),
                                    _connector="OR",
                                ),
                                name="what_is_released_says_when_and_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("held_until__isnull", False), ("state", "held")),
                                    models.Q(models.Q(("state", "held"), _negated=True), ("held_until", None)),
                                    _connector="OR",
                                ),
                                name="a_hold_ends",
                            ),
                        ],
                        "indexes": [
                            models.Index(fields=["clinic", "day"], name="bookings_of_a_day"),
                            models.Index(fields=["therapist", "starts_at"], name="bookings_of_a_therapist"),
                            models.Index(fields=["room", "starts_at"], name="bookings_of_a_room"),
                            models.Index(fields=["patient", "starts_at"], name="bookings_of_a_patient"),
                            models.Index(condition=models.Q(("state", "held")), fields=["held_until"], name="holds_by_their_end"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BookingChange",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("kind", models.CharField(max_length=9)),
                        ("before", models.JSONField(default=dict)),
                        ("after", models.JSONField(default=dict)),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("patient-wish", "The patient's wish"),
                                    ("patient-ill", "The patient is ill"),
                                    ("therapist-ill", "The therapist is ill"),
                                    ("therapist-away", "The therapist is away"),
                                    ("closed", "The clinic is closed"),
                                    ("room", "The room or a device is not available"),
                                    ("course", "The course was changed or ended"),
                                    ("missed", "An earlier session did not take place"),
                                    ("earlier", "An earlier place fell free"),
                                    ("expired", "Nobody confirmed in time"),
                                    ("mistake", "Booked by mistake"),
                                    ("other", "Another reason"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("note", models.TextField(blank=True)),
                        ("at", models.DateTimeField(auto_now_add=True)),
                        (
                            "booking",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="schedule.booking"),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            clinic.audit.append_only.AppendOnly(goes=True, name="a_change_of_a_booking_is_never_changed"),
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ("held", "booked", "moved", "released"))),
                                name="a_change_of_a_booking_is_of_a_known_kind",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
