"""The closed list of what an audit line can say was done, in words for people. A verb of an action that is not here fails a test."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS: Final[Mapping[str, Promise | str]] = {
    "signed-in": _("signed in"),
    "signed-out": _("signed out"),
    "sign-in-failed": _("failed to sign in"),
    "clinic-opened": _("opened the clinic"),
    "staff-added": _("added to the staff"),
    "roles-set": _("set the roles"),
    "staff-disabled": _("disabled the account"),
    "staff-enabled": _("opened the account again"),
    "invited": _("invited"),
    "renewed-invitation": _("renewed the invitation"),
    "revoked-invitation": _("revoked the invitation"),
    "accepted-invitation": _("accepted the invitation"),
    "profile-set": _("set title, licence and qualifications"),
    "signed-out-everywhere": _("signed out everywhere"),
    "password-changed": _("changed the password"),
    "second-step-added": _("set up a second step or passkey"),
    "second-step-removed": _("removed a second step or passkey"),
    "registered": _("registered"),
    "corrected": _("corrected"),
    "merged-patients": _("merged two records"),
    "undid-merge": _("parted two records again"),
    "started-intake": _("began the intake"),
    "completed-intake": _("completed the intake"),
    "discarded-intake": _("discarded the intake"),
    "took-over-intake": _("took over an intake filled in by the patient"),
    "made-intake-link": _("made a link to the intake form"),
    "revoked-intake-link": _("ended a link to the intake form"),
    "opened-intake-link": _("opened the intake form by a link"),
    "ended-intake-link": _("ended a link by wrong dates of birth"),
    "submitted-intake": _("sent in an intake form"),
    "recorded-facts": _("recorded facts"),
    "recorded-document": _("recorded a document"),
    "withdrew-document": _("withdrew a document"),
    "attached-file": _("added a file"),
    "wrote-referral": _("wrote a referral"),
    "changed-referral": _("changed a referral"),
    "moved-referral": _("changed the state of a referral"),
    "planned": _("planned"),
    "replanned": _("planned again"),
    "moved": _("changed the state"),
    "started-course": _("started the course"),
    "gave-session": _("gave a session"),
    "finished-course": _("finished the course"),
    "submitted-course": _("sent the plan for sign-off"),
    "signed-course": _("signed the plan"),
    "recorded-signed-plan": _("recorded a plan signed on paper"),
    "returned-course": _("returned the plan with a question"),
    "refused-course": _("refused the plan"),
    "revoked-course": _("took back the signature on the plan"),
    "allowed-findings": _("decided about findings"),
    "recorded-consent": _("recorded consent"),
    "withdrew-consent": _("recorded that consent was taken back"),
    "paused-course": _("paused the course"),
    "suspended-course": _("suspended the course"),
    "ended-course": _("ended the course early"),
    "transferred-course": _("handed the course over"),
    "lost-session": _("recorded a session as missed or cancelled"),
    "session-to-come": _("took back that a session was missed or cancelled"),
    "asked-doctor": _("asked the doctor about the course"),
    "decided-review": _("decided about the course"),
    "reviewed": _("reviewed an entry of the library"),
    "sealed-looks": _("sealed the looks"),
    "signed": _("signed a document"),
    "made-feed": _("made a calendar address"),
    "renewed-feed": _("made a new calendar address in the place of the old one"),
    "revoked-feed": _("ended a calendar address"),
}

KINDS: Final[Mapping[str, Promise | str]] = {
    "patients.patient": pgettext_lazy("kind of record", "patient"),
    "patients.intake": pgettext_lazy("kind of record", "intake"),
    "patients.intakelink": pgettext_lazy("kind of record", "link to the intake form"),
    "patients.document": pgettext_lazy("kind of record", "document"),
    "patients.attachment": pgettext_lazy("kind of record", "file"),
    "patients.referral": pgettext_lazy("kind of record", "referral"),
    "courses.course": pgettext_lazy("kind of record", "course"),
    "protocols.entryreview": pgettext_lazy("kind of record", "review of the library"),
    "signing.signature": pgettext_lazy("kind of record", "signature"),
    "audit.readline": pgettext_lazy("kind of record", "look"),
    "schedule.feed": pgettext_lazy("kind of record", "calendar address"),
    "staff.user": pgettext_lazy("kind of record", "person"),
    "staff.invitation": pgettext_lazy("kind of record", "invitation"),
    "staff.clinic": pgettext_lazy("kind of record", "clinic"),
}


def verb_name(verb: str) -> str:
    """The verb in the reader's language. A verb of an older version keeps its code."""
    return str(VERBS.get(verb, verb))


def kind_name(subject_type: str) -> str:
    """The name of a kind of record in the reader's language. A kind of an older version keeps its code."""
    return str(KINDS.get(subject_type, subject_type))
