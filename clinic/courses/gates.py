"""What stands between a patient and the next session, lined up: each gate answers sentences, and nothing where it is open.

The course page shows them before the patient lies down; starting a course and recording a session ask the same gates again, and screen
the patient anew besides. Problems are values here: whoever must not pass is told by ``actions``.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.consents import missing_consent
from clinic.courses.gentler import gentler_techniques
from clinic.courses.models import Course
from clinic.courses.other_edition import Forbidden, forbidden_in_force
from clinic.courses.other_edition_words import bars_in_words, words_in_force
from clinic.courses.pinned import library_of, names_of, presenter_of
from clinic.courses.planning import case_of, planned
from clinic.courses.proposals import gap_to_plan_after, reaction_to_acknowledge, reaction_words
from clinic.courses.queries import (
    has_open_emergency,
    has_withdrawn_all_consent,
    is_stopped_by_doctor,
    newest_screening,
    request_of,
    screening_of,
    sessions_to_come,
    unread_intake,
)
from clinic.courses.screenings import barring
from clinic.courses.signed_plans import is_of_the_signed_plan, signed_sessions, wanted_of
from clinic.courses.so_far import so_far
from clinic.courses.states import CourseState
from clinic.signing.models import Meaning
from clinic.signing.queries import is_sound, latest
from patients.queries.referrals import is_signed_as_it_stands
from patients.referrals import counts_of, outside_scope, state_on
from patients.states import ReferralState
from protocols.method.answers import Faults
from protocols.method.library import Library
from protocols.method.planning import setting_of
from protocols.method.plans import SessionPlan, UnsafePlan
from protocols.method.scope import Growth, growth_reason, scope_growth
from protocols.method.setting import Setting
from protocols.method.storage import digest_of_json, plan_digest, plan_to_json

THERAPEUTIC: Final = "course.therapeutic"
DOCTORS_WORD: Final = (Meaning.APPROVED, Meaning.REFUSED, Meaning.REVOKED, Meaning.RECORDED_PAPER)
MOST_NAMED: Final = 3  # of what grew: a sentence is read while the patient waits


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One thing in the way: ``code`` is the gate, so that a page can lead to what mends it."""

    code: str
    sentence: str


def is_therapeutic(course: Course) -> bool:
    """Whether a doctor must refer and sign. Only what the library calls a preventive course of healthy people goes without."""
    condition = library_of(course).conditions.get(course.condition)
    said = [row for row in condition.implies if row.fact == THERAPEUTIC] if condition else []
    return not said or any(row.value is not False or row.when is not None for row in said)


def is_unsigned(course: Course) -> bool:
    """Whether a doctor has yet to sign this plan: a mild outcome of its screening alone must not read as a permission."""
    return course.state in (CourseState.DRAFT, CourseState.AWAITING) and is_therapeutic(course)


# The gates ------------------------------------------------------------------------------------------------------------------
def state_stands(course: Course, _on: date) -> Iterator[str]:
    """The course runs, or may be started."""
    state, signed_off = course.state, not is_therapeutic(course)
    if state == CourseState.RUNNING or (state == CourseState.DRAFT and signed_off) or state == CourseState.SIGNED:
        return
    yield _STATES.get(state, _STATES[CourseState.DRAFT])()


_STATES: Final[dict[str, Callable[[], str]]] = {
    CourseState.DRAFT: lambda: _("A doctor has to sign this plan before the first session. Send it for sign-off."),
    CourseState.AWAITING: lambda: _("The plan lies with the doctor and is not signed yet."),
    CourseState.PAUSED: lambda: _("This course is paused. Let it go on first."),
    CourseState.SUSPENDED: lambda: _("This course is suspended. Its page says why, and what lets it go on."),
    CourseState.FINISHED: lambda: _("This course is over."),
    CourseState.ENDED: lambda: _("This course is over."),
    CourseState.DISCARDED: lambda: _("This course was discarded."),
}


def day_stands(course: Course, on: date) -> Iterator[str]:
    """The plan was made under the answers of the day, and they let a session be given."""
    if course.planned_on != on:
        yield _("Ask today's questions first: this plan was made under the answers of another day.")
    elif not course.may_start:
        yield _("The answers do not let the next session start yet. The page of the course says what is in the way.")


def knowledge_stands(course: Course, on: date) -> Iterator[str]:
    """Nothing that was told since would change the plan, as far as the screenings kept show."""
    if course.planned_on == on and is_overtaken_by_news(course):
        yield _("An answer or a document has changed since this plan was made. Ask today's questions again.")


def signature_stands(course: Course, _on: date) -> Iterator[str]:
    """A doctor's word of now on this course, sound, and on this plan or one that went before it."""
    if is_therapeutic(course) and course.state in (CourseState.RUNNING, CourseState.SIGNED):
        yield from signature_problems(course)


def scope_stands(course: Course, _on: date) -> Iterator[str]:
    """The sessions to come lie within those that were signed."""
    if is_therapeutic(course) and course.signature is not None and (grown := grown_beyond_signature(course)):
        yield _("The plan grew beyond what the doctor signed: %(what)s Send it for sign-off.") % {"what": growth_words(course, grown)}


