"""Clinics, the people who work there, and what each of them may do at each clinic."""

from collections.abc import Iterator
from datetime import date, datetime
from importlib import import_module
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does at one clinic. The codes are the same in the database, in tests and in URLs."""

    THERAPIST = "therapist", _("Massage therapist")
    ADMIN = "admin", _("Administrator")
    DOCTOR = "doctor", _("Doctor")
    CLINICAL_LEAD = "clinical-lead", _("Clinical lead")
    AUDITOR = "auditor", _("Auditor")


class Qualification(models.TextChoices):
    """What a therapist has learned beyond classical massage. Protocols name these; the list is closed."""

    CHILDREN = "children", _("Massage of children")
    SEGMENTAL = "segmental", _("Segmental-reflex massage")
    APPARATUS = "apparatus", _("Massage by apparatus")


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    RUSSIAN = "ru", "Русский"


class Theme(models.TextChoices):
    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class RecordAccess(models.TextChoices):
    """Which of those who treat may open what a record says about health. Contacts and dates are for the whole clinic."""

    CARE_TEAM = "care-team", _("Only who is in the patient’s care; others say why, for an hour, and are reported")
    EVERY_TREATER = "every-treater", _("Everybody who treats at this clinic")


def known_time_zone(name: str) -> None:
    """Refuses a name that is no IANA time zone: a wrong zone would move every booking and reminder."""
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone. Write it like Europe/Berlin."), params={"name": name}, code="time-zone")


def known_roles(value: object) -> None:
    """Refuses a list of roles that holds something else than roles, or nothing."""
    if not isinstance(value, list) or not value or not set(map(str, value)) <= set(Role.values):
        raise ValidationError(_("Choose at least one of the roles."), code="roles")


def known_qualifications(value: object) -> None:
    """Refuses a list that holds something else than qualifications. An empty one is fine."""
    if not isinstance(value, list) or not set(map(str, value)) <= set(Qualification.values):
        raise ValidationError(_("Choose among the qualifications of the list."), code="qualifications")


class Clinic(models.Model):
    """One house. Every patient, course and room belongs to exactly one."""

    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[known_time_zone])
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("Two letters, for example DE"))
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH)
    record_access = models.CharField(_("who opens records"), max_length=13, choices=RecordAccess.choices, default=RecordAccess.CARE_TEAM)
    edition_digest = models.CharField(max_length=64, blank=True, editable=False)  # its own edition of the library; blank: the shipped one
    # The highest card number whose patient was erased: the card may still lie in somebody's drawer, so the count goes on after it.
    erased_up_to_card = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("name",), name="a_clinic_name_is_used_once"),
            models.CheckConstraint(condition=~Q(name=""), name="a_clinic_has_a_name"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="a_clinic_speaks_a_known_language"),
            models.CheckConstraint(condition=Q(record_access__in=RecordAccess.values), name="a_clinic_opens_records_by_a_known_rule"),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.name}"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which this clinic's days begin."""
        return ZoneInfo(self.time_zone)

    def today(self) -> date:
        """The day it is at this clinic."""
        return timezone.localdate(timezone=self.zone)


MOST_WRONG: Final = 5  # PINs at a locked screen, and then as many passwords


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who can sign in by e-mail; without a password, only after a reset. Roles are given apart."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. There are no super-users: whoever has no role at a clinic sees nothing of it."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    full_name = models.CharField(_("full name"), max_length=150)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH)
    theme = models.CharField(_("colours"), max_length=6, choices=Theme.choices, default=Theme.SYSTEM)
    is_active = models.BooleanField(_("may sign in"), default=True)
    sign_outs = models.PositiveIntegerField(default=0, editable=False)  # part of every session: one more ends them all
    pin = models.CharField(max_length=128, blank=True, editable=False)  # hashed; opens a screen that was locked, never a new session
    wrong_unlocks = models.PositiveSmallIntegerField(default=0, editable=False)  # wrong PINs and passwords since the last right password
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        ordering = ("full_name", "pk")
        constraints = (
            # Anna@ and anna@ are one mailbox everywhere that matters, so they are one person here.
            models.UniqueConstraint(Lower("email"), name="an_email_belongs_to_one_person"),
            models.CheckConstraint(condition=~Q(email=""), name="a_person_has_an_email"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="a_person_reads_a_known_language"),
            models.CheckConstraint(condition=Q(theme__in=Theme.values), name="a_person_has_a_known_theme"),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.full_name}"

    def get_full_name(self) -> str:
        return self.full_name

    @property
    def asks_pin(self) -> bool:
        """Whether a PIN opens this person's locked screens; else only the password does."""
        return bool(self.pin) and self.wrong_unlocks < MOST_WRONG

    def get_session_auth_hash(self) -> str:
        """What a session must hold to be this person's: it changes with the password and when they are signed out everywhere."""
        return f"{super().get_session_auth_hash()}.{self.sign_outs}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under keys that the installation used before."""
        return (f"{each}.{self.sign_outs}" for each in super().get_session_auth_fallback_hash())


