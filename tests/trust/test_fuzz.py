"""Hostile requests to every address (F51), small: the same as ``manage.py verify fuzz``, which sends fifty thousand."""

from typing import Any

import pytest

from clinic.proofs import proving_fuzz
from clinic.proofs.fuzz_pages import read_names


@pytest.mark.django_db
@pytest.mark.slow
def test_nothing_hostile_makes_an_address_fail_or_say_markup_again(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    said: list[str] = []
    holds = proving_fuzz.proved({"seed": 1, **proving_fuzz.REDUCED}, said.append)
    assert holds, "\n".join(said)
    assert said[-1] == "Controls: a view that fails is found, a page that reflects is found."


def test_the_fuzz_knows_what_is_read_of_a_request() -> None:
    assert {"q", "page", "therapist", "language", "part"} <= read_names()
