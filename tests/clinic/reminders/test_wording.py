"""The words of messages: shipped texts are sound and fit, numbers have their words, what has nothing to say is left out."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from clinic.reminders.examples import Draft, Someone, example_fields
from clinic.reminders.fields import MOVED, NEW, OFF, DateLine, Fields
from clinic.reminders.models import Message, MessageRules
from clinic.reminders.neutral import clinical_words, name_of, neutral_place
from clinic.reminders.placeholders import ready
from clinic.reminders.shipped import Shipped, shipped
from clinic.reminders.states import Channel, Kind, Text
from clinic.reminders.text_faults import LATIN, OTHER, faults_of, is_for_staff, sms_length, sms_limit
from clinic.reminders.wording import compose
from clinic.staff.models import Clinic, Language
from protocols.editions.actions import keep_edition
from protocols.editions.addresses import entries_of, with_changes
from protocols.editions.content import EditionContent, shipped_content
from protocols.shelf import shipped_names
from tests.each import of_each

NAMED = "ru/conditions:conditions/neck-collar"  # what a condition is called in Russian

BERLIN = Clinic(pk=1, name="PhysioHaus am Lindenpark", time_zone="Europe/Berlin", country="DE")
RULES = MessageRules(clinic=BERLIN, phone="+49 30 1234567")
PLACES = ["Haus am Park, Parkstr. 5, Berlin"]
SPOTS = [(code, channel, language) for code in Text.values for channel in Channel.values for language in Language.values]


def line(number: int, mark: str = "", was: tuple[date, time] | None = None, **more: Any) -> DateLine:
    day = date(2026, 12, 1) + timedelta(days=number)
    place: dict[str, Any] = {"site": 1, "place": PLACES[0]} | more
    return DateLine(number, datetime(2026, 12, 1, 9, tzinfo=UTC) + timedelta(days=number), day, time(10), mark=mark, was=was, **place)


def said(fields: Fields, *, channel: str = "email", language: str = "en", text: Shipped | None = None, address: str = "") -> str:
    staff = 1 if is_for_staff(fields.code) else None
    message = Message(pk=1, clinic=BERLIN, kind=Kind.MISSED, channel=channel, user_id=staff)
    reader = Someone(language, address)
    return compose(
        message=message, fields=fields, recipient=reader, rules=RULES, template=text, links=lambda *_: "https://x.test/r/a/"
    ).body


def draft_of(code: str, channel: str, language: str, text: Shipped | None = None) -> Draft:
    return Draft(code, channel, language, RULES, text or shipped(code, channel, language))


def faults(code: str, channel: str, language: str, subject: str, body: str) -> str:
    draft = draft_of(code, channel, language, Shipped(subject, body))
    found = faults_of(code=code, channel=channel, language=language, subject=subject, body=body, example=lambda: draft.longest(PLACES))
    return "\n".join(f"{each.field}: {each.sentence}" for each in found)


@of_each("spot", SPOTS, ids="-".join)
def test_every_shipped_text_could_be_saved_by_a_clinic(spot: tuple[str, str, str]) -> None:
    text = shipped(*spot)
    assert faults(*spot, text.subject, text.body) == ""
    if spot[1] == Channel.SMS:
        longest = draft_of(*spot).longest(PLACES)
        assert sms_length(longest) <= sms_limit(longest) == (OTHER if spot[2] == "ru" else LATIN)
    filled = draft_of(*spot).filled(example_fields(spot[0], [line(0), line(1)]))
    assert not set("{}#") & set(filled.subject + filled.body)


def test_a_change_says_what_moved_from_when_to_when_and_that_the_others_stay() -> None:
    lines = (line(0, MOVED, (date(2026, 11, 30), time(12, 30))), *(line(number) for number in range(1, 10)))
    words = said(Fields("change", lines))
    assert "- Tuesday, 1 December, 10:00 instead of Monday, 30 November, 12:30" in words
    assert "1 of 10 appointments has moved.\nThe other 9 stay as agreed." in words
    assert ("do not take place" in words, "is new" in words, words.count("\n- ")) == (False, False, 1)
    assert "(Berlin time)" in words
    assert "1 of 10 moved. The other 9 stay. Tue 1 Dec 10:00 instead of Mon 30 Nov 12:30." in said(Fields("change", lines), channel="sms")


def test_a_change_within_a_day_names_it_once_and_an_only_date_is_not_counted() -> None:
    moved = line(0, MOVED, (date(2026, 12, 1), time(12, 30)))
    assert "- Tuesday, 1 December, 10:00 instead of 12:30\n" in said(Fields("change", (moved, line(1))))
    only = [said(Fields("change", (moved,)), channel=channel) for channel in Channel.values]
    assert not any("1 of 1" in words for words in only)
    assert "Tue 1 Dec 10:00 instead of 12:30." in only[1]
    assert said(Fields("change", (moved, line(1))), channel="sms", language="ru").startswith(
        "PhysioHaus am Lindenpark: 1 из 2 визитов перенесён. Остальной 1 — как был. вт 1 дек 10:00 вместо 12:30."
    )


def test_numbers_have_their_words_in_both_languages() -> None:
    many = [replace(line(number), mark=MOVED, was=(date(2026, 11, 1), time(9))) for number in range(5)]
    some = Fields("change", (*many, *(line(10 + number, OFF) for number in range(2)), line(20, NEW), *(line(30 + n) for n in range(14))))
    assert "5 of 21 appointments have moved.\n2 appointments do not take place.\n1 appointment is new.\nThe other 14 stay" in said(some)
    words = said(some, language="ru")
    assert "Перенесено 5 из 21 визита.\n2 визита отменены.\nДобавлен 1 новый визит.\nОстальные 14 — без изменений." in words
    assert "- 11 декабря (пятница), 10:00 не состоится" in words
    forms = ready("{amount:#a|#b|#c}", language="ru", channel="sms")
    counted = "".join(forms.filled({"amount": number}) + " " for number in (1, 2, 5, 11, 14, 21, 104, 111))
    assert counted == "1a 2b 5c 11c 14c 21a 104b 111c "


def test_a_line_with_nothing_to_say_is_left_out_and_a_zone_leaves_its_line() -> None:
    words = said(Fields("reminder-day", (line(0),)), text=Shipped("", "A\n\nvisit {number} of {count}\n\nat {time} {zone}\n{stop_link}"))
    assert words == "A\n\nat 10:00 (Berlin time)\nhttps://x.test/r/a/"


@pytest.mark.parametrize(("address", "named"), [("+49 170 1", False), ("0170 1", False), ("+7 903 1", True), ("+43 660 1", True)])
def test_a_text_message_names_the_zone_only_to_a_telephone_of_another_country(address: str, named: bool) -> None:
    assert ("(Berlin time)" in said(Fields("reminder-day", (line(0),)), channel="sms", address=address)) is named


def test_dates_at_several_places_each_say_where() -> None:
    words = said(Fields("schedule", (line(0, NEW), line(1, NEW, site=2, place="Haus Süd, Südstr. 1"))))
    assert "10:00, Haus am Park, Parkstr. 5, Berlin\n" in words
    assert "10:00, Haus Süd, Südstr. 1\n" in words
    assert "Where:" not in words
    home = said(Fields("reminder-day", (line(0, place=f"{BERLIN.name}, Parkstr. 5"),)), channel="sms")
    assert home.count(BERLIN.name) == 1, "a text message does not say the same name twice"
    only = said(Fields("change", (line(0, MOVED, (date(2026, 12, 1), time(10))), line(1))))
    assert "another place: Haus am Park" in only


@of_each(
    ("spot", "subject", "body", "sentence"),
    [
        (("missed", "email", "en"), "Hello", "Dear {name}, {stop_link}", "Not a placeholder: {name}"),
        (("missed", "email", "en"), "Hello", "Call {phone}", "{stop_link} is missing"),
        (("missed", "email", "en"), "", "Call {stop_link}", "needs a subject"),
        (("missed", "email", "en"), "Hello {stop_link}", "Call {stop_link}", "not into the subject"),
        (("missed", "email", "en"), "Hello", "Call } {stop_link}", "A brace"),
        (("missed", "email", "en"), "Hello", "{count:one} {stop_link}", "2 words"),
        (("missed", "email", "en"), "Hello", "{day:one|two} {stop_link}", "is no number"),
        (("missed", "email", "en"), "Hello", "Your {amount} {stop_link}", "says nothing in this text: {amount}"),
        (("missed", "email", "en"), "Hello", "Your scoliotic curve {stop_link}", "“scoliotic”"),
        (("missed", "email", "ru"), "Здравствуйте", "Ваша поясница {stop_link}", "“поясница”"),
        (("missed", "email", "en"), "Hello", "Turn\u202eround {stop_link}", "cannot be seen"),
        (("missed", "email", "en"), "Hello", "", "The text is empty"),
        (("missed", "email", "en"), "x" * 121, "{stop_link}", "longer than 120"),
        (("reminder-day", "sms", "en"), "", "{day} {time}", "{link} is missing"),
        (("reminder-day", "sms", "en"), "", "{time} {link}", "{day} is missing"),
        (("change", "sms", "en"), "", "{moved} moved {link}", "{stays} is missing"),
        (("schedule", "email", "en"), "Dates", "{count} {stop_link}", "{dates} is missing"),
        (("unsigned", "sms", "en"), "", "{amount}", "{link} is missing"),
        (("missed", "sms", "en"), "", "We missed you. Call {phone}", "Every line may be left out"),
        (("reminder-day", "sms", "en"), "", "{day} {time}\nAnswer: {link} or {phone}", "Give {link} a line without {phone}"),
        (("missed", "sms", "en"), "", "x" * 161, "161 characters without the link, 160 fit"),
        (("missed", "sms", "ru"), "", "ы" * 135, "135 characters without the link, 134 fit"),
        (("missed", "sms", "en"), "", "a" + "€" * 80, "161 characters"),
    ],
)
def test_a_text_is_refused_with_what_is_wrong(spot: tuple[str, str, str], subject: str, body: str, sentence: str) -> None:
    assert sentence in faults(*spot, subject, body)


@pytest.mark.parametrize("language", Language.values)
def test_every_illness_and_every_part_of_the_body_of_the_library_is_known(language: str) -> None:
    names = {
        name for (kind, _code, field), name in shipped_names(language).texts.items() if kind in {"conditions", "zones"} and field == "name"
    }
    unknown = {name for name in names if isinstance(name, str) and not clinical_words(name, is_name=True)}
    assert unknown <= {"лицо"}  # "contact person" in Russian
    assert len(names) > 90


def test_everyday_words_are_not_taken_for_clinical_ones() -> None:
    ordinary = (
        "Please call us back at the front desk; would you like another time? The contract is in the envelope, Wall Street 5, Costa Clinic. "
        "Конечно, промежуток между визитами, более лёгкий путь, отдел, улица Льва Толстого, больница, контракт, Железноводск, сб, Головин."
    )
    assert clinical_words(ordinary) == ()
    assert clinical_words("Back Clinic", is_name=True) == ("Back",)


@pytest.mark.django_db
@pytest.mark.same_everywhere
def test_what_a_clinic_calls_an_illness_in_its_own_edition_is_known_at_that_clinic_too() -> None:
    own = dict(entries_of(shipped_content().parts)[NAMED]) | {"name": "Зефирит"}
    digest = keep_edition(EditionContent("2026-11.1", with_changes(shipped_content().parts, {NAMED: own})))
    own_clinic, other = (Clinic(pk=2, name="Клиника зефирита", language="ru", edition_digest=each) for each in (digest, ""))
    known = [clinical_words("о зефирите", is_name=True, edition=each) for each in (digest, "")]
    assert known == [("зефирите",), ()]
    assert name_of(own_clinic, MessageRules(clinic=own_clinic)) == "Ваша клиника"
    assert name_of(other, MessageRules(clinic=other)) == "Клиника зефирита"


def test_a_name_that_tells_too_much_is_not_used() -> None:
    tells = Clinic(pk=2, name="Rückenmassage Berlin", language="ru")
    assert name_of(tells, MessageRules(clinic=tells)) == "Ваша клиника"
    assert name_of(tells, MessageRules(clinic=tells, short_name="Haus Linde")) == "Haus Linde"
    assert neutral_place("Zentrum für Orthopädie, Parkstr. 5", "X") == "Parkstr. 5"
    assert neutral_place("Массаж", "X") == "X"


def test_a_mail_program_can_end_the_messages_also_where_an_own_text_does_not_say_how() -> None:
    message = Message(pk=1, clinic=BERLIN, kind=Kind.MISSED, channel="email")
    fields, text = Fields(Text.MISSED, (line(0),)), Shipped("Missed", "Call us.")
    words = compose(
        message=message, fields=fields, recipient=Someone("en"), rules=RULES, template=text,
        links=lambda _message, purpose: f"https://x.test/r/{purpose}/",
    )  # fmt: skip
    assert (words.body, words.stop_link) == ("Call us.", "https://x.test/r/stop/")
