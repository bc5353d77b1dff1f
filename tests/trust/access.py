"""Who may open which address: one row for every URL name of the project.

To add a page
  1. Add a row to ``ROWS`` under its URL name. ``roles`` are the roles that may open it (or ``PUBLIC``, ``SIGNED_IN``, ``CLOSED``).
     ``answers`` says what each allowed method answers to them; every other method must answer 405 (HEAD may repeat GET).
     ``data`` is what a POST sends (a mapping); without it an empty form is sent.
  2. When the address takes an id, name an object builder in ``thing``: a function in ``THINGS`` that makes the record at a given
     clinic and returns ``Thing(kwargs for reverse, canaries)``. Canaries are texts of the record that occur nowhere else; a page
     that refuses, and every page of somebody from another clinic, must not show one of them.
     A page without an id that lists such records names the builder too, so that the lists of other clinics are searched for canaries.
  3. ``seen=True`` for every page about one patient: opening it must leave exactly one line of who looked (``looks=2`` where it shows two).
  4. ``queries``: how many queries GET may make besides session, person, roles and audit (8 unless there is a good reason).
From the row follow, by test_access_matrix.py: anonymous and disabled people are sent to sign in, people without a role and with
other roles get 403, the same roles of another clinic get 404 where there is an id, and a refused request writes nothing.
"""

from collections.abc import Callable
from typing import Any

from clinic.courses.models import Course
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import PUBLIC, SIGNED_IN, Actor
from patients.actions import merge_patients
from tests.clinic.signing.making import a_signed_paper
from tests.factories import (
    a_begun_intake,
    a_course,
    a_day_at,
    a_member,
    a_patient,
    a_referral,
    a_sent_intake,
    a_user,
    an_intake_link,
    an_invitation,
)
from tests.papers import a_file, a_written_referral
from tests.trust.access_after import AFTER_ROWS, AFTER_THINGS
from tests.trust.access_again import AGAIN_ROWS, AGAIN_THINGS
from tests.trust.access_allauth import HELD_BY_ALLAUTH
from tests.trust.access_answers import ANSWERS_ROWS, ANSWERS_THINGS
from tests.trust.access_before import BEFORE_ROWS, BEFORE_THINGS
from tests.trust.access_beside import BESIDE_ROWS, BESIDE_THINGS
from tests.trust.access_calendar import CALENDAR_ROWS, CALENDAR_THINGS
from tests.trust.access_calendar_days import CALENDAR_DAY_ROWS, CALENDAR_DAY_THINGS
from tests.trust.access_calendar_views import CALENDAR_VIEW_ROWS, CALENDAR_VIEW_THINGS
from tests.trust.access_care import CARE_ROWS, CARE_THINGS
from tests.trust.access_compare import COMPARE_ROWS, COMPARE_THINGS
from tests.trust.access_consent import CONSENT_ROWS, CONSENT_THINGS
from tests.trust.access_doctor import DOCTOR_ROWS, DOCTOR_THINGS
from tests.trust.access_exchange import EXCHANGE_ROWS, EXCHANGE_THINGS
from tests.trust.access_home import HOME_ROWS, HOME_THINGS
from tests.trust.access_keeping import KEEPING_ROWS, KEEPING_THINGS
from tests.trust.access_library import LIBRARY_ROWS, LIBRARY_THINGS
from tests.trust.access_numbers import NUMBERS_ROWS, NUMBERS_THINGS
from tests.trust.access_outcomes import OUTCOMES_ROWS, OUTCOMES_THINGS
from tests.trust.access_own_library import OWN_LIBRARY_ROWS, OWN_LIBRARY_THINGS
from tests.trust.access_pages import PAGES_ROWS, PAGES_THINGS
from tests.trust.access_papers import PAPERS_ROWS
from tests.trust.access_player import PLAYER_ROWS, PLAYER_THINGS
from tests.trust.access_record import RECORD_ROWS, RECORD_THINGS
from tests.trust.access_running import RUNNING_ROWS
from tests.trust.access_schedule import SCHEDULE_ROWS, SCHEDULE_THINGS
from tests.trust.access_sign_in import SIGN_IN_ROWS, SIGN_IN_THINGS
from tests.trust.access_studio import STUDIO_ROWS, STUDIO_THINGS
from tests.trust.access_texts import TEXTS_ROWS, TEXTS_THINGS
from tests.trust.access_today import TODAY_ROWS, TODAY_THINGS
from tests.trust.access_waiting import WAITING_ROWS, WAITING_THINGS
from tests.trust.rows import AUDIT, EVERY_ROLE, FORM, Row, Thing


