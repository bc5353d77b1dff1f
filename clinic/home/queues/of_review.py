"""What waits for a clinical lead and an auditor: what was left unsigned, what must be judged, and what lies with others too long."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.courses.inbox import Waiting, waiting_at
from clinic.courses.queries import count_elsewhere
from clinic.health.page_chains import readings
from clinic.health.queries import verified
from clinic.home.queries import drafts_of, openings_to_judge, starts_left
from clinic.home.queues.values import SHOWN, Found, Line, Moment, waits_for
from clinic.keeping.erasure.queries import open_erasures
from clinic.reminders.health_page import BAD, GOOD
from patients.care.unusual import unusual_looks
from protocols.editions.queries import names_in_force
from protocols.publishing.waiting import waiting_variants
from protocols.queries import overdue_for_review


def unsigned(moment: Moment) -> Found:
    """Sessions of anybody that were begun more than a day ago and are not signed. One query."""
    found = list(starts_left(moment.actor.clinic, moment.now))
    return Found([_unsigned(each) for each in found[:SHOWN]], len(found))


def _unsigned(start: Any) -> Line:
    session = start.session
    day = date_format(start.started_on, "D j E")
    words = f"{session.number}/{session.course.session_count} · {day} · {start.started_by.full_name}"
    url = f"{reverse('courses:detail', args=[session.course_id])}?session={session.number}"
    return Line(session.course.patient.full_name, words, _("See what is missing"), url, session.course.patient_id)


def with_doctors(moment: Moment) -> Found:
    """Everything that waits for a doctor, emergencies first. Four queries, and one for the last words about courses."""
    names = names_in_force(moment.actor.clinic)
    found = waiting_at(moment.actor.clinic, names, on=moment.on, actor=moment.actor)
    return Found([_with_doctor(each, moment.now) for each in found[:SHOWN]], len(found))


def _with_doctor(waiting: Waiting, now: datetime) -> Line:
    words = f"{waiting.word} · {waiting.about} · {waits_for(waiting.since, now)}"
    pressing = waiting.is_emergency
    return Line(waiting.patient.full_name, words, _("Read"), waiting.reading_url, waiting.patient.pk, is_pressing=pressing)


def openings(moment: Moment) -> Found:
    """Records opened from outside of care that this person has to judge, the oldest first. One query."""
    found = list(openings_to_judge(moment.actor))
    return Found([_opening(each) for each in found[:SHOWN]], len(found))


def _opening(glass: Any) -> Line:
    words = f"{glass.patient.full_name} · {glass.get_reason_display()} · {date_format(glass.opened_at, 'SHORT_DATETIME_FORMAT')}"
    return Line(glass.user.full_name, words, _("Judge"), reverse("care:judge", args=[glass.pk]), glass.patient_id)


def drafts(moment: Moment) -> Found:
    """Variants that a doctor has to sign or sent back, drafts that nobody sent, and what is overdue for review. Three queries at most."""
    waiting = waiting_variants(moment.actor.clinic, moment.actor)
    named = {each.pk for each in waiting}
    lines = [_variant(each, moment.now) for each in waiting]
    lines += [_draft(each, moment.now) for each in drafts_of(moment.actor.clinic) if each.pk not in named]
    lines += [
        Line(
            due.name,
            _("was to be looked at again by %(day)s") % {"day": date_format(due.review_by, "SHORT_DATE_FORMAT")},
            _("Look at it"),
            url,
        )
        for url in (reverse("publishing:editions"),)
        for due in overdue_for_review(moment.actor.clinic, moment.on)
    ]
    return Found(lines[:SHOWN], len(lines))


def _variant(variant: Any, now: datetime) -> Line:
    word = _("Sent back with a question") if variant.is_returned else _("With the doctor")
    words = f"{word} · {variant.about} · {waits_for(variant.since, now)}"
    button = _("Answer") if variant.is_returned else _("Open")
    return Line(variant.title, words, button, variant.reading_url, is_pressing=variant.is_returned)


def _draft(variant: Any, now: datetime) -> Line:
    words = f"{_('Draft')} · {waits_for(variant.changed_at, now)}"
    return Line(variant.title, words, _("Go on with it"), reverse("variants:variant", args=[variant.pk]))


def elsewhere(moment: Moment) -> Found:
    """Courses that keep to an older edition of the library. One query."""
    count = count_elsewhere(moment.actor.clinic)
    words = ngettext("%(count)s course keeps to an older edition", "%(count)s courses keep to an older edition", count) % {"count": count}
    lines = [Line(words, _("Each shows what would change before it is moved."), _("Compare"), reverse("editions:courses"))]
    return Found(lines[: min(count, 1)], min(count, 1))


def erasures(moment: Moment) -> Found:
    """Records that somebody asked to erase, and that somebody else has to decide about. One query."""
    found = [each for each in open_erasures(moment.actor.clinic) if each.asked_by_id != moment.actor.user.pk]
    return Found([_erasure(each, moment.now) for each in found[:SHOWN]], len(found))


def _erasure(erasure: Any, now: datetime) -> Line:
    who = erasure.asked_by.full_name
    words = f"{who} · {waits_for(erasure.asked_at, now)}"
    return Line(erasure.patient.full_name, words, _("Decide"), reverse("keeping:erasure", args=[erasure.pk]), erasure.patient_id)


def looks(moment: Moment) -> Found:
    """Looks of the last weeks that somebody should ask about, counted. Eight queries."""
    found = unusual_looks(moment.actor.clinic)
    counts: tuple[tuple[str, Sequence[object]], ...] = (
        (_("from outside of care"), found.outside),
        (_("at somebody of one’s own name"), found.own_name),
        (_("very many in an hour"), found.many),
        (_("at night"), found.at_night),
        (_("roles that people gave themselves"), found.own_roles),
    )
    url = reverse("care:unusual")
    lines = [
        Line(str(words), _("%(count)s in the last 30 days") % {"count": len(each)}, _("Look at them"), url)
        for words, each in counts
        if each
    ]
    return Found(lines, len(lines))


def chains(moment: Moment) -> Found:
    """The chains of signatures and of the audit that did not hold when they were last read, or were not read in time. One query."""
    url = reverse("audit-list")
    parts = [each for each in readings(verified(), moment.now) if each.tone != GOOD]
    lines = [Line(each.title, each.says, _("Open the audit"), url, is_pressing=each.tone == BAD) for each in parts]
    return Found(lines, len(lines))
