"""The studio under attack: what is stored and no longer known, forged forms, and as much of everything as can be sent."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.courses.actions import replan_course, request_of
from clinic.courses.models import Course, PlanEdit, RuleOverride, Session, StudioDraft
from clinic.courses.states import CourseState, SessionState
from clinic.courses.studio.acts import Act, acts_to_json, done
from clinic.staff.permissions import Actor
from protocols.method.edits import (
    LAST_SESSION,
    MOST_EDITS,
    Edit,
    Edits,
    NewStep,
    NotEdits,
    Override,
    Palpated,
    edits_from_json,
    edits_to_json,
)
from protocols.method.places import Place
from tests.clinic.studio.scene import a_desk, acted, edited, kept, steps
from tests.factories import a_course, ask_today

SignedIn = Callable[[Any], Client]
NOWHERE = NewStep("tail", "left", ("rolfing",), 3, "calm")
# What an edition that has moved on no longer holds: zones, techniques, families, steps, supplements, rules, reasons.
GONE = Edits(
    (
        Edit("add", 1, 60, step="+1", after="9:tail:left", value=100, new=NOWHERE),
        Edit("technique", 1, 60, step="2:tail:left", family="felting", code="rolfing"),
        Edit("supplement", 1, 60, code="magic", value=1),
        Edit("minutes", 2, 60, step="nonsense", family="felting", value=500),
        Edit("move", 1, 60, step=":::", after="+7"),
        Edit("pressure", 1, 60, step="1:tail:up", value=9),
        Edit("tempo", 1, 60, step="1:tail:both", code="presto"),
        Edit("remove", 1, 60, step=""),
    ),
    (Override("no-such-rule", "2:tail:left", "no-such-reason", "Words"), Override("part-order", "", "comfort", "Words")),
    (Palpated(Place("tail", "left"), "tense"),),
)
OF_THE_COURSE = ("courses:detail", "courses:edit", "courses:what-if", "courses:today", "courses:plan-pdf", "studio:plan", "studio:history")
NOT_MASSAGED = ("biliary-dyskinesia", "attack")
MANY = tuple(Edit("pressure", 1, 60, step=f"{number}:neck:left", value=1) for number in range(MOST_EDITS))


@pytest.mark.parametrize("act", [Act("restore-session", 5, first=5, last=5), Act("set", 5, first=5, edits=Edits(MANY))])
def test_no_act_makes_more_edits_than_a_plan_can_be_read_with(act: Act) -> None:
    """What is kept is read again on every page of the course: one edit too many would close them all."""
    with pytest.raises(NotEdits):
        done(Edits(MANY), act)
    fewer = done(Edits(MANY[:9]), replace(act, edits=Edits(act.edits.edits[:9])))
    assert edits_from_json(edits_to_json(fewer)) == fewer


def test_nor_more_reasons() -> None:
    many = Edits(overrides=tuple(Override("part-order", str(number), "comfort", "Words") for number in range(MOST_EDITS)))
    with pytest.raises(NotEdits):
        done(many, Act("override", 1, edits=Edits(overrides=(Override("part-order", "one more", "comfort", "Words"),))))


@pytest.mark.django_db
def test_what_an_edition_no_longer_holds_is_set_aside_and_closes_no_page(therapist: Actor, signed_in: SignedIn) -> None:
    course = a_course(actor=therapist, count=3)
    usual = list(course.sessions.order_by("number").values_list("plan__rows", flat=True))
    Course.objects.filter(pk=course.pk).update(request=course.request | {"by_hand": edits_to_json(GONE)})
    course = ask_today(Course.objects.get(pk=course.pk), actor=therapist)
    assert list(course.sessions.order_by("number").values_list("plan__rows", flat=True)) == usual
    PlanEdit.objects.create(
        course=course, version=course.version, before={}, after=edits_to_json(GONE), digest_before="", digest_after="", by=therapist.user
    )  # fmt: skip
    acts = acts_to_json([Act("edit", 2, edits=Edits((edit,))) for edit in GONE.edits])
    StudioDraft.objects.create(course=course, by=therapist.user, base_version=1, base=edits_to_json(GONE), acts=acts, position=len(acts))
    client = signed_in(therapist)
    for name in (*OF_THE_COURSE, "studio:conflict"):
        assert client.get(reverse(name, args=[course.pk])).status_code in (200, 303), name
    assert client.get(reverse("courses:card", args=[course.pk, 1])).status_code in (200, 303)
    for kind in ("protocol", "signed", "last"):
        assert client.get(reverse("compare:plans", args=[course.pk]), {"with": kind}).status_code == 200, kind
    assert client.get(reverse("again:plan", args=[course.patient_id])).status_code == 200
    assert client.post(reverse("studio:settle", args=[course.pk]), {"choice": "mine", "version": "1"}).status_code == 303
    assert client.post(reverse("studio:keep", args=[course.pk]), {"version": "2"}).status_code in (303, 422)
    wanted = request_of(Course.objects.get(pk=course.pk))
    again = replan_course(
        course=course, wanted=wanted, on=course.planned_on, version=Course.objects.get(pk=course.pk).version, actor=therapist
    )
    assert list(again.sessions.order_by("number").values_list("plan__rows", flat=True)) == usual


@pytest.mark.django_db
def test_what_was_given_while_a_draft_lay_open_is_never_said_to_have_been_changed(therapist: Actor) -> None:
    """A start is no new version of the course, so the draft is not stale: it must not write itself into what was given meanwhile."""
    course = a_course(actor=therapist, count=4)
    key = steps(a_desk(course, therapist), 1)[2]
    edited(a_desk(course, therapist), therapist, Edit("minutes", 1, LAST_SESSION, step=key, value=800))
    first = course.sessions.get(number=1)
    Session.objects.filter(pk=first.pk).update(state=SessionState.IN_PROGRESS)
    Course.objects.filter(pk=course.pk).update(state=CourseState.RUNNING, started_on=course.planned_on)
    kept(a_desk(course, therapist), therapist)
    standing = request_of(Course.objects.get(pk=course.pk)).edits
    assert standing.edits == (Edit("minutes", 2, LAST_SESSION, step=key, value=800),)
    assert course.sessions.get(number=1).digest == first.digest
    edited(a_desk(course, therapist), therapist, Edit("minutes", 2, LAST_SESSION, step=key, value=700))
    Session.objects.filter(course=course, number=2).update(state=SessionState.IN_PROGRESS)
    kept(a_desk(course, therapist), therapist)
    assert request_of(Course.objects.get(pk=course.pk)).edits.edits == (
        Edit("minutes", 2, 2, step=key, value=800), Edit("minutes", 3, LAST_SESSION, step=key, value=700),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_note_outlives_a_plan_that_cannot_be_kept(therapist: Actor, signed_in: SignedIn) -> None:
    course, client = a_course(actor=therapist, count=2), signed_in(therapist)
    desk = edited(a_desk(course, therapist), therapist, Edit("depth", 1, 2, value=1))
    acted(desk, therapist, "restore-all")
    answer = client.post(reverse("studio:keep", args=[course.pk]), {"version": "2", "note": "Tense as ever"})
    assert (answer.status_code, "Tense as ever" in answer.content.decode()) == (422, True)
    assert StudioDraft.objects.get().words == "Tense as ever"
    Course.objects.filter(pk=course.pk).update(version=course.version + 1)
    answer = client.post(reverse("studio:keep", args=[course.pk]), {"version": "2", "note": "And colder"})
    assert (answer.status_code, StudioDraft.objects.get().words) == (303, "And colder")


@pytest.mark.django_db
def test_a_step_is_no_part_of_a_session_that_takes_no_time(therapist: Actor, signed_in: SignedIn) -> None:
    """In a stage that is not massaged there is no dose to take a share of."""
    course, client = a_course(actor=therapist, condition=NOT_MASSAGED[0], stage=NOT_MASSAGED[1], count=2), signed_in(therapist)
    step = {"zone": "sacrum", "side": "both", "technique": "kneading-felting", "pressure": "1", "tempo": "calm", "minutes": "2"}
    sent = {"do": "edit", "kind": "add", "session": "1", "scope": "all", "version": "0", "after": "", **step}
    assert client.post(reverse("studio:act", args=[course.pk]), sent).status_code == 422
    assert not StudioDraft.objects.exists()


@pytest.mark.django_db
def test_a_ledger_narrowed_to_what_it_does_not_hold_says_so(clinical_lead: Actor, therapist: Actor, signed_in: SignedIn) -> None:
    course = a_course(actor=therapist, count=2)
    kept = PlanEdit.objects.create(
        course=course, version=2, before={}, after={}, digest_before="", digest_after="", by=therapist.user
    )  # fmt: skip
    RuleOverride.objects.create(edit=kept, code="part-order", first=1, last=2, reason="comfort", words="=cmd|' /C calc'!A0 <img src=x>")
    client, ledger = signed_in(clinical_lead), reverse("studio:ledger")
    for asked in ({"reason": "no-such"}, {"by": "999999999", "month": "9999-12"}, {"rule": "<img src=x>"}, {}):
        answer = client.get(ledger, asked)
        assert (answer.status_code, b"<img src=x" in answer.content) == (200, False), asked
    text = client.post(reverse("studio:ledger-csv")).content.decode()
    assert "'=cmd" in text