def a_colleague(clinic: Clinic) -> Thing:
    """Another member of the staff."""
    user = a_member(clinic=clinic, user=a_user(email="canary-mail@clinic.test", full_name="Canaria Namecanary"))
    return Thing({"pk": user.pk}, ("canary-mail", "Namecanary"))


def an_open_invitation(clinic: Clinic) -> Thing:
    """Somebody who is invited and has not come."""
    invitation, _token = an_invitation(clinic=clinic, email="canary-guest@clinic.test", full_name="Canaria Guestcanary")
    return Thing({"pk": invitation.pk}, ("canary-guest", "Guestcanary"))


def an_invitation_link(clinic: Clinic) -> Thing:
    """The secret address of an invitation: whoever knows it reads the name, and nothing else of the clinic."""
    return Thing({"token": an_invitation(clinic=clinic)[1]})


def a_reset_link(clinic: Clinic) -> Thing:
    return Thing({"uidb36": "1", "key": "wrong-key"})


THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "colleague": a_colleague,
    "invitation": an_open_invitation,
    "invitation-link": an_invitation_link,
    "reset-link": a_reset_link,
}

THINGS["passkey"] = lambda _clinic: Thing({"pk": 987654})
THINGS["email-link"] = lambda _clinic: Thing({"key": "wrong-key"})

ROWS: dict[str, Row] = {
    **HELD_BY_ALLAUTH,
    # clinic.web
    "appearance": Row((PUBLIC,), {"POST": 303}),
    "styleguide": Row((PUBLIC,), {"GET": 404}),
    # clinic.staff
    "home": Row(EVERY_ROLE, {"GET": 302}),
    "present-clinic": Row((SIGNED_IN,), FORM, own=("clinic",)),
    "account": Row((SIGNED_IN,)),
    "account-second-step": Row((SIGNED_IN,), {"GET": 302}),
    "account-sign-out-everywhere": Row((SIGNED_IN,), {"POST": 303}),
    **SIGN_IN_ROWS,
    "staff-list": Row((Role.ADMIN,), {"GET": 200}, thing="colleague-listed"),
    "staff-new": Row((Role.ADMIN,), FORM),
    "staff-member": Row((Role.ADMIN,), {"GET": 200}, thing="colleague"),
    "staff-roles": Row((Role.ADMIN,), {"POST": 302}, thing="colleague", data={"roles": ["doctor"]}),
    "staff-profile": Row((Role.ADMIN,), {"POST": 302}, thing="colleague", data={"licence": "A-1"}),
    "staff-sign-out": Row((Role.ADMIN,), {"POST": 302}, thing="colleague"),
    "staff-invitation-renew": Row((Role.ADMIN,), {"POST": 200}, thing="invitation"),
    "staff-invitation-revoke": Row((Role.ADMIN,), {"POST": 303}, thing="invitation"),
    "invitation": Row((PUBLIC,), FORM, thing="invitation-link"),
    "staff-disable": Row((Role.ADMIN,), {"POST": 302}, thing="colleague"),
    "staff-enable": Row((Role.ADMIN,), {"POST": 302}, thing="colleague"),
    # clinic.audit
    "audit-list": Row(AUDIT),
    "audit-reads": Row(AUDIT),
}


def listed(name: str) -> Callable[[Clinic], Thing]:
    """The same record for a page that lists it and takes no id."""
    return lambda clinic: Thing({}, THINGS[name](clinic).canaries)


THINGS["colleague-listed"] = listed("colleague")

# patients
REGISTER = (Role.THERAPIST, Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD)
TREAT = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
MERGE = (Role.ADMIN, Role.CLINICAL_LEAD)


def a_patient_of(clinic: Clinic) -> Thing:
    """A patient with words in every free field that occur nowhere else."""
    patient = a_patient(clinic=clinic, family_name="Canarova", phone="+49 555 0199", notes="canary-in-the-notes")
    return Thing({"pk": patient.pk}, ("Canarova", "555 0199", "canary-in-the-notes"))


def two_records_of(clinic: Clinic) -> Thing:
    """Two records that may be of one person."""
    one, other = a_patient_of(clinic), a_patient_of(clinic)
    return Thing({**one.kwargs, "other": other.kwargs["pk"]}, one.canaries)


def merged_records_of(clinic: Clinic) -> Thing:
    """A record into which another one was merged."""
    two = two_records_of(clinic)
    kept, merged = (clinic.patients.get(pk=pk) for pk in two.kwargs.values())
    lead = Actor(a_member(clinic=clinic, roles=(Role.CLINICAL_LEAD,)), clinic, frozenset({Role.CLINICAL_LEAD}))
    merge = merge_patients(kept=kept, merged=merged, versions=(1, 1), on=a_day_at(clinic), actor=lead)
    return Thing({"pk": kept.pk, "merge": merge.pk}, two.canaries)


