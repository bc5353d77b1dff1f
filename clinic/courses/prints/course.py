"""The whole course, A4: a document to hand to a doctor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clinic.courses import queries
from clinic.courses.bodymap import BodyMapView, ExcludedLine, body_map
from clinic.courses.by_hand import by_hand_in
from clinic.courses.gates import signature_problems
from clinic.courses.models import SessionRecord
from clinic.courses.presentation import SessionView
from clinic.courses.presentation.curve import curve_of
from clinic.courses.presentation.lines import DoseLine
from clinic.courses.prints import findings, sessions
from clinic.courses.prints.curve_svg import curve_svg, weave_svg
from clinic.courses.prints.entered import entered
from clinic.courses.prints.home_sheet import printed_home_sheets
from clinic.courses.prints.paper import (
    DIGEST,
    Paper,
    capital,
    frame,
    in_two,
    is_held,
    is_overtaken,
    lacks_consent,
    moment,
    pressure_words,
    printed_map,
    refusal_words,
    standing_words,
)
from clinic.courses.prints.reviews import printed_reviews
from clinic.courses.prints.typesetting import typeset
from clinic.courses.session_spans import sessions_words
from clinic.courses.since_signed import stamp_lines
from clinic.courses.states import RecordSource
from clinic.signing.queries import stamp_of
from clinic.web import marks
from patients.queries import age_on
from protocols.method.findings import Screening
from protocols.method.plans import CoursePlan, SessionPlan
from protocols.method.vocabulary import FAMILIES


@dataclass(frozen=True, slots=True)
class Stored:
    """A course as it was kept, and its sessions in words."""

    screening: Screening
    plan: CoursePlan
    sessions: tuple[SessionPlan, ...]
    views: tuple[SessionView, ...]
    doses: tuple[DoseLine, ...]
    given: Mapping[int, SessionRecord]


def course_pdf(paper: Paper) -> bytes:
    """The whole course in the language of the paper's presenter (PDF/UA-1)."""
    return typeset("course.typ", course_data(paper))


def course_data(paper: Paper) -> dict[str, Any]:
    """Everything that the document prints, in words."""
    course, presenter, kept = paper.course, paper.presenter, _stored(paper)
    screening, drawn = presenter.screening(kept.screening, course.outcome), _map(paper, kept)
    return {
        **frame(paper, title=_("Treatment plan"), digest=course.digest),
        "banner": standing_words(course, may_start=course.may_start),
        "is_barred": not course.may_start or is_held(course) or is_overtaken(course) or lacks_consent(course),
        "person": _person(paper),
        "entered_title": _("Entered for this plan"),
        "entered": entered(paper),
        "outcome": findings.printed_outcome(course, screening),
        "figures": _figures(paper, kept),
        "by_hand": _by_hand(paper, kept),
        "findings": findings.printed_findings(screening),
        "obstacles": findings.printed_obstacles(screening),
        "curve": _curve(kept),
        "doses": _doses(kept),
        "map_title": _("Where the course works"),
        "map": printed_map(drawn),
        "excluded": _in_words(drawn),
        "full_title": _("The sessions in full"),
        "full_note": _("Sessions that differ in nothing but their number are printed once.") if len(kept.views) > 1 else "",
        "sessions": sessions.distinct_sessions(kept.views, refusal=refusal_words(course)),
        "supplements_title": _("Supplements"),
        "keep_off_title": _("Keep off"),
        "keep_off": sessions.said_of_steps(kept.views, "keep_off"),
        "limits_title": _("Limits of the work"),
        "limits": sessions.said_of_steps(kept.views, "limits"),
        "omitted": _omitted(kept),
        "home": printed_home_sheets(paper, kept.screening),
        "signature": {"title": _("Sign-off"), "lines": _signed(paper)},
        "made": _made(paper, kept),
    }


