"""The card of one session, A5: what must be seen at the couch, in the order in which it is needed."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.courses.bodymap import body_map
from clinic.courses.models import Session
from clinic.courses.presentation import SessionView
from clinic.courses.prints.paper import Paper, frame, is_overtaken, minutes, printed_map, printed_steps, standing_words, with_side
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
    drawn = body_map(plan, screening, library=presenter.library, names=presenter.names, speaker=presenter.speaker)
    return {
        **frame(paper, title=_("Session card"), digest=session.digest),
        "number": number,
        "banner": "" if given and view.may_start else standing_words(course, may_start=view.may_start),
        "is_barred": not view.may_start or (is_overtaken(course) and not given),
        "given": given,
        "phase": view.phase,
        "total": minutes(view.total_seconds),
        "pressure": _("pressure %(level)s at most") % {"level": view.pressure_max},
        "care_title": _("Take care"),
        "care": presenter.take_care(course),
        "keep_off": " ".join(dict.fromkeys(line for step in view.steps for line in step.keep_off)),
        "map": printed_map(drawn),
        "steps": printed_steps(view.steps),
        "nothing": "" if view.steps else _("Nothing may be given in this session."),
        "supplements_title": _("Supplements"),
        "supplements": [" · ".join(part for part in (item.name, minutes(item.seconds), item.details) if part) for item in view.supplements],
        "omitted_title": _("Left out"),
        "omitted": _omitted(view),
        "by_dose_title": _("Left out by the protocol and the dose"),
        "by_dose": list(dict.fromkeys(with_side(line.what, line.side) for line in view.by_dose)),
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
    for line in view.omissions:
        grouped.setdefault(line.because, []).append(with_side(line.what, line.side))
    return [_missing(what, because) for because, what in grouped.items()]


def _missing(what: Iterable[str], because: str) -> str:
    return f"{', '.join(dict.fromkeys(what))}: {because}"
