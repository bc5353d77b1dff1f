"""What changes anything about packs: writing one is written down, and bringing one in makes drafts. Actor last."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.permissions import ActionDenied, Actor
from protocols.models import Variant
from protocols.packs.format import Pack
from protocols.packs.permissions import check_can_export_pack, check_can_import_pack
from protocols.packs.queries import Wanted, pack_of
from protocols.variants.actions import Origin, begin_variant


@dataclass(frozen=True, slots=True)
class Brought:
    """What is to be made of a pack: its name, its sum, and the changes of each subject that was chosen."""

    name: str
    sum: str
    takes: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Imported:
    """The drafts that were made, and why one of a subject was not."""

    drafts: tuple[Variant, ...]
    refused: tuple[tuple[str, str], ...]


@transaction.atomic
def export_pack(*, wanted: Wanted, actor: Actor) -> Pack:
    """The pack of what is wanted, its sum written down. Raises ``ActionDenied`` for whoever may not, and for a pack of nothing."""
    check_can_export_pack(actor)
    pack = pack_of(actor.clinic, wanted)
    if not pack.entries:
        raise ActionDenied(_("There is nothing to write: choose what the pack is to hold."))
    said = {"pack": pack.name, "what": pack.what, "edition": pack.base.name, "entries": len(pack.entries), "sha256": pack.sum}
    record(actor=actor, verb="exported-pack", subject=actor.clinic, details=said)
    return pack


@transaction.atomic
def import_pack(*, brought: Brought, actor: Actor) -> Imported:
    """One draft for each chosen subject. A subject with an open variant is left as it is, and told.

    Raises ``ActionDenied`` for whoever may not, and where nothing was chosen.
    """
    check_can_import_pack(actor)
    if not brought.takes:
        raise ActionDenied(_("Choose at least one part of the pack."))
    drafts, refused = list[Variant](), list[tuple[str, str]]()
    for subject, changes in brought.takes.items():
        try:
            drafts.append(_begun(subject, changes, brought, actor))
        except ActionDenied as denied:
            refused.append((subject, str(denied)))
    made = {draft.subject: draft.pk for draft in drafts}
    said = {"pack": brought.name, "sha256": brought.sum, "drafts": made, "not_taken": [subject for subject, _why in refused]}
    record(actor=actor, verb="imported-pack", subject=actor.clinic, details=said)
    return Imported(tuple(drafts), tuple(refused))


def _begun(subject: str, changes: Mapping[str, Any], brought: Brought, actor: Actor) -> Variant:
    """A draft of one subject; nothing of it stays when it is refused."""
    origin = Origin(f"{brought.name} ({brought.sum[:12]})", changes)
    with transaction.atomic():
        return begin_variant(subject=subject, title=brought.name, actor=actor, origin=origin)
