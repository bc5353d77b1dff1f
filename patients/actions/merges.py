"""Two records of one person become one, and, as long as nothing new hangs on it, two again."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from patients.changes import has_changed, hold
from patients.merging import move_all, move_back, registered
from patients.models import FactAnswer, Intake, Patient, PatientMerge
from patients.permissions import check_can_merge
from patients.queries import Contradiction, contradictions, what_hangs_on
from patients.states import IntakeState
from protocols.editions.queries import library_in_force

JOINED: Final = ("likes", "notes")  # words about the person: where both records hold some, all of them stand
# What an empty field of the kept record takes over from the other one.
FILLED: Final = ("middle_name", "phone", "email", "guardian_name", "guardian_phone", "notes", "likes", "died_on")


class MergeRefused(ActionDenied):
    """These two cannot be merged now, or not be parted again."""


@transaction.atomic
def merge_patients(*, kept: Patient, merged: Patient, versions: tuple[int, int], on: date, actor: Actor) -> PatientMerge:
    """Makes one record of two: every row of ``merged`` goes over to ``kept``, which alone is listed from now on.

    ``versions`` are those of the kept and of the merged record as they were compared; ``on`` is the clinic's day. Facts to which the
    two gave different answers are unknown until they are asked again. Raises ``MergeRefused`` when either was changed or merged
    since, when they are not two records of the actor's clinic, and when both hold a form that a patient filled in and nobody read.
    """
    check_can_merge(actor)
    kept, merged = _locked(kept, merged, actor.clinic)
    if (kept.version, merged.version) != versions or kept.merged_into_id or merged.merged_into_id:
        raise MergeRefused(_("One of the records was changed in the meantime. Compare them again."))
    found = contradictions(kept, merged, library_in_force(kept.clinic), on=on)
    moved: dict[str, Any] = {"newest": {each.label: each.newest() for each in registered()}, "discarded": _settle_forms(kept, merged)}
    moved |= {"rows": move_all(merged, kept), "second_records": _earlier_ones(merged, kept)}
    moved |= {name: _both_say(kept, merged, name) for name in JOINED}
    moved["filled"] = _filled(kept, merged)
    answers = [_asked_again(each, kept, on, actor) for each in found]
    moved["newest"][FactAnswer._meta.label_lower] = max([moved["newest"][FactAnswer._meta.label_lower], *(one.pk for one in answers)])
    Patient.objects.filter(pk=merged.pk).update(merged_into=kept, version=F("version") + 1)
    has_changed(kept, cause="merge", on=on, actor=actor)
    # Written last: whatever the change set in motion is older than the merge, so it does not look like something that came later.
    made = PatientMerge.objects.create(
        kept=kept, merged=merged, moved=moved, contradictions=[_written(each) for each in found], merged_by=actor.user
    )
    counts = {label: len(pks) for label, pks in moved["rows"].items()}
    for subject in (kept, merged):
        details = {"kept": kept.pk, "merged": merged.pk, "moved": counts, "contradictions": len(found)}
        record(actor=actor, verb="merged-patients", subject=subject, details=details)
    return made


def _locked(kept: Patient, merged: Patient, clinic: Clinic) -> tuple[Patient, Patient]:
    """Both rows, locked in the order of their numbers after the clinic: nobody registers, corrects or merges meanwhile."""
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    both = Patient.objects.select_for_update().filter(clinic=clinic, pk__in=(kept.pk, merged.pk)).order_by("pk")
    found = {patient.pk: patient for patient in both}
    if len(found) != 2:
        raise MergeRefused(_("Only two records of this clinic can be merged."))
    for patient in found.values():
        hold(patient)
    return found[kept.pk], found[merged.pk]


def _settle_forms(kept: Patient, merged: Patient) -> list[list[Any]]:
    """A patient has one open form: of two, the one being filled in gives way, that of the merged record first."""
    forms = {form.patient_id: form for form in Intake.objects.filter(patient__in=(kept, merged), state__in=("draft", "submitted"))}
    if len(forms) < 2:
        return []
    given_up = next((forms[one.pk] for one in (merged, kept) if forms[one.pk].state == IntakeState.DRAFT), None)
    if given_up is None:
        raise MergeRefused(_("Both records hold a form that was filled in and that nobody has read yet. Read one of them first."))
    Intake.objects.filter(pk=given_up.pk).update(state=IntakeState.DISCARDED)
    return [[given_up.pk, given_up.state]]


def _earlier_ones(merged: Patient, kept: Patient) -> list[int]:
    """Records that were merged into the merged one lead to the kept one now."""
    pks = sorted(Patient.objects.filter(merged_into=merged).values_list("pk", flat=True))
    Patient.objects.filter(pk__in=pks).update(merged_into=kept)
    return pks


def _both_say(kept: Patient, merged: Patient, name: str) -> list[str]:
    """Both records hold such words: all of them stand. What stood before and what stands now; empty where nothing changed."""
    before, other = getattr(kept, name), getattr(merged, name)
    if not (before and other) or before == other:
        return []
    setattr(kept, name, f"{before}\n{other}")
    return [before, getattr(kept, name)]


def _filled(kept: Patient, merged: Patient) -> list[str]:
    names = [name for name in FILLED if getattr(merged, name) and not getattr(kept, name)]
    for name in names:
        setattr(kept, name, getattr(merged, name))
    kept.version += 1
    kept.save()
    return names


def _asked_again(found: Contradiction, kept: Patient, on: date, actor: Actor) -> FactAnswer:
    """Unknown from now on. A change of health on a day that has passed cannot be asked again, so there a yes stands."""
    passed = found.day is not None and found.day < on and found.holding
    reply, value = (passed.reply, passed.value) if passed else (FactAnswer.Reply.UNKNOWN, None)
    return _answer(kept, found.fact, (reply, value), found.day or on, actor)


def _answer(patient: Patient, fact: str, reply: tuple[str, Any], day: date, actor: Actor) -> FactAnswer:
    return FactAnswer.objects.create(
        patient=patient, fact=fact, reply=reply[0], value=reply[1], answered_on=day, given_by="staff", how="merged", recorded_by=actor.user
    )


def _written(found: Contradiction) -> list[Any]:
    """The fact, and the numbers of both answers, to state them anew when the merge is undone."""
    return [found.fact, found.one.pk, found.other.pk]


# And back -------------------------------------------------------------------------------------------------------------------
@transaction.atomic
def undo_merge(*, merge: PatientMerge, on: date, actor: Actor) -> PatientMerge:
    """Parts two records that were not of one person: what went over goes back, and each fact is again what its record said.

    Raises ``MergeRefused`` when it was undone already, when a later merge has to be undone first, and when something came to the
    kept record since: nobody can tell any more whose it is.
    """
    check_can_merge(actor)
    kept, merged = _locked(merge.kept, merge.merged, actor.clinic)
    merge = PatientMerge.objects.select_for_update(of=("self",)).select_related("kept", "merged").get(pk=merge.pk)
    _check_can_be_undone(merge, kept)
    moved = merge.moved
    move_back(moved["rows"], source=kept, target=merged)
    Patient.objects.filter(pk__in=moved["second_records"]).update(merged_into=merged)
    Patient.objects.filter(pk=merged.pk).update(merged_into=None, version=F("version") + 1)
    _parted(kept, moved)
    _emptied(kept, merged, moved["filled"])
    for pk, state in moved["discarded"]:
        Intake.objects.filter(pk=pk, state=IntakeState.DISCARDED).update(state=state)
    _state_anew(merge, kept, actor)
    merge.undone_at, merge.undone_by = timezone.now(), actor.user
    merge.save(update_fields=["undone_at", "undone_by"])
    merged.refresh_from_db()
    for patient in (kept, merged):
        has_changed(patient, cause="merge", on=on, actor=actor)
    for patient in (kept, merged):
        record(actor=actor, verb="undid-merge", subject=patient, details={"kept": kept.pk, "merged": merged.pk})
    return merge


def _check_can_be_undone(merge: PatientMerge, kept: Patient) -> None:
    if merge.undone_at:
        raise MergeRefused(_("This has been undone already."))
    if kept.merged_into_id or PatientMerge.objects.filter(kept=kept, pk__gt=merge.pk, undone_at=None).exists():
        raise MergeRefused(_("A later merge has to be undone first."))
    if names := what_hangs_on(merge):
        sentence = _("Since then something was added or changed that may be about either person, so the record stays one: %(what)s.")
        raise MergeRefused(sentence % {"what": ", ".join(names)})


def _parted(kept: Patient, moved: dict[str, Any]) -> None:
    """What the other record said goes out of the words of both, unless somebody has changed them since."""
    for name in JOINED:
        said = moved.get(name)  # a merge of before has none
        if said and said[1] == getattr(kept, name):
            setattr(kept, name, said[0])


def _emptied(kept: Patient, merged: Patient, filled: Iterable[str]) -> None:
    for name in filled:
        if getattr(kept, name) == getattr(merged, name):
            setattr(kept, name, None if name == "died_on" else "")
    kept.version += 1
    kept.save()


def _state_anew(merge: PatientMerge, kept: Patient, actor: Actor) -> None:
    """Where the merge made an answer of the kept record unknown, it is what it was; the other record kept its own."""
    for _fact, pk, _other in merge.contradictions:
        before = FactAnswer.objects.get(pk=pk)
        _answer(kept, before.fact, (before.reply, before.value), before.answered_on, actor)