def referral_stands(course: Course, on: date) -> Iterator[str]:
    """The referral is signed, of that day, has sessions left, and the plan keeps within it.

    A referral that is only a paper on file, without a record of its own, is judged by the screening.
    """
    referral = course.referral
    if referral is None or not is_therapeutic(course):
        return
    counts = counts_of(referral)
    state = state_on(referral, on=on, counts=counts)
    if state != ReferralState.SIGNED:
        yield _("The referral of this course does not stand: %(state)s.") % {"state": ReferralState(state).label}
    elif not is_signed_as_it_stands(referral):
        yield _("The signature on the referral does not verify. Nothing may be given on it: tell the clinical lead.")
    library = library_of(course)
    beyond = outside_scope(referral, wanted_of(course, library), library=library, names=names_of(course), on=on)
    yield from (outside.sentence for outside in beyond if outside.kind != "day" or state == ReferralState.SIGNED)


def consent_stands(course: Course, _on: date) -> Iterator[str]:
    """The patient has agreed to everything that is to come, and has not taken it back."""
    yield from missing_consent(course)


def intake_stands(course: Course, _on: date) -> Iterator[str]:
    """Nobody waits for answers to be read that the patient has sent."""
    if unread_intake(course.patient_id):
        yield _("The patient has filled in the intake form and nobody has read it yet. Read it first.")


def reaction_stands(course: Course, _on: date) -> Iterator[str]:
    """Somebody has read, under their own name, what followed the sessions so far."""
    if (record := reaction_to_acknowledge(course)) is not None:
        about = {"number": record.session.number, "what": reaction_words(record, library_of(course))}
        yield _("Session %(number)s was followed by this: %(what)s. Acknowledge under your name that you have read it.") % about


def emergency_stands(course: Course, _on: date) -> Iterator[str]:
    """Nobody goes on after an emergency before a doctor has answered."""
    if has_open_emergency(course):
        yield _("An emergency was told to the doctor, who has not answered yet.")


def gap_stands(course: Course, on: date) -> Iterator[str]:
    """Nobody goes on after a long gap with a plan that was made before it."""
    if (gap := gap_to_plan_after(course, on)) is not None:
        about = {"days": gap[0], "number": gap[1]}
        yield (_("At least %(days)s treatment days were missed since session %(number)s. Look at the plan anew and save it.") % about)


def edition_stands(course: Course, on: date) -> Iterator[str]:
    """The rules that the clinic works with now do not forbid what was planned with others. Asks nothing of a course that keeps to them."""
    if forbidden := forbidden_in_force(course, on):
        yield _sentence_of(forbidden, course)


def _sentence_of(forbidden: Forbidden, course: Course) -> str:
    about = {"what": "; ".join(line.rstrip(".") for line in words_in_force(forbidden, course))}
    if forbidden.lasts or forbidden.today:
        return _("The library that the clinic works with forbids this by now: %(what)s. Move the course to the edition in force.") % about
    return _("The library that the clinic works with asks more by now: %(what)s. Move the course to the edition in force.") % about


def forbidden_for_good(course: Course, on: date) -> tuple[str, ...]:
    """What the edition in force forbids of the course for longer than this day, in one sentence; ``()`` for nothing."""
    forbidden = forbidden_in_force(course, on)
    return (_sentence_of(forbidden, course),) if forbidden.lasts else ()


Gate = Callable[[Course, date], Iterable[str]]
GATES: Final[tuple[tuple[str, Gate], ...]] = (
    ("state", state_stands),
    ("emergency", emergency_stands),
    ("reaction", reaction_stands),
    ("signature", signature_stands),
    ("day", day_stands),
    ("knowledge", knowledge_stands),
    ("scope", scope_stands),
    ("edition", edition_stands),
    ("referral", referral_stands),
    ("consent", consent_stands),
    ("intake", intake_stands),
    ("gap", gap_stands),
)


def hindrances(course: Course, on: date) -> tuple[Hindrance, ...]:
    """Everything that stands between this course and a session on that day; ``()`` when nothing does."""
    return tuple(Hindrance(code, sentence) for code, gate in GATES for sentence in gate(course, on))


def fresh_hindrances(locked: Course, on: date) -> tuple[Hindrance, ...]:
    """The same, and the coming session planned anew: nothing that is written down is trusted at the moment of giving."""
    found = hindrances(locked, on)
    if found:
        return found
    try:
        now = planned(locked.patient, request_of(locked), library_of(locked), on=on, so_far=so_far(locked, on))
    except (Faults, UnsafePlan):
        return (Hindrance("knowledge", _no_plan()),)
    coming = locked.sessions.filter(record=None).order_by("number").values_list("number", "digest").first()
    is_same = coming is None or digest_of_json(plan_to_json(now.sessions[coming[0] - 1])) == coming[1]
    if plan_to_json(now.screening) != locked.screening or not is_same:
        changed = _("An answer or a document has changed since this plan was made. Ask today's questions again.")
        return (Hindrance("knowledge", changed),)
    return ()


