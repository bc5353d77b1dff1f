"""What the words of messages are made with: the clinics' own texts, the newest version of each."""

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef

from clinic.reminders.models import MessageTemplate

# Clinic, text, channel and language.
TextKey = tuple[int, str, str, str]


def newest_templates(clinics: Iterable[int]) -> Mapping[TextKey, MessageTemplate]:
    """The clinics' own texts; where a clinic went back to the shipped one there is none. One query."""
    own = MessageTemplate.objects.filter(clinic__in=frozenset(clinics))
    same = {name: OuterRef(name) for name in ("clinic", "code", "channel", "language")}
    newest = own.filter(~Exists(MessageTemplate.objects.filter(**same, version__gt=OuterRef("version"))))
    return {(each.clinic_id, each.code, each.channel, each.language): each for each in newest if each.body}
