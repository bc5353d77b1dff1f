"""What a plan is beside the one that was signed last, and beside what somebody read a moment ago; and the signatures of a course."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clinic.courses.gates import grown_beyond_signature, growth_words, subject_of
from clinic.courses.models import Course
from clinic.courses.pinned import library_of
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.effects import Effect, effect_between
from clinic.courses.queries import screening_of, sessions_to_come
from clinic.courses.screening_words import News, difference_in_words
from clinic.courses.screenings import difference
from clinic.courses.signed_plans import signed_sessions
from clinic.signing.content import Content, Section
from clinic.signing.models import Meaning, Signature
from clinic.signing.queries import Stamp, body_of, is_sound, signatures_of, stamp_of
from clinic.web.prepared import Prepared
from patients.models import Attachment
from protocols.method.findings import Screening
from protocols.method.plans import SessionPlan
from protocols.method.scope import scope_growth
from protocols.method.storage import from_json

ALLOWING: Final = (Meaning.APPROVED, Meaning.RECORDED_PAPER)
SALT: Final = "clinic.courses.what-was-read"


@dataclass(frozen=True, slots=True)
class SinceSigned:
    """What differs from the newest signed plan. ``grown``: sentences of what goes beyond it; a signature does not cover that."""

    stamp: Stamp
    grown: str
    effect: Effect
    news: News
    is_in_force: bool

    @property
    def is_same(self) -> bool:
        """Nothing that is done and nothing that was found differs."""
        return self.effect.is_none and not (self.grown or self.news.new or self.news.gone or self.news.changed)


def since_signed(course: Course, presenter: Presenter) -> SinceSigned | None:
    """The sessions to come beside the same sessions of the newest signed plan.

    None where none was ever signed, and for a signature that does not hold: nobody knows what was signed then, which its stamp says.
    """
    signature = last_signed(course)
    return _compared(course, signature, presenter) if signature else None


def last_signed_sessions(course: Course) -> tuple[SessionPlan, ...]:
    """The sessions of the newest plan that a doctor signed; none where none was."""
    signature = last_signed(course)
    return signed_sessions(signature) if signature else ()


def last_signed(course: Course) -> Signature | None:
    """The newest signature that allowed the plan; None where there is none, or it does not hold."""
    found = signatures_of(subject_of(course)).filter(clinic=course.clinic_id, meaning__in=ALLOWING).select_related("clinic")
    newest = found.order_by("-sequence").first()
    return newest if newest and is_sound(newest) else None


def _compared(course: Course, signature: Signature, presenter: Presenter) -> SinceSigned:
    now = sessions_to_come(course)
    numbers = {session.number for session in now}
    then = tuple(session for session in signed_sessions(signature) if session.number in numbers)
    grown = grown_beyond_signature(course) if course.signature_id == signature.pk else scope_growth(then, now, library=library_of(course))
    found = difference(from_json(Screening, body_of(signature)["plan"]["screening"]), screening_of(course))
    return SinceSigned(
        stamp=stamp_of(signature),
        grown=growth_words(course, grown),
        effect=effect_between(then, now, presenter.names),
        news=difference_in_words(found, presenter, since=signature.signed_at),
        is_in_force=course.signature_id == signature.pk,
    )


# What was read ----------------------------------------------------------------------------------------------------------------
def kept_words(content: Content) -> str:
    """The words of a document as they are shown now, sealed, so that the form can bring them back."""
    return signing.dumps([[section.heading, *section.lines] for section in content.sections], salt=SALT, compress=True)


@dataclass(frozen=True, slots=True)
class Reread:
    """What a document says now beside what it said when it was opened: lines that went and lines that came, by their heading."""

    gone: tuple[tuple[str, str], ...]
    come: tuple[tuple[str, str], ...]


def reread(kept: str, sections: Sequence[Section]) -> Reread | None:
    """The difference to the words that were read; None where the form brought none back, or none of ours."""
    try:
        read = signing.loads(kept, salt=SALT) if kept else None
    except signing.BadSignature:
        return None
    if read is None:
        return None
    then = [(heading, line) for heading, *lines in read for line in lines]
    now = [(section.heading, line) for section in sections for line in section.lines]
    return Reread(_only_in(then, now), _only_in(now, then))


def _only_in(lines: Iterable[tuple[str, str]], others: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    spare, left = Counter(others), []
    for line in lines:
        if spare[line]:
            spare[line] -= 1
        else:
            left.append(line)
    return tuple(left)


# The signatures of a course -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Signatures:
    """Every doctor's word on a course, the newest first. ``scan`` is the file of a paper that is in force."""

    newest: Stamp | None
    older: tuple[Stamp, ...]
    is_in_force: bool
    scan: Attachment | None
    since: SinceSigned | None


def signatures_on(course: Course, presenter: Presenter) -> Signatures:
    """The stamps of a course, each checked now, and how its plan differs from the one that is signed."""
    rows = tuple(_SIGNED.objects(subject=subject_of(course), clinic=course.clinic_id))
    stamps = tuple(stamp_of(row) for row in rows)
    in_force = bool(rows) and course.signature_id == rows[0].pk
    return Signatures(
        newest=stamps[0] if stamps else None,
        older=stamps[1:],
        is_in_force=in_force,
        scan=_scan(course, rows[0]) if rows and stamps[0].is_on_paper else None,
        since=_compared(course, rows[0], presenter) if in_force and stamps[0].is_sound else None,
    )


def _signed(_kind: str, *, subject: str, clinic: int) -> QuerySet[Signature]:
    return signatures_of(subject).filter(clinic=clinic).select_related("clinic").order_by("-sequence")


_SIGNED: Final = Prepared(_signed)


def _scan(course: Course, signature: Signature) -> Attachment | None:
    digest = (signature.evidence or {}).get("file_digest", "")
    return Attachment.objects.filter(patient=course.patient_id, sha256=digest).first() if digest else None


def stamp_lines(stamp: Stamp, moment: str) -> list[str]:
    """A signature in a few lines for paper; ``moment`` is when it was made, with its zone."""
    about: dict[str, Any] = {"name": stamp.name, "role": stamp.role, "licence": stamp.licence or "–", "meaning": stamp.meaning_word}
    lines = [
        _("%(name)s, %(role)s, licence %(licence)s: %(meaning)s.") % about,
        _("%(at)s, version %(version)s, fingerprint %(digest)s.") % {"at": moment, "version": stamp.version, "digest": stamp.short_digest},
    ]
    if stamp.is_on_paper:
        lines.append(_("On paper, recorded by %(name)s: weaker than a signature made here.") % {"name": stamp.recorded_by})
    if not stamp.is_sound:
        lines.append(_("This signature does NOT hold. Do not treat by it."))
    return lines
