"""What changes patients' records: one transaction, one audit line each, actor last."""

from patients.actions.answers import UnreadAnswers, complete_intake, discard_intake, keep_intake_draft, record_facts, unread_sentence
from patients.actions.papers import DocumentRefused, record_document, withdraw_document
from patients.actions.people import (
    LONGEST_GIVEN,
    CardTaken,
    StalePatient,
    check_card_is_free,
    correct_patient,
    next_card_number,
    register_patient,
)

__all__ = [
    "LONGEST_GIVEN",
    "CardTaken",
    "DocumentRefused",
    "StalePatient",
    "UnreadAnswers",
    "check_card_is_free",
    "complete_intake",
    "correct_patient",
    "discard_intake",
    "keep_intake_draft",
    "next_card_number",
    "record_document",
    "record_facts",
    "register_patient",
    "unread_sentence",
    "withdraw_document",
]