def a_begun_intake_of(clinic: Clinic) -> Thing:
    """A patient with an intake form that nobody has finished."""
    thing = a_patient_of(clinic)
    a_begun_intake(patient=clinic.patients.get(pk=thing.kwargs["pk"]))
    return thing


def a_document_of(clinic: Clinic) -> Thing:
    """A document with an issuer who occurs nowhere else."""
    patient = clinic.patients.get(pk=a_patient_of(clinic).kwargs["pk"])
    return Thing({"pk": patient.pk, "document": a_referral(patient=patient).pk}, ("Canarova", "Dr Issuer"))


def a_file_of(clinic: Clinic) -> Thing:
    """A file with a document whose issuer occurs nowhere else."""
    patient = clinic.patients.get(pk=a_patient_of(clinic).kwargs["pk"])
    return Thing({"pk": patient.pk, "attachment": a_file(patient=patient).pk}, ("Canarova",))


def a_referral_in(state: str, **fields: Any) -> Callable[[Clinic], Thing]:
    """A referral in this state, its diagnosis found nowhere else."""

    def made(clinic: Clinic) -> Thing:
        patient = clinic.patients.get(pk=a_patient_of(clinic).kwargs["pk"])
        referral = a_written_referral(patient=patient, state=state, diagnosis="canary-diagnosis", **fields)
        return Thing({"pk": patient.pk, "referral": referral.pk}, ("Canarova", "canary-diagnosis"))

    return made


THINGS |= {
    "file": a_file_of,
    "referral-draft": a_referral_in("draft"),
    "referral-waiting": a_referral_in("submitted"),
    "referral-signed": a_referral_in("signed"),
    "referral-on-paper": a_referral_in("signed", origin="paper"),
}
THINGS |= {"two-records": two_records_of, "merged-records": merged_records_of}
THINGS |= {"document": a_document_of, "patient": a_patient_of, "patient-listed": listed("patient"), "begun-intake": a_begun_intake_of}
ROWS |= {
    "patients:list": Row(REGISTER, thing="patient-listed"),
    "patients:new": Row(REGISTER, FORM),
    "patients:detail": Row(REGISTER, thing="patient", seen=True, queries=20),  # a query or two for each panel of the apps above
    "patients:second-record": Row(MERGE, thing="patient", seen=True),
    "patients:compare": Row(MERGE, FORM, thing="two-records", seen=True, looks=2),
    "patients:merge-undo": Row(MERGE, {"POST": 303}, thing="merged-records"),
    "patients:edit": Row(REGISTER, FORM, thing="patient", seen=True),
    "patients:intake": Row(TREAT, FORM, thing="patient", seen=True),
    "patients:intake-details": Row(TREAT, FORM, thing="begun-intake", seen=True),
    "patients:intake-declaration": Row(TREAT, {"GET": 303, "POST": 303}, thing="begun-intake"),
    "patients:intake-discard": Row(TREAT, {"POST": 303}, thing="begun-intake"),
    "patients:document-new": Row(TREAT, FORM, thing="patient", seen=True),
    "patients:document-withdraw": Row(TREAT, FORM, thing="document", seen=True),
    "patients:document-file-new": Row(TREAT, FORM, thing="document", seen=True),
    "patients:document-file": Row(TREAT, thing="file", seen=True),
    "patients:referral-new": Row(TREAT, FORM, thing="patient", seen=True),
    "patients:referral-paper": Row(TREAT, FORM, thing="patient", seen=True),
    "patients:referral": Row(TREAT, thing="referral-draft", seen=True, queries=14),  # its signatures, files, history, counts, outcomes
    "patients:referral-edit": Row(TREAT, FORM, thing="referral-draft", seen=True),
    "patients:referral-submit": Row(TREAT, {"POST": 303}, thing="referral-draft"),
    "patients:referral-withdraw": Row(TREAT, {"POST": 303}, thing="referral-draft"),
    "patients:referral-take-back": Row(TREAT, {"POST": 303}, thing="referral-on-paper"),
    "patients:referral-return": Row((Role.DOCTOR,), {"POST": 303}, thing="referral-waiting"),
    "patients:referral-sign": Row((Role.DOCTOR,), {"GET": 200, "POST": 409}, thing="referral-waiting", seen=True, queries=16),
    "patients:referral-revoke": Row((Role.DOCTOR,), {"GET": 200, "POST": 409}, thing="referral-signed", seen=True, queries=16),
    "patients:looks": Row(AUDIT, thing="patient", seen=True),
    "patients:looks-find": Row(AUDIT, thing="patient-listed"),
}

