"""A variant is begun, changed, checked and sent to the doctor; every step has a way back, and nobody's work is lost."""

from datetime import date, timedelta

import pytest

from clinic.audit.models import AuditLine
from clinic.staff.permissions import ActionDenied
from protocols.editions.actions import keep_edition
from protocols.editions.addresses import entries_of, with_changes
from protocols.editions.content import EditionContent, shipped_content
from protocols.models import Variant
from protocols.variants.actions import (
    StaleVariant,
    begin_variant,
    bring_back_variant,
    change_variant,
    discard_variant,
    restore_version,
    submit_variant,
    withdraw_variant,
)
from protocols.variants.changes import changes_of, content_of_variant, moved_on
from protocols.variants.checking import check_variant
from protocols.variants.queries import variant_or_404
from tests.factories import an_actor

pytestmark = pytest.mark.django_db

COLLAR = "library/conditions/neck-collar:stage/calming"
RULE = "library/contraindications:rule/em-01"
ENTRIES = entries_of(shipped_content().parts)
SOFTER = ENTRIES[COLLAR] | {"pressure_max": 2}
SOON = date.today() + timedelta(days=365)  # noqa: DTZ011 (any day to come)


def a_lead(clinic=None):
    return an_actor(clinic=clinic, roles=("clinical-lead",))


def a_variant(actor, changes=None):
    variant = begin_variant(subject="conditions/neck-collar", title="Gentler collar", actor=actor)
    return change_variant(variant=variant, changes=changes or {COLLAR: SOFTER}, said="softer", version=variant.version, actor=actor)


def test_a_lead_begins_changes_and_restores_a_variant_and_each_is_one_line_of_the_audit():
    lead = a_lead()
    variant = a_variant(lead)
    assert (variant.version, changes_of(variant)) == (2, {COLLAR: SOFTER})
    restored = restore_version(variant=variant, number=1, version=2, actor=lead)
    assert (restored.version, changes_of(restored)) == (3, {})
    assert [row.version for row in restored.versions.all()] == [3, 2, 1]
    assert list(AuditLine.objects.order_by("sequence").values_list("verb", flat=True)) == [
        "began-variant",
        "changed-variant",
        "restored-variant",
    ]


def test_nobody_but_the_lead_of_the_clinic_changes_its_library():
    lead = a_lead()
    variant = a_variant(lead)
    for actor in (an_actor(clinic=lead.clinic, roles=("therapist", "doctor", "admin", "auditor")), a_lead()):
        with pytest.raises(ActionDenied):
            change_variant(variant=variant, changes={COLLAR: None}, said="", version=2, actor=actor)
    with pytest.raises(ActionDenied):
        begin_variant(subject="contraindications", title="", actor=an_actor(roles=("doctor",)))


def test_who_read_an_older_version_overwrites_nothing():
    lead = a_lead()
    variant = a_variant(lead)
    with pytest.raises(StaleVariant):
        change_variant(variant=variant, changes={COLLAR: None}, said="", version=1, actor=lead)


def test_an_entry_given_its_old_content_is_no_change_any_more_and_a_whole_number_is_one_however_it_was_typed():
    lead = a_lead()
    variant = a_variant(lead)
    typed = ENTRIES[COLLAR] | {"steps": [row | {"minutes": float(row["minutes"])} for row in ENTRIES[COLLAR]["steps"]]}
    back = change_variant(variant=variant, changes={COLLAR: typed}, said="", version=2, actor=lead)
    assert (back.version, changes_of(back)) == (3, {})
    again = change_variant(variant=back, changes={COLLAR: typed}, said="", version=3, actor=lead)
    assert again.version == 3


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize(
    ("address", "entry"),
    [
        (RULE, None),
        ("library/zones:zone/neck-front", None),
        ("library/conditions/scoliosis:stage/degree-1", None),
        ("library/conditions/neck-collar:implies", []),
        ("library/conditions/neck-collar:stage", []),
        ("library/profiles:profile/relaxing", None),
        (COLLAR, {"code": "another"}),
        (COLLAR, "text"),
        (COLLAR, SOFTER | {"pressure_max": float("nan")}),
        ("library/conditions/neck-collar:never/x", {"code": "x"}),
        ("nowhere", {}),
    ],
)
def test_what_is_no_entry_of_the_subject_cannot_be_changed_in_it(address, entry):
    lead = a_lead()
    variant = a_variant(lead)
    with pytest.raises(ActionDenied):
        change_variant(variant=variant, changes={address: entry}, said="", version=2, actor=lead)


