"""The report of a course, A4, for the doctor who referred: what was asked for, what was given, how it was borne, what came of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from clinic.courses import queries
from clinic.courses.models import AdaptationChoice, Course, CourseReview, SessionMove, SessionRecord
from clinic.courses.presentation.curve import curve_of
from clinic.courses.prints.curve_svg import curve_svg, weave_svg
from clinic.courses.prints.paper import DIGEST, Paper, capital, frame, moment, pressure_words, with_side
from clinic.courses.prints.typesetting import typeset
from clinic.courses.proposals import reaction_words
from clinic.courses.record_content import rows_of
from clinic.courses.states import CourseState, Reaction, SessionState
from clinic.web import marks
from patients.queries import age_on
from protocols.method.plans import Adaptation, SessionPlan
from protocols.method.storage import from_json
from protocols.method.vocabulary import FAMILIES


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure from its start to now, in words; ``verdict`` says what became of it, or why nothing is said."""

    name: str
    start: str
    now: str
    verdict: str
    change: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a course brought about, as the package of its outcomes tells it."""

    measured: Sequence[Measured] = ()
    tolerance: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A session that was given: its record, its plan, and the seconds of each row as they really were."""

    record: SessionRecord
    plan: SessionPlan
    seconds: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.seconds)


def report_pdf(paper: Paper, told: Told) -> bytes:
    """The report in the language of the paper's presenter (PDF/UA-1)."""
    return typeset("report.typ", report_data(paper, told))


def report_data(paper: Paper, told: Told) -> dict[str, Any]:
    """Everything that the report prints, in words."""
    course, given = paper.course, _given(paper.course)
    return {
        **frame(paper, title=_("Course report"), digest=course.digest),
        "standing": _standing(course),
        "person": _person(course),
        "referral": {"title": _("Referral"), "lines": _referral(paper)},
        "figures": _figures(course, given),
        "sessions": _sessions(course, given),
        "curve": _curve(paper, given),
        "work": _work(paper, given),
        "tolerance": {
            "title": _("How it was borne"),
            "lines": list(told.tolerance),
            "reactions": _reactions(paper, given),
        },
        "changes": {"title": _("What was changed because of it"), "lines": [*_choices(paper), *_moves(course)]},
        "measures": _measures(told.measured),
        "reviews": {"title": _("Reviews and decisions"), "lines": _reviews(course)},
        "advice": {"title": _("Recommendations"), "lines": 4},
        "signature": [_("Name, role and licence"), _("Place and date"), _("Signature")],
        "limits": _limits(course),
    }


def _given(course: Course) -> tuple[Given, ...]:
    """The sessions that were given, with what was really done. A record without rows was given as planned."""
    plans = {plan.number: plan for plan in queries.sessions_of(course)}
    records = queries.records_of(course).prefetch_related("next_days")
    return tuple(_one(record, plans[record.session.number]) for record in records)


def _one(record: SessionRecord, plan: SessionPlan) -> Given:
    told = {row.row: row.given for row in rows_of(record)}
    return Given(record, plan, tuple(told.get(at, 0 if told else row.seconds) for at, row in enumerate(plan.rows)))


# Who, for whom ----------------------------------------------------------------------------------------------------------------
def _standing(course: Course) -> str:
    if course.state == CourseState.FINISHED:
        return ""
    if course.state == CourseState.ENDED:
        return _("The course ended early, on %(day)s.") % {"day": _day(course.finished_on)}
    return _("The course is not finished: %(state)s. This report is of %(day)s.") % {
        "state": course.get_state_display(), "day": _day(course.clinic.today()),
    }  # fmt: skip


def _person(course: Course) -> list[str]:
    age = _("%(years)s years at planning") % {"years": age_on(course.patient, course.planned_on)}
    guardian = f"{_('Parent or guardian')}: {course.patient.guardian_name}" if course.patient.guardian_name else ""
    therapist = course.therapist or course.planned_by
    return [part for part in (str(course.patient.get_sex_display()), age, guardian, f"{_('Therapist')}: {therapist.full_name}") if part]


def _referral(paper: Paper) -> list[str]:
    """What the referring doctor wrote; a line that says so where there is none."""
    referral = paper.course.referral
    if referral is None:
        return [_("No referral is linked to this course.")]
    doctor = referral.outside_doctor or (referral.signature.printed_name if referral.signature else "")
    allowed = _("%(count)s sessions, valid %(first)s – %(last)s") % {
        "count": referral.session_count, "first": _day(referral.valid_from), "last": _day(referral.valid_until),
    }  # fmt: skip
    lines = [f"{referral.diagnosis} ({referral.icd10})", allowed, f"{_('Doctor')}: {doctor}" if doctor else ""]
    lines += [f"{_('Question to the doctor')}: {referral.question}" if referral.question else ""]
    lines += [f"{_('Answer')}: {referral.answer}" if referral.answer else ""]
    return [line for line in lines if line]


