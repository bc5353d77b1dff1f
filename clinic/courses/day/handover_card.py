"""The handover card in words: who, what, what changed and why, what hurt, what the patient likes. Read in twenty seconds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clinic.courses.by_hand import by_hand_in
from clinic.courses.day.marks import place_words
from clinic.courses.day.queries.handover import HandedOver
from clinic.courses.models import Session, SessionRecord
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.presentation.day_order import day_order_of
from clinic.courses.presentation.effects import effect_between
from clinic.courses.presentation.lines import FindingLine
from clinic.courses.presentation.sessions import phase_word
from clinic.courses.so_far import felt_of
from clinic.courses.states import Reaction
from clinic.web.templatetags.marks import pressure_word
from protocols.method.places import Place
from protocols.method.plans import SessionPlan
from protocols.method.storage import plan_from_json


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is other than last time; without ``after`` the words alone say it."""

    name: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record in one line. ``is_bad``: a bad reaction."""

    record: SessionRecord
    words: str
    hurts: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class Card:
    """What the card shows."""

    condition: str
    stage: str
    number: int
    phase: str
    minutes: int
    pressure: str
    findings: tuple[FindingLine, ...]
    advice: tuple[str, ...]
    changes: tuple[Change, ...]
    records: tuple[RecordLine, ...]
    stop: tuple[str, ...]
    by_hand: tuple[str, ...] = ()  # what was changed by hand in the coming session
    same_day: tuple[str, ...] = ()  # the other therapies of the day, in their order


def card_of(known: HandedOver, presenter: Presenter) -> Card:
    """The card in the presenter's language."""
    view = presenter.screening(known.screening, known.course.outcome)
    coming, before = _plan(known.coming), _plan(known.before)
    return Card(
        condition=presenter.condition(known.course),
        stage=presenter.stage(known.course),
        number=coming.number if coming else known.course.session_count,
        phase=str(phase_word(coming.phase)) if coming else "",
        minutes=-(-coming.total_seconds // 60) if coming else 0,
        pressure=_pressure(coming),
        findings=view.findings,
        advice=view.advice,
        changes=tuple(_changes(before, coming, presenter)),
        records=tuple(record_line(record, presenter) for record in known.records),
        stop=presenter.stop_rules(known.course),
        by_hand=_by_hand(known, coming, presenter),
        same_day=day.sentences if (day := day_order_of(known.course, known.screening, presenter, coming)) else (),
    )


def _by_hand(known: HandedOver, coming: SessionPlan | None, presenter: Presenter) -> tuple[str, ...]:
    told = by_hand_in(known.course, [coming], presenter, number=coming.number) if coming else None
    return () if told is None else (*told.changes, *told.felt, *(line.rule_and_words for line in told.rules), *told.aside)


def _plan(session: Session | None) -> SessionPlan | None:
    return plan_from_json(session.plan) if session else None


def _pressure(plan: SessionPlan | None) -> str:
    level = max((row.pressure for row in plan.rows), default=0) if plan else 0
    return str(pressure_word(level)) if level else ""


# What changed ---------------------------------------------------------------------------------------------------------------
def _changes(before: SessionPlan | None, coming: SessionPlan | None, presenter: Presenter) -> Iterator[Change]:
    """What the next session does otherwise than the last one that was given."""
    if before is None or coming is None or not coming.rows:
        return
    effect = effect_between([before], [coming], presenter.names)
    told = (_("Sessions"), _("Minutes in all"))  # of one session each they say nothing, or the same as the minutes a session
    yield from (Change(each.name, each.before, each.after) for each in effect.figures if each.is_changed and each.name not in told)
    lists = (
        (_("Zones no longer worked"), effect.zones_go),
        (_("Zones worked besides"), effect.zones_come),
        (_("Groups of techniques left out"), effect.families_go),
        (_("Groups of techniques besides"), effect.families_come),
    )
    yield from (Change(name, after=", ".join(names)) for name, names in lists if names)


# What was felt --------------------------------------------------------------------------------------------------------------
def record_line(record: SessionRecord, presenter: InOneLanguage) -> RecordLine:
    """One record in one line. It comes with what was said of the next day."""
    places = dict.fromkeys(Place(each["zone"], each["side"]) for each in record.hurts)
    felt, hurts = _felt(record, presenter), [place_words(place, presenter.names) for place in places]
    is_bad = record.bad_reaction or felt_of(record, presenter.library).skin_or_swelling is True
    return RecordLine(record, " · ".join(felt), ", ".join(hurts), is_bad)


def _felt(record: SessionRecord, presenter: InOneLanguage) -> Iterator[str]:
    """Comfort, pain, reactions, the next day, in the shortest words."""
    felt = felt_of(record, presenter.library)
    if record.comfort is not None:
        yield _("comfort %(comfort)s") % {"comfort": record.comfort}
    if record.pain_before is not None and record.pain_after is not None:
        yield _("pain %(before)s → %(after)s") % {"before": record.pain_before, "after": record.pain_after}
    if felt.pain_next_day is not None:
        yield pgettext("pain", "next day %(pain)s") % {"pain": felt.pain_next_day}
    if felt.skin_or_swelling:
        yield _("bruise, skin reaction, swelling or calf pain the next day")
    yield from _reactions(record.reactions)
    if record.stop_reason:
        yield _("stopped: %(why)s") % {"why": record.get_stop_reason_display().lower()}
    if not record.is_as_planned and not record.stop_reason:
        yield _("not quite as planned")


def _reactions(codes: Iterable[str]) -> Iterator[str]:
    yield from (str(Reaction(code).label).lower() for code in codes if code != Reaction.RELIEF)
