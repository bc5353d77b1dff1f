"""A clinic's own texts and rules: saved as versions, shown for a real booking, nothing typed is lost."""

from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic.audit.models import AuditLine
from clinic.reminders.actions.rules import StaleRules, save_message_rules
from clinic.reminders.actions.sending import drain
from clinic.reminders.actions.texts import OwnWords, StaleText, save_text, use_shipped_text
from clinic.reminders.models import MessageRules, MessageTemplate
from clinic.reminders.queries.composing import newest_templates
from clinic.reminders.queries.texts import Spot, versions_of
from clinic.reminders.rules_page import examples_of
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from tests.clinic.reminders.sending_scene import NOON, Kept, Says, a_reader, says, waiting, way
from tests.factories import PASSWORD, a_clinic, a_patient, an_actor
from tests.schedule_factories import a_booking, a_room

__all__ = ["says", "way"]  # fixtures
pytestmark = pytest.mark.django_db
SPOT = Spot("missed", "email", "en")
WORDS = OwnWords("We missed you", "Please call {phone}\n{stop_link}")
ADDRESS = ("missed", "email", "en")


@pytest.fixture
def admin() -> Actor:
    return an_actor(roles=(Role.ADMIN,))


@pytest.fixture
def at_desk(admin: Actor, client: Client) -> Client:
    assert client.login(username=admin.user.email, password=PASSWORD)
    return client


def save(actor: Actor, body: str, *, seen: int) -> MessageTemplate:
    return save_text(spot=SPOT, words=OwnWords("Hello", body), seen=seen, example=str, actor=actor)


def test_each_save_is_a_version_and_the_shipped_text_is_one_step_away(admin: Actor) -> None:
    save(admin, "One {stop_link}", seen=0)
    save(admin, "Two {stop_link}", seen=1)
    assert save(admin, "Two {stop_link}", seen=2).version == 2, "the same words again are no new version"
    assert newest_templates([admin.clinic.pk])[admin.clinic.pk, *ADDRESS].body == "Two {stop_link}"
    use_shipped_text(spot=SPOT, seen=2, actor=admin)
    use_shipped_text(spot=SPOT, seen=3, actor=admin)
    assert newest_templates([admin.clinic.pk]) == {}
    assert [each.saved.version for each in versions_of(admin.clinic, SPOT)] == [3, 2, 1]
    verbs = AuditLine.objects.filter(subject_type="reminders.messagetemplate").order_by("sequence").values_list("verb", flat=True)
    assert list(verbs) == ["saved-message-text", "saved-message-text", "used-shipped-text"]
    assert newest_templates([a_clinic().pk]) == {}


def test_who_did_not_see_the_newest_version_does_not_replace_it(admin: Actor) -> None:
    save(admin, "One {stop_link}", seen=0)
    for late in (lambda: save(admin, "Two {stop_link}", seen=0), lambda: use_shipped_text(spot=SPOT, seen=0, actor=admin)):
        with pytest.raises(StaleText, match="has saved version 1"):
            late()
    with pytest.raises(ActionDenied):
        save(an_actor(clinic=admin.clinic), "Mine {stop_link}", seen=1)
    assert MessageTemplate.objects.count() == 1


@pytest.mark.same_everywhere
def test_nothing_typed_is_lost_and_each_fault_is_named(at_desk: Client) -> None:
    address = reverse("reminders:text", args=ADDRESS)
    wrong = {"subject": "Your scoliosis", "body": "Dear {name}, until then", "version": "0"}
    page = at_desk.post(address, wrong)
    text = page.content.decode()
    assert page.status_code == 422
    for words in ("“scoliosis”", "Not a placeholder: {name}", "{stop_link} is missing", "Dear {name}, until then", "Your scoliosis"):
        assert words in text
    assert not MessageTemplate.objects.exists()
    done = at_desk.post(address, {"subject": WORDS.subject, "body": WORDS.body, "version": "0"}, follow=True)
    assert "Version 1 is saved" in done.content.decode()
    stale = at_desk.post(address, {"subject": "Other", "body": "Other {stop_link}", "version": "0"})
    assert (stale.status_code, "has saved version 1 meanwhile" in stale.content.decode()) == (422, True)
    assert 'name="version" value="1"' in stale.content.decode()


@pytest.mark.same_everywhere
def test_a_text_is_shown_for_a_real_booking_before_it_is_saved(at_desk: Client, admin: Actor) -> None:
    patient = a_patient(clinic=admin.clinic, family_name="Canarova")
    room = a_room(clinic=admin.clinic)
    first = a_booking(patient=patient, therapist=admin.user, room=room, day=date(2027, 3, 16), clock=time(9, 15))
    a_booking(patient=patient, therapist=admin.user, room=room, day=date(2027, 3, 18), clock=time(11))
    typed = {"subject": "Hello", "body": "See you {day} at {time} {stop_link}", "version": "0", "look": "1"}
    address = reverse("reminders:text", args=ADDRESS)
    newest = at_desk.post(address, typed)
    assert (newest.status_code, "See you Thursday, 18 March at 11:00" in newest.content.decode()) == (200, True)
    chosen = at_desk.post(address, typed | {"booking": str(first.pk)}, headers={"HX-Request": "true"}).content.decode()
    assert "See you Tuesday, 16 March at 09:15" in chosen
    assert ("<html" in chosen, "Canarova" in chosen) == (False, False)
    elsewhere = at_desk.get(address, {"booking": "99999999"}).content.decode()
    assert "There is no booking with this number" in elsewhere
    assert not MessageTemplate.objects.exists()