def _no_plan() -> str:
    return _("What the record says no longer makes a plan. Open the plan again and mend what it names.")


# What the gates ask ---------------------------------------------------------------------------------------------------------
def is_overtaken_by_news(course: Course) -> bool:
    """Whether the newest screening of the course is another one than that of its plan."""
    newest = newest_screening(course)
    return newest is not None and newest.digest != plan_digest(screening_of(course))


def signature_problems(course: Course) -> tuple[str, ...]:
    """Why no doctor's word allows this course; ``()`` when one does."""
    signature = course.signature
    if signature is None:
        return (_("No doctor has signed this plan. Send it for sign-off."),)
    subject = subject_of(course)
    if not is_sound(signature) or (signature.subject, signature.clinic_id) != (subject, course.clinic_id):
        return (_("The doctor's signature does not verify. Nothing may be given on it: tell the clinical lead."),)
    newest = latest(subject, DOCTORS_WORD)
    if newest is None or newest.pk != signature.pk or signature.meaning not in (Meaning.APPROVED, Meaning.RECORDED_PAPER):
        return (_("The doctor has taken back the signature on this course. Send it for sign-off."),)
    if not is_of_the_signed_plan(course, signature):
        return (_("The plan is not the one that was signed. Nothing may be given on it: tell the clinical lead."),)
    return ()


def subject_of(course: Course) -> str:
    """The name of a course in the chain of signatures."""
    return f"{course._meta.label_lower}:{course.pk}"


def grown_beyond_signature(course: Course) -> tuple[Growth, ...]:
    """In what the sessions to come go beyond those that were signed; ``()`` without a signature to compare with."""
    return grown_beyond(course, sessions_to_come(course), library_of(course)) if course.signature is not None else ()


def grown_beyond(course: Course, coming: tuple[SessionPlan, ...], library: Library) -> tuple[Growth, ...]:
    """In what these sessions, planned with this library, go beyond those that were signed; ``()`` without a signature.

    Another technique of a family that was signed at that place, only because it is done with less where it hurt, goes beyond nothing.
    """
    if course.signature is None:
        return ()
    signed = signed_sessions(course.signature)
    grown, plans = scope_growth(signed, coming, library=library), {plan.number: plan for plan in coming}
    changed = {each.session for each in grown if each.kind == "technique"}
    gentler = {n: gentler_techniques(plans[n], (plan for plan in signed if plan.number == n), library.tree) for n in changed}
    return tuple(each for each in grown if each.kind != "technique" or each.code not in gentler[each.session])


def growth_words(course: Course, grown: Iterable[Growth]) -> str:
    """The first of what grew, in sentences."""
    speaker, kinds = presenter_of(course).speaker, dict[tuple[str, str], Growth]()
    for growth in grown:
        kinds.setdefault((growth.kind, growth.code), growth)
    return " ".join(speaker.say(growth_reason(growth)) for growth in list(kinds.values())[:MOST_NAMED])


def setting_today(course: Course, on: date) -> Setting:
    """The patient screened for this course on that day. Raises ``Faults`` for a record that no longer fits."""
    library = library_of(course)
    return setting_of(case_of(course.patient, request_of(course), library, on=on, so_far=so_far(course, on)), library)


def barred_now(course: Course, on: date) -> tuple[str, ...]:
    """What forbids the course on that day, in words; ``()`` when nothing does. A record that makes no plan forbids it too."""
    try:
        codes = barring(setting_today(course, on))
    except Faults:
        return (_no_plan(),)
    return barred_words(course, codes)


def barred_words(course: Course, codes: Iterable[str]) -> tuple[str, ...]:
    """What forbids, by the codes of ``screenings.barring``: titles of rules, names of papers."""
    return bars_in_words(codes, names_of(course))


def resuming_hindrances(course: Course, on: date) -> tuple[Hindrance, ...]:
    """What keeps staff from letting a paused or suspended course go on."""
    if course.state != CourseState.SUSPENDED:
        return ()
    if has_withdrawn_all_consent(course):
        return tuple(Hindrance("consent", sentence) for sentence in missing_consent(course))
    return _unmended(course, on)


def _unmended(course: Course, on: date) -> tuple[Hindrance, ...]:
    """What suspended the course and still stands."""
    if is_stopped_by_doctor(course):
        return (Hindrance("signature", _("The doctor asked for a change. Plan again, and send the plan for sign-off.")),)
    if barred := barred_now(course, on):
        return (Hindrance("screening", _("This still forbids the course: %(what)s.") % {"what": "; ".join(barred)}),)
    if forbidden := forbidden_for_good(course, on):
        return (Hindrance("edition", forbidden[0]),)
    if is_therapeutic(course):
        if problems := signature_problems(course):
            return (Hindrance("signature", problems[0]),)
        if grown := grown_beyond_signature(course):
            what = growth_words(course, grown)
            return (Hindrance("scope", _("The plan goes beyond what the doctor signed: %(what)s Send it for sign-off.") % {"what": what}),)
    return ()
