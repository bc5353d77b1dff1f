"""The editions of a clinic: which there are, what each changed, what is overdue, and the way back to an earlier one."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from clinic.audit.models import ReadLine
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import ActionDenied, Actor
from protocols.actions import Seen, review_entry
from protocols.editions.actions import keep_edition
from protocols.editions.addresses import with_changes
from protocols.editions.content import EditionContent, shipped_content, shipped_digest
from protocols.models import Publication
from protocols.publishing import bringing, counting
from protocols.publishing.actions import begin_from_edition, publish_for_demo
from protocols.publishing.bringing import release_news
from protocols.publishing.queries import editions_of
from protocols.queries import judgements, overdue_for_review
from protocols.reviewing import entries_in_force, shipped_entries
from protocols.shelf import REVIEW_BY
from protocols.states import ReviewState
from protocols.variants.actions import submit_variant
from protocols.variants.changes import changes_of
from tests.clinic.courses.signing_desk import a_browser_of
from tests.factories import an_actor
from tests.protocols.publishing.desk import COLLAR, ENTRIES, TONIC, a_doctor, a_lead, published, softer

pytestmark = pytest.mark.django_db
STAGE, OTHER = ("stage", "neck-collar/calming"), ("stage", "neck-collar/tonic")
RULE = "library/contraindications:rule/ca-04"
PRONE = next(address for address in ENTRIES if address.startswith("library/positions:") and address.endswith("/prone"))
TODAY = date.today()  # noqa: DTZ011  # any day


@pytest.fixture
def lead() -> Actor:
    return a_lead()


@pytest.fixture
def publication(lead: Actor) -> Publication:
    return published(lead)


def fresh(clinic: Clinic) -> Clinic:
    return Clinic.objects.get(pk=clinic.pk)


# The list -----------------------------------------------------------------------------------------------------------------------
def test_a_clinic_without_changes_of_its_own_follows_the_edition_of_the_software(lead: Actor) -> None:
    row, *rest = editions_of(lead.clinic, TODAY)
    assert (row.digest, row.is_in_force, row.publication, row.review_by, rest) == (shipped_digest(), True, None, REVIEW_BY, [])


def test_every_edition_of_the_clinic_is_listed_with_the_courses_that_keep_to_it(lead: Actor, publication: Publication) -> None:
    counting.count_courses_with(count := lambda clinic: {shipped_digest(): 14, publication.edition_id: 3 if clinic.edition_digest else 0})
    try:
        rows = editions_of(fresh(lead.clinic), TODAY)
    finally:
        counting._COUNTERS.remove(count)
    assert [(row.name, row.is_in_force) for row in rows] == [("2026-11.1", True), ("2026-11", False)]
    assert [row.courses for row in rows] == [3, 14]
    assert [row.name for row in editions_of(a_lead().clinic, TODAY)] == ["2026-11"]


@pytest.mark.same_everywhere
def test_the_pages_say_what_an_edition_changed_and_who_signed_it(lead: Actor, publication: Publication) -> None:
    reader = a_browser_of(an_actor(clinic=lead.clinic, roles=[Role.THERAPIST]))
    shown = reader.get(reverse("publishing:editions")).content.decode()
    assert "Gentler collar" in shown
    assert publication.signature.printed_name in shown
    page = reader.get(reverse("publishing:edition", args=[publication.edition_id])).content.decode()
    assert "Highest pressure: 3 → 2" in page
    assert ("Forbids more than the edition before" in page, "Allows more than the edition before" in page) == (True, False)
    variant = reader.get(reverse("variants:variant", args=[publication.variant_id])).content.decode()
    assert "Another edition changed the same meanwhile" not in variant  # the one that it made itself
    assert a_browser_of(a_lead()).get(reverse("publishing:edition", args=[publication.edition_id])).status_code == 404


def test_what_was_signed_of_a_variant_can_be_opened_and_is_no_look_at_a_patient(lead: Actor, publication: Publication) -> None:
    reader = a_browser_of(lead)
    answer = reader.get(reverse("signing:entry", args=[publication.signature_id]))
    assert answer.status_code == 200
    assert "Gentler collar" in answer.content.decode()
    assert reader.get(reverse("signing:bundle", args=[publication.signature_id])).status_code == 200
    assert not ReadLine.objects.exists()
    assert a_browser_of(a_lead()).get(reverse("signing:entry", args=[publication.signature_id])).status_code == 404


# Overdue --------------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
def test_the_edition_of_the_software_is_overdue_a_year_after_it(lead: Actor) -> None:
    assert overdue_for_review(lead.clinic, REVIEW_BY) == ()
    assert [due.name for due in overdue_for_review(lead.clinic, REVIEW_BY + timedelta(days=1))] == ["2026-11"]


def test_of_each_subject_the_newest_publication_is_overdue_when_its_day_is_over(lead: Actor, publication: Publication) -> None:
    clinic = fresh(lead.clinic)
    assert overdue_for_review(clinic, publication.review_by) == ()
    after = publication.review_by + timedelta(days=1)
    assert [(due.name, due.subject) for due in overdue_for_review(clinic, after)] == [("Gentler collar", "conditions/neck-collar")]
    assert overdue_for_review(a_lead().clinic, after) == ()
    assert [(row.name, row.is_overdue) for row in editions_of(clinic, after)] == [("2026-11.1", True), ("2026-11", False)]


# Back to an earlier one -------------------------------------------------------------------------------------------------------------
def test_an_earlier_edition_comes_back_only_as_a_draft_that_is_signed_like_any_other(lead: Actor, publication: Publication) -> None:
    actor = replace(lead, clinic=fresh(lead.clinic))
    page = a_browser_of(lead).get(reverse("publishing:edition", args=[shipped_digest()])).content.decode()
    assert "Start again from this edition" in page
    with pytest.raises(ActionDenied):
        begin_from_edition(edition=shipped_digest(), subject="conditions/neck-collar", actor=a_doctor(lead.clinic))
    with pytest.raises(ActionDenied):
        begin_from_edition(edition=shipped_digest(), subject="course-rules", actor=actor)
    answer = a_browser_of(lead).post(reverse("publishing:again", args=[shipped_digest()]), {"subject": "conditions/neck-collar"})
    assert answer.status_code == 303
    draft = lead.clinic.variants.get(state="draft")
    assert changes_of(draft) == {COLLAR: ENTRIES[COLLAR]}
    assert fresh(lead.clinic).edition_digest == publication.edition_id
    sent = submit_variant(variant=draft, note="Harder again.", review_by=publication.review_by, version=draft.version, actor=actor)
    edition = publish_for_demo(variant=sent, actor=a_doctor(fresh(lead.clinic))).edition_id
    page = a_browser_of(lead).get(reverse("publishing:edition", args=[edition])).content.decode()
    assert "Allows more than the edition before" in page


# A new edition of the release -----------------------------------------------------------------------------------------------------
@pytest.fixture
def next_release(monkeypatch: pytest.MonkeyPatch, publication: Publication) -> EditionContent:
    """The software as it may come a year later: it changed the clinic's stage, another one of the condition, a rule and a position."""
    changed: dict[str, Any] = {
        COLLAR: ENTRIES[COLLAR] | {"repeat_after_days": 90},
        TONIC: ENTRIES[TONIC] | {"repeat_after_days": 90},
        PRONE: ENTRIES[PRONE] | {"name": "prone, face down"},
        RULE: ENTRIES[RULE] | {"outcome": "defer"},
    }
    content = EditionContent("2027-11", with_changes(shipped_content().parts, changed))
    keep_edition(content)
    monkeypatch.setattr(bringing, "shipped_content", lambda: content)
    return content


