"""The links of messages: nobody makes, changes or lends one, and a link of one purpose opens nothing of another."""

import base64
import random
import string
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from clinic.reminders.links import address_for, behind, is_sealed, link_for, token_for
from clinic.reminders.models import Message
from clinic.reminders.states import Kind, Purpose
from patients.models import Patient
from tests.clinic.reminders.answering_scene import a_date, a_message
from tests.factories import a_patient

LETTERS = string.ascii_letters + string.digits + "-_"
GUESSES = 100_000
NOON = datetime(2027, 3, 10, 11, tzinfo=UTC)


def unkept(**fields: Any) -> Message:
    """A message that no database knows."""
    values: dict[str, Any] = {"pk": 70_000, "user_id": 3, "kind": Kind.UNSIGNED, "not_after": NOON}
    return Message(**values | fields)


def test_of_many_guesses_at_the_seal_of_a_known_message_none_opens() -> None:
    message, chance = unkept(), random.Random(7)  # noqa: S311  # guesses, not secrets
    before = token_for(message, Purpose.ANSWER)[:-27]
    guesses = (before + base64.urlsafe_b64encode(chance.randbytes(20)).decode().rstrip("=") for _guess in range(GUESSES))
    assert not any(is_sealed(guess, message, Purpose.ANSWER) for guess in guesses)


def test_one_character_changed_at_any_place_opens_nothing() -> None:
    message = unkept()
    token = token_for(message, Purpose.ANSWER)
    assert is_sealed(token, message, Purpose.ANSWER)
    changed = {token[:place] + other + token[place + 1 :] for place in range(len(token)) for other in LETTERS} - {token}
    assert len(changed) == len(token) * (len(LETTERS) - 1)
    assert not any(is_sealed(each, message, Purpose.ANSWER) for each in changed)
    assert not any(is_sealed(each, message, Purpose.ANSWER) for each in (token[:-1], token + "A", token + "=", " " + token, "0" + token))


def test_a_link_is_for_one_purpose_one_message_and_one_recipient() -> None:
    message = unkept()
    token = token_for(message, Purpose.STOP)
    assert not is_sealed(token, message, Purpose.ANSWER)
    assert not is_sealed(token, unkept(pk=70_001), Purpose.STOP)
    assert not is_sealed(token, unkept(user_id=4), Purpose.STOP)


def test_a_new_key_lets_older_links_open_as_long_as_the_old_key_is_known(settings: Any) -> None:
    message, old = unkept(), settings.SECRET_KEY
    token = token_for(message, Purpose.ANSWER)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of fifty characters, and then some more", [old]
    assert is_sealed(token, message, Purpose.ANSWER)
    assert token_for(message, Purpose.ANSWER) != token
    settings.SECRET_KEY_FALLBACKS = []
    assert not is_sealed(token, message, Purpose.ANSWER)


def test_it_is_short_enough_for_a_text_message_and_stands_behind_the_address_of_the_installation(settings: Any) -> None:
    settings.PUBLIC_URL = "https://tactus.clinic.example"
    message = unkept(pk=9_999_999)
    assert address_for(message, Purpose.ANSWER).startswith("https://tactus.clinic.example/r/")
    assert len(link_for(message, Purpose.ANSWER)) <= 40


@pytest.mark.first_everywhere
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "purpose", "opens", "is_over"),
    [
        (Kind.REMINDER_DAY, Purpose.ANSWER, timedelta(minutes=29), timedelta(minutes=91)),  # with the session, to the full hour
        (Kind.NEXT_MORNING, Purpose.ANSWER, timedelta(hours=35), timedelta(hours=38)),
        (Kind.DATES, Purpose.ANSWER, timedelta(days=89), timedelta(days=91)),
        (Kind.REMINDER_DAY, Purpose.STOP, timedelta(days=89), timedelta(days=91)),
    ],
)
def test_a_link_opens_until_its_time_is_over(kind: str, purpose: str, opens: timedelta, is_over: timedelta) -> None:
    with time_machine.travel(NOON - timedelta(minutes=30), tick=False) as clock:
        booking = a_date(day=NOON.date())
        type(booking).objects.filter(pk=booking.pk).update(starts_at=NOON, ends_at=NOON + timedelta(minutes=30), free_at=NOON + is_over)
        booking.refresh_from_db()
        token, made = token_for(a_message(booking, kind=kind), purpose), NOON - timedelta(minutes=30)
        clock.move_to(made + opens)
        assert [purpose] == [opened[1] for opened in (behind(token),) if opened]
        clock.move_to(made + is_over)
        assert behind(token) is None


@pytest.mark.django_db
def test_it_still_opens_when_the_record_of_the_patient_was_merged_into_another() -> None:
    message = a_message()
    token, kept = token_for(message, Purpose.ANSWER), a_patient(clinic=message.clinic)
    Patient.objects.filter(pk=message.patient_id or 0).update(merged_into=kept)
    Message.objects.filter(pk=message.pk).update(patient=kept)
    assert behind(token) == (message, Purpose.ANSWER)


@pytest.mark.django_db
def test_whatever_is_wrong_with_an_address_it_opens_one_and_the_same_page(client: Client) -> None:
    token, chance = token_for(a_message(), Purpose.ANSWER), random.Random(11)  # noqa: S311
    with time_machine.travel(datetime.now(UTC) - timedelta(days=40)):
        over = token_for(a_message(a_date(day=(datetime.now(UTC) + timedelta(days=3)).date())), Purpose.ANSWER)
    guessed = ["".join(chance.choices(LETTERS, k=len(token))) for _guess in range(40)]
    wrong = [over, token[:-1] + ("A" if token[-1] != "A" else "B"), "zz" + token, "x", "0" * 300, token.upper(), *guessed]
    answers = {(page.status_code, page.content, page["Referrer-Policy"]) for page in (client.get(f"/r/{each}/") for each in wrong)}
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404
