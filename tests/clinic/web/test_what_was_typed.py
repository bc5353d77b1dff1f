"""Whatever goes wrong with a form, what somebody typed is on the page that says so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation

from clinic.staff import locking
from clinic.staff.permissions import ActionDenied, Actor
from clinic.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401  # Django reads them from this module
from clinic.web.breakdowns import Breakdown, breakdown_behind
from clinic.web.typed_in import packed, typed_in, unpacked

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__), pytest.mark.same_everywhere]
SignedIn = Callable[[Any], Client]
OURS: dict[str, Any] = {"headers": {"origin": "http://testserver"}}
NOTE = 'Pain since <b>Monday</b> & "worse"'
FORM = {"note": NOTE, "once": "a" * 32, "csrfmiddlewaretoken": "x"}


def a_page(raises: type[Exception], words: str) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise raises(words)

    view.login_required = False  # type: ignore[attr-defined]
    view.access = frozenset({"public"})  # type: ignore[attr-defined]
    return view


urlpatterns = [
    *urlpatterns,
    path("broken/", a_page(RuntimeError, "the secret of the house")),
    path("away/", a_page(OperationalError, "server closed the connection")),
    path("refused/", a_page(ActionDenied, "Only whoever wrote it changes it.")),
    path("busy/", a_page(OperationalError, "database is locked")),
    path("full/", lambda _request: full(), name="full"),
]


def full() -> HttpResponse:
    raise OSError(28, "No space left on device", "/srv/secret")


full_view: Any = urlpatterns[-1].callback
full_view.login_required, full_view.access = False, frozenset({"public"})


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "words", "again"),
    [
        ("/broken/", 500, "Something broke on our side", None),
        ("/away/", 503, "Tactus cannot reach its records", "30"),
        ("/busy/", 503, "Tactus is busy for a moment", "5"),
        ("/full/", 503, "The server has no room to write", "120"),
    ],
)
def test_a_form_that_fails_is_shown_with_what_was_typed_and_may_be_sent_again(
    visitor: Client, address: str, status: int, words: str, again: str | None
) -> None:
    response = visitor.post(f"{address}?tab=2", FORM, **OURS)
    page = response.content.decode()
    assert response.status_code == status
    assert response.get("Retry-After") == again
    assert response["Cache-Control"] == "no-store, private"
    assert words in page
    assert "Pain since &lt;b&gt;Monday&lt;/b&gt; &amp; &quot;worse&quot;" in page
    assert "<b>Monday" not in page
    assert f'action="{address}?tab=2"' in page
    assert f'name="once" value="{"a" * 32}"' in page
    assert 'value="x"' not in page  # the token of the form is a new one
    assert response["X-Request-ID"] in page
    assert "secret" not in page


def test_a_form_that_fails_leads_back_to_the_page_that_it_was_typed_into(visitor: Client) -> None:
    sent_from = {"origin": "http://testserver", "referer": "http://testserver/patients/3/facts/"}
    page = visitor.post("/away/", {"note": NOTE}, headers=sent_from).content.decode()
    assert 'href="/patients/3/facts/" target="_blank"' in " ".join(page.split())
    assert "Try the start page" in visitor.post("/away/", {"note": NOTE}, **OURS).content.decode()


def test_what_was_typed_into_a_form_that_is_refused_stays(visitor: Client) -> None:
    page = visitor.post("/refused/", FORM, **OURS)
    assert page.status_code == 403
    assert "Only whoever wrote it changes it." in page.content.decode()
    assert "Pain since &lt;b&gt;Monday" in page.content.decode()
    assert "Send it again" not in page.content.decode(), "a rule said no, and would say it again"
    assert "it would be refused again" in page.content.decode()


def test_a_step_that_is_refused_leads_back_to_its_page_and_is_no_closed_page(visitor: Client) -> None:
    sent_from = {"origin": "http://testserver", "referer": "http://testserver/patients/3/?kind=a"}
    page = visitor.post("/refused/", headers=sent_from).content.decode()
    assert "This was not done" in page
    assert "This is not open to you" not in page
    assert 'href="/patients/3/?kind=a"' in page


def test_fields_are_named_in_the_language_of_the_page_where_it_has_the_word() -> None:
    with translation.override("ru"):
        assert typed("/x/", {"password": "x", "note": "y"}).lost == ["Пароль"]


def test_a_page_that_was_only_asked_for_shows_no_form(visitor: Client) -> None:
    page = visitor.get("/away/").content.decode()
    assert "What you typed" not in page
    assert "no contraindications. Nothing was saved" in page  # that nothing can be shown, in so many words


@pytest.mark.parametrize(
    "headers", [{}, {"origin": "https://evil.example"}, {"origin": "http://testserver", "sec-fetch-site": "cross-site"}]
)
def test_what_a_foreign_page_sends_is_neither_shown_nor_offered_again(visitor: Client, headers: dict[str, str]) -> None:
    assert NOTE[:11] not in visitor.post("/broken/", FORM, headers=headers).content.decode()
    strict = Client(enforce_csrf_checks=True).post("/appearance/", FORM, headers=headers)
    assert strict.status_code == 403
    assert NOTE[:11] not in strict.content.decode()


def test_a_form_without_a_guard_is_shown_and_not_offered_again(visitor: Client) -> None:
    page = visitor.post("/broken/", {"note": NOTE}, **OURS).content.decode()
    assert "Pain since" in page
    assert "Send it again" not in page


def test_secrets_and_files_are_not_kept_and_keep_the_form_from_being_sent_again(visitor: Client, tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(b"%PDF-canary")
    with file.open("rb") as scan:
        page = visitor.post("/broken/", FORM | {"password": "canary-1", "new_pin": "canary-2", "scan": scan}, **OURS).content.decode()
    assert "canary" not in page
    assert "Password, New pin, Scan" in page
    assert "Send it again" not in page


def test_every_field_for_a_secret_is_known_as_one() -> None:
    def all_forms(kind: type[forms.BaseForm] = forms.BaseForm) -> set[type[forms.BaseForm]]:
        return {kind}.union(*(all_forms(below) for below in kind.__subclasses__()))

    hidden = {
        name
        for form in all_forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field.widget, forms.PasswordInput) or field.widget.attrs.get("autocomplete") == "one-time-code"
    }
    assert "pin" in hidden  # the forms were found
    assert typed("/accounts/x/", dict.fromkeys(hidden | {"secret"}, "canary") | {"note": "x"}).fields == (("note", "x"),)


def typed(address: str, data: dict[str, str]) -> Any:
    return typed_in(RequestFactory().post(address, data, **OURS))


def test_words_that_only_look_like_secrets_are_kept() -> None:
    assert typed("/x/", {"opinion": "1", "spine": "2", "code": "back"}).fields == (("opinion", "1"), ("spine", "2"), ("code", "back"))


def test_a_form_that_expired_is_shown_with_a_new_token_and_can_be_sent_again(signed_in: SignedIn, therapist: Actor) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(therapist.user)
    page = client.post("/patients/new/", FORM | {"family_name": "Weber"}, **OURS)
    assert page.status_code == 403
    assert "Weber" in page.content.decode()
    assert "Send it again" in page.content.decode()


def test_a_form_that_comes_after_the_session_ended_is_kept(visitor: Client) -> None:
    response = visitor.post("/patients/new/", FORM | {"family_name": "Weber"}, **OURS)
    page = response.content.decode()
    assert response.status_code == 401
    assert "You are signed out" in page
    assert "Weber" in page
    assert 'href="/accounts/login/" target="_blank"' in " ".join(page.split())
    assert visitor.post("/patients/new/", FORM).status_code == 302  # nothing says that it was one of our pages


def test_a_form_sent_to_a_locked_screen_is_shown_once_it_is_unlocked_and_not_before(
    signed_in: SignedIn, therapist: Actor, settings: Any
) -> None:
    settings.IDLE_LOCK_MINUTES = 15
    therapist.user.set_password("right-password-1")
    therapist.user.save()
    client = signed_in(therapist)
    session = client.session
    session[locking.USED] = 0
    session.save()
    sent_from = {"origin": "http://testserver", "referer": "http://testserver/patients/new/?from=list"}
    locked = client.post("/patients/new/", FORM | {"family_name": "Weberova"}, headers=sent_from)
    assert locked.status_code == 423
    assert "Weberova" not in locked.content.decode()
    kept = locked.context["kept"]
    wrong = client.post("/lock/", {"secret": "wrong", "kept": kept})
    assert wrong.context["kept"] == kept
    shown = client.post("/lock/", {"secret": "right-password-1", "kept": kept, "next": locked.context["next"]})
    assert shown.status_code == 200
    assert "Weberova" in shown.content.decode()
    assert 'action="/patients/new/"' in shown.content.decode()
    assert 'href="/patients/new/?from=list" target="_blank"' in " ".join(shown.content.decode().split())
    assert "Number of this request" not in shown.content.decode()


def test_what_was_kept_is_only_for_the_person_who_typed_it_and_only_as_it_was() -> None:
    word = packed(typed("/x/", {"note": "Weber"}), 7)
    assert unpacked(word, 7) == typed("/x/", {"note": "Weber"})
    assert unpacked(word, 8) is None
    assert unpacked(word[:-1], 7) is None
    assert unpacked("", 7) is None
    assert packed(None, 7) == ""


def test_a_request_that_cannot_be_read_is_no_second_failure() -> None:
    request = RequestFactory().post("/x/", b"--broken", content_type="multipart/form-data; boundary=", **OURS)
    assert typed_in(request) is None


def test_a_fault_of_a_query_is_a_fault_of_ours() -> None:
    assert breakdown_behind(ValueError("database is locked")) is None
    assert breakdown_behind(OperationalError("database or disk is full")) is Breakdown.ROOM
    assert breakdown_behind(OSError(2, "no such file")) is None
