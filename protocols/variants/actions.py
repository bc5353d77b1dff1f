"""What changes variants: one transaction, one audit line, actor last. Publishing one and sending it back is ``protocols.publishing``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from protocols.editions.actions import keep_edition
from protocols.editions.addresses import entries_of
from protocols.editions.content import shipped_content
from protocols.editions.queries import content_of, edition_in_force, library_in_force
from protocols.models import Edition, Variant, VariantMove, VariantVersion
from protocols.states import VARIANT_TRANSITIONS, VariantState
from protocols.variants.changes import LONGEST, changes_of, changes_text, has_place, misshapen, moved_on, read_changes, same, tidy
from protocols.variants.checking import check_variant, first_objection
from protocols.variants.permissions import check_can_change_library
from protocols.variants.queries import open_variant
from protocols.variants.subjects import may_change, read_subject, subjects_of

LONGEST_SAID: Final = 300


class StaleVariant(ActionDenied):
    """Somebody else changed this variant first, or it went to another state."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a variant came from when nobody typed it: the pack's name, and the changes that it brings."""

    pack: str = ""
    changes: Mapping[str, Any] | None = None


# Begin and change ---------------------------------------------------------------------------------------------------------------
@transaction.atomic
def begin_variant(*, subject: str, title: str, actor: Actor, origin: Origin | None = None) -> Variant:
    """A new draft of this subject on the edition in force at the actor's clinic.

    Raises ``ActionDenied`` for a role that may not, a subject that is none, and where one of this subject is open already.
    """
    check_can_change_library(actor)
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=actor.clinic.pk)
    _check_subject(clinic, subject)
    if open_variant(clinic, subject) is not None:
        raise ActionDenied(_("A variant of this is being worked on already. Go on with that one."))
    origin = origin or Origin()
    digest = edition_in_force(clinic)
    if digest == shipped_content().digest:
        keep_edition(shipped_content())
    changes = _merged(clinic, subject, {}, origin.changes or {})
    variant = Variant.objects.create(
        clinic=clinic, subject=subject, title=title.strip()[:120] or subject, base=Edition.objects.get(pk=digest),
        changes=changes_text(changes), origin=origin.pack[:200], begun_by=actor.user, changed_by=actor.user,
    )  # fmt: skip
    _keep_version(variant, said=origin.pack, actor=actor)
    record(actor=actor, verb="began-variant", subject=variant, details=_said(variant))
    return variant


@transaction.atomic
def change_variant(*, variant: Variant, changes: Mapping[str, Any], said: str, version: int, actor: Actor) -> Variant:
    """Lays these changes over those of a draft: address -> new content, None to take the entry away.

    What is the same as in the edition in force is no change and is dropped: giving an entry its old content undoes its change.
    Nothing is written where nothing changes, unless what moved on under the variant is given a content: then it rests on the edition in
    force. Raises ``StaleVariant``, and ``ActionDenied`` for what is no entry of the subject.
    """
    locked = locked_draft(variant, version=version, actor=actor)
    merged = _merged(locked.clinic, locked.subject, changes_of(locked), changes)
    now = edition_in_force(locked.clinic)
    has_looked = now != locked.base_id and set(moved_on(locked)) <= set(changes)  # at everything that moved on: whoever gives it content
    if changes_text(merged) == locked.changes and not has_looked:
        return locked
    if has_looked:
        locked.base = Edition.objects.get(pk=now)
    return _changed(locked, merged, said=said, verb="changed-variant", actor=actor)


@transaction.atomic
def restore_version(*, variant: Variant, number: int, version: int, actor: Actor) -> Variant:
    """Makes a draft what it was at the version with this number. Raises ``StaleVariant``, ``ActionDenied`` where there is no such one."""
    locked = locked_draft(variant, version=version, actor=actor)
    old = locked.versions.filter(version=number).first()
    if old is None:
        raise ActionDenied(_("This variant has no such version."))
    said = _("back to version %(number)d") % {"number": number}
    merged = _merged(locked.clinic, locked.subject, {}, read_changes(old.changes))
    return _changed(locked, merged, said=said, verb="restored-variant", actor=actor)


