"""ServiceRequest: what a doctor orders. A referral with what it bars, in words, and a plan that a doctor has signed."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _

from clinic.exchange.fhir.frame import ICD10, UCUM, Fields, Frame, concept, note
from clinic.exchange.fhir.plans import status_of, told_for
from clinic.exchange.fhir.stories import CourseStory, Words
from clinic.signing.models import Signature
from patients.models import Referral
from patients.referral_content import barred_in_words
from patients.states import ReferralState

# Code of FHIR's request-status.
STATUS: Final[Mapping[str, str]] = {
    ReferralState.DRAFT: "draft",
    ReferralState.SUBMITTED: "draft",
    ReferralState.RETURNED: "draft",
    ReferralState.SIGNED: "active",
    ReferralState.REFUSED: "revoked",
    ReferralState.SUPERSEDED: "revoked",
    ReferralState.REVOKED: "revoked",
    ReferralState.EXPIRED: "revoked",
    ReferralState.EXHAUSTED: "completed",
    ReferralState.WITHDRAWN: "revoked",
}
# Before a doctor's signature it is a proposal of whoever wrote it; from then on an order, whatever became of it.
INTENT: Final[Mapping[str, str]] = {
    ReferralState.DRAFT: "proposal",
    ReferralState.SUBMITTED: "proposal",
    ReferralState.RETURNED: "proposal",
    ReferralState.SIGNED: "order",
    ReferralState.REFUSED: "proposal",
    ReferralState.SUPERSEDED: "order",
    ReferralState.REVOKED: "order",
    ReferralState.EXPIRED: "order",
    ReferralState.EXHAUSTED: "order",
    ReferralState.WITHDRAWN: "proposal",
}


def order_of(signature: Signature) -> str:
    """The name of the order that a signature under a plan is: the record itself is the signature."""
    return f"{signature._meta.label_lower}:{signature.pk}:order"


def referral(paper: Referral, words: Words, frame: Frame) -> Fields:
    """A referral as it stands. Each bar, question and answer is a note, so that no receiver reads the number of sessions alone."""
    title = f"{words.condition(paper.condition)}: {words.stage(paper.condition, paper.stage)}"
    reason = {"coding": [{"system": ICD10, "code": paper.icd10}] if paper.icd10 else [], "text": paper.diagnosis}
    count = {"value": paper.session_count, "unit": _("sessions"), "system": UCUM, "code": "{session}"}
    fields = {
        "status": STATUS[paper.state],
        "intent": INTENT[paper.state],
        "category": [concept("order", "referral", _("Referral"))],
        "code": concept("stage", f"{paper.condition}/{paper.stage}", title),
        "quantityQuantity": count,
        "subject": frame.ref(paper.patient, paper.patient.full_name),
        "occurrencePeriod": {"start": paper.valid_from.isoformat(), "end": paper.valid_until.isoformat()},
        "authoredOn": frame.moment(paper.signature.signed_at) if paper.signature else paper.written_on.isoformat(),
        "requester": _requester(paper, frame),
        "reasonCode": [reason],
        "note": [note(line) for line in _notes(paper, words)],
    }
    if paper.extends_id:
        fields["replaces"] = [frame.ref(f"{paper._meta.label_lower}:{paper.extends_id}")]
    return frame.resource("ServiceRequest", paper, [title, paper.diagnosis, *_notes(paper, words)], fields)


def _requester(paper: Referral, frame: Frame) -> Fields:
    """Who signed; for a paper the doctor by name only, and before any signature whoever wrote it."""
    if paper.outside_doctor:
        return {"display": paper.outside_doctor}
    person = paper.signature.signer if paper.signature else paper.written_by
    return frame.ref(person, paper.signature.printed_name if paper.signature else person.full_name)


def _notes(paper: Referral, words: Words) -> list[str]:
    bars = [_("Barred. %(what)s") % {"what": line} for line in barred_in_words(paper, words.library, words.names)]
    lifted = "; ".join(words.names.of("rules", code, "title") or code for code in paper.rules)
    said = (
        (_("Form of the disease"), paper.form),
        (_("What the doctor lifts"), lifted),
        (_("Question to the doctor"), paper.question),
        (_("The doctor's answer"), paper.answer),
        (_("Why more sessions are asked for"), paper.reason),
    )
    on_paper = [_("Signed on paper elsewhere; here it was only recorded.")] if paper.origin == Referral.Origin.PAPER else []
    return [*bars, *(f"{name}: {text}" for name, text in said if text), *on_paper]


def signed_plan(story: CourseStory, signature: Signature, frame: Frame) -> Fields:
    """The doctor's order behind a signed course: exactly the sessions of the plan, under the referral if there is one."""
    course = story.course
    title = _("Plan signed: %(what)s") % {"what": story.words.condition(course.condition)}
    based = [frame.ref(course), *([frame.ref(course.referral)] if course.referral else [])]
    how = _("How it was signed: %(how)s. Digest of what was signed: %(digest)s.") % {
        "how": signature.get_method_display(), "digest": signature.content_digest,
    }  # fmt: skip
    requester = {"display": signature.printed_name} if signature.is_on_paper else frame.ref(signature.signer, signature.printed_name)
    fields = {
        "basedOn": based,
        "status": status_of(course),
        "intent": "order",
        "category": [concept("order", "signed-plan", _("Signed plan"))],
        "code": concept("stage", f"{course.condition}/{course.stage}", title),
        "quantityQuantity": {"value": course.session_count, "unit": _("sessions"), "system": UCUM, "code": "{session}"},
        "subject": frame.ref(course.patient, course.patient.full_name),
        "authoredOn": frame.moment(signature.signed_at),
        "requester": requester,
        "reasonReference": [frame.ref(told_for(course))],
        "note": [note(how)],
    }
    return frame.resource("ServiceRequest", order_of(signature), [title], fields)
