"""The card of one session, A5: what must be seen at the couch, in the order in which it is needed."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.courses.bodymap import body_map
from clinic.courses.by_hand import by_hand_in
from clinic.courses.models import Session
from clinic.courses.presentation import SessionView
from clinic.courses.presentation.day_order import day_order_of
from clinic.courses.prints.care import take_care
from clinic.courses.prints.paper import (
    Paper,
    frame,
    is_held,
    is_overtaken,
    lacks_consent,
    minutes,
    printed_map,
    printed_steps,
    standing_words,
    with_side,
)
from clinic.courses.prints.sessions import supplement_words
from clinic.courses.prints.typesetting import typeset
from clinic.courses.queries import given_on, screening_of
from protocols.method.storage import plan_from_json


def card_pdf(paper: Paper, session: Session) -> bytes:
    """One session as a card in the language of the paper's presenter (PDF/UA-1)."""
    return typeset("card.typ", card_data(paper, session))


def card_data(paper: Paper, session: Session) -> dict[str, Any]:
    """Everything that the card prints, in words."""
    course, presenter, plan = paper.course, paper.presenter, plan_from_json(session.plan)
    screening, given = screening_of(course), _given(session)
    view = presenter.session(plan, stage=f"{course.condition}/{course.stage}", limits=screening.limits)
    number = _("Session %(number)s of %(of)s") % {"number": view.number, "of": view.of}
    told = by_hand_in(course, [plan], presenter, number=plan.number)
    drawn = body_map(plan, screening, library=presenter.library, names=presenter.names, speaker=presenter.speaker)
    return {
        **frame(paper, title=_("Session card"), digest=session.digest),
        "number": number,
        "banner": "" if given and view.may_start else standing_words(course, may_start=view.may_start),
        "is_barred": not view.may_start or ((is_held(course) or is_overtaken(course) or lacks_consent(course)) and not given),
        "given": given,
        "phase": view.phase,
        "total": minutes(view.total_seconds),
        "pressure": _("pressure %(level)s at most") % {"level": view.pressure_max},
        "care_title": _("Take care"),
        "care": take_care(paper),
        "keep_off": " ".join(dict.fromkeys(line for step in view.steps for line in step.keep_off)),
        "map": printed_map(drawn),
        "steps": printed_steps(view.steps),
        "nothing": "" if view.steps else _("Nothing may be given in this session."),
        "by_hand_title": _("Changed by hand") if told else "",
        "by_hand": [] if told is None else [*told.changes, *(line.rule_and_words for line in told.rules), *told.aside],
        "supplements_title": _("Supplements"),
        "supplements": [supplement_words(item) for item in view.supplements],
        "same_day_title": _("The same day"),
        "same_day": list(day.sentences) if (day := day_order_of(course, screening, presenter, plan)) else [],
        "omitted_title": _("Left out"),
        "omitted": _omitted(view),
        "by_dose_title": _("Left out by the protocol and the dose"),
        "by_dose": _by_dose(view),
        "blocking_title": _("Before it may start"),
        "blocking": presenter.blocking(course),
    }


def _given(session: Session) -> str:
    """A card of a session that is over must not be worked from again."""
    day = given_on(session)
    return _("Already given on %(day)s") % {"day": date_format(day, "SHORT_DATE_FORMAT")} if day else ""


def _omitted(view: SessionView) -> list[str]:
    """What this patient does without, one line for everything that is missing for the same reason."""
    grouped: dict[str, list[str]] = {}
    given_elsewhere = _given_elsewhere(view)
    for line in view.omissions:
        what = with_side(line.what, line.side)
        if (line.what, line.because) in given_elsewhere:
            what = _("%(what)s (in places)") % {"what": what}
        grouped.setdefault(line.because, []).append(what)
    return [_missing(what, because) for because, what in grouped.items()]


def _by_dose(view: SessionView) -> list[str]:
    """What protocol and dose leave out of the whole session: what some rows give would read as a contradiction without its reasons."""
    given_elsewhere = _given_elsewhere(view)
    lines = (line for line in view.by_dose if (line.what, line.because) not in given_elsewhere)
    return list(dict.fromkeys(with_side(line.what, line.side) for line in lines))


def _given_elsewhere(view: SessionView) -> frozenset[tuple[str, str]]:
    """What is missing in places only while other rows give it, with each of its reasons."""
    return frozenset((line.name, why) for line in view.left_out if not line.nowhere for why in line.because)


def _missing(what: Iterable[str], because: str) -> str:
    return f"{', '.join(dict.fromkeys(what))}: {because}"