def _signed(paper: Paper) -> list[str]:
    """The newest signature in force, as it is checked now; nothing for a plan that nobody has signed.

    One that is no word on this course puts no doctor's name on its paper.
    """
    signature = paper.course.signature
    if signature is None:
        return []
    lines = stamp_lines(stamp_of(signature), moment(signature.signed_at, paper.course))
    return [*(lines if paper.course.has_own_signature else []), *signature_problems(paper.course)]


def _by_hand(paper: Paper, kept: Stored) -> dict[str, Any]:
    """What was changed by hand in the sessions to come, and every soft rule that was set aside; no words where nothing was."""
    told = by_hand_in(paper.course, kept.sessions[len(kept.given) :], paper.presenter)
    return {"title": _("Changed by hand") if told else "", "lines": list(told.lines) if told else []}


def _stored(paper: Paper) -> Stored:
    course, presenter = paper.course, paper.presenter
    kept, plan, stage = queries.sessions_of(course), queries.course_plan_of(course), f"{course.condition}/{course.stage}"
    screening = queries.screening_of(course)
    return Stored(
        screening=screening,
        plan=plan,
        sessions=kept,
        views=tuple(presenter.session(session, stage=stage, limits=screening.limits) for session in kept),
        doses=presenter.doses(plan, kept),
        given={record.session.number: record for record in queries.records_of(course)},
    )


def _person(paper: Paper) -> list[str]:
    """Birth date, card, sex, age on the day of the plan, and who answers for a child."""
    patient = paper.course.patient
    age = _("%(years)s years at planning") % {"years": age_on(patient, paper.course.planned_on)}
    guardian = f"{_('Parent or guardian')}: {patient.guardian_name}" if patient.guardian_name else ""
    return [part for part in (str(patient.get_sex_display()), age, guardian) if part]


def _figures(paper: Paper, kept: Stored) -> list[dict[str, str]]:
    """The course in six numbers."""
    seconds = [dose.seconds for dose in kept.doses if dose.seconds]
    low, high = (marks.clock(min(seconds)), marks.clock(max(seconds))) if seconds else ("–", "–")
    figures = (
        (_("State"), str(paper.course.get_state_display())),
        (_("Sessions"), str(len(kept.doses))),
        (_("Given"), str(len(kept.given))),
        (_("Minutes"), low if low == high else f"{low}–{high}"),
        (_("Strongest pressure"), pressure_words(max((dose.pressure for dose in kept.doses), default=0))),
        (_("Review after session"), str(kept.plan.review_after) if seconds else "–"),
        (_("Massage units a session"), number_format(kept.plan.units) if seconds else "–"),
    )
    return [{"name": name, "value": value} for name, value in figures]


def _curve(kept: Stored) -> dict[str, Any]:
    """The picture of the doses with its key. Without any minutes there is nothing to draw."""
    doses = kept.doses if any(dose.seconds for dose in kept.doses) else ()
    used = {family for dose in doses for family, _seconds in dose.families}
    named = {family.code: family.name for view in kept.views for family in view.families}
    return {
        "title": _("The course"),
        "svg": curve_svg(curve_of(doses, 0), given=kept.given) if doses else "",
        "alt": " ".join((_("Dose curve."), *(f"{dose.label}." for dose in doses))),
        "legend": [{"svg": weave_svg(code), "words": named[code]} for code in FAMILIES if code in used],
        "words": _("Height: minutes. Line below: strongest pressure, 1 to 5; dotted: its ceiling. Flag: review. Tick: given."),
    }


def _doses(kept: Stored) -> dict[str, Any]:
    """Every session as a line of the table; what was given and felt only where something was. No lines where nothing may be given."""
    heads = [_("Session"), _("Phase"), _("Minutes"), _("Pressure"), _("Percussion"), _("Course review")]
    felt = [_("Given on"), _("Comfort"), _("Pain before"), _("Pain after")] if kept.given else []
    doses = kept.doses if any(dose.seconds for dose in kept.doses) else ()
    rows = [_dose(dose) + (_felt(kept.given.get(dose.number)) if kept.given else []) for dose in doses]
    notes = [f"{sessions_words([number])}: {_said(record)}" for number, record in kept.given.items() if _said(record)]
    return {"heads": heads + felt, "rows": rows, "notes_title": _("Noted at the sessions"), "notes": notes}