# What was given ---------------------------------------------------------------------------------------------------------------
def _figures(course: Course, given: Sequence[Given]) -> list[dict[str, str]]:
    states = list(course.sessions.values_list("state", flat=True))
    first, last = _pain(given)
    figures = (
        (_("Planned"), str(len(states))),
        (_("Given"), str(len(given))),
        (_("Missed"), str(states.count(SessionState.MISSED))),
        (_("Cancelled late"), str(states.count(SessionState.CANCELLED))),
        (_("Minutes of work"), number_format(round(sum(each.total for each in given) / 60))),
        (_("Pain before, first → last"), f"{first} → {last}"),
    )
    return [{"name": name, "value": value} for name, value in figures]


def _pain(given: Sequence[Given]) -> tuple[str, str]:
    found = [each.record.pain_before for each in given if each.record.pain_before is not None]
    return (str(found[0]), str(found[-1])) if found else ("–", "–")


def _sessions(course: Course, given: Sequence[Given]) -> dict[str, Any]:
    heads = [_("Session"), _("Date"), _("Minutes"), _("Pressure"), _("Comfort"), _("Pain before"), _("Pain after")]
    lost = SessionMove.objects.filter(session__course=course, after__in=(SessionState.MISSED, SessionState.CANCELLED))
    lines = [_lost(move) for move in lost.select_related("session").defer("session__plan").order_by("happened_on", "pk")]
    rows = [_row(each) for each in given]
    return {
        "title": _("Sessions"),
        "heads": heads,
        "rows": rows,
        "lost_title": _("Not given"),
        "lost": lines,
        "none": "" if rows else _("No session was given yet."),
        "note": _("Comfort: 10 is best. Pain: 0 is none. A dash: nobody asked."),
    }


def _row(each: Given) -> list[str]:
    record = each.record
    worked = [row.pressure for row, seconds in zip(each.plan.rows, each.seconds, strict=True) if seconds]
    felt = ["–" if value is None else str(value) for value in (record.comfort, record.pain_before, record.pain_after)]
    return [str(record.session.number), _day(record.given_on), marks.clock(each.total), pressure_words(max(worked, default=0)), *felt]


def _lost(move: SessionMove) -> str:
    said = f" ({move.note})" if move.note else ""
    return _("Session %(number)s, %(day)s: %(what)s") % {
        "number": move.session.number, "day": _day(move.happened_on), "what": SessionState(move.after).label,
    } + said  # fmt: skip


def _curve(paper: Paper, given: Sequence[Given]) -> dict[str, Any]:
    """The doses as planned, with a tick for each session that was given."""
    doses = paper.presenter.doses(queries.course_plan_of(paper.course), queries.sessions_of(paper.course))
    doses = doses if any(dose.seconds for dose in doses) else ()
    used = {family for dose in doses for family, _seconds in dose.families}
    numbers = {each.record.session.number for each in given}
    return {
        "title": _("Doses over the course"),
        "svg": curve_svg(curve_of(doses, 0), given=numbers) if doses else "",
        "alt": " ".join((_("Dose curve."), *(f"{dose.label}." for dose in doses))),
        "legend": [{"svg": weave_svg(code), "words": _family(paper, code)} for code in FAMILIES if code in used],
        "words": _("Height: minutes. Line below: strongest pressure, 1 to 5; dotted: its ceiling. Flag: review. Tick: given."),
    }


def _family(paper: Paper, code: str) -> str:
    return paper.presenter.names.of("families", code)


def _work(paper: Paper, given: Iterable[Given]) -> dict[str, Any]:
    """What was done where, in minutes over all sessions: a zone with its side, then its families, the longest first."""
    sums: dict[str, dict[str, int]] = {}
    for each in given:
        for row, seconds in zip(each.plan.rows, each.seconds, strict=True):
            zone = with_side(capital(paper.presenter.names.of("zones", row.zone)), row.side)
            found = sums.setdefault(zone, {}) if seconds else {}
            found[row.family] = found.get(row.family, 0) + seconds
    order = sorted(sums.items(), key=lambda item: -sum(item[1].values()))
    rows = [[zone, marks.clock(sum(done.values())), _done(paper, done)] for zone, done in order]
    return {
        "title": _("What was done, in minutes over all sessions"),
        "heads": [_("Zone and side"), _("min"), _("Technique")],
        "rows": rows,
    }