@pytest.mark.same_everywhere
def test_a_clinic_sees_what_a_new_release_changed_beside_its_own_changes(lead: Actor, next_release: EditionContent) -> None:
    news = release_news(fresh(lead.clinic))
    assert news is not None
    assert (news.base.name, news.shipped.name, news.now.name) == ("2026-11", "2027-11", "2026-11.1")
    assert news.both == (COLLAR,)
    assert {subject: [*found] for subject, found in news.brought.by_subject.items()} == {
        "conditions/neck-collar": [TONIC],
        "contraindications": [RULE],
    }
    assert news.brought.fixed == (PRONE,)
    assert release_news(a_lead().clinic) is None
    actor = replace(lead, clinic=fresh(lead.clinic))
    draft = begin_from_edition(edition=next_release.digest, subject="conditions/neck-collar", only_released=True, actor=actor)
    assert changes_of(draft) == {TONIC: ENTRIES[TONIC] | {"repeat_after_days": 90}}
    page = a_browser_of(lead).get(reverse("publishing:release")).content.decode()
    assert "Repeated after days: 60 → 90" in page
    assert "Outcome of the rule: Not now → Go ahead, changed" in page  # what the clinic allows and the release forbids


# Reviews --------------------------------------------------------------------------------------------------------------------------
def test_a_judgement_stays_with_what_an_edition_leaves_alone_and_falls_with_what_it_changes(lead: Actor) -> None:
    doctor = a_doctor(lead.clinic)
    for key in (STAGE, OTHER):
        entry = shipped_entries()[key]
        review_entry(entry=entry, state=ReviewState.ACCEPTED, note="", seen=Seen(0, entry.digest), actor=doctor)
    published(lead, softer(), doctor)
    clinic = fresh(lead.clinic)
    stands = judgements(clinic, entries_in_force(clinic).values())
    assert (stands[STAGE].state, stands[STAGE].is_outdated, stands[OTHER].state) == (ReviewState.OPEN, True, ReviewState.ACCEPTED)
    page = a_browser_of(doctor).get(reverse("library:review-entry", args=list(STAGE)))
    assert doctor.user.full_name in page.content.decode()