class StaffRole(models.Model):
    """One person has this role at this clinic. Several rows make several roles."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_roles")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="staff_roles")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)

    class Meta:
        ordering = ("clinic", "user", "role")
        constraints = (
            models.UniqueConstraint(fields=("user", "clinic", "role"), name="a_role_is_given_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="a_role_is_one_of_five"),
        )

    def __str__(self) -> str:
        return f"#{self.pk} {self.role} at clinic {self.clinic_id}"


class Credentials(models.Model):
    """What stands beside a name on paper, and what a person may do beyond classical massage."""

    title = models.CharField(_("title"), max_length=40, blank=True)
    licence = models.CharField(_("licence number"), max_length=60, blank=True)
    qualifications = models.JSONField(_("qualifications"), default=list, blank=True, validators=[known_qualifications])
    # Some patients wish to be treated by a woman, or by a man; empty where nobody said.
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices, blank=True)

    class Meta:
        abstract = True

    @property
    def qualification_names(self) -> tuple[str, ...]:
        """In the reader's language, in the order of the list."""
        return tuple(str(each.label) for each in Qualification if each.value in self.qualifications)


class StaffProfile(Credentials):
    """One person's credentials as one clinic has seen them."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="profiles")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="profiles")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "clinic"), name="a_person_has_one_profile_at_a_clinic"),)

    def __str__(self) -> str:
        return f"#{self.pk} profile of {self.user_id} at clinic {self.clinic_id}"


class Invitation(Credentials):
    """A letter with a link that lets one person join one clinic, once. Only the digest of the link is kept."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail"), max_length=254)
    full_name = models.CharField(_("full name"), max_length=150)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH)
    roles = models.JSONField(_("roles"), validators=[known_roles])
    token_digest = models.CharField(max_length=64)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        ordering = ("full_name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("token_digest",), name="a_link_opens_one_invitation"),
            models.UniqueConstraint(
                "clinic",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="a_clinic_invites_a_person_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(email="") & ~Q(full_name=""), name="an_invitation_names_a_person"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="an_invitation_is_in_a_known_language"),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("invited_at")), name="an_invitation_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True) | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="an_accepted_invitation_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="a_revoked_invitation_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True), name="an_invitation_is_accepted_or_revoked"
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk} invitation to clinic {self.clinic_id}"

    @property
    def role_names(self) -> tuple[str, ...]:
        return tuple(str(Role(role).label) for role in self.roles)

    @property
    def is_settled(self) -> bool:
        """Whether nothing can become of it any more, whatever the day."""
        return self.accepted_at is not None or self.revoked_at is not None

    def is_expired(self, now: datetime) -> bool:
        """Whether its time is over at that moment."""
        return now >= self.expires_at


class SentForm(models.Model):
    """A form that made something new, and where that is: the same form never makes a second one. Kept for a few days."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)  # of everything that was sent
    address = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "token"), name="a_form_is_sent_once"),)

    def __str__(self) -> str:
        return f"#{self.pk} made {self.address}"


class BrowserSession(AbstractBaseSession):
    """What is kept for one browser, and whose it is: deleted, the browser is nobody's at its next request. Written by ``sessions``."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="browser_sessions")

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The engine that reads and writes these rows."""
        return import_module(settings.SESSION_ENGINE).SessionStore

    def __str__(self) -> str:
        return f"of {self.user_id}"
