"""What a doctor signs of a course: the data of the plan, and the words that were shown, in the reader's language."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.courses.by_hand import by_hand_in, overrides_body
from clinic.courses.models import Consent, Course, SessionRecord
from clinic.courses.pinned import library_of, names_of, presenter_of
from clinic.courses.presentation import Presenter, SessionView
from clinic.courses.presentation.stage_choice import StagePresenter
from clinic.courses.prints.paper import pressure_words
from clinic.courses.prints.sessions import left_out, supplement_words
from clinic.courses.queries import course_plan_of, records_of, screening_of, sessions_of
from clinic.courses.session_spans import sessions_words
from clinic.courses.signed_plans import exact, plan_body
from clinic.signing.content import Content, Section
from clinic.web import marks
from patients.models import Patient, Referral
from patients.queries import age_on
from protocols.method.findings import Screening

KIND: Final = "courses.course"


def course_content(course: Course) -> Content:
    """The document of a course as it stands now: equal rows give an equal document in one language. No number has a fraction."""
    presenter, screening = presenter_of(course), screening_of(course)
    given, consent = tuple(records_of(course)), course.consents.order_by("-pk").first()  # read once for the data and the words
    body = {
        "patient": _snapshot(course.patient, course),
        "clinic": {"id": course.clinic_id, "name": course.clinic.name},
        "plan": plan_body(course),
        "given": [exact(record) for record in _given(given)],
        "warnings": _warnings(course, screening),
        "overrides": overrides_body(course),
        "referral": _referral(course.referral),
        "consent": _consent(consent),
        "planned_by": {"id": course.planned_by_id, "name": course.planned_by.full_name, "on": course.planned_on.isoformat()},
        "therapist": {"id": course.therapist_id, "name": course.therapist.full_name if course.therapist else ""},
    }
    sections = tuple(_Sections(course, presenter, screening, len(given), consent).all())
    return Content(KIND, f"{KIND}:{course.pk}", course.version, body, sections)


# The data -------------------------------------------------------------------------------------------------------------------
def _snapshot(patient: Patient, course: Course) -> dict[str, Any]:
    """Who it is for, as the page shows it."""
    return {
        "id": patient.pk,
        "card": patient.card_number,
        "name": patient.full_name,
        "born_on": patient.born_on.isoformat(),
        "sex": patient.sex,
        "age": age_on(patient, course.planned_on),
        "guardian": patient.guardian_name,
    }


def _given(records: Iterable[SessionRecord]) -> Iterator[dict[str, Any]]:
    for record in records:
        yield {
            "session": record.session.number, "on": record.given_on.isoformat(), "digest": record.session.digest,
            "comfort": record.comfort, "pain_before": record.pain_before, "pain_after": record.pain_after,
            "bad_reaction": record.bad_reaction, "note": record.note,
        }  # fmt: skip


def _warnings(course: Course, screening: Screening) -> list[dict[str, Any]]:
    shown = StagePresenter(library_of(course), names_of(course)).warnings_of(course, screening)
    return [{"sentence": line.sentence, "told": [list(pair) for pair in line.told], "points_to": list(line.points_to)} for line in shown]


def _referral(referral: Referral | None) -> dict[str, Any] | None:
    if referral is None:
        return None
    signed = referral.signature.content_digest if referral.signature else ""
    return {"id": referral.pk, "version": referral.version, "state": referral.state, "digest": signed}


def _consent(consent: Consent | None) -> dict[str, Any] | None:
    if consent is None:
        return None
    withdrawn = [exact(withdrawal.zones) for withdrawal in consent.withdrawals.all()]
    return {"id": consent.pk, "course_digest": consent.course_digest, "given_on": consent.given_on.isoformat(), "withdrawn": withdrawn}


# The words ------------------------------------------------------------------------------------------------------------------
class _Sections:
    """The same in plain words: who, what, each session, what is left out and why, what was found, when to stop."""

    def __init__(self, course: Course, presenter: Presenter, screening: Screening, given: int, consent: Consent | None) -> None:
        self.course, self.presenter, self.screening = course, presenter, screening
        self.given, self.consent = given, consent
        stage = f"{course.condition}/{course.stage}"
        self.plans = sessions_of(course)
        self.views = tuple(presenter.session(plan, stage=stage, limits=screening.limits) for plan in self.plans)

    def all(self) -> Iterator[Section]:
        yield Section(_("Patient"), tuple(self._who()))
        yield Section(_("Course"), tuple(self._what()))
        yield from self._by_hand()
        yield Section(_("Findings"), tuple(self._findings()))
        yield from self._sessions()
        yield Section(_("Left out, and why"), tuple(self._left_out()))
        yield Section(_("Stop at once"), self.presenter.stop_rules(self.course))
        yield Section(_("How this plan was made"), tuple(self._made()))

    def _who(self) -> Iterator[str]:
        patient = self.course.patient
        age = _("%(years)s years at planning") % {"years": age_on(patient, self.course.planned_on)}
        born = _("born %(day)s") % {"day": date_format(patient.born_on, "SHORT_DATE_FORMAT")}
        yield f"{patient.full_name}, {born}, {age}, {patient.get_sex_display()}"
        if patient.card_number:
            yield _("Card %(number)s") % {"number": patient.card_number}
        if patient.guardian_name:
            yield f"{_('Parent or guardian')}: {patient.guardian_name}"

    def _what(self) -> Iterator[str]:
        course, plan, given = self.course, course_plan_of(self.course), self.given
        yield f"{self.presenter.condition(course)}, {self.presenter.stage(course)}"
        count = course.session_count
        yield ngettext("%(count)s session", "%(count)s sessions", count) % {"count": count}
        yield _("Review after session %(number)s") % {"number": plan.review_after}
        if given:
            yield _("%(count)s of them were given already") % {"count": given}
        yield from self._under()
        for line in StagePresenter(self.presenter.library, self.presenter.names).warnings_of(course, self.screening):
            yield _("Speaks against this stage: %(what)s") % {"what": line.sentence}

    def _under(self) -> Iterator[str]:
        referral, consent = self.course.referral, self.consent
        if referral is not None:
            about = {"number": referral.pk, "diagnosis": referral.diagnosis, "code": referral.icd10, "state": referral.get_state_display()}
            yield _("Under referral %(number)s: %(diagnosis)s (%(code)s), %(state)s") % about
        if consent is None:
            yield _("No consent is on file yet")
        else:
            yield _("Consent given on %(day)s") % {"day": date_format(consent.given_on, "SHORT_DATE_FORMAT")}

    def _by_hand(self) -> Iterator[Section]:
        """What was changed by hand stands before everything that came of it; a plan without any has no such part."""
        told = by_hand_in(self.course, self.plans[self.given :], self.presenter)
        if told is not None:
            yield Section(_("Changed by hand"), told.lines)

    def _findings(self) -> Iterator[str]:
        view = self.presenter.screening(self.screening, self.course.outcome)
        yield f"{marks.OUTCOMES[self.course.outcome].word}. {view.sentence}".strip()
        for line in (*view.findings, *view.cleared):
            lifted = _("lifted by %(document)s") % {"document": line.cleared_by} if line.cleared_by else marks.OUTCOMES[line.outcome].word
            yield f"{line.title} ({lifted}). {' '.join((line.explanation, *line.changes))}".strip()
        yield from (_("Still open: %(what)s") % {"what": line.title} for line in view.obstacles)
        if not view.findings and not view.cleared:
            yield _("Nothing known about this patient limits the plan.")

    def _sessions(self) -> Iterator[Section]:
        """Each way of working once, under the numbers of its sessions; what was given already is no part of what may be given."""
        alike: dict[tuple[bool, tuple[str, ...]], list[int]] = {}
        for view in self.views:
            alike.setdefault((view.number <= self.given, tuple(_session_lines(view))), []).append(view.number)
        for (is_given, lines), numbers in alike.items():
            words = sessions_words(numbers)
            yield Section(_("%(sessions)s: given already") % {"sessions": words} if is_given else words, lines)

    def _left_out(self) -> Iterator[str]:
        found = left_out(self.views, by_dose=False)
        yield from (f"{line['what']}: {line['words']} {line['sessions']}".strip() for line in found)
        if not found:
            yield _("Nothing was left out because of this patient.")

    def _made(self) -> Iterator[str]:
        course = self.course
        day = date_format(course.planned_on, "SHORT_DATE_FORMAT")
        yield _("Planned by %(who)s, %(at)s.") % {"who": course.planned_by.full_name, "at": day}
        if course.therapist:
            yield _("Given by %(who)s") % {"who": course.therapist.full_name}
        yield _("Library edition %(edition)s, its digest %(digest)s.") % {"edition": course.edition, "digest": course.library_digest[:12]}
        yield _("Plan %(digest)s, version %(version)s.") % {"digest": course.digest[:12], "version": course.version}


def _session_lines(view: SessionView) -> Sequence[str]:
    """One session: phase and minutes, then zone, side, technique, minutes, pressure and pace of every row."""
    if not view.steps:
        return [_("Nothing may be given in this session.")]
    lines = [_("%(phase)s, %(minutes)s min") % {"phase": view.phase, "minutes": marks.clock(view.total_seconds)}]
    for step in view.steps:
        place = f"{step.zone} ({marks.SIDES[step.side]})"
        for row in step.rows:
            rest = f" – {_('keep off: %(places)s') % {'places': row.avoid}}" if row.avoid else ""
            work = f"{row.technique}, {marks.clock(row.seconds)} min"
            force = _("pressure %(level)s, %(tempo)s") % {"level": pressure_words(row.pressure), "tempo": marks.TEMPOS[row.tempo]}
            lines.append(f"{place}: {work}, {force}{rest}")
    return [*lines, *(supplement_words(item) for item in view.supplements)]
