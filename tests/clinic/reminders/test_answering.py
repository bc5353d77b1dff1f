"""What a patient says by a link is kept once, changes no date by itself, and reaches whoever must act."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from clinic.audit.models import AuditLine
from clinic.reminders import sources
from clinic.reminders.actions import answering
from clinic.reminders.actions.answering import AnsweredAlready, NotThisDate
from clinic.reminders.links import link_for
from clinic.reminders.models import Answer, Message, MessageRules
from clinic.reminders.queries.answers import newest_word, those_who_cannot_come
from clinic.reminders.queries.channels import channels_of
from clinic.reminders.states import Kind, Purpose
from clinic.schedule.models import Booking
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied
from patients.models import MessageConsent
from tests.clinic.reminders.answering_scene import a_date, a_message, behind_us
from tests.factories import a_patient, an_actor
from tests.trust.test_access_matrix import written
from tests.trust.test_two_at_the_same_moment import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def times() -> Iterator[list[tuple[date, time]]]:
    """Three other free times, whatever the booking."""
    kept, free = list(sources._times), [(timezone.localdate() + timedelta(days=ahead), time(9, 30)) for ahead in (3, 4, 5)]
    sources.offer_times_with(lambda _booking, _now: free)
    yield free
    sources._times[:] = kept


@pytest.fixture
def pains() -> Iterator[list[int]]:
    """What reaches the plan; 9 is refused there."""
    kept, found = list(sources._pain), list[int]()

    def keep(_message: Message, pain: int, _now: datetime) -> None:
        if pain == 9:
            raise ActionDenied("not open")
        found.append(pain)

    sources.keep_pain_with(keep)
    yield found
    sources._pain[:] = kept


def word_on(booking: int) -> str | None:
    """What was said last of this date and holds."""
    found: str | None = Booking.objects.filter(pk=booking).values_list(newest_word(), flat=True).get()
    return found


def said(message: Message) -> list[str]:
    return list(Answer.objects.filter(message=message).values_list("kind", flat=True))


def confirm(message: Message) -> Answer:
    assert message.booking
    return answering.confirm(message, asked=message.booking.starts_at, now=timezone.now())


def cannot_come(message: Message) -> Answer:
    assert message.booking
    return answering.cannot_come(message, asked=message.booking.starts_at, now=timezone.now())


def test_a_mail_scanner_that_opens_every_link_changes_nothing(client: Client) -> None:
    message = a_message()
    with written() as statements:
        for purpose in Purpose:
            for look in (client.get, client.head, client.get):
                assert look(link_for(message, purpose), headers={"purpose": "prefetch"}).status_code == 200
    assert statements == []


def test_who_cannot_come_is_told_to_the_desk_and_the_date_stays(times: list[tuple[date, time]]) -> None:
    booking = a_date()
    admin, before = an_actor(clinic=booking.clinic, roles=(Role.ADMIN,)), Booking.objects.filter(pk=booking.pk).values().get()
    answer = cannot_come(a_message(booking))
    answering.add_suits(answer.message, suits=[*times, *times, (date(1999, 1, 1), time(9))], now=timezone.now())
    assert Booking.objects.filter(pk=booking.pk).values().get() == before, "nothing is freed"
    (waiting,) = those_who_cannot_come(booking.clinic)
    assert [each["day"] for each in waiting.suits] == [day.isoformat() for day, _clock in times]
    assert Message.objects.filter(kind=Kind.CANNOT_COME, user=admin.user).count() == 1
    assert word_on(booking.pk) == "cannot-come"
    line = AuditLine.objects.order_by("-sequence")[0]
    assert (line.verb, line.user, line.clinic) == ("cannot-come", None, booking.clinic)


def test_a_link_is_answered_once_and_the_second_time_tells_what_was_said() -> None:
    message = a_message()
    first = confirm(message)
    with pytest.raises(AnsweredAlready) as again:
        cannot_come(message)
    assert (again.value.answer, said(message)) == (first, ["confirmed"])


def test_a_later_reminder_asks_again_and_the_newest_word_holds() -> None:
    booking = a_date()
    cannot_come(a_message(booking))
    confirm(a_message(booking, kind="reminder-hours"))
    assert word_on(booking.pk) == "confirmed"
    assert not those_who_cannot_come(booking.clinic).exists(), "nobody need act any more"


def test_a_date_that_has_moved_was_given_up_or_has_begun_cannot_be_answered_as_it_was() -> None:
    moved, off, begun = (a_message(a_date()) for _message in range(3))
    asked = {each.pk: each.booking.starts_at for each in (moved, off, begun) if each.booking}
    Booking.objects.filter(pk=moved.booking_id or 0).update(starts_at=asked[moved.pk] - timedelta(hours=1))
    Booking.objects.filter(pk=off.booking_id or 0).update(
        state="released", is_taken=False, released_at=timezone.now(), release_reason="other"
    )
    behind_us(begun.booking)  # type: ignore[arg-type]
    for message in (moved, off, begun):
        with pytest.raises(NotThisDate):
            answering.confirm(message, asked=asked[message.pk], now=timezone.now())
    assert not Answer.objects.exists()


def test_a_date_that_was_moved_or_given_up_needs_nobody_any_more() -> None:
    answer = cannot_come(a_message())
    answering.bookings_changed("booked", [answer.booking_id or 0])
    assert those_who_cannot_come(answer.clinic).exists()
    answering.bookings_changed("moved", [answer.booking_id or 0])
    answer.refresh_from_db()
    assert (answer.handled, answer.handled_by) == ("moved", None)


def test_somebody_deals_with_it_once_and_only_who_may() -> None:
    answer = cannot_come(a_message())
    admin, therapist = (an_actor(clinic=answer.clinic, roles=(role,)) for role in (Role.ADMIN, Role.THERAPIST))
    with pytest.raises(ActionDenied):
        answering.deal_with(answer, handled="stays", actor=therapist, now=timezone.now())
    with pytest.raises(ActionDenied):
        answering.deal_with(answer, handled="moved", actor=admin, now=timezone.now())
    for way in ("stays", "nothing"):
        answering.deal_with(answer, handled=way, actor=admin, now=timezone.now())
    answer.refresh_from_db()
    assert (answer.handled, answer.handled_by) == ("stays", admin.user)
    assert word_on(answer.booking_id or 0) is None, "the date stays: it is not marked any more"


def test_the_next_morning_is_told_once_from_0_to_10_and_reaches_the_plan(pains: list[int]) -> None:
    message, refused = a_message(kind=Kind.NEXT_MORNING), a_message(kind=Kind.NEXT_MORNING)
    answering.answer_pain(message, pain=0, now=timezone.now())
    with pytest.raises(AnsweredAlready):
        answering.answer_pain(message, pain=4, now=timezone.now())
    with pytest.raises(ValueError, match="0 to 10"):
        answering.answer_pain(refused, pain=11, now=timezone.now())
    with pytest.raises(ActionDenied):
        answering.answer_pain(refused, pain=9, now=timezone.now())
    assert (pains, said(refused)) == ([0], [])


def test_no_more_messages_is_the_patient_s_own_word_and_calls_stay_as_they_were() -> None:
    booking = a_date(patient=a_patient(email="somebody@example.org", phone="+49 555 0100"))
    clerk = an_actor(clinic=booking.clinic).user
    for channel in ("email", "sms", "phone"):
        MessageConsent.objects.create(
            patient=booking.patient, channel=channel, is_given=True, said_on=date(2027, 1, 4), recorded_by=clerk
        )  # fmt: skip
    answering.stop(a_message(booking), channels=["email", "phone", "carrier pigeon"], now=timezone.now())
    newest = {each.channel: each for each in MessageConsent.objects.filter(patient=booking.patient).order_by("pk")}
    assert {channel: each.is_given for channel, each in newest.items()} == {"email": False, "sms": True, "phone": True}
    assert (newest["email"].recorded_by, newest["email"].said_on) == (None, booking.clinic.today())
    assert channels_of([booking.patient]) == {booking.patient_id: ("sms",)}


@pytest.mark.django_db(transaction=True)
def test_of_several_answers_at_one_moment_exactly_one_is_kept() -> None:
    message = a_message()
    an_actor(clinic=message.clinic, roles=(Role.ADMIN,))
    ends = at_once(lambda: confirm(message), lambda: cannot_come(message), lambda: confirm(message), lambda: cannot_come(message))
    assert (ends.count("done"), sum("AnsweredAlready" in end for end in ends)) == (1, 3)
    assert len(said(message)) == 1


# The pages -----------------------------------------------------------------------------------------------------------------------
def a_page(client: Client, message: Message, purpose: str = Purpose.ANSWER, **more: Any) -> str:
    page = client.get(link_for(message, purpose), **more)
    assert page.status_code == 200
    return str(page.content.decode())


def test_a_page_works_without_a_log_in_and_without_a_session_and_its_form_is_protected() -> None:
    browser, message = Client(enforce_csrf_checks=True), a_message()
    address = link_for(message, Purpose.ANSWER)
    assert browser.post(address, {"answer": "confirmed"}).status_code == 403
    page = browser.get(address)
    assert page["Cache-Control"] == "no-store, private"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "same-origin"
    stamp, key = page.context["place"].stamp, page.context["csrf_token"]
    sent = browser.post(address, {"answer": "confirmed", "for": stamp, "csrfmiddlewaretoken": str(key)})
    assert (sent.status_code, said(message)) == (303, ["confirmed"])
    assert set(browser.cookies) == {"csrftoken"}
    assert "We expect you" in browser.get(sent["Location"]).content.decode()


@pytest.mark.same_everywhere
def test_the_page_tells_when_where_and_by_whose_clock_and_nothing_of_the_patient(client: Client) -> None:
    booking = a_date(patient=a_patient(family_name="Canarova", given_name="Canaria", phone="+49 555 0199"), clock=time(15, 20))
    MessageRules.objects.create(clinic=booking.clinic, short_name="The house", phone="+49 30 5550100")
    page = a_page(client, a_message(booking))
    assert all(words in page for words in ("15:20", booking.room.site.name, "Berlin", "The house", 'href="tel:+49305550100"'))
    assert not any(canary in page for canary in ("Canar", "0199", booking.room.name, booking.clinic.name, booking.therapist.full_name))


@pytest.mark.same_everywhere
def test_it_speaks_the_recipient_s_language_and_the_other_one_when_asked(client: Client) -> None:
    message = a_message(language="ru")
    assert '<html lang="ru"' in a_page(client, message, headers={"accept-language": "en"})
    assert '<html lang="en"' in client.get(f"{link_for(message, Purpose.ANSWER)}?language=en").content.decode()


def test_a_date_that_moved_is_shown_as_it_is_now_and_the_answer_is_about_that(client: Client) -> None:
    message = a_message()
    assert message.booking
    told, now_at = message.booking.starts_at, message.booking.starts_at + timedelta(days=1)
    Booking.objects.filter(pk=message.booking_id or 0).update(
        starts_at=now_at, ends_at=now_at + timedelta(minutes=30), free_at=now_at + timedelta(minutes=35), day=now_at.date()
    )
    client.post(link_for(message, Purpose.ANSWER), {"answer": "confirmed", "for": int(told.timestamp())})
    assert said(message) == []
    assert "This date has moved. It is now:" in a_page(client, message)
    client.post(link_for(message, Purpose.ANSWER), {"answer": "confirmed", "for": int(now_at.timestamp())})
    assert said(message) == ["confirmed"]


def test_who_cannot_come_may_tick_times_that_would_suit(client: Client, times: list[tuple[date, time]]) -> None:
    message = a_message()
    address, page = link_for(message, Purpose.ANSWER), ""
    assert message.booking
    client.post(address, {"answer": "cannot-come", "for": int(message.booking.starts_at.timestamp())})
    page = a_page(client, message)
    assert page.count('type="checkbox"') == len(times)
    assert "has not been cancelled" in page
    tomorrow = timezone.localdate() + timedelta(days=1)
    client.post(address, {"suits": [f"{tomorrow} 09:30", "tomorrow", "9999-99-99 99:99"]})
    assert Answer.objects.get().suits == [{"day": tomorrow.isoformat(), "clock": "09:30"}]
    assert "would suit you" in a_page(client, message)


def test_the_link_of_a_digest_shows_the_dates_to_come_and_a_calendar_reads_them(client: Client) -> None:
    first = a_date()
    a_date(clinic=first.clinic, patient=first.patient, clock=time(16))
    a_date(clinic=first.clinic, clock=time(17))
    message = a_message(first, kind=Kind.DATES, about=f"patient:{first.patient_id}")
    page = a_page(client, message)
    assert all(clock in page for clock in ("10:00", "16:00"))
    assert "17:00" not in page, "of somebody else"
    file = client.get(reverse("answer:calendar", args=[link_for(message, Purpose.ANSWER).split("/")[2]]))
    events: list[Any] = list(Calendar.from_ical(file.content).walk("VEVENT"))
    assert [event.start.astimezone(UTC) for event in events] == [first.starts_at, first.starts_at + timedelta(hours=6)]


@pytest.mark.same_everywhere
def test_the_question_has_eleven_keys_and_no_clinical_word(client: Client, pains: list[int]) -> None:
    message = a_message(kind=Kind.NEXT_MORNING)
    page = a_page(client, message)
    assert page.count('class="answer-mark-key') == 11
    assert not any(word in page.lower() for word in ("pain", "massage", "treatment", "muscle"))
    client.post(link_for(message, Purpose.ANSWER), {"answer": "11"})
    client.post(link_for(message, Purpose.ANSWER), {"answer": "3"})
    assert pains == [3]
    assert "Thank you" in (page := a_page(client, message))
    assert "call us today" not in page
    strong = a_message(kind=Kind.NEXT_MORNING, about="record:2")
    client.post(link_for(strong, Purpose.ANSWER), {"answer": "7"})
    assert "Please call us today" in a_page(client, strong), "nobody waits with this until the next date"
