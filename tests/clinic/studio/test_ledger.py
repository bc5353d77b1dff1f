"""The ledger says what was set aside, why, and what came of it: from the records of the sessions given under it, and of no others."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import Look, ReadLine
from clinic.courses.models import AdaptationChoice, Course, PlanEdit, RuleOverride, SessionRecord
from clinic.courses.studio.ledger_asked import ledger_asked
from clinic.courses.studio.queries.ledger import PROPOSAL, ledger_of
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from protocols.method.edits import Edit, Edits, Override, edits_to_json
from tests.factories import a_course, a_patient, an_actor

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Any], Client]
STEP = "4:trapezius-upper:left"
WORDS = "=cmd|' /C calc'!A0"


def kept(course: Course, actor: Actor, *, version: int, overrides: tuple[Override, ...]) -> PlanEdit:
    after = edits_to_json(Edits((Edit("depth", 1, 3, value=1),), overrides))
    digests = {"digest_before": "0", "digest_after": "1"}
    return PlanEdit.objects.create(course=course, version=version, before={}, after=after, by=actor.user, **digests)


def set_aside(course: Course, actor: Actor, *, version: int = 2, first: int = 1, last: int = 3, words: str = "short") -> RuleOverride:
    edit = kept(course, actor, version=version, overrides=(Override("tempo-not-planned", STEP, "palpation", words),))
    place = {"step": STEP, "zone": "trapezius-upper", "side": "left"}
    return RuleOverride.objects.create(
        edit=edit, code="tempo-not-planned", first=first, last=last, reason="palpation", words=words, **place
    )


def given(course: Course, actor: Actor, number: int, *, at: datetime | None = None, **felt: Any) -> SessionRecord:
    session = course.sessions.get(number=number)
    when = at or timezone.now()
    return SessionRecord.objects.create(session=session, given_on=when.date(), recorded_at=when, recorded_by=actor.user, **felt)


def this_month(actor: Actor) -> Any:
    return ledger_asked({}, actor.clinic.today())


def test_what_came_of_it_is_read_from_the_sessions_given_under_it(therapist: Actor) -> None:
    course = a_course(actor=therapist)
    given(course, therapist, 1, at=timezone.now() - timedelta(minutes=5), comfort=1, bad_reaction=True)  # before it was set aside
    set_aside(course, therapist)
    here = {"zone": "trapezius-upper", "side": "both", "row": None}
    given(course, therapist, 2, comfort=8, pain_before=5, pain_after=3, hurts=[here])
    given(course, therapist, 3, comfort=6, bad_reaction=True, hurts=[{**here, "zone": "neck"}])
    given(course, therapist, 4, comfort=2, bad_reaction=True)  # it does not hold there
    (entry,) = ledger_of(therapist.clinic, this_month(therapist))
    came = entry.came
    assert (came.of, came.given, came.comfort, came.pain) == (3, 2, (8, 6), ((5, 3),))
    assert (came.hurt_there, came.bad) == (1, 1)


def test_from_the_moment_it_was_taken_back_nothing_counts_for_it(therapist: Actor) -> None:
    course = a_course(actor=therapist)
    set_aside(course, therapist)
    given(course, therapist, 1, comfort=9)
    back = kept(course, therapist, version=3, overrides=())
    given(course, therapist, 2, comfort=1)
    (entry,) = ledger_of(therapist.clinic, this_month(therapist))
    assert (entry.until, entry.came.comfort) == (back.at, (9,))


def test_another_clinic_and_another_month_are_not_in_it(therapist: Actor) -> None:
    set_aside(a_course(actor=therapist), therapist)
    elsewhere = an_actor()
    set_aside(a_course(patient=a_patient(clinic=elsewhere.clinic), actor=elsewhere), elsewhere)
    asked = this_month(therapist)
    assert len(ledger_of(therapist.clinic, asked)) == 1
    assert ledger_of(therapist.clinic, asked.beside(-1)) == ()


@pytest.mark.same_everywhere
def test_the_ledger_asks_as_often_for_one_as_for_many(therapist: Actor) -> None:
    for turn in range(1, 4):
        course = a_course(actor=therapist)
        set_aside(course, therapist, first=turn)
        given(course, therapist, turn, comfort=turn)
        AdaptationChoice.objects.create(
            course=course, after_session=1, proposal={}, chosen={}, is_edited=True, reason="wish", by=therapist.user
        )
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = ledger_of(therapist.clinic, this_month(therapist))
        assert len(asked) == 5
    assert {entry.code for entry in found} == {"tempo-not-planned", PROPOSAL}


def test_the_lead_reads_names_and_the_auditor_the_numbers_of_cards_and_either_leaves_a_line(therapist: Actor, signed_in: SignedIn) -> None:
    course = a_course(patient=a_patient(clinic=therapist.clinic, family_name="Canarova", card_number="C-77"), actor=therapist)
    set_aside(course, therapist, words="hard <b>today</b>")
    for role, is_named in ((Role.CLINICAL_LEAD, True), (Role.AUDITOR, False)):
        reader = an_actor(clinic=therapist.clinic, roles=(role,))
        page = signed_in(reader).get(reverse("studio:ledger")).content.decode()
        assert ("Canarova" in page) == is_named
        assert ("C-77" in page) != is_named
        assert "Set aside 1 time, none given yet." in page
        assert "hard &lt;b&gt;today&lt;/b&gt;" in page
        look = ReadLine.objects.filter(user=reader.user).get()
        assert (look.kind, look.details) == (Look.SEARCHED, {"found": [course.patient_id]})


def test_a_file_calculates_nothing_and_holds_what_is_shown(therapist: Actor, signed_in: SignedIn) -> None:
    set_aside(a_course(actor=therapist), therapist, words=WORDS)
    lead = signed_in(an_actor(clinic=therapist.clinic, roles=(Role.CLINICAL_LEAD,)))
    rows = lead.post(reverse("studio:ledger-csv")).content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert f",'{WORDS}," in rows[1]
    narrowed = lead.post(f"{reverse('studio:ledger-csv')}?rule=part-order").content.decode("utf-8-sig").splitlines()
    assert len(narrowed) == 1


def test_a_change_is_told_in_words_and_brought_back_as_a_draft(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_course(actor=therapist), signed_in(therapist)
    set_aside(course, therapist, words="short & hard")
    page = client.get(reverse("studio:history", args=[course.pk])).content.decode()
    assert "1 level less pressure in every step" in page
    assert "short &amp; hard" in page
    answer = client.post(reverse("studio:bring-back", args=[course.pk, 2]))
    assert answer.status_code == 303
    assert course.studio_drafts.get().position == 1
    assert client.post(reverse("studio:bring-back", args=[course.pk, 9])).status_code == 404
