"""Whatever is typed or forged on the session day is answered with a page; nothing untrue, unread or of another clinic comes of it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from pytest_django import Settings

from clinic.audit.models import AuditLine
from clinic.courses.actions import (
    Felt,
    NextDaySaid,
    acknowledge_reaction,
    add_addendum,
    answer_next_day,
    record_start,
    take_back_start,
    tell_doctor,
)
from clinic.courses.day.actions.playing import keep_events
from clinic.courses.day.guard import patient_digest
from clinic.courses.day.queries.playing import played_now
from clinic.courses.given import HurtAt
from clinic.courses.models import (
    Acknowledgement,
    Addendum,
    BodyChart,
    Course,
    NextDay,
    Session,
    SessionEvent,
    SessionRecord,
    SessionStart,
)
from clinic.courses.numbers.as_csv import as_csv
from clinic.courses.numbers.tables import Column, Row, Table
from clinic.courses.outcomes.actions.measures import Measured, keep_measures
from clinic.courses.states import SessionState
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import ActionDenied, Actor
from clinic.staff.pins import set_pin, try_secret
from patients.models import Patient
from protocols.method.places import Place
from tests.clinic.day.starting import DEVICE, a_bare_start, a_start, as_message, sent
from tests.factories import PASSWORD, a_clinic, a_member, a_patient, an_actor
from tests.schedule_factories import a_site
from tests.trust.access import ROWS
from tests.trust.test_two_at_the_same_moment import at_once

pytestmark = pytest.mark.django_db

SCRIPT = "<script>alert(1)</script>"
ALL = (Role.ADMIN, Role.THERAPIST, Role.CLINICAL_LEAD)
NAMES = sorted(name for name in ROWS if name.split(":")[0] in ("day", "outcomes", "numbers") or name in ("lock", "pin"))
WORDS = ("found", "text", "note", "why", "likes", "words", "next", "secret", "pin", "again", "password", "note-0", "reason", "left-0")
CODES = ("seen", "kind", "place", "how", "way", "who", "key", "device", "stop_reason", "reactions", "hurts", "warmth", "zone-0", "side-0")
MORE = ("kind-0", "span", "source", "skin", "sleep", "leave_out", "zone-1", "today.consent", "gate-day-temperature", "given_by", "table")
NUMBERS = (
    "at_ms",
    "row",
    "seconds",
    "version",
    "comfort",
    "pain_before",
    "pain",
    "remove",
    "level-0",
    "chart",
    "with",
    "therapist",
    "site",
)
READ = ("site", "session", "pressure", "minutes", "rungs", "value", "fatigue", "reading-systolic-before", "today.temperature-c--value")
DAYS = ("day", "date", "from", "to", "given_on", "measured_on")
FIELDS = (*WORDS, *CODES, *MORE, *NUMBERS, *READ, *DAYS)
NASTY: tuple[dict[str, str], ...] = (
    dict.fromkeys(FIELDS, "\x00") | dict.fromkeys((*NUMBERS, *READ), "9" * 5000),
    dict.fromkeys(FIELDS, SCRIPT) | dict.fromkeys(DAYS, "0001-01-01") | dict.fromkeys((*NUMBERS, *READ), "\u0967"),
)
READ_A_QUERY = (
    "day:next-day",
    "day:today",
    "lock",
    "numbers:clinic",
    "numbers:csv",
    "outcomes:body",
    "outcomes:home-sheet",
    "outcomes:report",
)
# Where somebody is chosen, or could be slipped in.
CHOOSING = ("day:addendum", "day:finish", "day:outage", "numbers:clinic", "numbers:csv", "outcomes:measure")


@contextmanager
def nothing_kept() -> Iterator[None]:
    """What is written inside is forgotten, so that the next attempt finds the record as it was made."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def a_day_full_of_markup() -> tuple[Client, dict[str, int], Patient]:
    """Somebody who may do everything; a course with one session that was given, one that is being given, and markup in every free text."""
    clinic = a_clinic()
    actor = an_actor(clinic=clinic, roles=ALL)
    start = a_bare_start(actor=actor, ago=600)
    course, day = start.session.course, clinic.today()
    second = course.sessions.get(number=2)
    left_out = {"given": 0, "reason": "other", "words": SCRIPT}
    rows = [{"row": at, "planned": row["seconds"], **left_out} for at, row in enumerate(second.plan["rows"])]
    given = SessionRecord.objects.create(
        session=second, given_on=day - timedelta(days=1), recorded_at=timezone.now(), recorded_by=actor.user,
        bad_reaction=True, is_as_planned=False, rows=rows, pain_before=2, note=SCRIPT, outage_note=SCRIPT, source="outage",
    )  # fmt: skip
    Session.objects.filter(pk=given.session_id).update(state=SessionState.DONE)
    add_addendum(record=given, reason="other", text=SCRIPT, actor=actor)
    answer_next_day(record=given, answer=NextDaySaid(pain=9, note=SCRIPT), on=day, actor=actor)
    acknowledge_reaction(record=given, note=SCRIPT, actor=actor)
    tell_doctor(course=course, found=SCRIPT, on=day, actor=actor)
    (value,) = keep_measures(course=course, said=[Measured("fatigue", Decimal(6), moment="start")], measured_on=day, on=day, actor=actor)
    marks = [{"zone": "gluteal", "side": "left", "kind": "skin", "level": None, "note": SCRIPT}]
    BodyChart.objects.create(course=course, marks=marks, drawn_on=day, edition=value.edition, by=actor.user)
    keep_events(start=start, sent=[sent("skipped", 5, row=0, reason="other", words=SCRIPT)], actor=actor)
    User.objects.update(full_name=SCRIPT)
    Patient.objects.update(family_name=SCRIPT, likes=SCRIPT)
    client = Client()
    client.force_login(actor.user)
    return client, {"course": course.pk, "start": start.pk, "record": given.pk, "value": value.pk}, Patient.objects.get()


