"""Documents, pages and people for tests of signing."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.test import RequestFactory

from clinic.signing.actions import demo_sign, sign
from clinic.signing.content import Content, Section
from clinic.signing.intents import Proof, make_intent, session_digest
from clinic.signing.models import Meaning, Method, Signature
from clinic.signing.subjects import register_subject
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from tests.factories import an_actor


def a_content(number: int = 1, **fields: Any) -> Content:
    """A plan that a doctor may sign."""
    given: dict[str, Any] = {
        "kind": "course-plan",
        "subject": f"courses.course:{number}",
        "version": 1,
        "body": {"patient": "Anna Weber", "count": 10, "side": None, "zones": ["neck", "back"], "sparing": True},
        "sections": (Section("Plan", ("Ten sessions", "Neck and back")), Section("Warnings", ("None",))),
    }
    return Content(**(given | fields))


def a_request(actor: Actor, session: Any = None) -> Any:
    """A request of this person; without a session, from a browser of its own."""
    request: Any = RequestFactory().get("/page/")
    request.user, request.clinic, request.actor = actor.user, actor.clinic, actor
    request.session = session or SessionStore()
    if session is None:
        request.session.create()
    return request


def signed(opened_by: Actor, shown: Content | None = None, **changed: Any) -> Signature:
    """Signs what was ``shown``, as a page does, a password entered a moment ago; ``changed`` puts something else into the action."""
    content = shown or a_content()
    request = a_request(opened_by)
    given: dict[str, Any] = {
        "content": content,
        "meaning": Meaning.APPROVED,
        "intent": make_intent(content, request),
        "proof": Proof(Method.PASSWORD, session_digest(request)),
        "actor": opened_by,
    }
    with transaction.atomic():
        return sign(**(given | changed))


def a_chain(actor: Actor, length: int) -> list[Signature]:
    """A chain of that many entries, each about a document of its own."""
    with transaction.atomic():
        return [demo_sign(content=a_content(number), meaning=Meaning.APPROVED, actor=actor) for number in range(1, length + 1)]


PAPER = "paper-of-a-test"


def a_signed_paper(patient: Any, words: str) -> Signature:
    """A document about a patient of a kind that only tests know, signed by a doctor of the patient's clinic."""
    register_subject(PAPER, lambda at, subject: at.patients.filter(pk=subject.rpartition(":")[2]).first(), "Plan of a course")
    content = a_content(kind=PAPER, subject=f"patients.patient:{patient.pk}", sections=(Section("Plan", (words,)),))
    doctor = an_actor(clinic=patient.clinic, roles=(Role.DOCTOR,))
    with transaction.atomic():
        return demo_sign(content=content, meaning=Meaning.APPROVED, actor=doctor)