# clinic.courses


def a_course_of(clinic: Clinic) -> Thing:
    """A draft course of a patient whose name and notes occur nowhere else."""
    patient = clinic.patients.get(pk=a_patient_of(clinic).kwargs["pk"])
    return Thing({"pk": a_course(patient=patient).pk}, ("Canarova", "canary-in-the-notes"))


def a_running_session_of(clinic: Clinic) -> Thing:
    """The first session of a course that runs, its patient named as nobody else."""
    thing = a_course_of(clinic)
    Course.objects.filter(pk=thing.kwargs["pk"]).update(state="running", started_on=a_day_at(clinic))
    return Thing({**thing.kwargs, "number": 1}, thing.canaries)


def with_more(name: str, **more: Any) -> Callable[[Clinic], Thing]:
    """The same record for an address that takes more than its id."""

    def made(clinic: Clinic) -> Thing:
        thing = THINGS[name](clinic)
        return Thing({**thing.kwargs, **more}, thing.canaries)

    return made


THINGS |= {
    "course": a_course_of,
    "course-listed": lambda clinic: Thing({}, a_course_of(clinic).canaries),
    "condition-chosen": with_more("patient", condition="neck-collar"),
    "stage-chosen": with_more("patient", condition="neck-collar", stage="calming"),
    "running-session": a_running_session_of,
    "session": lambda clinic: Thing({**a_course_of(clinic).kwargs, "number": 1}),
}
ROWS |= {
    "courses:list": Row(TREAT, thing="course-listed"),
    "courses:new": Row(TREAT, thing="patient", seen=True),
    "courses:new-stage": Row(TREAT, thing="condition-chosen", seen=True),
    "courses:new-plan": Row(TREAT, FORM, thing="stage-chosen", seen=True),
    "courses:detail": Row(
        TREAT, thing="course", seen=True, queries=17
    ),  # its history, its screenings, its signatures checked now, its panels
    "courses:edit": Row(TREAT, FORM, thing="course", seen=True),
    "courses:what-if": Row(TREAT, thing="course", seen=True),
    "courses:today": Row(TREAT, FORM, thing="course", seen=True),
    "courses:discard": Row(TREAT, {"POST": 303}, thing="course"),
    "courses:restore": Row(TREAT, {"POST": 403}, thing="course"),
    "courses:start": Row(TREAT, {"POST": 403}, thing="course"),
    # Everything that may stand in the way of a session is asked before anybody fills the sheet in.
    "courses:record": Row(TREAT, FORM, thing="running-session", seen=True, queries=13),
    "courses:submit": Row(TREAT, {"POST": 403}, thing="course"),
    "courses:withdraw-submission": Row(TREAT, {"POST": 403}, thing="course"),
    "courses:ask-doctor": Row(TREAT, FORM, thing="course", seen=True),
    "courses:pause": Row(TREAT, FORM, thing="course", seen=True),
    "courses:resume": Row(TREAT, {"POST": 403}, thing="course"),
    "courses:end": Row(TREAT, FORM, thing="course", seen=True),
    "courses:transfer": Row(TREAT, FORM, thing="course", seen=True),
    "courses:screenings": Row(TREAT, thing="course", seen=True),
    "courses:lose-session": Row(TREAT, FORM, thing="running-session", seen=True),
    "courses:undo-lost-session": Row(TREAT, FORM, thing="running-session", seen=True),
    "courses:card": Row(TREAT, thing="session", seen=True),
    "courses:plan-pdf": Row(TREAT, thing="course", seen=True),
}

THINGS |= LIBRARY_THINGS
ROWS |= LIBRARY_ROWS
THINGS |= BEFORE_THINGS | BESIDE_THINGS
ROWS |= BEFORE_ROWS | BESIDE_ROWS

# clinic.signing


def a_signature_of(clinic: Clinic) -> Thing:
    """A signed paper about a patient, with words that occur nowhere else."""
    patient = clinic.patients.get(pk=a_patient_of(clinic).kwargs["pk"])
    return Thing({"pk": a_signed_paper(patient, "canary-in-the-plan").pk}, ("canary-in-the-plan", "Canarova"))


THINGS["signature"] = a_signature_of
ROWS |= {f"signing:{name}": Row(TREAT, thing="signature", seen=True) for name in ("entry", "bundle")}

# patients: the form in the patient's hands, and facts