def address(name: str, made: Mapping[str, int]) -> str:
    """Where that page of the record lies."""
    thing = {"day:player": "start", "day:events": "start", "day:take-over": "start", "day:finish": "start", "day:draft": "start"}
    thing |= {"day:start-taken-back": "start", "day:record": "record", "day:addendum": "record", "day:next-day": "record"}
    thing |= {"day:acknowledge": "record", "outcomes:correct": "value"}
    number = made[thing.get(name, "course")]
    for kwargs in ({}, {"pk": number}, {"pk": number, "number": 1}, {"table": "outcomes"}):
        try:
            return reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
    raise AssertionError(name)


def said(answer: Any) -> str:
    """What a browser would read as a page; a printed sheet holds words as words."""
    return answer.content.decode() if answer["Content-Type"].startswith("text/html") else ""


def test_what_is_typed_is_no_error_of_ours_and_no_markup() -> None:
    client, made, patient = a_day_full_of_markup()
    for name in NAMES:
        url, answers = address(name, made), ROWS[name].answers
        if "GET" in answers:
            assert SCRIPT not in said(client.get(url)), name
        for nasty in NASTY:
            typed = nasty | {"patient": patient_digest(patient)}
            if name in READ_A_QUERY:
                assert SCRIPT not in said(client.get(url, typed)), name
            if "POST" in answers:
                with nothing_kept():
                    answer = client.post(url, typed)
                assert SCRIPT not in said(answer), name
                assert not answer.get("Location", "/").startswith("//"), name


def test_a_locked_screen_answers_nothing_whatever_way_it_is_asked(settings: Settings) -> None:
    client, made, _patient = a_day_full_of_markup()
    settings.IDLE_LOCK_MINUTES = 15
    assert client.post("/lock/", {"now": "1"})["Cache-Control"] == "no-store, private"
    before = AuditLine.objects.count()
    ways: tuple[Callable[[str], Any], ...] = (
        client.get,
        client.head,
        client.post,
        client.put,
        partial(client.get, headers={"hx-request": "true"}),
        partial(client.post, headers={"accept": "application/json"}),
        partial(client.post, data="{}", content_type="application/json"),
    )
    for name in sorted({*NAMES} - {"lock"})[::2]:  # every other one: the middleware knows no names
        for way in ways:
            answer = way(address(name, made))
            assert (answer.status_code, answer["Cache-Control"]) == (423, "no-store, private"), (name, way)
    assert AuditLine.objects.count() == before


