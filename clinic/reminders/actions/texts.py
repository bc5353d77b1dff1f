"""A clinic's own texts: each save is a new version, and the shipped text is always one step away."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.reminders.models import MessageTemplate
from clinic.reminders.permissions import check_can_manage_messages
from clinic.reminders.queries.texts import Spot, newest_version
from clinic.reminders.states import Channel
from clinic.reminders.text_faults import clinical_faults, faults_of
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor


class StaleText(ActionDenied):
    """Somebody saved another version since the page was opened; ``newest`` is that one."""

    def __init__(self, newest: MessageTemplate) -> None:
        sentence = _("%(who)s has saved version %(version)s meanwhile. Read it below; if you save again, yours takes its place.")
        super().__init__(sentence % {"who": newest.made_by.full_name, "version": newest.version})
        self.newest = newest


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What a clinic wants to say. A text message has no subject."""

    subject: str
    body: str


@transaction.atomic
def save_text(*, spot: Spot, words: OwnWords, seen: int, example: Callable[[], str], actor: Actor) -> MessageTemplate:
    """Saves a new version of a text and returns it; the same words again change nothing.

    ``seen`` is the number of the version that the writer saw (0: the shipped text); ``example`` fills the words for measuring, see
    ``faults_of``. Raises ``ActionDenied`` for whoever may not, ``StaleText`` where somebody saved meanwhile, ``ValidationError`` with
    what is wrong with the words, by field.
    """
    newest = _locked_newest(spot, seen, actor)
    wanted = OwnWords(words.subject if spot.channel == Channel.EMAIL else "", words.body)
    faults = faults_of(
        code=spot.code, channel=spot.channel, language=spot.language, subject=wanted.subject, body=wanted.body, example=example
    )
    faults += [each for each in clinical_faults(wanted.subject, wanted.body, actor.clinic.edition_digest) if each not in faults]
    if faults:
        raise ValidationError({field: [each.sentence for each in faults if each.field == field] for field in {f.field for f in faults}})
    if newest is not None and (newest.subject, newest.body) == (wanted.subject, wanted.body):
        return newest
    return _keep(spot, wanted, newest, actor, verb="saved-message-text")


@transaction.atomic
def use_shipped_text(*, spot: Spot, seen: int, actor: Actor) -> None:
    """Goes back to the shipped text; every version stays readable. Nothing happens where it is used already.

    Raises ``ActionDenied`` for whoever may not, ``StaleText`` where somebody saved meanwhile.
    """
    newest = _locked_newest(spot, seen, actor)
    if newest is not None and newest.body:
        _keep(spot, OwnWords("", ""), newest, actor, verb="used-shipped-text")


def _locked_newest(spot: Spot, seen: int, actor: Actor) -> MessageTemplate | None:
    check_can_manage_messages(actor)
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=actor.clinic.pk)
    newest = newest_version(clinic, spot)
    if newest is not None and newest.version != seen:
        raise StaleText(newest)
    return newest


def _keep(spot: Spot, words: OwnWords, newest: MessageTemplate | None, actor: Actor, *, verb: str) -> MessageTemplate:
    version = newest.version + 1 if newest else 1
    saved = MessageTemplate.objects.create(
        clinic=actor.clinic, code=spot.code, channel=spot.channel, language=spot.language, version=version, subject=words.subject,
        body=words.body, made_by=actor.user,
    )  # fmt: skip
    details = {"text": spot.code, "channel": spot.channel, "language": spot.language, "version": version}
    record(actor=actor, verb=verb, subject=saved, details=details)
    return saved