def test_a_version_is_shown_beside_the_one_before_it(at_desk: Client, admin: Actor) -> None:
    save(admin, "One line\nStays {stop_link}", seen=0)
    save(admin, "Another line\nStays {stop_link}", seen=1)
    page = at_desk.get(reverse("reminders:text-version", args=(*ADDRESS, 2))).content.decode()
    assert ("<del>One line</del>" in page, "<ins>Another line</ins>" in page, "<ins>Stays" in page) == (True, True, False)
    assert "What is different from the shipped text" in at_desk.get(reverse("reminders:text-version", args=(*ADDRESS, 1))).content.decode()
    at_desk.post(reverse("reminders:text-shipped", args=ADDRESS), {"version": "2"})
    assert "back to the shipped text" in at_desk.get(reverse("reminders:text", args=ADDRESS)).content.decode()
    assert at_desk.get(reverse("reminders:text", args=("nothing", "email", "en"))).status_code == 404


def told(rules: MessageRules) -> list[str]:
    return [each.sentence for each in examples_of(rules, NOON.date())]


@pytest.mark.same_everywhere
def test_rules_say_by_example_when_a_session_is_reminded_of(admin: Actor) -> None:
    rules = MessageRules(clinic=admin.clinic)
    assert told(rules)[0] == "A session on Tuesday at 10:00 is reminded of on Monday at 18:00 and on Tuesday at 08:00."
    assert told(rules)[1] == "A session on Tuesday at 08:00 is reminded of on Monday at 18:00 and on Monday at 20:30."
    rules.day_before_at = rules.hours_before = None
    assert told(rules)[0] == "A session on Tuesday at 10:00 is not reminded of."


RULES: dict[str, Any] = {
    "short_name": "Haus Linde", "phone": "+49 30 1234567", "day_before_at": "17:00", "hours_before": "3", "next_morning_at": "09:30",
    "grace_minutes": "5", "quiet_from": "21:00", "quiet_until": "08:00", "staff_at": "17:00",
    "kinds_on": ["dates", "missed"], "version": "0",
}  # fmt: skip


def test_rules_are_tried_saved_and_change_what_waits(at_desk: Client, admin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    replanned: list[int] = []
    monkeypatch.setattr("clinic.reminders.actions.rules.replan_all", lambda **asked: replanned.append(asked["clinic"].pk))
    address = reverse("reminders:rules")
    look = at_desk.post(address, RULES | {"look": "1"}).content.decode()
    assert ("on Monday at 17:00 and on Tuesday at 07:00" in look, "Not saved yet" in look) == (False, True)
    assert ("on Monday at 17:00 and on Monday at 20:30" in look, MessageRules.objects.exists()) == (True, False)
    assert at_desk.post(address, RULES).status_code == 303
    rules = MessageRules.objects.get(clinic=admin.clinic)
    assert (rules.short_name, rules.day_before_at, rules.version, replanned) == ("Haus Linde", time(17), 1, [admin.clinic.pk])
    assert {"home", "tomorrow"} <= set(rules.kinds_off)
    assert not {"dates", "missed", "reminder-day"} & set(rules.kinds_off)
    assert at_desk.post(address, RULES).status_code == 422, "somebody saved meanwhile"
    assert at_desk.post(address, RULES | {"version": "1"}).status_code == 303
    assert (MessageRules.objects.get().version, len(replanned)) == (1, 1), "nothing new changes nothing"


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("short_name", "Spine Centre", "“Spine”"),
        ("short_name", "Back Clinic", "“Back”"),
        ("phone", "call us", "telephone number with its digits"),
        ("day_before_at", "22:00", "quiet hours below"),
        ("grace_minutes", "61", "less than or equal to 60"),
        ("kinds_on", ["nothing"], "nothing is not one of the available choices"),
    ],
)
def test_rules_that_cannot_hold_are_refused_with_what_was_typed(at_desk: Client, name: str, value: Any, sentence: str) -> None:
    page = at_desk.post(reverse("reminders:rules"), RULES | {name: value})
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "Haus Linde" in page.content.decode() or name == "short_name"
    assert not MessageRules.objects.exists()


@pytest.mark.same_everywhere
def test_only_those_who_deal_with_messages_set_rules(admin: Actor) -> None:
    with pytest.raises(ActionDenied):
        save_message_rules(values={}, seen=0, now=NOON, actor=an_actor(clinic=admin.clinic))
    with pytest.raises(StaleRules):
        save_message_rules(values={}, seen=7, now=NOON, actor=admin)


def test_an_own_text_that_can_be_filled_no_more_leaves_the_shipped_one_and_is_shown(
    admin: Actor, at_desk: Client, way: type[Kept], says: Says
) -> None:
    """Its placeholders may be gone with a new release: nobody goes without a message for that."""
    spot = {"code": "missed", "channel": "email", "language": "en"}
    MessageTemplate.objects.create(
        clinic=admin.clinic, **spot, version=1, subject="Missed", body="Call {fax}\n{stop_link}", made_by=admin.user
    )
    message = waiting(a_reader(clinic=admin.clinic))
    assert drain(now=NOON).sent == 1
    message.refresh_from_db()
    assert message.template is None
    assert "{" not in way.letters[0].body
    assert way.letters[0].body
    for name in ("texts", "health"):
        assert "shipped one is sent" in at_desk.get(reverse(f"reminders:{name}")).content.decode()
    page = at_desk.get(reverse("reminders:text", args=ADDRESS)).content.decode()
    assert "cannot be filled any more" in page
    assert "Call {fax}" in page
