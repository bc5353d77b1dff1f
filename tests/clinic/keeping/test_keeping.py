"""For how long records are kept, what the page says of it, and when the words of messages go."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from clinic.audit.actions import verify_chain
from clinic.audit.models import AuditLine
from clinic.keeping.erasure.actions.asking import ask_for_erasure
from clinic.keeping.erasure.actions.deciding import NotNow, decide_erasure
from clinic.keeping.erasure.actions.forgetting import empty_old_messages
from clinic.keeping.erasure.actions.setting import StaleRetention, set_retention
from clinic.keeping.erasure.queries import over_at, retention_of
from clinic.keeping.erasure.terms import Standing
from clinic.keeping.models import Erasure, Retention
from clinic.reminders.models import Message
from clinic.signing.keys import keyring
from clinic.signing.verifying import verify_all
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import FactAnswer, Patient
from tests.clinic.reminders.answering_scene import a_message
from tests.factories import a_course, a_patient

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
TIMES = Retention(record_years=10, child_until_age=28)
VALUES = {"record_years": 12, "child_until_age": 30, "message_days": 30}


# The time -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("born", "last", "until"),
    [
        (date(1980, 1, 1), date(2020, 5, 4), date(2030, 5, 4)),
        (date(1980, 1, 1), date(2020, 2, 29), date(2030, 3, 1)),
        (date(2010, 6, 1), date(2020, 5, 4), date(2038, 6, 1)),  # a child: until 28
        (date(2003, 6, 1), date(2020, 5, 4), date(2031, 6, 1)),  # nearly grown
        (date(2002, 5, 4), date(2020, 5, 4), date(2030, 5, 4)),  # of age on that day
        (date(2004, 2, 29), date(2021, 5, 4), date(2032, 2, 29)),
    ],
)
def test_a_record_is_kept_for_years_and_a_childs_until_an_age(born: date, last: date, until: date) -> None:
    standing = Standing(1, born, last)
    assert standing.kept_until(TIMES) == until
    assert not standing.is_over(TIMES, until)
    assert standing.is_over(TIMES, until + timedelta(days=1))


def test_a_record_without_a_course_is_kept_from_its_registration(clinic: Clinic) -> None:
    patient = a_patient(clinic=clinic)
    Patient.objects.filter(pk=patient.pk).update(registered_at=timezone.now() - timedelta(days=366 * 11))
    a_patient(clinic=clinic)
    assert [each.patient for each in over_at(clinic, retention_of(clinic), clinic.today())] == [patient.pk]


# The clinic's times -------------------------------------------------------------------------------------------------------------
def test_an_administrator_sets_the_times_once_with_one_line(clinic_admin: Actor, clinical_lead: Actor) -> None:
    set_retention(values=VALUES, seen=0, actor=clinic_admin)
    set_retention(values=VALUES, seen=1, actor=clinic_admin)
    assert retention_of(clinic_admin.clinic).record_years == 12
    assert AuditLine.objects.get(verb="set-retention").details["before"]["record_years"] == 10
    with pytest.raises(StaleRetention):
        set_retention(values=VALUES | {"record_years": 5}, seen=0, actor=clinic_admin)
    with pytest.raises(ActionDenied, match="administrator"):
        set_retention(values=VALUES, seen=1, actor=clinical_lead)


def test_the_page_says_what_times_would_mean_before_they_are_saved(clinic_admin: Actor, signed_in: Any) -> None:
    patient = a_patient(clinic=clinic_admin.clinic)
    Patient.objects.filter(pk=patient.pk).update(registered_at=timezone.now() - timedelta(days=366 * 3))
    browser, asked = signed_in(clinic_admin), {"record_years": "2", "child_until_age": "28", "message_days": "90", "version": "0"}
    told = browser.post(reverse("keeping:times"), asked | {"look": "1"}).content.decode()
    assert "With these times 1 record could be erased today" in told
    assert not Retention.objects.exists()
    wrong = browser.post(reverse("keeping:times"), asked | {"record_years": "99"})
    assert (wrong.status_code, "99" in wrong.content.decode()) == (422, True)
    assert browser.post(reverse("keeping:times"), asked).status_code == 303
    assert patient.full_name in browser.get(reverse("keeping:retention")).content.decode()


# The pages of an erasure ----------------------------------------------------------------------------------------------------------
def test_one_asks_on_the_page_and_another_decides_on_it(
    therapist: Actor, doctor: Actor, clinical_lead: Actor, signed_in: Any, proved_in: Any
) -> None:
    patient = a_course(patient=a_patient(clinic=doctor.clinic, phone="+49 30 1234567"), actor=therapist).patient
    asked = signed_in(doctor).post(reverse("keeping:ask", args=[patient.pk]), {"words": "He wrote a letter."})
    assert asked.status_code == 303
    erasure = Erasure.objects.get()
    page, decision = reverse("keeping:erasure", args=[erasure.pk]), reverse("keeping:decide", args=[erasure.pk])
    told = proved_in(clinical_lead).get(page).content.decode()
    assert "He wrote a letter." in told
    assert reverse("patients:detail", args=[patient.pk]) in told
    assert reverse("keeping:withdraw", args=[erasure.pk]) not in told, "who decides says why not, and takes nothing back for others"
    assert reverse("keeping:withdraw", args=[erasure.pk]) in signed_in(doctor).get(page).content.decode()
    shown = told.split('name="shown" value="')[1].split('"')[0]
    assert signed_in(clinical_lead).post(decision, {"shown": shown, "is_read": "on"}).status_code == 302  # to the password
    assert proved_in(clinical_lead).post(decision, {"shown": shown}).status_code == 422
    assert proved_in(clinical_lead).post(decision, {"shown": shown, "is_read": "on"}).status_code == 303
    patient.refresh_from_db()
    assert (patient.phone, patient.restricted_on) == ("", doctor.clinic.today())
    assert "Restricted since" in signed_in(clinical_lead).get(reverse("patients:detail", args=[patient.pk])).content.decode()
    for browser, step, sent in ((clinical_lead, "refuse", {"answer": "No."}), (doctor, "withdraw", {})):  # from tabs that are older
        late = signed_in(browser).post(reverse(f"keeping:{step}", args=[erasure.pk]), sent, follow=True)
        assert late.redirect_chain == [(page, 303)]
        assert "This was decided already." in late.content.decode()
    assert reverse("keeping:retention") in signed_in(clinical_lead).get(page).content.decode()
    assert reverse("keeping:retention") not in signed_in(doctor).get(page).content.decode(), "a page that a doctor may not open"


@pytest.mark.same_everywhere
def test_the_page_of_a_restricted_record_offers_nothing_that_would_be_refused(therapist: Actor, doctor: Actor, signed_in: Any) -> None:
    course = a_course(patient=a_patient(clinic=doctor.clinic), actor=therapist)
    Patient.objects.filter(pk=course.patient_id).update(restricted_on=doctor.clinic.today())
    told = signed_in(doctor).get(reverse("patients:detail", args=[course.patient_id])).content.decode()
    assert "it can be read here, and nothing is added to it" in told
    ways = {
        way.split("?")[0]
        for way in re.findall(r'(?:href|action)="([^"]+)"', told)
        if re.match(r"/(patients|courses|calendar|feeds)/\d*", way)
    }
    about = {way.removeprefix(f"/patients/{course.patient_id}/") for way in ways if way.startswith(f"/patients/{course.patient_id}/")}
    assert about <= {"facts/", "care/new/", "copy/", "erasure/", "looks/", "fhir/"}, about
    assert {way for way in ways if re.match(r"/(courses|calendar|feeds)/\d+", way)} <= {f"/courses/{course.pk}/"}


def test_no_form_that_would_be_refused_opens_for_a_restricted_record(doctor: Actor, signed_in: Any) -> None:
    patient, client = a_patient(clinic=doctor.clinic), signed_in(doctor)
    Patient.objects.filter(pk=patient.pk).update(restricted_on=doctor.clinic.today())
    names = ("patients:edit", "patients:intake-link", "patients:facts-new", "patients:died", "schedule:wishes", "reminders:wishes")
    for name in (*names, "feeds:patient", "courses:new"):
        page = client.get(reverse(name, args=[patient.pk]))
        assert (page.status_code, "Nothing is added to this record" in page.content.decode()) == (200, True), name
    assert "Ask for the erasure" in client.get(reverse("keeping:ask", args=[patient.pk])).content.decode()


def test_an_erasure_is_refused_with_a_reason_or_taken_back_by_who_asked(doctor: Actor, clinical_lead: Actor, signed_in: Any) -> None:
    for number, (name, by) in enumerate((("refuse", clinical_lead), ("withdraw", doctor))):
        patient = a_patient(clinic=doctor.clinic, family_name=f"Weber{number}")
        signed_in(doctor).post(reverse("keeping:ask", args=[patient.pk]), {"words": "She asked."})
        erasure = Erasure.objects.get(patient=patient)
        assert signed_in(clinical_lead).post(reverse("keeping:withdraw", args=[erasure.pk])).status_code == 403
        browser, address = signed_in(by), reverse(f"keeping:{name}", args=[erasure.pk])
        assert browser.post(address, {"answer": "A claim is pending."}).status_code == 303
    assert set(Erasure.objects.values_list("state", "answer")) == {("refused", "A claim is pending."), ("withdrawn", "")}


def test_who_was_never_treated_goes_at_once_by_two_persons(doctor: Actor, clinical_lead: Actor, signed_in: Any, proved_in: Any) -> None:
    patient = a_patient(clinic=doctor.clinic, family_name="Mistaken", phone="+49 30 1234567")
    asked = signed_in(doctor).post(reverse("keeping:ask", args=[patient.pk]), {"words": "Typed in twice."})
    told = proved_in(clinical_lead).get(asked["Location"]).content.decode()
    assert "Nobody was treated here" in told
    decision = reverse("keeping:decide", args=[Erasure.objects.get().pk])
    assert signed_in(doctor).post(decision, {"shown": "", "is_read": "on"}).status_code == 403
    assert proved_in(clinical_lead).post(decision, {"shown": "", "is_read": "on"}).status_code == 303
    patient.refresh_from_db()
    assert (patient.full_name, patient.phone, patient.erased_on) == ("Erased record", "", doctor.clinic.today())
    assert verify_chain() is None
    assert not [verdict.broken for verdict in verify_all(keyring(), []) if verdict.broken]


def test_whoever_answered_about_health_meanwhile_is_kept(doctor: Actor, clinical_lead: Actor) -> None:
    patient = a_patient(clinic=doctor.clinic)
    erasure = ask_for_erasure(patient=patient, words="Typed in twice.", actor=doctor)
    FactAnswer.objects.create(patient=patient, fact="fever", reply="normal", answered_on=doctor.clinic.today(), recorded_by=doctor.user)
    with pytest.raises(NotNow, match="changed since"):
        decide_erasure(erasure=erasure, shown=None, on=doctor.clinic.today(), method="password", actor=clinical_lead)


# Messages -----------------------------------------------------------------------------------------------------------------------
@contextmanager
def said(**fields: Any) -> Iterator[Message]:
    yield a_message(sent_to="a…@x.test", subject="Your dates", body="Dear", **fields)


def test_the_words_of_old_messages_go_and_that_they_were_sent_stays(capsys: pytest.CaptureFixture[str]) -> None:
    old, now = timezone.now() - timedelta(days=91), timezone.now()
    with said(due_at=old, sent_at=old) as message, said() as young:
        pass
    call_command("empty_messages", "--dry-run")
    assert "1 messages would be emptied" in capsys.readouterr().out
    assert empty_old_messages(clinic=message.clinic, now=now) == 1
    assert empty_old_messages(clinic=message.clinic, now=now) == 0
    message.refresh_from_db()
    young.refresh_from_db()
    assert (message.state, message.sent_at, message.body, message.sent_to, message.fields) == ("sent", old, "", "", {})
    assert young.body == "Dear"
    assert AuditLine.objects.get(verb="emptied-messages").details["messages"] == 1
