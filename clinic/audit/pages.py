"""Every page that may leave a look or refuse somebody, in words for people. A page that is not here fails a test."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

PAGES: Final[Mapping[str, Promise | str]] = {
    "patients:list": pgettext_lazy("page", "list of patients"),
    "patients:new": pgettext_lazy("page", "registration of a patient"),
    "patients:detail": pgettext_lazy("page", "record of the patient"),
    "patients:edit": pgettext_lazy("page", "correction of the record"),
    "patients:intake": pgettext_lazy("page", "intake: first questions"),
    "patients:intake-details": pgettext_lazy("page", "intake: details"),
    "patients:intake-declaration": pgettext_lazy("page", "intake: declaration"),
    "patients:intake-discard": pgettext_lazy("page", "intake put aside"),
    "patients:intake-kept": pgettext_lazy("page", "intake: kept while typing"),
    "patients:intake-review": pgettext_lazy("page", "intake sent in by the patient"),
    "patients:intake-aside": pgettext_lazy("page", "intake of the patient put aside"),
    "patients:intake-form": pgettext_lazy("page", "intake form as it was asked"),
    "patients:intake-link": pgettext_lazy("page", "link to the intake form"),
    "patients:intake-link-end": pgettext_lazy("page", "link to the intake form ended"),
    "patients:intake-tablet": pgettext_lazy("page", "tablet handed over"),
    "patients:waiting": pgettext_lazy("page", "forms that wait to be read"),
    "patients:facts": pgettext_lazy("page", "facts"),
    "patients:facts-new": pgettext_lazy("page", "new facts"),
    "patients:fact": pgettext_lazy("page", "history of a fact"),
    "patients:document-new": pgettext_lazy("page", "new document"),
    "patients:document-withdraw": pgettext_lazy("page", "withdrawal of a document"),
    "patients:document-file-new": pgettext_lazy("page", "file added to a document"),
    "patients:document-file": pgettext_lazy("page", "file of a document"),
    "patients:referral": pgettext_lazy("page", "referral"),
    "patients:referral-new": pgettext_lazy("page", "new referral"),
    "patients:referral-paper": pgettext_lazy("page", "referral on paper recorded"),
    "patients:referral-edit": pgettext_lazy("page", "change of a referral"),
    "patients:referral-submit": pgettext_lazy("page", "referral sent to the doctor"),
    "patients:referral-withdraw": pgettext_lazy("page", "referral taken back"),
    "patients:referral-take-back": pgettext_lazy("page", "referral on paper withdrawn"),
    "patients:referral-return": pgettext_lazy("page", "referral returned with a question"),
    "patients:referral-sign": pgettext_lazy("page", "signing of a referral"),
    "patients:referral-revoke": pgettext_lazy("page", "revocation of a referral"),
    "signing:entry": pgettext_lazy("page", "signature"),
    "signing:bundle": pgettext_lazy("page", "signature saved as a file"),
    "patients:looks": pgettext_lazy("page", "who opened this record"),
    "patients:looks-find": pgettext_lazy("page", "search for a patient in the audit"),
    "courses:list": pgettext_lazy("page", "list of courses"),
    "courses:new": pgettext_lazy("page", "new course: condition"),
    "courses:new-stage": pgettext_lazy("page", "new course: stage"),
    "courses:new-plan": pgettext_lazy("page", "new course: plan"),
    "courses:detail": pgettext_lazy("page", "course"),
    "courses:edit": pgettext_lazy("page", "change of a course"),
    "courses:what-if": pgettext_lazy("page", "course: what if"),
    "courses:today": pgettext_lazy("page", "questions of the day"),
    "courses:discard": pgettext_lazy("page", "course discarded"),
    "courses:restore": pgettext_lazy("page", "course taken up again"),
    "courses:start": pgettext_lazy("page", "start of a course"),
    "courses:record": pgettext_lazy("page", "record of a session"),
    "courses:card": pgettext_lazy("page", "session card"),
    "courses:plan-pdf": pgettext_lazy("page", "printed plan of a course"),
    "library:review-change": pgettext_lazy("page", "review of an entry of the library"),
    "staff-list": pgettext_lazy("page", "staff"),
    "staff-new": pgettext_lazy("page", "new member of the staff"),
    "staff-roles": pgettext_lazy("page", "roles of a colleague"),
    "staff-member": pgettext_lazy("page", "a colleague"),
    "staff-profile": pgettext_lazy("page", "licence and qualifications of a colleague"),
    "staff-invitation-renew": pgettext_lazy("page", "invitation renewed"),
    "staff-invitation-revoke": pgettext_lazy("page", "invitation revoked"),
    "staff-sign-out": pgettext_lazy("page", "a colleague signed out everywhere"),
    "staff-disable": pgettext_lazy("page", "account of a colleague closed"),
    "staff-enable": pgettext_lazy("page", "account of a colleague opened"),
    "audit-list": pgettext_lazy("page", "audit of changes"),
    "audit-reads": pgettext_lazy("page", "audit of looks"),
}


def page_name(page: str) -> str:
    """The page in the reader's language. A page of an older version keeps its name of the address."""
    return str(PAGES.get(page, page))
