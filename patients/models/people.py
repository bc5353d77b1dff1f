"""Who the patients are, how they may be written to, and which records turned out to be of one person."""

from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from clinic.audit.append_only import AppendOnly
from clinic.staff.models import Sex
from patients.search import name_keys, name_words, search_key

NAMES: Final = frozenset({"family_name", "given_name", "middle_name"})


class Patient(models.Model):
    """A person on the clinic's register. ``search_key`` is kept by ``save`` and is all that the list searches."""

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        RUSSIAN = "ru", _("Russian")

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="patients")
    card_number = models.CharField(_("Card number"), max_length=20)
    family_name = models.CharField(_("Family name"), max_length=80)
    given_name = models.CharField(_("Given name"), max_length=80)
    middle_name = models.CharField(_("Middle name or patronymic"), max_length=80, blank=True)
    born_on = models.DateField(_("Date of birth"))
    sex = models.CharField(_("Sex"), max_length=6, choices=Sex.choices)
    phone = models.CharField(_("Telephone"), max_length=40, blank=True)
    likes = models.TextField(_("What the patient likes"), blank=True)  # said by the patient, kept by therapists; two merged records' words
    email = models.EmailField(_("E-mail"), blank=True)
    language = models.CharField(_("Language"), max_length=2, choices=Language.choices, default=Language.ENGLISH)
    guardian_name = models.CharField(_("Parent or guardian"), max_length=160, blank=True)
    guardian_phone = models.CharField(_("Telephone of the parent or guardian"), max_length=40, blank=True)
    notes = models.TextField(_("Notes"), blank=True, max_length=2000)
    died_on = models.DateField(_("Died on"), null=True, blank=True, editable=False)  # nobody writes to this person any more
    # Restricted: kept because it must be, looked at by who must, used and written to by nobody. Erased: a stone without a name.
    restricted_on = models.DateField(null=True, blank=True, editable=False)
    erased_on = models.DateField(null=True, blank=True, editable=False)
    search_key = models.TextField(editable=False)
    # A record that turned out to be somebody's second one points to the first; it stays, so that old addresses and cards lead there.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, related_name="merged_from", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    registered_at = models.DateTimeField(auto_now_add=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["family_name", "given_name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "card_number"], name="a_card_number_is_given_once_per_clinic"),
            models.CheckConstraint(condition=models.Q(sex__in=["female", "male"]), name="sex_is_female_or_male"),
            models.CheckConstraint(condition=~models.Q(family_name=""), name="a_patient_has_a_family_name"),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("pk")), name="a_patient_is_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_on=None) | models.Q(restricted_on__isnull=False), name="an_erased_record_is_restricted"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["clinic", "family_name", "given_name", "id"], name="patients_of_a_clinic_by_name"),
            models.Index(fields=["registered_at"], name="patients_in_time"),  # who is new is in everybody's care
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.full_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.make_search_key()
        changes_names = bool(NAMES & set(kwargs.get("update_fields") or NAMES))
        with transaction.atomic():
            super().save(*args, **kwargs)
            if changes_names:
                self.keep_name_keys()

    def make_search_key(self) -> None:
        """Makes the key that the list searches from the fields as they are now; ``save`` does it by itself."""
        self.search_key = search_key(
            names=(self.family_name, self.given_name, self.middle_name),
            card_number=self.card_number,
            phones=(self.phone, self.guardian_phone),
            born=self.born_on.isoformat(),
        )

    def keep_name_keys(self) -> None:
        """Makes the keys of the names those of the names as they are now."""
        wanted = name_keys(name_words(self.family_name, self.given_name, self.middle_name))
        kept = set(self.name_keys.values_list("key", flat=True))
        if gone := kept - wanted:
            self.name_keys.filter(key__in=gone).delete()
        new = sorted(wanted - kept)
        NameKey.objects.bulk_create([NameKey(clinic_id=self.clinic_id, patient=self, key=key) for key in new])

    @property
    def full_name(self) -> str:
        """Family name first, as on the card."""
        return " ".join(part for part in (self.family_name, self.given_name, self.middle_name) if part)


class NameKey(models.Model):
    """One spelling under which a patient is found although a letter was mistyped. Made from the names whenever these are saved."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.CASCADE, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="name_keys")
    key = models.CharField(max_length=80)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["clinic", "key", "patient"], name="patients_by_spelling")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.key}"


class MessageConsent(models.Model):
    """What the patient said about messages by one channel, on one day. The newest of a channel counts; none at all is a no."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")
        PHONE = "phone", _("Telephone call")

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="message_consents")
    channel = models.CharField(_("Channel"), max_length=5, choices=Channel.choices)
    is_given = models.BooleanField(_("May be used"))
    said_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    # None: the patient said it alone, by the link of a message
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            AppendOnly(name="a_word_about_messages_is_never_changed", goes=True),
            models.CheckConstraint(condition=models.Q(channel__in=["email", "sms", "phone"]), name="a_channel_is_one_of_three"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.channel} of patient {self.patient_id}"


class PatientMerge(models.Model):
    """Two records of one person became one. ``moved`` lists what went over (model label -> numbers), so that it can be undone."""

    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)
    contradictions = models.JSONField(default=list)  # facts to which the two records gave different answers: unknown until asked again
    merged_at = models.DateTimeField(auto_now_add=True)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(kept=models.F("merged")), name="two_records_are_merged"),
            models.UniqueConstraint(fields=["merged"], condition=models.Q(undone_at=None), name="a_record_is_merged_once"),
            models.CheckConstraint(
                condition=models.Q(undone_at=None, undone_by=None) | models.Q(undone_at__isnull=False, undone_by__isnull=False),
                name="an_undone_merge_says_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} patient {self.merged_id} into {self.kept_id}"
