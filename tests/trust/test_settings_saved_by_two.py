"""Settings have no version of their own: a page that is saved does not take back what somebody else saved since it was opened (H16)."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from clinic.schedule.models import ScheduleRules, Site
from clinic.staff.models import Clinic, Role, StaffProfile
from tests.factories import PASSWORD, a_course, a_member, a_patient, an_actor
from tests.trust.forms_on_pages import form_with

Made = tuple[str, str, dict[str, Any], dict[str, Any]]  # the page, where it is sent, what one writes, what another writes


def _site(clinic: Clinic) -> Site:
    return Site.objects.create(clinic=clinic, name="Lake house", address="")


def a_place(clinic: Clinic) -> Made:
    url = reverse("schedule:place", args=["site", _site(clinic).pk])
    return url, url, {"name": "River house"}, {"name": "Hill house"}


def rules(clinic: Clinic) -> Made:
    url = reverse("schedule:rules")
    return url, url, {"turnover_minutes": "7"}, {"turnover_minutes": "9"}


def norms(clinic: Clinic) -> Made:
    url = reverse("schedule:norms")
    return url, url, {"head-turnover": "4"}, {"head-turnover": "5"}


def a_week(clinic: Clinic) -> Made:
    _site(clinic)
    url = reverse("schedule:week", args=[a_member(clinic=clinic).pk])
    shift = {"day0-first-from": "08:00", "day0-first-to": "12:00"}
    return url, url, shift, shift | {"day0-first-to": "13:00"}


def wishes(clinic: Clinic) -> Made:
    url = reverse("schedule:wishes", args=[a_patient(clinic=clinic).pk])
    return url, url, {"note": "Rings twice"}, {"note": "Comes by bus"}


def wishes_about_messages(clinic: Clinic) -> Made:
    url = reverse("reminders:wishes", args=[a_patient(clinic=clinic).pk])
    return url, url, {"quiet_from": "19:00", "quiet_until": "09:00"}, {"quiet_from": "20:00", "quiet_until": "09:00"}


def papers(clinic: Clinic) -> Made:
    member = a_member(clinic=clinic)
    page = reverse("staff-member", args=[member.pk])
    return page, reverse("staff-profile", args=[member.pk]), {"licence": "A-1"}, {"licence": "B-2"}


def roles(clinic: Clinic) -> Made:
    member = a_member(clinic=clinic)
    page = reverse("staff-member", args=[member.pk])
    return page, reverse("staff-roles", args=[member.pk]), {"roles": ["therapist", "auditor"]}, {"roles": ["therapist", "doctor"]}


def likes(clinic: Clinic) -> Made:
    course = a_course(actor=an_actor(clinic=clinic))
    page = reverse("day:handover", args=[course.pk])
    return page, reverse("day:likes", args=[course.pk]), {"likes": "Warm hands"}, {"likes": "Quiet"}


SETTINGS: dict[str, tuple[str, Callable[[Clinic], Made]]] = {
    "place": (Role.ADMIN, a_place),
    "rules": (Role.ADMIN, rules),
    "norms": (Role.ADMIN, norms),
    "week": (Role.ADMIN, a_week),
    "wishes": (Role.ADMIN, wishes),
    "wishes about messages": (Role.ADMIN, wishes_about_messages),
    "papers": (Role.ADMIN, papers),
    "roles": (Role.ADMIN, roles),
    "likes": (Role.THERAPIST, likes),
}


def at_desk(clinic: Clinic, role: str) -> Client:
    client = Client()
    client.force_login(an_actor(clinic=clinic, roles=(role,)).user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("what", SETTINGS)
def test_of_two_who_save_the_second_is_told_what_stands_there_and_may_save_again(what: str, clinic: Clinic) -> None:
    role, make = SETTINGS[what]
    page, url, mine, theirs = make(clinic)
    client = at_desk(clinic, role)
    forms = client.get(page).content.decode()
    field = next(iter(mine))
    first, second = (form_of(forms, field, **typed) for typed in (theirs, mine))
    assert client.post(url, first).status_code in {302, 303}
    refused = client.post(url, second)
    assert refused.status_code == 422
    words = refused.content.decode()
    assert "Somebody saved this since you opened the page" in words
    again = form_of(words, field)
    assert all(again.get(name) == value for name, value in mine.items() if isinstance(value, str)), "what was typed is lost"
    assert client.post(url, again | mine).status_code in {302, 303}


def form_of(html: str, field: str, **typed: Any) -> dict[str, Any]:
    """The form of the page that has this field and says what it showed."""
    part = next(part for part in html.split("<form")[1:] if 'name="seen"' in part and f'name="{field}"' in part)
    return form_with(f"<form{part}", "seen", **typed)


@pytest.mark.django_db
def test_a_page_that_was_not_overtaken_saves_and_one_that_says_nothing_is_believed(clinic: Clinic) -> None:
    client, url = at_desk(clinic, Role.ADMIN), reverse("schedule:rules")
    sent = form_of(client.get(url).content.decode(), "turnover_minutes", turnover_minutes="7")
    assert client.post(url, sent).status_code == 303
    del sent["seen"]
    assert client.post(url, sent | {"turnover_minutes": "8"}).status_code == 303
    assert ScheduleRules.objects.get(clinic=clinic).turnover_minutes == 8


@pytest.mark.django_db
def test_who_saves_the_same_twice_is_not_told_of_oneself_as_of_a_stranger(clinic: Clinic) -> None:
    member = a_member(clinic=clinic)
    client, page = at_desk(clinic, Role.ADMIN), reverse("staff-member", args=[member.pk])
    for licence in ("A-1", "B-2"):
        sent = form_of(client.get(page).content.decode(), "licence", licence=licence)
        assert client.post(reverse("staff-profile", args=[member.pk]), sent).status_code == 302
    assert StaffProfile.objects.get(user=member).licence == "B-2"


@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_at_one_moment_one_is_accepted_and_all_others_are_told(clinic: Clinic) -> None:
    url, client = reverse("schedule:rules"), at_desk(clinic, Role.ADMIN)
    sent = form_of(client.get(url).content.decode(), "turnover_minutes")
    start, answers = threading.Barrier(8), []

    def save(minutes: int) -> None:
        own = Client()
        own.cookies = client.cookies
        start.wait()
        answers.append(own.post(url, sent | {"turnover_minutes": str(minutes)}).status_code)
        connection.close()

    threads = [threading.Thread(target=save, args=(20 + number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303] + [422] * 7