def test_wrong_pins_count_for_the_person_in_every_browser_and_a_pin_forgets_none(therapist: Actor, settings: Settings) -> None:
    settings.IDLE_LOCK_MINUTES = 15
    set_pin(user=therapist.user, pin="2580", actor=therapist)
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(therapist.user)
        browser.post("/lock/", {"now": "1"})
    one, other = browsers
    assert [one.post("/lock/", {"secret": "1111"}).status_code for _try in range(3)] == [422] * 3
    assert other.post("/lock/", {"secret": "2580"}).status_code == 303  # the person
    other.post("/lock/", {"now": "1"})
    assert [one.post("/lock/", {"secret": "1111"}).status_code for _try in range(2)] == [422] * 2
    assert [each.post("/lock/", {"secret": "2580"}).status_code for each in browsers] == [422, 422]
    assert other.post("/lock/", {"secret": PASSWORD}).status_code == 303
    pin = {"pin": "3690", "again": "3690"}
    ends = [other.post("/account/pin/", {**pin, "password": "guess"}).status_code for _try in range(10)]
    assert ends == [422] * 9 + [303]
    assert other.get("/account/pin/").status_code == 302  # signed out: an open screen is no place to guess a password


def _each(name: str, *values: object) -> list[dict[str, Any]]:
    return [{name: value} for value in values]


NO_MESSAGES = (b"null", b"[]", b"{}", b"[" * 100_000, b"\xff\xfe", b'{"device": NaN}', b"9" * 6000, b"x" * 3_000_000)
EVENT: Mapping[str, Any] = {"key": "a" * 16, "device": DEVICE, "seq": 0, "at_ms": 0, "kind": "paused", "value": {}}
UNSEEN: tuple[object, ...] = ("\x00", "\ud800", "\u202e", "a" * 301, {})
FORGED: tuple[Mapping[str, Any], ...] = (
    *_each("seq", -1, 1.5, True, 2**31, 10**4000, float("nan"), "1", None),
    *_each("at_ms", -1, float("inf"), 2**31, []),
    *_each("kind", "taken-over", "\ud800", ["paused"], {}, None),
    *_each("value", None, [], "x", {"row": 1}),
    *_each("device", [], "", "zz"),
    *({"kind": "begun", "value": value} for value in _each("row", -1, True, 10**9, {}, "0", None)),
    *({"kind": "longer", "value": {"row": 0, **value}} for value in _each("seconds", -60, 10**9, 60.0, [])),
    *({"kind": "skipped", "value": {"row": 0, "reason": "pain", **value}} for value in _each("words", *UNSEEN)),
    *({"kind": "hurt", "value": {"row": None, "side": "both", **value}} for value in _each("zone", [], "no-such-zone", SCRIPT)),
)


def test_forged_events_are_refused_one_by_one_and_true_ones_are_kept(therapist: Actor) -> None:
    start, other = (a_bare_start(actor=therapist, ago=60) for _each in range(2))
    client, url = Client(), reverse("day:events", args=[start.pk])
    client.force_login(therapist.user)
    many = json.dumps({"device": DEVICE, "events": [EVENT] * 10_000}).encode()
    for body in (*NO_MESSAGES, many):
        assert client.post(url, body, content_type="application/json").status_code == 400, body[:20]
    forged = [{**EVENT, "key": f"{number:016x}", **wrong} for number, wrong in enumerate(FORGED)]
    true = {**EVENT, "by": 1, "start": other.pk, "received_at": "2020-01-01"}
    answer = client.post(url, json.dumps({"device": DEVICE, "events": [*forged, true, true]}), content_type="application/json").json()
    assert (answer["kept"], len(answer["refused"])) == (["a" * 16], len(forged))
    client.post(reverse("day:events", args=[other.pk]), as_message([sent("paused", key="a" * 16)]), content_type="application/json")
    assert [(each.start_id, each.by_id) for each in SessionEvent.objects.order_by("pk")] == [
        (start.pk, therapist.user.pk),
        (other.pk, therapist.user.pk),
    ]


def test_a_form_without_what_was_read_decides_nothing() -> None:
    client, made, _patient = a_day_full_of_markup()
    record = SessionRecord.objects.get(pk=made["record"])
    before = Acknowledgement.objects.count()
    answer_next_day(record=record, answer=NextDaySaid(has_skin_or_swelling=True), on=date(2099, 1, 1), actor=an_actor(clinic=a_clinic()))
    for seen in ({}, {"seen": ""}, {"seen": "0" * 64}):
        client.post(reverse("day:acknowledge", args=[record.pk]), seen)
        assert client.post(reverse("day:proposal", args=[made["course"]]), {"way": "accept", **seen}).status_code == 403
    assert Acknowledgement.objects.count() == before