def _dose(dose: DoseLine) -> list[str]:
    return [
        str(dose.number),
        dose.phase,
        marks.clock(dose.seconds),
        pressure_words(dose.pressure),
        _("Yes") if dose.percussion == "planned" else "–",
        pgettext("review after this session", "after") if dose.is_review else "",
    ]


def _felt(record: SessionRecord | None) -> list[str]:
    if record is None:
        return [""] * 4
    scales = ["–" if value is None else str(value) for value in (record.comfort, record.pain_before, record.pain_after)]
    return [date_format(record.given_on, "SHORT_DATE_FORMAT"), *scales]


def _said(record: SessionRecord) -> str:
    """What was noted at a session; a bad reaction first, then that it was stopped, or entered after an outage."""
    said = (
        capital(_("bad reaction")) + "." if record.bad_reaction else "",
        f"{capital(_('stopped'))}: {record.get_stop_reason_display()}." if record.stop_reason else "",
        capital(_("entered after an outage")) + "." if record.source == RecordSource.OUTAGE else "",
        record.note,
    )
    return " ".join(part for part in said if part)


def _map(paper: Paper, kept: Stored) -> BodyMapView:
    presenter, whole = paper.presenter, sessions.whole_course(kept.sessions)
    return body_map(whole, kept.screening, library=presenter.library, names=presenter.names, speaker=presenter.speaker)


def _in_words(view: BodyMapView) -> dict[str, Any]:
    """What the map shows, for whoever does not see it."""
    lines = [_excluded(line) for line in (*view.excluded, *view.spots)]
    return {
        "worked_title": pgettext("key of the body map", "Worked"),
        "worked": ", ".join(view.worked),
        "title": _("Not worked on this patient"),
        "lines": lines,
        "none": "" if lines else _("No place is left out because of this patient's findings."),
        "more": [*view.segments, *view.points],
    }


def _excluded(line: ExcludedLine) -> str:
    place = f"{line.name} ({line.side_word})" if line.side_word else line.name
    return f"{place}: {' '.join(line.reasons)}"


def _omitted(kept: Stored) -> dict[str, Any]:
    by_patient, by_dose = (sessions.left_out(kept.views, by_dose=by_dose) for by_dose in (False, True))
    tall = [1 + len(line["words"]) // 60 for line in by_dose]
    return {
        "title": _("Left out, and why"),
        "by_patient": by_patient,
        "none": "" if by_patient else _("Nothing was left out because of this patient."),
        "by_dose_title": _("Left out by the protocol and the dose"),
        "by_dose": in_two(by_dose, tall),
    }


def _made(paper: Paper, kept: Stored) -> dict[str, Any]:
    """Who made the plan, from what, and how to find out whether it still stands."""
    course = paper.course
    lines = [
        _("Planned by %(who)s, %(at)s.") % {"who": course.planned_by.full_name, "at": moment(course.planned_at, course)},
        _("Library edition %(edition)s, its digest %(digest)s.") % {"edition": course.edition, "digest": course.library_digest[:DIGEST]},
        _("Plan %(digest)s, version %(version)s.") % {"digest": course.digest[:DIGEST], "version": course.version},
    ]
    return {
        "title": _("How this plan was made"),
        "lines": lines,
        "check": _("Whether this plan still stands is seen at this address:"),
        "reviews_title": _("Reviewed at this clinic"),
        "reviews": printed_reviews(course, kept.screening, paper.presenter),
        "sources_title": _("Sources of the protocol"),
        "sources": [findings.sources_in_a_line((source,)) for source in paper.presenter.sources(course)],
    }
