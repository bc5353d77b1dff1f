"""The pages that nobody plans for are as strict as the others, and tell nothing."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from clinic.staff import middleware, queries
from clinic.staff.models import Role
from clinic.staff.permissions import Actor, roles_allowed
from clinic.staff.requests import StaffRequest
from tests.trust.hygiene import faults_of, is_suspicious, markup_faults

SignedIn = Callable[[Any], Client]


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="django.request")
    caplog.set_level(logging.CRITICAL, logger="django.security.csrf")


@pytest.mark.same_everywhere
def test_a_missing_page_is_strict(signed_in: SignedIn, therapist: Actor) -> None:
    response = signed_in(therapist).get("/no-such-page/")
    assert response.status_code == 404
    assert faults_of(response, signed_in=True) == []


@pytest.mark.same_everywhere
def test_a_refused_page_is_strict_and_says_why(signed_in: SignedIn, therapist: Actor) -> None:
    response = signed_in(therapist).get(reverse("staff-list"))
    assert response.status_code == 403
    assert "does not allow this page or this step" in response.content.decode()
    assert "ask the administrator of your clinic" in response.content.decode()
    assert faults_of(response, signed_in=True) == []


@pytest.mark.same_everywhere
def test_a_crash_is_strict_and_tells_nothing(signed_in: SignedIn, clinic_admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_clinic: object) -> None:
        raise RuntimeError("secret-of-the-crash")

    monkeypatch.setattr(queries, "staff_of", crash)
    client = signed_in(clinic_admin)
    client.raise_request_exception = False
    response = client.get(reverse("staff-list"))
    assert response.status_code == 500
    assert "secret-of-the-crash" not in response.content.decode()
    assert faults_of(response, signed_in=True) == []


@pytest.mark.same_everywhere
def test_a_form_without_its_token_is_refused_by_a_strict_page(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a@b.test", "password": "x"})
    assert response.status_code == 403
    assert faults_of(response, signed_in=False) == []


@pytest.mark.same_everywhere
def test_the_sign_in_page_is_strict(db: None) -> None:
    response = Client().get(reverse("account_login"))
    assert response.status_code == 200
    assert faults_of(response, signed_in=False) == []


@pytest.mark.same_everywhere
def test_a_view_that_declares_nothing_is_refused(therapist: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = refusal_of(lambda request: HttpResponse("open"), therapist)
    assert answer is not None
    assert answer.status_code == 403


@pytest.mark.same_everywhere
def test_a_view_that_declares_the_role_is_let_pass(therapist: Actor) -> None:
    @roles_allowed(Role.THERAPIST)
    def view(request: StaffRequest) -> HttpResponse:
        return HttpResponse("open")

    assert refusal_of(view, therapist) is None


def test_a_policy_of_no_role_or_an_unknown_one_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="roles_allowed"):
        roles_allowed()
    with pytest.raises(ValueError, match="gardener"):
        roles_allowed("gardener")


def refusal_of(view: Callable[..., HttpResponse], actor: Actor) -> Any:
    request: Any = RequestFactory().get("/x/")
    request.user, request.session, request.csp_nonce = actor.user, {}, None
    request.resolver_match = type("Match", (), {"view_name": "x"})()
    gate = middleware.StaffMiddleware(lambda _request: HttpResponse())
    gate.introduce(request)
    return gate.process_view(request, view, (), {})


FAULTY = (
    '<p onclick="x">',
    "<p\nONLOAD = x>",
    '<p a="b"onclick="x">',
    "<svg/onload=x>",
    '<p title=">" onclick=x>',
    '<p hx-on::after="a">',
    '<p STYLE="a">',
    "<style>a</style>",
    "<script>1</script>",
    '<script src="">',
    '<a href="java&#115;cript:x">',
    '<a href="JavaScript&colon;x">',
    "<img src=//x>",
    '<img src="&#104;ttp://x">',
    '<form action="http://x">',
)


def test_no_fault_of_markup_hides_from_whoever_decides_whether_to_read_it() -> None:
    assert [html for html in FAULTY if not is_suspicious(html) or not markup_faults(html)] == []
    assert not is_suspicious('<p title="a"><script src="/a.js"></script><a href="?version=2&condition=4">it&#x27;s 4</a>')
