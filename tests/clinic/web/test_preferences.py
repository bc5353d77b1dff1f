import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def test_a_theme_chosen_before_sign_in_stays_on_this_device(client):
    response = client.post(reverse("appearance"), {"theme": "dark", "next": LOGIN})
    assert (response.status_code, response["Location"]) == (303, LOGIN)
    assert 'data-bs-theme="dark"' in client.get(LOGIN).content.decode()


def test_an_unknown_theme_or_language_changes_nothing(client):
    client.post(reverse("appearance"), {"theme": "pink", "language": "tlh"})
    page = client.get(LOGIN).content.decode()
    assert 'data-bs-theme="system"' in page
    assert 'lang="en"' in page


def test_a_forged_cookie_is_not_written_into_the_page(client):
    client.cookies["theme"] = '"><script>'
    assert 'data-bs-theme="system"' in client.get(LOGIN).content.decode()


def test_the_language_of_the_pages_can_be_chosen_before_sign_in(client):
    client.post(reverse("appearance"), {"language": "ru", "next": LOGIN})
    assert '<html lang="ru"' in client.get(LOGIN).content.decode()


def test_a_signed_in_person_keeps_theme_and_language(client, therapist):
    client.force_login(therapist.user)
    client.post(reverse("appearance"), {"theme": "light", "language": "ru"})
    therapist.user.refresh_from_db()
    assert (therapist.user.theme, therapist.user.language) == ("light", "ru")


@pytest.mark.same_everywhere
@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_choosing_colours_never_leads_to_another_site(client, target):
    assert client.post(reverse("appearance"), {"theme": "dark", "next": target})["Location"] == "/"


def test_looking_changes_nothing(client):
    assert client.get(reverse("appearance")).status_code == 405
