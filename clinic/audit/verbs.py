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
    "started-intake": _("began the intake"),
    "completed-intake": _("completed the intake"),
    "discarded-intake": _("discarded the intake"),
    "recorded-facts": _("recorded facts"),
    "recorded-document": _("recorded a document"),
    "withdrew-document": _("withdrew a document"),
    "planned": _("planned"),
    "replanned": _("planned again"),
    "moved": _("changed the state"),
    "started-course": _("started the course"),
    "gave-session": _("gave a session"),
    "finished-course": _("finished the course"),
    "reviewed": _("reviewed an entry of the library"),
    "sealed-looks": _("sealed the looks"),
    "signed": _("signed a document"),
}

KINDS: Final[Mapping[str, Promise | str]] = {
    "patients.patient": pgettext_lazy("kind of record", "patient"),
    "patients.intake": pgettext_lazy("kind of record", "intake"),
    "patients.document": pgettext_lazy("kind of record", "document"),
    "courses.course": pgettext_lazy("kind of record", "course"),
    "protocols.entryreview": pgettext_lazy("kind of record", "review of the library"),
    "signing.signature": pgettext_lazy("kind of record", "signature"),
    "audit.readline": pgettext_lazy("kind of record", "look"),
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
