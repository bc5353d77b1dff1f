"""Records of the people we treat. Facts are dated and never overwritten; every record belongs to one clinic."""

from patients.models.answers import FactAnswer, Intake, IntakeChannel, IntakeLink
from patients.models.care import BreakGlass, CareMember
from patients.models.papers import Attachment, Document, Referral, ReferralMove
from patients.models.people import MessageConsent, NameKey, Patient, PatientMerge

__all__ = [
    "Attachment",
    "BreakGlass",
    "CareMember",
    "Document",
    "FactAnswer",
    "Intake",
    "IntakeChannel",
    "IntakeLink",
    "MessageConsent",
    "NameKey",
    "Patient",
    "PatientMerge",
    "Referral",
    "ReferralMove",
]