def _done(paper: Paper, done: dict[str, int]) -> str:
    return ", ".join(f"{_family(paper, code)} {marks.clock(seconds)}" for code, seconds in sorted(done.items(), key=lambda item: -item[1]))


# What came of it --------------------------------------------------------------------------------------------------------------
def _reactions(paper: Paper, given: Iterable[Given]) -> list[str]:
    """Session by session what was felt that is worth a word: a bad reaction first, then others, then what was noted."""
    found = []
    for each in given:
        record = each.record
        usual = ", ".join(str(Reaction(code).label) for code in record.reactions)
        parts = dict.fromkeys(part for part in (capital(reaction_words(record, paper.presenter.library)), usual, record.note) if part)
        if parts:
            about = {"number": record.session.number, "day": _day(record.given_on)}
            found.append(f"{_('Session %(number)s, %(day)s') % about}: {'. '.join(parts)}")
    return found


def _choices(paper: Paper) -> Iterator[str]:
    """What was decided after sessions, the last word on each, with its reasons."""
    newest = {each.after_session: each for each in AdaptationChoice.objects.filter(course=paper.course).select_related("by").order_by("pk")}
    for number, choice in sorted(newest.items()):
        words = "; ".join(_adapted(paper, from_json(Adaptation, choice.chosen))) or _("nothing changed")
        why = ": ".join(part for part in (choice.get_reason_display() if choice.is_edited else "", choice.note) if part)
        told = {"number": number, "what": words, "who": choice.by.full_name}
        yield _("After session %(number)s: %(what)s – %(who)s") % told + (f" ({why})" if why else "")


def _adapted(paper: Paper, change: Adaptation) -> Iterator[str]:
    names, speaker = paper.presenter.names, paper.presenter.speaker
    if change.pressure_shift:
        yield _("pressure lower by %(levels)s") % {"levels": -change.pressure_shift}
    if change.zone_shifts:
        places = ", ".join(dict.fromkeys(speaker.place(place) for place, _shift in change.zone_shifts))
        yield _("lighter there: %(places)s") % {"places": places}
    if change.minutes_factor < 1:
        yield _("minutes × %(factor)s") % {"factor": number_format(change.minutes_factor)}
    if change.rungs_down:
        yield _("dose lower by %(steps)s") % {"steps": change.rungs_down}
    if change.repeat_load_of:
        yield _("load of session %(number)s repeated") % {"number": change.repeat_load_of}
    if change.leave_out:
        yield _("left out: %(techniques)s") % {"techniques": ", ".join(names.of("techniques", code) for code in change.leave_out)}
    yield from (speaker.say(reason) for reason in change.because)


def _moves(course: Course) -> Iterator[str]:
    """When the course was stopped, paused or ended early, and why."""
    for move in reversed(queries.moves_of(course)):
        if move.after in (CourseState.SUSPENDED, CourseState.PAUSED, CourseState.ENDED):
            why = move.note or move.reason
            yield f"{moment(move.at, course)}: {CourseState(move.after).label}" + (f" ({why})" if why else "")


def _measures(measured: Sequence[Measured]) -> dict[str, Any]:
    rows = [[each.name, each.start, each.now, each.verdict, each.change] for each in measured]
    heads = [_("Measure"), _("Start"), _("Now"), _("What became of it"), _("What counts as a change")]
    return {"title": _("Measures"), "heads": heads, "rows": rows, "none": "" if rows else _("Nothing was measured in this course.")}


def _reviews(course: Course) -> list[str]:
    return [_review(each, course) for each in reversed(queries.reviews_of_course(course))]


def _review(review: CourseReview, course: Course) -> str:
    asked = f"{review.get_kind_display()}, {moment(review.asked_at, course)}"
    question = f": {review.question}" if review.question else ""
    if review.decided_by is None or review.decided_at is None:
        return f"{asked}{question} – {_('Not decided yet.')}"
    note = f": {review.note}" if review.note else ""
    decided = f"{review.get_decision_display()}{note} ({review.decided_by.full_name}, {moment(review.decided_at, course)})"
    return f"{asked}{question} – {decided}"


def _limits(course: Course) -> list[str]:
    return [
        _("Tactus supports the decisions of trained people. It is not a medical device and makes no diagnosis."),
        _("Figures stand as they were recorded at the clinic; minutes are hands-on time. Earlier plans stay in its history."),
        _("Library edition %(edition)s, its digest %(digest)s.") % {"edition": course.edition, "digest": course.library_digest[:DIGEST]},
    ]


def _day(day: Any) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