def test_what_is_sent_twice_is_written_once_and_what_is_new_of_an_emergency_is_never_lost(therapist: Actor) -> None:
    start = a_bare_start(actor=therapist, ago=60)
    course, day = start.session.course, therapist.clinic.today()
    record = record_start(start=start, played=played_now(start, timezone.now()), felt=Felt(), now=timezone.now(), actor=therapist)
    for _press in range(2):
        add_addendum(record=record, reason="other", text="The left knee.", actor=therapist)
        answer_next_day(record=record, answer=NextDaySaid(pain=1), on=day + timedelta(days=1), actor=therapist)
        tell_doctor(course=course, found="Chest pain", on=day, actor=therapist)
        tell_doctor(course=course, found="Now the left arm too", on=day, actor=therapist)
    assert (Addendum.objects.count(), NextDay.objects.count(), course.reviews.count()) == (1, 1, 2)


def test_nobody_and_nothing_of_another_clinic_comes_into_a_form(clinic: Clinic) -> None:
    other = a_clinic(name="Foreign clinic")
    whom, site = a_member(clinic=other, full_name="Foreign hands"), a_site(clinic=other, name="Foreign house")
    client, made, _patient = a_day_full_of_markup()
    User.objects.filter(pk=whom.pk).update(full_name="Foreign hands")
    course, day = Course.objects.get(pk=made["course"]), clinic.today()
    outage = {"given_on": day.isoformat(), "given_by": whom.pk, "why": "No power", "asked_on_paper": "on"}
    slipped_in = {"therapist": whom.pk, "site": site.pk, "given_by": whom.pk, "recorded_by": whom.pk, "by": whom.pk}
    forms: tuple[dict[str, Any], ...] = (slipped_in, outage)
    for name in CHOOSING:
        for typed in forms:
            with nothing_kept():
                answer = client.post(address(name, made), typed) if "POST" in ROWS[name].answers else client.get(address(name, made), typed)
                assert "Foreign" not in answer.content.decode(errors="replace"), name
                assert not SessionRecord.objects.filter(given_by=whom).exists(), name
                assert not SessionRecord.objects.filter(recorded_by=whom).exists(), name
    said, actor = [Measured("fatigue", Decimal(6))], an_actor(clinic=course.clinic)
    with pytest.raises(ActionDenied, match="before the patient was born"):
        keep_measures(course=course, said=said, measured_on=date(206, 1, 1), on=day, actor=actor)


@pytest.mark.same_everywhere
def test_no_name_is_calculated_by_a_spreadsheet_of_any_country() -> None:
    names = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "Anna;=1+1", "Anna; Weber")
    told = as_csv(Table("load", "", "", (Column("Therapist"),), tuple(Row((name,)) for name in names)))
    assert told.splitlines()[1:] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "Anna;'=1+1", "Anna; Weber"]


@pytest.mark.django_db(transaction=True)
def test_signing_taking_back_and_telling_at_one_moment_end_in_one_truth(therapist: Actor) -> None:
    start = a_start(actor=therapist, patient=a_patient(clinic=therapist.clinic), ago=30)

    def sign() -> None:
        own = SessionStart.objects.select_related("session__course__clinic").get(pk=start.pk)
        felt = Felt(hurts=(HurtAt(Place("gluteal", "left")),))
        record_start(start=own, played=played_now(own, timezone.now()), felt=felt, now=timezone.now(), actor=therapist)

    def take_back() -> None:
        own = SessionStart.objects.select_related("session__course__clinic").get(pk=start.pk)
        take_back_start(start=own, now=timezone.now(), actor=therapist)

    def tell() -> None:
        keep_events(start=start, sent=[sent("paused", 5, key="b" * 16)], actor=therapist)

    ends = at_once(sign, sign, take_back, tell)
    start.refresh_from_db()
    assert (SessionRecord.objects.count(), start.is_taken_back) in ((1, False), (0, True))
    assert set(ends) <= {"done", "denied"}
    assert ends.count("denied") == (2 if start.is_taken_back else 1)


@pytest.mark.django_db(transaction=True)
def test_pins_guessed_at_one_moment_are_counted_one_by_one(therapist: Actor) -> None:
    set_pin(user=therapist.user, pin="2580", actor=therapist)
    at_once(*[partial(_guess, therapist, pin) for pin in ("1111", "2222", "3333", "4444", "5555", "6666")])
    assert User.objects.get(pk=therapist.user.pk).wrong_unlocks == 6
    assert not try_secret(user=User.objects.get(pk=therapist.user.pk), secret="2580", actor=therapist).is_right


def _guess(actor: Actor, pin: str) -> None:
    assert not try_secret(user=User.objects.get(pk=actor.user.pk), secret=pin, actor=actor).is_right
