"""The queues of the first page in their order, and what waits of each for one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from clinic.home.queues import of_desk, of_review
from clinic.home.queues.values import Kind, Moment, Queue
from clinic.keeping.erasure.permissions import DECIDE
from clinic.staff.models import Role
from patients.care.permissions import JUDGE

ADMIN: Final = frozenset({Role.ADMIN.value})
LEAD: Final = frozenset({Role.CLINICAL_LEAD.value})
AUDITOR: Final = frozenset({Role.AUDITOR.value})
KINDS: Final = (
    # The desk
    Kind(
        "unresolved",
        _("Who came?"),
        "circle-question-mark",
        _("The time is over and nobody has said what became of the session."),
        _("Every session that is over has its word."),
        "calendar:unresolved",
        ADMIN,
        of_desk.unresolved,
    ),
    Kind(
        "cannot-come",
        _("Patients who cannot come"),
        "calendar-x",
        _("They said so by the link of a message."),
        _("No patient has said that they cannot come."),
        "reminders:answers",
        ADMIN,
        of_desk.cannot_come,
    ),
    Kind(
        "conflicts",
        _("Conflicts"),
        "triangle-alert",
        _("Booked where nobody can treat: the clinic is closed, or the therapist is away or has left."),
        _("No booking stands on a closed day or with somebody who is away."),
        "calendar:conflicts",
        ADMIN,
        of_desk.conflicting,
    ),
    Kind(
        "needs-dates",
        _("Courses that need dates"),
        "calendar-plus",
        _("They may be given and have sessions without a date."),
        _("Every signed and running course has its dates."),
        "calendar:to-do",
        ADMIN,
        of_desk.need_dates,
        "needs-dates",
    ),
    Kind(
        "undelivered",
        _("Messages not delivered"),
        "mail-x",
        _("Somebody was not reached and may not know a date."),
        _("Every message has arrived."),
        "reminders:undelivered",
        ADMIN,
        of_desk.undelivered,
    ),
    Kind(
        "matches",
        _("Free places for the waiting list"),
        "users",
        _("A place fell free that somebody wished for."),
        _("No free place waits for somebody on the waiting list."),
        "calendar:waiting",
        ADMIN,
        of_desk.wait_list_matches,
    ),
    Kind(
        "holds",
        _("Holds that end"),
        "hourglass",
        _("A place is held and not confirmed; it goes back by itself."),
        _("Nothing is held."),
        "calendar:to-do",
        ADMIN,
        of_desk.holds_end,
        "holds",
    ),
    Kind(
        "needs-signature",
        _("With a doctor to sign"),
        "pen-line",
        _("Dates can be proposed once it is signed. Ask the doctor where the first date is near."),
        _("No plan and no referral waits for a signature."),
        "patients:list",
        ADMIN,
        of_desk.need_signature,
    ),
    Kind(
        "referrals",
        _("Referrals that end"),
        "file-clock",
        _("The referral ends before the last session, or its sessions are used up. A new one is needed in time."),
        _("Every referral reaches its sessions."),
        "calendar:to-do",
        ADMIN,
        of_desk.referrals_end,
        "referrals",
    ),
    # The lead and the auditor
    Kind(
        "chains",
        _("Chains to be checked"),
        "link-2-off",
        _("A chain that does not hold: change nothing and keep the backups. One that was not checked: see whether a worker runs."),
        _("The chains of signatures and of the audit were read in time, and held."),
        "audit-list",
        AUDITOR | LEAD,
        of_review.chains,
    ),
    Kind(
        "unsigned",
        _("Not signed for more than a day"),
        "pen-line",
        _("A session was given and has no signed record. Whose it is signs it."),
        _("Every session has its signed record within a day."),
        "day:today",
        LEAD,
        of_review.unsigned,
    ),
    Kind(
        "with-doctors",
        _("Waits for a doctor"),
        "inbox",
        _("Emergencies first, then by the day on which the patient could come next."),
        _("Nothing waits for a doctor."),
        "courses:inbox",
        LEAD,
        of_review.with_doctors,
    ),
    Kind(
        "openings",
        _("Records opened from outside of care"),
        "key-round",
        _("Somebody said why a record was needed. Somebody else says whether there was a good reason."),
        _("Every opening of a record was judged."),
        "care:opened",
        frozenset(role.value for role in JUDGE),
        of_review.openings,
    ),
    Kind(
        "unusual",
        _("Unusual looks"),
        "scan-eye",
        _("None of them proves anything; each is worth a question."),
        _("No look of the last 30 days stands out."),
        "care:unusual",
        AUDITOR,
        of_review.looks,
    ),
    Kind(
        "drafts",
        _("Drafts of the library"),
        "book-open",
        _("Variants that are being written, lie with a doctor or came back, and what is overdue for review."),
        _("No draft waits, and nothing is overdue for review."),
        "variants:list",
        LEAD,
        of_review.drafts,
    ),
    Kind(
        "editions",
        _("Courses of an older edition"),
        "library",
        _("They stay what they were planned as until somebody moves them."),
        _("Every course keeps to the edition in force."),
        "editions:courses",
        LEAD,
        of_review.elsewhere,
    ),
    Kind(
        "erasures",
        _("Records to be erased"),
        "archive",
        _("One person asked, another decides."),
        _("Nobody waits for a decision about an erasure."),
        "keeping:retention",
        frozenset(role.value for role in DECIDE),
        of_review.erasures,
    ),
)


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for one person, and what does not."""

    open: Sequence[Queue]
    done: Sequence[Queue]

    @property
    def count(self) -> int:
        """How much waits in all."""
        return sum(queue.found.count for queue in self.open)

    @property
    def patients(self) -> list[int]:
        """Whose names are shown."""
        return sorted({line.patient for queue in self.open for line in queue.found.lines if line.patient})


def work_of(moment: Moment) -> Work:
    """The queues for the roles of whoever asks. As many queries as the queues need, however much waits."""
    queues = [Queue(kind, kind.read(moment)) for kind in KINDS if moment.actor.has_role(*kind.roles)]
    return Work([each for each in queues if each.found.count], [each for each in queues if not each.found.count])
