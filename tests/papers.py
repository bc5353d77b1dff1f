"""Referrals and files for tests, each by one keyword-only function that goes the way of the pages."""

import io
from datetime import date, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from PIL import Image

from clinic.signing.intents import Proof, make_intent, session_digest
from clinic.signing.models import Method
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from patients.actions import referrals as actions
from patients.actions.files import attach_file, kept_file
from patients.models import Attachment, Patient, Referral
from patients.referral_content import content_of
from patients.referrals import Words
from patients.uploads import read_upload
from protocols.language import page_names
from protocols.shelf import shipped_library
from tests.factories import a_day_at, a_document, an_actor


def a_picture() -> bytes:
    """A scan of next to nothing."""
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "PNG")
    return out.getvalue()


def a_file(*, patient: Patient, actor: Actor | None = None) -> Attachment:
    """A scan with a document of the patient."""
    actor = actor or an_actor(clinic=patient.clinic)
    document = a_document(patient=patient, rules=["ca-16"], actor=actor)
    with kept_file(read_upload(io.BytesIO(a_picture()), "scan.png")) as file:
        assert file is not None
        return attach_file(document=document, file=file, actor=actor)


def words(*, on: date, **changed: Any) -> Words:
    """What a plain referral says."""
    given: dict[str, Any] = {
        "diagnosis": "Neck tension", "icd10": "M54.2", "condition": "neck-collar", "stage": "calming", "form": "", "zones_barred": [],
        "families_barred": [], "techniques_barred": [], "pressure_max": None, "rules": [], "session_count": 10, "valid_from": on,
        "valid_until": on + timedelta(days=90), "question": "",
    }  # fmt: skip
    return Words(**(given | changed))  # type: ignore[no-any-return, typeddict-item]


def an_unsaved_referral(state: str = "signed", on: date = date(2026, 5, 4), **fields: Any) -> Referral:
    """A referral that is in no database, for what is computed."""
    return Referral(**({"state": state, "origin": "here", "edition": "x", **words(on=on)} | fields))


def a_word(doctor: Actor, referral: Referral, note: str = "") -> actions.DoctorsWord:
    """What the doctor's page sends after the password was entered again."""
    request: Any = RequestFactory().get("/page/")
    request.user, request.clinic, request.actor, request.session = doctor.user, doctor.clinic, doctor, SessionStore()
    request.session.create()
    shown = Referral.objects.select_related("patient").get(pk=referral.pk)
    intent = make_intent(content_of(shown, shipped_library(), page_names()), request)
    return actions.DoctorsWord(intent, Proof(Method.PASSWORD, session_digest(request)), note)


def signed(referral: Referral, doctor: Actor, note: str = "") -> Referral:
    """The referral signed by this doctor, as the page does it."""
    on = a_day_at(doctor.clinic)
    word = a_word(doctor, referral, note)
    return actions.sign_referral(referral=referral, version=referral.version, word=word, on=on, actor=doctor)


def a_written_referral(
    *, patient: Patient, state: str = "draft", origin: str = "here", actor: Actor | None = None, doctor: Actor | None = None, **said: Any
) -> Referral:
    """A referral brought to this state by the actions of the pages."""
    on, actor = a_day_at(patient.clinic), actor or an_actor(clinic=patient.clinic)
    if origin == "paper":
        return a_paper_referral(patient=patient, actor=actor, **said)
    doctor = doctor or an_actor(clinic=patient.clinic, roles=(Role.DOCTOR,))
    more = {name: said.pop(name) for name in ("extends", "reason") if name in said}
    made = actions.write_referral(patient=patient, on=on, actor=actor, **more, **words(on=on, **said))
    if state == "withdrawn":
        return actions.withdraw_referral(referral=made, version=made.version, actor=actor)
    if state != "draft":
        made = actions.submit_referral(referral=made, version=made.version, actor=actor)
    if state == "returned":
        return actions.return_referral(referral=made, version=made.version, question="Which side?", actor=doctor)
    if state == "refused":
        return actions.refuse_referral(referral=made, version=made.version, word=a_word(doctor, made, "No"), actor=doctor)
    if state in ("signed", "revoked"):
        made = signed(made, doctor)
    if state == "revoked":
        return actions.revoke_referral(referral=made, version=made.version, word=a_word(doctor, made, "A slip"), on=on, actor=doctor)
    return made


def a_paper_referral(*, patient: Patient, actor: Actor, age_days: int = 3, **said: Any) -> Referral:
    """A referral that came signed on paper, with its scan."""
    on = a_day_at(patient.clinic)
    with kept_file(read_upload(io.BytesIO(a_picture()), "referral.png")) as file:
        assert file is not None
        paper = actions.SignedPaper("Dr Outside", "", on - timedelta(days=age_days), file)
        return actions.record_paper_referral(patient=patient, paper=paper, on=on, actor=actor, **words(on=on, **said))
