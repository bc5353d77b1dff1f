"""A clinic of one's own begins by one command, and its administrator is led by what there really is."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from clinic.audit.models import AuditLine
from clinic.home.queries import standing_of
from clinic.home.steps import guide_of
from clinic.schedule.models import Room, Site
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import Actor
from tests.factories import a_member, a_patient

SignedIn = Callable[[Any], Client]
SAID = (
    "--no-input",
    "--name=Birkenhof",
    "--time-zone=Europe/Riga",
    "--language=ru",
    "--country=lv",
    "--admin-name=O B",
    "--admin-email=o@b.test",
)


def test_one_command_opens_a_clinic_and_prints_a_link_that_sets_a_password_once(db: None, capsys: Any) -> None:
    call_command("start_clinic", *SAID)
    clinic, user = Clinic.objects.get(), User.objects.get()
    assert (clinic.name, clinic.time_zone, clinic.country, clinic.language) == ("Birkenhof", "Europe/Riga", "LV", "ru")
    assert (user.full_name, user.language, user.has_usable_password()) == ("O B", "ru", False)
    link = re.search(r"http://[^/]+(/\S+)", capsys.readouterr().out)
    assert link is not None
    client = Client()
    page = client.get(link[1], follow=True)
    new = "A long and quiet passphrase 7"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)
    assert "password1" not in Client().get(link[1], follow=True).content.decode()


@pytest.mark.same_everywhere
def test_it_refuses_where_a_clinic_exists_unless_another_is_meant_and_says_what_is_missing(clinic: Clinic) -> None:
    with pytest.raises(CommandError, match=r"Lindenhof.*--another"):
        call_command("start_clinic", *SAID)
    call_command("start_clinic", "--another", *SAID)
    assert Clinic.objects.count() == 2
    with pytest.raises(CommandError, match="--name, --admin-email must be said"):
        call_command("start_clinic", "--another", "--no-input", "--admin-name=O B")
    with pytest.raises(CommandError):
        call_command("start_clinic", "--another", *(word.replace("Europe/Riga", "Mars/North") for word in SAID))
    assert Clinic.objects.count() == 2


@pytest.mark.same_everywhere
def test_each_step_is_done_by_what_there_is(clinic: Clinic, clinic_admin: Actor) -> None:
    def done() -> set[str]:
        return {step.code for step in guide_of(standing_of(clinic)).steps if step.is_done}

    assert done() == set()
    a_member(clinic=clinic, roles=(Role.THERAPIST, Role.DOCTOR))
    a_patient(clinic=clinic)
    Room.objects.create(clinic=clinic, site=Site.objects.create(clinic=clinic, name="House"), name="1")
    assert done() == {"staff", "doctor", "rooms", "patient"}


def test_the_guide_is_put_away_and_found_again(signed_in: SignedIn, clinic_admin: Actor) -> None:
    client, home = signed_in(clinic_admin), reverse("home:work")
    first = f'href="{reverse("staff-new")}"'
    assert first in client.get(home).content.decode()
    for _twice in range(2):
        client.post(reverse("home:first-steps-away"))
    body = client.get(home).content.decode()
    assert re.search(rf'action="{reverse("home:first-steps-back")}".*?name="csrfmiddlewaretoken" value="\w+".*?Undo', body, re.DOTALL)
    assert first not in body
    assert reverse("home:first-steps") in body
    assert "Undo" not in client.get(home).content.decode()
    client.post(reverse("home:first-steps-back"))
    assert first in client.get(home).content.decode()
    verbs = AuditLine.objects.filter(verb__startswith="guide-").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["guide-put-away", "guide-brought-back"]