def _merged(clinic: Clinic, subject: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    base = content_of(edition_in_force(clinic))
    there = entries_of(base.parts)
    wanted = {address: tidy(entry) for address, entry in new.items()}
    for address, entry in wanted.items():
        if not may_change(subject, address) or misshapen(address, entry) or not has_place(base, address):
            raise ActionDenied(_("This cannot be changed here: %(address)s") % {"address": address[:120]})
    merged = {address: entry for address, entry in {**old, **wanted}.items() if not same(entry, tidy(there.get(address)))}
    if len(changes_text(merged)) > LONGEST:
        raise ActionDenied(_("These are more changes than one variant can hold."))
    return merged


def _changed(locked: Variant, changes: Mapping[str, Any], *, said: str, verb: str, actor: Actor) -> Variant:
    locked.changes, locked.version = changes_text(changes), locked.version + 1
    _touch(locked, actor)
    _keep_version(locked, said=said, actor=actor)
    record(actor=actor, verb=verb, subject=locked, details=_said(locked) | {"entries": sorted(changes)})
    return locked


# From state to state ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def discard_variant(*, variant: Variant, version: int, actor: Actor) -> Variant:
    """Puts a draft aside; it can be brought back. Raises ``StaleVariant`` and ``ActionDenied``."""
    check_can_change_library(actor)
    moved = move_variant(variant=variant, to=VariantState.DISCARDED, version=version, note="", actor=actor)
    record(actor=actor, verb="discarded-variant", subject=moved, details=_said(moved))
    return moved


@transaction.atomic
def bring_back_variant(*, variant: Variant, version: int, actor: Actor) -> Variant:
    """Makes a draft of a discarded variant again. Raises ``ActionDenied`` where another of its subject is open by now."""
    check_can_change_library(actor)
    Clinic.objects.select_for_update(no_key=True).get(pk=variant.clinic_id)
    if open_variant(variant.clinic, variant.subject) is not None:
        raise ActionDenied(_("Another variant of this is being worked on. Discard or publish that one first."))
    moved = move_variant(variant=variant, to=VariantState.DRAFT, version=version, note="", actor=actor)
    record(actor=actor, verb="brought-back-variant", subject=moved, details=_said(moved))
    return moved


@transaction.atomic
def submit_variant(*, variant: Variant, note: str, review_by: date, version: int, actor: Actor) -> Variant:
    """Lays a draft before the doctor, with a word to read and the day by which the clinic wants to look at it again.

    Raises ``StaleVariant``, and ``ActionDenied`` with the first thing that is wrong with the variant: it must be publishable.
    """
    locked = locked_draft(variant, version=version, actor=actor)
    if review_by <= timezone.localdate():
        raise ActionDenied(_("Name a day to come by which this is looked at again."))
    if moved_on(locked):
        raise ActionDenied(_("The edition in force has changed what this variant changes too. Look at these entries again first."))
    objection = first_objection(check_variant(locked))
    if objection:
        raise ActionDenied(objection)
    locked.note, locked.review_by = note.strip(), review_by
    locked.save(update_fields=["note", "review_by"])
    moved = move_variant(variant=locked, to=VariantState.AWAITING, version=version, note=note, actor=actor)
    record(actor=actor, verb="submitted-variant", subject=moved, details=_said(moved) | {"review_by": review_by.isoformat()})
    return moved


@transaction.atomic
def withdraw_variant(*, variant: Variant, version: int, actor: Actor) -> Variant:
    """Takes a variant back from the doctor, as a draft. Raises ``StaleVariant`` and ``ActionDenied``."""
    check_can_change_library(actor)
    moved = move_variant(variant=variant, to=VariantState.DRAFT, version=version, note="", actor=actor)
    record(actor=actor, verb="withdrew-variant", subject=moved, details=_said(moved))
    return moved


def move_variant(*, variant: Variant, to: str, version: int, note: str, actor: Actor) -> Variant:
    """Moves a variant along the table of states and keeps that it moved; its version goes up by one. The one place where a state changes.

    Belongs into the transaction of an action that asks who may, and that records the audit line. Raises ``StaleVariant``, and
    ``ActionDenied`` for a way that is not there.
    """
    locked = locked_variant(variant, version=version, actor=actor)
    if to not in VARIANT_TRANSITIONS[locked.state]:
        raise ActionDenied(_("This variant cannot be moved to that state."))
    before, locked.state, locked.version = locked.state, str(to), locked.version + 1
    _touch(locked, actor)
    VariantMove.objects.create(
        variant=locked, before=before, after=str(to), version=locked.version, note=note.strip()[:2000], by=actor.user
    )  # fmt: skip
    return locked


def locked_variant(variant: Variant, *, version: int, actor: Actor) -> Variant:
    """The variant, its row locked until the transaction is over. Raises ``StaleVariant`` when it is not at this version any more.

    A variant of another clinic is refused. The clinic's row is locked first, as a publication does, which changes both: PostgreSQL finds
    no row at all where it waits for one and another that it joins was changed meanwhile.
    """
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=variant.clinic_id)
    locked = Variant.objects.select_for_update(of=("self",)).select_related("base", "begun_by", "changed_by").get(pk=variant.pk)
    locked.clinic = clinic
    if locked.clinic_id != actor.clinic.pk:
        raise ActionDenied(_("This variant belongs to another clinic."))
    if locked.version != version:
        raise StaleVariant(_("Somebody else has changed this variant in the meantime. Look at it again before you go on."))
    return locked


def locked_draft(variant: Variant, *, version: int, actor: Actor) -> Variant:
    """A draft, locked, for somebody who may change it. Raises ``StaleVariant`` and ``ActionDenied``."""
    check_can_change_library(actor)
    locked = locked_variant(variant, version=version, actor=actor)
    if locked.state != VariantState.DRAFT:
        raise ActionDenied(_("Only a draft can be changed."))
    return locked


def _check_subject(clinic: Clinic, subject: str) -> None:
    try:
        known = read_subject(subject) in subjects_of(library_in_force(clinic))
    except ValueError:
        known = False
    if not known:
        raise ActionDenied(_("There is nothing of this name that a clinic can change."))


def _touch(locked: Variant, actor: Actor) -> None:
    locked.changed_at, locked.changed_by = timezone.now(), actor.user
    locked.save(update_fields=["changes", "version", "state", "base", "changed_at", "changed_by"])


def _keep_version(variant: Variant, *, said: str, actor: Actor) -> None:
    VariantVersion.objects.create(
        variant=variant, version=variant.version, changes=variant.changes, said=said.strip()[:LONGEST_SAID], by=actor.user
    )  # fmt: skip


def _said(variant: Variant) -> dict[str, Any]:
    return {"of": variant.subject, "version": variant.version, "state": str(variant.state)}
