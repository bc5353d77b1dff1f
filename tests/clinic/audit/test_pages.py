"""What the audit pages show, and to whom."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.audit.actions import read_seen, record
from clinic.audit.models import Look
from clinic.audit.verbs import VERBS
from clinic.staff.permissions import Actor
from clinic.web.translations.collecting import python_files

SignedIn = Callable[[Any], Client]


def page(client: Client, **asked: str) -> str:
    return client.get(reverse("audit-list"), asked).content.decode()


def test_it_works(signed_in: SignedIn, auditor: Actor, therapist: Actor) -> None:
    record(actor=therapist, verb="tried-this", subject=therapist.user, details={"pressure": "secret-detail"})
    body = page(signed_in(auditor))
    assert "tried-this" in body
    assert therapist.user.full_name in body
    assert "secret-detail" in body


def test_an_administrator_sees_the_line_without_its_details(signed_in: SignedIn, clinic_admin: Actor, therapist: Actor) -> None:
    record(actor=therapist, verb="tried-this", subject=therapist.user, details={"pressure": "secret-detail"})
    body = page(signed_in(clinic_admin))
    assert "tried-this" in body
    assert "secret-detail" not in body


def test_another_clinic_s_lines_are_not_shown(signed_in: SignedIn, auditor: Actor, stranger: Actor) -> None:
    record(actor=stranger, verb="tried-elsewhere", subject=stranger.user, details={})
    read_seen(actor=stranger, patient=stranger.user)
    assert "tried-elsewhere" not in page(signed_in(auditor))
    assert stranger.user.full_name not in signed_in(auditor).get(reverse("audit-reads")).content.decode()


def test_a_filter_takes_only_words_from_its_list(signed_in: SignedIn, auditor: Actor, therapist: Actor) -> None:
    record(actor=therapist, verb="tried-this", subject=therapist.user, details={})
    record(actor=therapist, verb="tried-that", subject=therapist.clinic, details={})
    client = signed_in(auditor)
    assert rows(page(client, verb="tried-this")) == 1
    assert rows(page(client, kind="staff.clinic")) == 1
    assert rows(page(client, verb="' OR 1=1 --")) == rows(page(client)) > 2


def test_what_one_person_did_is_found_and_strangers_are_not_offered(
    signed_in: SignedIn, auditor: Actor, therapist: Actor, stranger: Actor
) -> None:
    for actor in (therapist, therapist, auditor, stranger):
        record(actor=actor, verb="tried-this", subject=actor.clinic, details={})
    client = signed_in(auditor)
    assert rows(page(client, person=str(therapist.user.pk), verb="tried-this")) == 2
    assert rows(page(client, person=str(stranger.user.pk), verb="tried-this")) == rows(page(client, verb="tried-this")) == 3
    assert f'<option value="{stranger.user.pk}"' not in page(client)


@pytest.mark.parametrize("number", ["0", "-1", "999999999999999999999", "x", ""])
def test_a_page_that_is_none_shows_one_that_is(signed_in: SignedIn, auditor: Actor, number: str) -> None:
    assert signed_in(auditor).get(reverse("audit-list"), {"page": number}).status_code == 200


def test_a_long_audit_is_shown_in_pages_by_as_many_queries(
    signed_in: SignedIn, auditor: Actor, therapist: Actor, django_assert_max_num_queries: Any
) -> None:
    for number in range(120):
        record(actor=therapist, verb=f"tried-{number % 3}", subject=therapist.user, details={})
        read_seen(actor=therapist, patient=therapist.user)
    client = signed_in(auditor)
    for name in ("audit-list", "audit-reads"):
        with django_assert_max_num_queries(9):  # one of them counts, for the navigation, the openings that wait to be judged
            body = client.get(reverse(name), {"page": "2"}).content.decode()
        assert rows(body) == 50
    assert "verb=tried-1&amp;page=" not in page(client, verb="tried-1"), "40 lines need no second page"


def test_looks_are_filtered_by_kind_and_person_from_closed_lists(
    signed_in: SignedIn, auditor: Actor, therapist: Actor, clinic_admin: Actor, stranger: Actor
) -> None:
    read_seen(actor=therapist, patient=therapist.user, page="patients:detail")
    read_seen(actor=therapist, patient=therapist.user, page="courses:card", kind=Look.PRINTED)
    read_seen(actor=clinic_admin, patient=therapist.user)
    read_seen(actor=stranger, patient=therapist.user)
    client = signed_in(auditor)

    def reads(**asked: str) -> str:
        return client.get(reverse("audit-reads"), asked).content.decode()

    assert rows(reads()) == 3
    assert "session card" in reads(kind="printed")
    assert rows(reads(kind="printed")) == 1
    assert rows(reads(person=str(therapist.user.pk))) == 2
    assert rows(reads(person=str(therapist.user.pk), kind="looked")) == 1
    assert rows(reads(person=str(stranger.user.pk))) == rows(reads(kind="x", person="' OR 1=1 --")) == 3
    assert stranger.user.full_name not in reads()


def test_a_refused_attempt_is_shown_and_only_to_those_who_see_details_with_its_numbers(
    signed_in: SignedIn, auditor: Actor, clinic_admin: Actor, therapist: Actor
) -> None:
    signed_in(therapist).get("/patients/777/")
    for reader, sees in ((auditor, True), (clinic_admin, False)):
        body = signed_in(reader).get(reverse("audit-reads")).content.decode()
        assert "was refused" in body
        assert "record of the patient" in body
        assert ("there is no such record at this clinic" in body) is sees
        assert reverse("patients:looks", args=[777]) not in body


def test_every_verb_that_an_action_writes_has_words() -> None:
    root = Path(__file__).resolve().parents[3]
    written = {verb for path in python_files(root) for verb in verbs_in(path.read_text(encoding="utf-8"))}
    assert not written - set(VERBS), f"Add to clinic/audit/verbs.py: {sorted(written - set(VERBS))}"


def verbs_in(source: str) -> Iterator[str]:
    if "verb" not in source:
        return  # most files; reading their syntax takes seconds
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg == "verb":
            values = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
            yield from (value for value in values if value and isinstance(value, str))


def rows(body: str) -> int:
    return body.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr>")