def test_one_subject_has_one_open_variant_and_a_discarded_one_can_be_brought_back():
    lead = a_lead()
    variant = a_variant(lead)
    with pytest.raises(ActionDenied):
        begin_variant(subject="conditions/neck-collar", title="", actor=lead)
    gone = discard_variant(variant=variant, version=2, actor=lead)
    other = begin_variant(subject="conditions/neck-collar", title="", actor=lead)
    with pytest.raises(ActionDenied):
        bring_back_variant(variant=gone, version=gone.version, actor=lead)
    discard_variant(variant=other, version=other.version, actor=lead)
    assert bring_back_variant(variant=gone, version=gone.version, actor=lead).state == "draft"


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize("subject", ["", "zones", "conditions/", "conditions/plague", "conditions/a/b"])
def test_there_is_no_variant_of_what_is_no_subject(subject):
    with pytest.raises(ActionDenied):
        begin_variant(subject=subject, title="x", actor=a_lead())


def test_a_variant_with_a_red_case_or_a_looser_limit_does_not_reach_the_doctor():
    lead = a_lead()
    for changed in (SOFTER | {"pressure_max": 4}, ENTRIES[COLLAR] | {"forbid": []}, SOFTER | {"pressure_max": 9}):
        variant = a_variant(lead, {COLLAR: changed})
        assert not check_variant(variant).is_publishable
        with pytest.raises(ActionDenied):
            submit_variant(variant=variant, note="", review_by=SOON, version=2, actor=lead)
        discard_variant(variant=variant, version=2, actor=lead)


def test_a_stricter_variant_with_all_cases_green_goes_to_the_doctor_and_can_be_taken_back():
    lead = a_lead()
    variant = a_variant(lead)
    check = check_variant(variant)
    assert (check.faults, check.loosened, check.red) == ((), (), ())
    sent = submit_variant(variant=variant, note="gentler", review_by=SOON, version=2, actor=lead)
    assert (sent.state, sent.note, sent.review_by) == ("awaiting", "gentler", SOON)
    with pytest.raises(ActionDenied):
        change_variant(variant=sent, changes={COLLAR: None}, said="", version=sent.version, actor=lead)
    back = withdraw_variant(variant=sent, version=sent.version, actor=lead)
    assert [move.after for move in back.moves.all()] == ["awaiting", "draft"]
    assert changes_of(back) == {COLLAR: SOFTER}


def test_the_content_of_a_variant_is_what_its_clinic_works_with_and_its_changes():
    variant = a_variant(a_lead())
    content = content_of_variant(variant)
    assert entries_of(content.parts)[COLLAR] == SOFTER
    assert content_of_variant(Variant.objects.get(pk=variant.pk)) is content
    assert moved_on(variant) == ()


def test_who_gives_moved_entries_their_content_has_looked_at_them_and_the_variant_rests_on_the_edition_in_force():
    lead = a_lead()
    variant = a_variant(lead)
    now = EditionContent("2026-11.1", with_changes(shipped_content().parts, {COLLAR: ENTRIES[COLLAR] | {"units": 1.4}}))
    lead.clinic.edition_digest = keep_edition(now)
    lead.clinic.save()
    variant = variant_or_404(lead.clinic, variant.pk)
    assert moved_on(variant) == (COLLAR,)
    with pytest.raises(ActionDenied):
        submit_variant(variant=variant, note="", review_by=SOON, version=2, actor=lead)
    kept = change_variant(variant=variant, changes={COLLAR: SOFTER}, said="", version=2, actor=lead)
    assert (moved_on(kept), changes_of(kept), kept.version) == ((), {COLLAR: SOFTER}, 3)
    assert check_variant(kept).loosened == ()
