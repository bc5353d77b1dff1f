"""Hostile requests to every address (F51), small: the same as ``manage.py verify fuzz``, which sends fifty thousand."""

from collections.abc import Callable
from typing import Any

import pytest

from clinic.proofs import proving_fuzz
from clinic.proofs.fuzz_pages import Scene, read_names
from clinic.staff.models import Clinic
from tests.factories import a_clinic
from tests.trust import fuzz_scenes
from tests.trust.asking import Browser


@pytest.mark.django_db
@pytest.mark.slow
def test_nothing_hostile_makes_an_address_fail_or_say_markup_again(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    said: list[str] = []
    holds = proving_fuzz.proved({"seed": 1, **proving_fuzz.REDUCED}, said.append)
    assert holds, "\n".join(said)
    assert any("addresses did their work at least once" in line for line in said)
    assert said[-1] == "Controls: a view that fails is found, a page that reflects is found."


def test_the_fuzz_knows_what_is_read_of_a_request() -> None:
    assert {"q", "page", "therapist", "language", "part"} <= read_names()


@pytest.mark.django_db
@pytest.mark.same_everywhere
@pytest.mark.parametrize("own", fuzz_scenes.OWN)
def test_the_records_of_the_fuzz_are_there_for_whoever_may_see_them(own: Callable[[Clinic], Scene]) -> None:
    scene = own(a_clinic())
    asks = Browser(dict(pair.split("=", 1) for cookie in scene.people.values() if cookie for pair in cookie.split("; "))).ask
    assert scene.known.addresses
    for name, (path,) in scene.known.addresses.items():
        if name != "intake-link:thanks":  # there for who has sent the form
            with fuzz_scenes.taken_back():
                assert 404 not in {asks(method, path).status_code for method in ("GET", "POST")}, name
