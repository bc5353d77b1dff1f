"""Consent: the sheets that were read and agreed to, and what was taken back of them."""

from typing import Any

from django.utils.translation import gettext as _

from clinic.courses.models import Consent, ConsentWithdrawal
from clinic.exchange.fhir.frame import TERMINOLOGY, Fields, Frame, concept, standard
from clinic.exchange.fhir.plans import body_site
from clinic.exchange.fhir.stories import CourseStory


def consents(story: CourseStory, frame: Frame) -> list[Fields]:
    """Every sheet; only the newest counts, and not that one where all of it was taken back."""
    newest = story.consents[-1].pk if story.consents else 0
    return [_consent(sheet, story, frame, is_newest=sheet.pk == newest) for sheet in story.consents]


def _consent(sheet: Consent, story: CourseStory, frame: Frame, *, is_newest: bool) -> Fields:
    patient, withdrawals = story.course.patient, tuple(sheet.withdrawals.all())
    stands = is_newest and all(each.zones for each in withdrawals)
    who = frame.ref(patient, sheet.given_by_name) if sheet.given_as == Consent.As.PATIENT else {"display": sheet.given_by_name}
    places = [body_site(zone, side, story.words) for zone, side in sheet.scope.get("places", ())]
    words = story.words.names
    fields: dict[str, Any] = {
        "status": "active" if stands else "inactive",
        "scope": standard(f"{TERMINOLOGY}consentscope", "treatment", "Treatment"),
        "category": [concept("consent", "massage", _("Consent to a course of massage"))],
        "patient": frame.ref(patient, patient.full_name),
        "dateTime": frame.moment(sheet.recorded_at),
        "performer": [who],
        "organization": [frame.ref(story.course.clinic, story.course.clinic.name)],
        "policyRule": {"text": "\n".join(_sheet_in_words(sheet))},
        "verification": [{"verified": True, "verifiedWith": who, "verificationDate": sheet.given_on.isoformat()}],
        "provision": {
            "type": "permit",
            "code": [
                *places,
                *(concept("technique", code, words.of("techniques", code) or code) for code in sheet.scope.get("techniques", ())),
            ],
            "provision": [_taken_back(each, story) for each in withdrawals],
        },
    }
    return frame.resource("Consent", sheet, [_("Consent of %(day)s") % {"day": sheet.given_on.isoformat()}], fields)


def _sheet_in_words(sheet: Consent) -> list[str]:
    lines = (line for section in sheet.sections for line in (section.get("heading", ""), *section.get("lines", ())))
    return [line for line in lines if isinstance(line, str) and line] or [_("Words of the sheet are kept at the clinic.")]


def _taken_back(withdrawal: ConsentWithdrawal, story: CourseStory) -> Fields:
    """A place, or all of it: then nothing is named, and the whole sheet is inactive."""
    places = [body_site(zone, side, story.words) for zone, side in withdrawal.zones]
    return {"type": "deny", "period": {"start": withdrawal.withdrawn_on.isoformat()}, "code": places}
