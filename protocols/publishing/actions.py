"""What a doctor does with a variant, and the lead with editions: one transaction, one audit line, actor last."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.signing.actions import demo_sign, sign
from clinic.signing.content import Content
from clinic.signing.intents import Proof
from clinic.signing.models import Meaning, Signature
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from protocols.editions.actions import keep_edition
from protocols.editions.queries import edition_in_force
from protocols.models import Edition, Publication, Variant, VariantVersion
from protocols.publishing.bringing import brought_from
from protocols.publishing.documents import Proposal, content_of_proposal, plain, proposal_of
from protocols.publishing.hindrances import publishing_hindrances
from protocols.publishing.holding import hold_all
from protocols.states import VariantState
from protocols.variants.actions import Origin, begin_variant, locked_draft, move_variant
from protocols.variants.changes import changes_of, moved_on
from protocols.variants.listening import tell_published
from protocols.variants.permissions import check_can_publish

LONGEST_QUESTION: Final = 1000


@dataclass(frozen=True, slots=True)
class Word:
    """A doctor's deliberate act at a page: the intent of the page that was read, and how the doctor was recognised."""

    intent: str
    proof: Proof
    note: str = ""


Put = Callable[[Content], Signature]


# The doctor -------------------------------------------------------------------------------------------------------------------
@transaction.atomic
def return_variant(*, variant: Variant, question: str, version: int, actor: Actor) -> Variant:
    """The doctor asks back: the variant is a draft of the clinical lead again. Denied without words and for a role that may not.

    Raises ``protocols.variants.actions.StaleVariant`` when it is not the version that was read.
    """
    check_can_publish(actor)
    if not question.strip():
        raise ActionDenied(_("Write what you ask the clinical lead."))
    if _locked(variant, actor).state != VariantState.AWAITING:
        raise ActionDenied(_("This variant does not wait for a signature any more."))
    moved = move_variant(variant=variant, to=VariantState.DRAFT, version=version, note=question[:LONGEST_QUESTION], actor=actor)
    record(actor=actor, verb="returned-variant", subject=moved, details=_said(moved))
    return moved


@transaction.atomic
def publish_variant(*, variant: Variant, word: Word, actor: Actor) -> Publication:
    """The doctor signs exactly what was shown, and from then on the clinic works with the edition that the variant makes.

    Everything is made again from locked rows. Raises ``clinic.signing.actions.SeenOtherwise`` when it is another document than the one
    that was read, ``ActionDenied`` for whoever may not sign it and while anything stands against it.
    """
    return _published(variant, actor, lambda content: sign(
        content=content, meaning=Meaning.APPROVED, intent=word.intent, proof=word.proof, note=word.note, actor=actor,
    ))  # fmt: skip


@transaction.atomic
def publish_for_demo(*, variant: Variant, note: str = "", at: datetime | None = None, actor: Actor) -> Publication:
    """The same where nobody sits at a page; raises ``ActionDenied`` outside of the demo and of tests."""
    return _published(variant, actor, lambda content: demo_sign(content=content, meaning=Meaning.APPROVED, note=note, at=at, actor=actor))


def _published(variant: Variant, actor: Actor, put: Put) -> Publication:
    check_can_publish(actor)
    locked = _locked(variant, actor)
    for sentence in publishing_hindrances(locked, actor):
        raise ActionDenied(sentence)
    hold_all(locked.clinic)
    proposal = proposal_of(locked)
    publication = _kept(proposal, put(content_of_proposal(proposal)), actor)
    move_variant(variant=locked, to=VariantState.PUBLISHED, version=locked.version, note=publication.note, actor=actor)
    record(actor=actor, verb="published-variant", subject=locked, details=_said(locked) | {
        "edition": publication.edition.name, "digest": publication.edition_id, "before": publication.before_id,
    })  # fmt: skip
    tell_published(publication)
    actor.clinic.edition_digest = publication.edition_id  # what is asked of the same clinic from here on, no page before this line
    return publication


def _locked(variant: Variant, actor: Actor) -> Variant:
    """The variant of the actor's clinic, with the rows of both locked: of two doctors the second sees what the first signed."""
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=actor.clinic.pk)
    found = Variant.objects.select_for_update(of=("self",)).select_related("base", "begun_by", "changed_by")
    locked = found.filter(clinic=clinic, pk=variant.pk).first()
    if locked is None:
        raise ActionDenied(_("This variant belongs to another clinic."))
    locked.clinic = clinic
    return locked


def _kept(proposal: Proposal, signature: Signature, actor: Actor) -> Publication:
    clinic, becomes = proposal.variant.clinic, proposal.becomes
    if proposal.variant.review_by is None:
        raise ActionDenied(_("Name a day to come by which this is looked at again."))
    keep_edition(proposal.now)
    publication = Publication.objects.create(
        clinic=clinic,
        number=proposal.number,
        edition=Edition.objects.get(pk=keep_edition(becomes)),
        before=Edition.objects.get(pk=proposal.now.digest),
        variant=proposal.variant,
        signature=signature,
        tightened=plain(proposal.tightened),
        review_by=proposal.variant.review_by,
        note=proposal.variant.note,
        by=actor.user,
    )
    clinic.edition_digest = becomes.digest
    clinic.save(update_fields=["edition_digest"])
    return publication


# The lead ---------------------------------------------------------------------------------------------------------------------
@transaction.atomic
def keep_mine(*, variant: Variant, version: int, actor: Actor) -> Variant:
    """The lead has looked at what another edition changed of the same entries, and the draft stays as it is written.

    Raises ``StaleVariant``, and ``ActionDenied`` for a role that may not, for what is no draft, and where nothing moved on.
    """
    locked = locked_draft(variant, version=version, actor=actor)
    moved = moved_on(locked)
    if not moved:
        raise ActionDenied(_("No other edition changed the same entries since this was begun."))
    locked.base, locked.version = Edition.objects.get(pk=edition_in_force(locked.clinic)), locked.version + 1
    locked.changed_by = actor.user
    locked.save(update_fields=["base", "version", "changed_by"])
    said = _("looked at what edition %(edition)s changed") % {"edition": locked.base.name}
    VariantVersion.objects.create(variant=locked, version=locked.version, changes=locked.changes, said=said, by=actor.user)
    record(actor=actor, verb="looked-at-edition", subject=locked, details=_said(locked) | {"entries": sorted(moved)})
    return locked


@transaction.atomic
def begin_from_edition(*, edition: str, subject: str, only_released: bool = False, actor: Actor) -> Variant:
    """A draft that makes this subject again what it is in another edition, to be signed like any other.

    ``only_released``: of the edition of the release only what the clinic did not change itself.
    Raises ``ActionDenied`` where the subject is the same in both, and as ``begin_variant`` does.
    """
    brought = brought_from(actor.clinic, edition, only_released=only_released)
    changes = brought.by_subject.get(subject)
    if not changes:
        raise ActionDenied(_("This is the same in both editions."))
    title = _("As in edition %(edition)s") % {"edition": brought.name}
    return begin_variant(subject=subject, title=title, actor=actor, origin=Origin("", changes))


def _said(variant: Variant) -> dict[str, Any]:
    return {"of": variant.subject, "version": variant.version, "entries": sorted(changes_of(variant))}
