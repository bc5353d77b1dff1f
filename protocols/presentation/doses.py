"""The course of a stage in figures, each with its origin, for an adult of whom nothing is found."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from protocols.method.course import phase_of, phase_rule, round_half_up
from protocols.method.entries import Treatment
from protocols.method.library import Library
from protocols.method.vocabulary import PHASES
from protocols.presentation.reader import LibraryReader, number
from protocols.presentation.words import VALUES, said
from protocols.wording_codes import WORDS


@dataclass(frozen=True, slots=True)
class DoseLine:
    """One value of a stage in words with where it comes from."""

    value: str
    words: str
    provenance: str


def dose_lines(treatment: Treatment, code: str, reader: LibraryReader) -> tuple[DoseLine, ...]:
    """Every value of the dose of a stage; ``code`` is ``condition/stage``."""
    origin = treatment.provenance
    return (
        DoseLine(said(VALUES, "sessions"), _sessions(treatment), origin.sessions),
        DoseLine(said(VALUES, "minutes"), "; ".join(_minutes(treatment)), origin.minutes),
        DoseLine(said(VALUES, "pressure"), "; ".join(_pressure(treatment, reader)), origin.pressure),
        DoseLine(said(VALUES, "cadence"), _cadence(treatment, reader.names.of("stages", code, "cadence_note")), origin.cadence),
        DoseLine(said(VALUES, "positions"), _positions(treatment, code, reader), origin.positions),
        DoseLine(said(VALUES, "units"), _units(treatment, reader), origin.units),
        DoseLine(said(VALUES, "repeat"), _repeat(treatment, reader.names.of("stages", code, "repeat_note")), origin.repeat),
    )


def usual_minutes(treatment: Treatment, library: Library) -> tuple[int, ...]:
    """Whole minutes of each session of a usual course, an adult, nothing found."""
    count, course, minutes = treatment.sessions.usual, library.course, treatment.minutes
    found = []
    for session in range(1, count + 1):
        phase = phase_of(course, session, count)
        factors = phase_rule(course, phase).minutes_factor
        factor = factors[min(session, len(factors)) - 1] if phase == "build-up" else factors[0]
        most = min(minutes.first, minutes.max) if session == 1 else minutes.max
        found.append(round_half_up(min(minutes.full * factor, most)))
    return tuple(found)


def _sessions(treatment: Treatment) -> str:
    low, high, usual = treatment.sessions.min, treatment.sessions.max, treatment.sessions.usual
    if low == high:
        return str(usual)
    return _("%(low)s–%(high)s, usually %(usual)s") % {"low": low, "high": high, "usual": usual}


def _minutes(treatment: Treatment) -> Iterator[str]:
    minutes = treatment.minutes
    yield _("first session %(first)s, full %(full)s") % {"first": minutes.first, "full": minutes.full}
    if minutes.max != minutes.full:
        yield _("%(most)s at most with supplements") % {"most": minutes.max}
    for row in treatment.minutes_by_age:
        yield _("ages %(low)s–%(high)s: %(minutes)s") % {"low": row.age_min, "high": row.age_max, "minutes": row.minutes}


def _pressure(treatment: Treatment, reader: LibraryReader) -> Iterator[str]:
    """The level of each phase; the stage's own levels take the place of the phase's shift."""
    own = treatment.pressure
    for phase in PHASES:
        if own is not None:
            level = own.build_up if phase == "build-up" else own.working
        else:
            level = max(1, treatment.pressure_max + phase_rule(reader.library.course, phase).pressure_shift)
        level = min(level, treatment.pressure_max)
        yield _("%(phase)s: %(level)s at most") % {"phase": WORDS[phase](), "level": level}
    for row in treatment.pressure_max_at:
        yield _("%(zone)s: %(level)s at most") % {"zone": reader.zone(row.zone), "level": row.level}


def _cadence(treatment: Treatment, note: str) -> str:
    low, high = treatment.cadence.every_days_min, treatment.cadence.every_days_max
    if low == high:
        days = ngettext("every day", "every %(days)s days", low) % {"days": low}
    else:
        days = _("every %(low)s–%(high)s days") % {"low": low, "high": high}
    count = treatment.cadence.per_week
    week = ngettext("%(count)s session a week", "%(count)s sessions a week", count) % {"count": count}
    return "; ".join(part for part in (days, week, note) if part)


def _positions(treatment: Treatment, code: str, reader: LibraryReader) -> str:
    note = reader.names.of("stages", code, "position_note")
    return "; ".join(part for part in (reader.listed("positions", treatment.positions), note) if part)


def _units(treatment: Treatment, reader: LibraryReader) -> str:
    area = reader.names.of("areas", treatment.procedure_area)
    return _("%(units)s massage units: %(area)s") % {"units": number(treatment.units), "area": area}


def _repeat(treatment: Treatment, note: str) -> str:
    days = treatment.repeat_after_days
    first = ngettext("after %(days)s day", "after %(days)s days", days) % {"days": days} if days else _("reassess instead of repeating")
    return "; ".join(part for part in (first, note) if part)
