"""Procedure: a session as it was given and signed."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.models import SessionRecord
from clinic.courses.record_content import rows_of
from clinic.courses.states import EXPECTED_REACTIONS, AddendumReason, Reaction, SkipReason, StopReason
from clinic.exchange.fhir.frame import Fields, Frame, concept, note
from clinic.exchange.fhir.plans import body_site, told_for
from clinic.exchange.fhir.stories import CourseStory, Words
from protocols.method.plans import Row

MINUTE: Final = 60


def procedures(story: CourseStory, frame: Frame) -> list[Fields]:
    """Every session that was given."""
    return [_procedure(record, story, frame) for record in story.records]


def _procedure(record: SessionRecord, story: CourseStory, frame: Frame) -> Fields:
    course, hands = story.course, record.given_by or record.recorded_by
    worked = tuple(_worked(record, story))
    sites = dict.fromkeys((row.zone, row.side) for row, _seconds in worked)
    what = _("Therapeutic massage, session %(number)s of %(count)s") % {"number": record.session.number, "count": course.session_count}
    span = {"start": frame.moment(record.started_at), "end": frame.moment(record.ended_at)} if record.started_at else None
    bad = [code for code in record.reactions if code not in EXPECTED_REACTIONS]
    fields = {
        "basedOn": [frame.ref(course)],
        "status": "stopped" if record.stop_reason else "completed",
        "statusReason": concept("stop", record.stop_reason, str(StopReason(record.stop_reason).label)) if record.stop_reason else None,
        "code": concept("plan", "session", what),
        "subject": frame.ref(course.patient, course.patient.full_name),
        "performedPeriod": span,
        "performedDateTime": None if span else record.given_on.isoformat(),
        "recorder": frame.ref(record.recorded_by, record.recorded_by.full_name),
        "performer": [{"actor": frame.ref(hands, hands.full_name), "onBehalfOf": frame.ref(course.clinic, course.clinic.name)}],
        "reasonReference": [frame.ref(told_for(course))],
        "bodySite": [body_site(zone, side, story.words) for zone, side in sites],
        "outcome": _outcome(record),
        "complication": [concept("reaction", code, str(Reaction(code).label)) for code in bad],
        "note": [*_notes(record, worked, story.words, frame)],
    }
    return frame.resource("Procedure", record, [f"{what}: {record.given_on.isoformat()}"], fields)


def _outcome(record: SessionRecord) -> Fields:
    if record.stop_reason:
        return concept("given", "stopped", _("Stopped"))
    if record.is_as_planned:
        return concept("given", "as-planned", _("Given as planned"))
    return concept("given", "changed", _("Given with changes"))


def _worked(record: SessionRecord, story: CourseStory) -> Iterator[tuple[Row, int]]:
    """The rows of the plan that were worked, with their seconds. A record without rows was given as planned."""
    plan = next(plan for session, plan in zip(story.sessions, story.plans, strict=True) if session.pk == record.session_id)
    given = {row.row: row.given for row in rows_of(record)}
    for at, row in enumerate(plan.rows):
        seconds = given.get(at, 0 if given else row.seconds)
        if seconds:
            yield row, seconds


def _notes(record: SessionRecord, worked: tuple[tuple[Row, int], ...], words: Words, frame: Frame) -> Iterator[Fields]:
    """What was done, what hurt, what is usual afterwards, the note, and what was added later, each with its time and name."""
    if techniques := _techniques(worked, words):
        yield note(_("Done: %(what)s") % {"what": techniques})
    for row in rows_of(record):
        if row.reason:
            yield note(_("A row was left out: %(why)s") % {"why": SkipReason(row.reason).label})
    for hurt in record.hurts:
        yield note(_("It hurt: %(place)s") % {"place": words.place(hurt["zone"], hurt["side"])})
    usual = [str(Reaction(code).label) for code in record.reactions if code in EXPECTED_REACTIONS]
    if usual:
        yield note(_("Expected afterwards: %(what)s") % {"what": ", ".join(usual)})
    at, by = frame.moment(record.recorded_at), record.recorded_by.full_name
    for text in filter(None, (record.note, record.outage_note)):
        yield note(text, at=at, by=by)
    for added in record.addenda.all():
        yield note(f"{AddendumReason(added.reason).label}: {added.text}", at=frame.moment(added.at), by=added.by.full_name)


def _techniques(worked: tuple[tuple[Row, int], ...], words: Words) -> str:
    sums: dict[str, int] = {}
    for row, seconds in worked:
        sums[row.technique] = sums.get(row.technique, 0) + seconds
    each = (f"{words.names.of('techniques', code) or code} {seconds // MINUTE}:{seconds % MINUTE:02}" for code, seconds in sums.items())
    return ", ".join(each)
