"""The session card as a PDF. Data goes to typst as JSON through ``sys_inputs`` only, never as source, so no name can become markup."""

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final

import pymupdf_fonts
import typst
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic.courses.models import Course, Session
from clinic.courses.presentation import Presenter, SessionView
from clinic.web import marks
from protocols.method.storage import plan_from_json

TEMPLATE: Final = Path(__file__).resolve().parent / "card.typ"
# FiraGO holds Latin and Cyrillic; the keys are those of the package that carries it.
FONTS: Final = ("figo", "figbo")


@cache
def font_folder() -> str:
    """A folder with the card's two fonts, written once per process from the package that carries them."""
    folder = Path(tempfile.mkdtemp(prefix="tactus-fonts-"))
    for code in FONTS:
        (folder / f"{code}.ttf").write_bytes(pymupdf_fonts.fontbuffers[code]())
    return str(folder)


def card_pdf(course: Course, session: Session, presenter: Presenter, *, address: str) -> bytes:
    """One session as an A5 card in the language of the page (PDF/UA-1). ``address`` is where the plan can be read."""
    view = presenter.session(plan_from_json(session.plan))
    data = card_data(course, session, view, presenter, address=address)
    source = json.dumps(data, ensure_ascii=False)
    try:
        return _compiled(source, pdf_standards=["ua-1"])
    except typst.TypstError:
        # A name may hold a letter that the fonts do not: the accessible form refuses it, but the card must still be printed.
        return _compiled(source)


def _compiled(source: str, **options: Any) -> bytes:
    pdf: bytes = typst.compile(str(TEMPLATE), font_paths=[font_folder()], ignore_system_fonts=True, sys_inputs={"data": source}, **options)
    return pdf


def card_data(course: Course, session: Session, view: SessionView, presenter: Presenter, *, address: str) -> dict[str, Any]:
    """Everything that the card prints, in words."""
    patient = course.patient
    return {
        "language": get_language() or "en",
        "title": _("Session card"),
        "number": _("Session %(number)s of %(of)s") % {"number": view.number, "of": view.of},
        "draft": "" if view.may_start else _("Draft: may not start"),
        "clinic": course.clinic.name,
        "patient": f"{patient.full_name}, {date_format(patient.born_on, 'SHORT_DATE_FORMAT')}, {_('card')} {patient.card_number}",
        "condition": presenter.condition(course),
        "stage": presenter.stage(course),
        "phase": view.phase,
        "total": f"{marks.clock(view.total_seconds)} {_('min')}",
        "care_title": _("Take care"),
        "care": presenter.take_care(course),
        "heads": [_("Zone and side"), _("Technique"), _("min"), _("Pressure"), _("Tempo")],
        "steps": [_step(step) for step in view.steps],
        "nothing": "" if view.steps else _("Nothing may be given in this session."),
        "omitted_title": _("Left out"),
        "omitted": [
            *(f"{line.what}{_side(line.side)}: {line.because}" for line in view.omissions),
            *dict.fromkeys(sentence for step in view.steps for sentence in step.keep_off),
        ],
        "blocking_title": _("Before it may start"),
        "blocking": presenter.blocking(course),
        "stop_title": _("Stop at once"),
        "stop": list(presenter.stop_rules(course)),
        "foot": _("Edition %(edition)s · plan %(digest)s · version %(version)s · printed %(at)s") % {
            "edition": course.edition, "digest": session.digest[:12], "version": course.version,
            "at": date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT"),
        },
        "address": address,
    }  # fmt: skip


def _step(step: Any) -> dict[str, Any]:
    return {
        "where": f"{step.zone}{_side(step.side)}{f' ({step.side_role})' if step.side_role else ''}",
        "position": step.position if step.is_new_position else "",
        "rows": [
            [row.technique, marks.clock(row.seconds), f"{row.pressure} – {marks.PRESSURES[row.pressure]}", str(marks.TEMPOS[row.tempo])]
            for row in step.rows
        ],
        "avoid": [f"{_('Not')}: {row.avoid}" for row in step.rows if row.avoid][:1],
    }


def _side(side: str) -> str:
    return f" – {str(marks.SIDES[side]).upper()}" if side in ("left", "right") else ""
