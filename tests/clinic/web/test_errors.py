import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from clinic.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401  # Django reads them from this module
from clinic.web import views

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the secret of the house")


_broken.login_required = False  # type: ignore[attr-defined]
_broken.access = frozenset({"public"})  # type: ignore[attr-defined]
urlpatterns = [*urlpatterns, path("broken/", _broken)]


def test_a_page_that_does_not_exist_says_what_to_do_and_looks_like_ours(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert b"There is no such page here" in response.content
    assert b"css/app.css" in response.content


def test_a_failure_shows_our_page_and_nothing_of_the_failure():
    client = Client(raise_request_exception=False)
    response = client.get("/broken/")
    assert response.status_code == 500
    assert b"was not saved" in response.content
    assert b"secret of the house" not in response.content
    assert b"Traceback" not in response.content


@override_settings(ALLOWED_HOSTS=["only.example"])
def test_a_request_that_cannot_be_read_gets_our_page():
    response = Client(raise_request_exception=False).get("/accounts/login/")
    assert response.status_code == 400
    assert b"could not be read" in response.content


@pytest.mark.parametrize("charset", ["hex", "utf-16"])
def test_a_form_in_letters_that_are_none_gets_our_page(charset):
    said = b'--x\r\nContent-Disposition: form-data; name="theme"\r\n\r\ndark\r\n--x--\r\n'
    client = Client(raise_request_exception=False)
    response = client.generic("POST", "/appearance/", said, content_type=f"multipart/form-data; boundary=x; charset={charset}")
    assert response.status_code == 400
    assert b"could not be read" in response.content
    assert client.generic("POST", "/appearance/", said, content_type="multipart/form-data; boundary=x; charset=UTF-8").status_code == 303


def test_what_can_be_no_key_of_a_session_is_never_asked_for(client, django_assert_num_queries):
    with django_assert_num_queries(0):  # PostgreSQL answers the first with an error
        for key in (r'"\000aaaaaaaaaaaaaaa"', "a" * 41, "AAAAAAAAAAAAAAAA"):
            assert client.get("/accounts/login/", headers={"cookie": f"sessionid={key}"}).status_code == 200


def test_a_form_that_was_open_too_long_says_that_nothing_was_saved():
    response = Client(enforce_csrf_checks=True).post("/appearance/", {"theme": "dark"})
    assert response.status_code == 403
    assert b"This form had expired" in response.content


def test_a_refusal_shows_its_sentence():
    response = views.permission_denied(RequestFactory().get("/"), PermissionError("Only the doctor may sign."))
    assert response.status_code == 403
    assert b"Only the doctor may sign." in response.content
