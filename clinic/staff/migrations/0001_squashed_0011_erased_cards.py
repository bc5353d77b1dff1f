"""The tables as 0001 to 0011 leave them, for a database that has none of these yet (docs/adr/0024-an-empty-database-at-once.md)."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import clinic.staff.models
from clinic.at_once import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("staff", "0001_clinics_users_and_roles"),
        ("staff", "0002_sent_forms"),
        ("staff", "0003_invitations_and_profiles"),
        ("staff", "0004_sex_of_staff"),
        ("staff", "0005_a_pin_for_a_locked_screen"),
        ("staff", "0006_wrong_tries_of_a_person"),
        ("staff", "0007_a_clinic_may_have_its_own_edition"),
        ("staff", "0008_who_opens_records"),
        ("staff", "0009_whose_a_browser_is"),
        ("staff", "0010_sessions_of_before_are_gone"),
        ("staff", "0011_erased_cards"),
    ]

    initial = True

    dependencies = []

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="User",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                        ("full_name", models.CharField(max_length=150, verbose_name="full name")),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("ru", "Русский")], default="en", max_length=2, verbose_name="language"
                            ),
                        ),
                        (
                            "theme",
                            models.CharField(
                                choices=[("system", "As the device"), ("light", "Light"), ("dark", "Dark")],
                                default="system",
                                max_length=6,
                                verbose_name="colours",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                        ("joined_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("sign_outs", models.PositiveIntegerField(default=0, editable=False)),
                        ("pin", models.CharField(blank=True, editable=False, max_length=128)),
                        ("wrong_unlocks", models.PositiveSmallIntegerField(default=0, editable=False)),
                    ],
                    options={
                        "ordering": ("full_name", "pk"),
                        "constraints": [
                            models.UniqueConstraint(django.db.models.functions.text.Lower("email"), name="an_email_belongs_to_one_person"),
                            models.CheckConstraint(condition=models.Q(("email", ""), _negated=True), name="a_person_has_an_email"),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "ru"])), name="a_person_reads_a_known_language"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("theme__in", ["system", "light", "dark"])), name="a_person_has_a_known_theme"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Clinic",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "time_zone",
                            models.CharField(
                                default="UTC", max_length=64, validators=[clinic.staff.models.known_time_zone], verbose_name="time zone"
                            ),
                        ),
                        (
                            "country",
                            models.CharField(blank=True, help_text="Two letters, for example DE", max_length=2, verbose_name="country"),
                        ),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("ru", "Русский")], default="en", max_length=2, verbose_name="language"
                            ),
                        ),
                        ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("edition_digest", models.CharField(blank=True, editable=False, max_length=64)),
                        (
                            "record_access",
                            models.CharField(
                                choices=[
                                    ("care-team", "Only who is in the patient’s care; others say why, for an hour, and are reported"),
                                    ("every-treater", "Everybody who treats at this clinic"),
                                ],
                                default="care-team",
                                max_length=13,
                                verbose_name="who opens records",
                            ),
                        ),
                        ("erased_up_to_card", models.PositiveIntegerField(default=0, editable=False)),
                    ],
                    options={
                        "ordering": ("name", "pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("name",), name="a_clinic_name_is_used_once"),
                            models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="a_clinic_has_a_name"),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "ru"])), name="a_clinic_speaks_a_known_language"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("record_access__in", ["care-team", "every-treater"])),
                                name="a_clinic_opens_records_by_a_known_rule",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StaffRole",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("therapist", "Massage therapist"),
                                    ("admin", "Administrator"),
                                    ("doctor", "Doctor"),
                                    ("clinical-lead", "Clinical lead"),
                                    ("auditor", "Auditor"),
                                ],
                                max_length=16,
                                verbose_name="role",
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="staff_roles", to="staff.clinic"),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="staff_roles", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("clinic", "user", "role"),
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "clinic", "role"), name="a_role_is_given_once"),
                            models.CheckConstraint(
                                condition=models.Q(("role__in", ["therapist", "admin", "doctor", "clinical-lead", "auditor"])),
                                name="a_role_is_one_of_five",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SentForm",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("token", models.CharField(max_length=32)),
                        ("digest", models.CharField(max_length=64)),
                        ("address", models.CharField(blank=True, max_length=200)),
                        ("sent_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                        (
                            "user",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("user", "token"), name="a_form_is_sent_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("title", models.CharField(blank=True, max_length=40, verbose_name="title")),
                        ("licence", models.CharField(blank=True, max_length=60, verbose_name="licence number")),
                        (
                            "qualifications",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[clinic.staff.models.known_qualifications],
                                verbose_name="qualifications",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                        ("full_name", models.CharField(max_length=150, verbose_name="full name")),
                        (
                            "language",
                            models.CharField(
                                choices=[("en", "English"), ("ru", "Русский")], default="en", max_length=2, verbose_name="language"
                            ),
                        ),
                        ("roles", models.JSONField(validators=[clinic.staff.models.known_roles], verbose_name="roles")),
                        ("token_digest", models.CharField(max_length=64)),
                        ("invited_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("expires_at", models.DateTimeField()),
                        ("accepted_at", models.DateTimeField(editable=False, null=True)),
                        ("revoked_at", models.DateTimeField(editable=False, null=True)),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="staff.clinic"),
                        ),
                        (
                            "invited_by",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "revoked_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "sex",
                            models.CharField(
                                blank=True, choices=[("female", "Female"), ("male", "Male")], max_length=6, verbose_name="sex"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("full_name", "pk"),
                        "constraints": [
                            models.UniqueConstraint(fields=("token_digest",), name="a_link_opens_one_invitation"),
                            models.UniqueConstraint(
                                models.F("clinic"),
                                django.db.models.functions.text.Lower("email"),
                                condition=models.Q(("accepted_at__isnull", True), ("revoked_at__isnull", True)),
                                name="a_clinic_invites_a_person_once_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(models.Q(("email", ""), _negated=True), models.Q(("full_name", ""), _negated=True)),
                                name="an_invitation_names_a_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("language__in", ["en", "ru"])), name="an_invitation_is_in_a_known_language"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("expires_at__gt", models.F("invited_at"))), name="an_invitation_ends_after_it_begins"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("accepted_at__isnull", True), ("accepted_by__isnull", True)),
                                    models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="an_accepted_invitation_says_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                                    models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_revoked_invitation_says_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("accepted_at__isnull", True), ("revoked_at__isnull", True), _connector="OR"),
                                name="an_invitation_is_accepted_or_revoked",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StaffProfile",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("title", models.CharField(blank=True, max_length=40, verbose_name="title")),
                        ("licence", models.CharField(blank=True, max_length=60, verbose_name="licence number")),
                        (
                            "qualifications",
                            models.JSONField(
                                blank=True,
                                default=list,
                                validators=[clinic.staff.models.known_qualifications],
                                verbose_name="qualifications",
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="profiles", to="staff.clinic"),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="profiles", to=settings.AUTH_USER_MODEL
                            ),
                        ),
                        (
                            "sex",
                            models.CharField(
                                blank=True, choices=[("female", "Female"), ("male", "Male")], max_length=6, verbose_name="sex"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("user", "clinic"), name="a_person_has_one_profile_at_a_clinic")],
                    },
                ),
                migrations.CreateModel(
                    name="BrowserSession",
                    fields=[
                        ("session_key", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key")),
                        ("session_data", models.TextField(verbose_name="session data")),
                        ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="browser_sessions",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "session",
                        "verbose_name_plural": "sessions",
                        "abstract": False,
                    },
                ),
            ],
        ),
    ]