def of_a_patient(make: Callable[..., Any], **names: str) -> Callable[[Clinic], Thing]:
    """A patient as above and what ``make`` gives for it, under the names that the address uses for its number."""

    def made(clinic: Clinic) -> Thing:
        thing = a_patient_of(clinic)
        record = make(clinic.patients.get(pk=thing.kwargs["pk"]))
        return Thing({**thing.kwargs, **{name: getattr(record, field) for name, field in names.items()}}, thing.canaries)

    return made


def a_link_of(clinic: Clinic) -> Thing:
    """An open link: whoever has it sees a form, and nothing of the patient."""
    thing = a_patient_of(clinic)
    token = an_intake_link(patient=clinic.patients.get(pk=thing.kwargs["pk"]))
    return Thing({"token": token}, thing.canaries)


THINGS |= {
    "sent-intake": of_a_patient(lambda patient: a_sent_intake(patient=patient)),
    "sent-intake-listed": listed("sent-intake"),
    "intake-form": of_a_patient(lambda patient: a_sent_intake(patient=patient), intake="pk"),
    "fact": with_more("patient", code="medicine.anticoagulant"),
    "intake-link": a_link_of,
}
ROWS |= {
    "patients:waiting": Row(TREAT, thing="sent-intake-listed", queries=1),
    "patients:intake-kept": Row(TREAT, {"POST": 204}, thing="begun-intake", data={"page": "gate"}, own=("*",)),  # kept as it was typed
    "patients:intake-review": Row(TREAT, FORM, thing="sent-intake", seen=True),
    "patients:intake-aside": Row(TREAT, {"POST": 422}, thing="sent-intake"),
    "patients:intake-form": Row(TREAT, thing="intake-form", seen=True),
    "patients:intake-link": Row(REGISTER, {"GET": 200, "POST": 200}, thing="patient", seen=True, repeats="without its token"),
    "patients:intake-link-end": Row(REGISTER, {"POST": 303}, thing="patient"),
    "patients:intake-tablet": Row(REGISTER, {"POST": 303}, thing="patient", repeats="a tablet handed over again gets a form of its own"),
    "patients:facts": Row(TREAT, thing="patient", seen=True),
    "patients:facts-new": Row(TREAT, FORM, thing="patient", seen=True),
    "patients:fact": Row(TREAT, thing="fact", seen=True),
    "intake-link:open": Row((PUBLIC,), FORM, thing="intake-link"),
    **{
        f"intake-link:{page}": Row((PUBLIC,), {"GET": 303, "POST": 303}, thing="intake-link")
        for page in ("questions", "details", "declaration")
    },
    "intake-link:thanks": Row((PUBLIC,), {"GET": 404, "POST": 404}, thing="intake-link"),
    **{f"intake-link:{page}": Row((PUBLIC,), {"POST": 303}, thing="intake-link") for page in ("kept", "language")},
}

# What has rows in a file of its own
THINGS |= DOCTOR_THINGS | CONSENT_THINGS | PLAYER_THINGS | RECORD_THINGS | WAITING_THINGS | NUMBERS_THINGS | TODAY_THINGS
ROWS |= DOCTOR_ROWS | CONSENT_ROWS | PAPERS_ROWS | PLAYER_ROWS | RECORD_ROWS | WAITING_ROWS | NUMBERS_ROWS | TODAY_ROWS

THINGS |= SCHEDULE_THINGS | CALENDAR_THINGS | CALENDAR_VIEW_THINGS | CALENDAR_DAY_THINGS | OUTCOMES_THINGS
ROWS |= SCHEDULE_ROWS | CALENDAR_ROWS | CALENDAR_VIEW_ROWS | CALENDAR_DAY_ROWS | OUTCOMES_ROWS

THINGS |= AFTER_THINGS | AGAIN_THINGS | PAGES_THINGS | ANSWERS_THINGS | COMPARE_THINGS | STUDIO_THINGS | TEXTS_THINGS
ROWS |= AFTER_ROWS | AGAIN_ROWS | PAGES_ROWS | ANSWERS_ROWS | COMPARE_ROWS | STUDIO_ROWS | TEXTS_ROWS

THINGS |= OWN_LIBRARY_THINGS | SIGN_IN_THINGS
ROWS |= OWN_LIBRARY_ROWS
ROWS |= RUNNING_ROWS

THINGS |= CARE_THINGS
ROWS |= CARE_ROWS

THINGS |= EXCHANGE_THINGS
ROWS |= EXCHANGE_ROWS

THINGS |= KEEPING_THINGS
ROWS |= KEEPING_ROWS

THINGS |= HOME_THINGS
ROWS |= HOME_ROWS
