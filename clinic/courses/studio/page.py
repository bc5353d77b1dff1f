"""The page of the studio in words: what ``studio/plan.html`` and the part that comes back after each act are made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from clinic.courses.bodymap import body_map
from clinic.courses.pinned import presenter_of
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.sessions import phase_word
from clinic.courses.states import OverrideReason
from clinic.courses.studio.beside import beside_context
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.limits import LimitLine
from clinic.courses.studio.page_adding import adding, press_to_add, zones_for
from clinic.courses.studio.page_choices import choices_of, plain_choices
from clinic.courses.studio.page_curve import studio_curve
from clinic.courses.studio.page_shares import shares_of, totals_of
from clinic.courses.studio.page_steps import StepCards, steps_by_key
from clinic.courses.studio.page_why import context_of, reasons_given, reasons_wanted, set_aside, why_left_out, why_step
from clinic.courses.studio.pressed import press_of
from protocols.method.plans import SessionPlan
from protocols.method.vocabulary import FAMILIES

SCOPES: Final = ("this", "onward", "phase", "all")
CURVE_SCOPES: Final = ("all", "phase", "this")
ADDRESSES: Final = ("act", "undo", "redo", "keep", "drop", "words", "conflict")
NOW: Final = "now"
LATER: Final = "later"
KEPT: Final = "kept"
# What leaves minutes and supplements of a session as they are; and what changes minutes, which stand there too.
KEEPING: Final = frozenset({"move", "technique", "pressure", "tempo", "override", "take-back-override", "open"})
CHANGING: Final = frozenset({
    "minutes", "remove", "add", "depth", "dose", "curve", "undo", "redo", "look",
    "restore-step", "restore-curve", "restore-session", "restore-all",
})  # fmt: skip
LIGHT: Final = 2  # the pressure of a step that is added where none is open


@dataclass(frozen=True, slots=True)
class Looked:
    """What somebody looks at: a session, the step of it that is open, how far a change reaches, and what was just said or refused.

    ``at`` is where a refusal belongs: the key of a step, ``curve``, or "" for the session. ``beside``: whether what stands beside
    the steps comes now, is fetched later, or is kept as the page has it, because nothing of it has changed. ``adds``: the zones that
    may be added are asked for with the page; ``zone`` is the one that is chosen there.
    """

    session: int
    step: str = ""
    scope: str = "this"
    curve_scope: str = "all"
    makes_up: bool = True
    refused: tuple[LimitLine, ...] = ()
    at: str = ""
    said: str = ""
    beside: str = NOW
    adds: bool = False
    zone: str = ""


def looked_at(sent: QueryDict, desk: Desk) -> Looked:
    """What an address or a form asks to see; the session that comes next where it names none."""
    text, last = sent.get("session", ""), len(desk.sessions)
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else desk.first_to_come
    scope, curve_scope = sent.get("scope", ""), sent.get("curve_scope", "")
    return Looked(
        session=min(max(asked, 1), max(last, 1)),
        step=sent.get("step_shown", sent.get("step", "")),
        scope=scope if scope in SCOPES else "this",
        curve_scope=curve_scope if curve_scope in CURVE_SCOPES else "all",
        makes_up=sent.get("from_others", "1") == "1",
        beside=_beside(sent.get("kind") or sent.get("do", "")),
        adds="add" in sent,
        zone=sent.get("add-zone", ""),
    )


def _beside(what: str) -> str:
    return KEPT if what in KEEPING else LATER if what in CHANGING else NOW


def desk_context(desk: Desk, looked: Looked) -> Mapping[str, Any]:
    """Everything that ``studio/_desk.html`` shows. A course without sessions has only its bar."""
    presenter = presenter_of(desk.course)
    base = reverse("studio:plan", args=[desk.course.pk])
    shown: dict[str, Any] = {
        "course": desk.course,
        "desk": desk,
        "looked": looked,
        "base": base,
        "kept_at": desk.draft.changed_at if desk.draft and desk.draft.acts else None,
        "wanted": reasons_wanted(desk, presenter, base=base),
        "reasons": OverrideReason.choices,
        "restore_all": press_of(do="restore-all") if desk.edits else "",
        **{f"{name}_url": reverse(f"studio:{name}", args=[desk.course.pk]) for name in ADDRESSES},
    }
    return shown | _session(desk, looked, presenter, base=base) if desk.sessions and desk.edited else shown


def _session(desk: Desk, looked: Looked, presenter: Presenter, *, base: str) -> dict[str, Any]:
    number = looked.session
    now, usual = desk.session(number), desk.built[number - 1]
    cards = StepCards(desk, number, presenter, chosen=looked.step, base=base)
    rows = steps_by_key(now).get(looked.step, ())
    steps = cards.cards()
    step = next((each for each in steps if each.is_chosen), None)
    return {
        "curve": studio_curve(desk, number, base=base),
        "number": number,
        "of": now.of,
        "phase": phase_word(now.phase),
        "is_given": number <= desk.begun,
        "totals": totals_of(now, usual),
        "shares": shares_of(now, usual, presenter),
        "steps": steps,
        "step": step,
        "choices": plain_choices(step, presenter) if step else None,
        "choices_url": f"{step.light_url}&part=choices" if step else "",
        "part_url": f"{base}?{urlencode({'session': str(number)} | ({'step': step.key} if step else {}))}",
        "press_add": press_to_add(step.key, step.pressure, step.tempo) if step else press_to_add(_last_main(now), LIGHT, "calm"),
        "taken_out": cards.taken_out(),
        "why": why_step(rows, context_of(desk, now), presenter) if rows else (),
        "given_reasons": reasons_given(desk, presenter),
        "set_aside": set_aside(desk, number, presenter),
        "restore_session": press_of(do="restore-session") if _is_changed(desk, number) else "",
        "depths": _depths(desk, number),
        "beside": beside_context(desk, number) if looked.beside == NOW else None,
        "beside_url": f"{base}?session={number}&part=beside" if looked.beside == LATER else "",
    }


def whole_page(desk: Desk, looked: Looked) -> Mapping[str, Any]:
    """What stands on the page when it is opened and is not sent again with each act: lists, the body, what is left out."""
    if not desk.sessions or not desk.edited:
        return {}
    presenter, now = presenter_of(desk.course), desk.session(looked.session)
    return {
        "adding": adding(presenter),
        **(zones_part(desk, looked) if looked.adds else {}),
        "families": FAMILIES,
        "body": body_map(now, desk.screening, library=presenter.library, names=presenter.names, speaker=presenter.speaker),
        "left_out": why_left_out(desk, now, presenter),
        **open_step(desk, looked),
    }


def beside_steps(desk: Desk, looked: Looked) -> dict[str, Any]:
    """What stands beside the steps, fetched on its own."""
    return {
        "course": desk.course,
        "desk": desk,
        "looked": looked,
        "beside": beside_context(desk, looked.session),
        "reasons": OverrideReason.choices,
    }


def open_step(desk: Desk, looked: Looked) -> dict[str, Any]:
    """The open step with a verdict on each of its choices; nothing where no step is open."""
    presenter = presenter_of(desk.course)
    base = reverse("studio:plan", args=[desk.course.pk])
    cards = StepCards(desk, looked.session, presenter, chosen=looked.step, base=base).cards()
    step = next((each for each in cards if each.is_chosen), None)
    return {"s": step, "choices": choices_of(desk, looked.session, step, presenter), "choices_url": ""} if step else {}


def zones_part(desk: Desk, looked: Looked) -> dict[str, Any]:
    """The zones that may be added behind the open step, fetched on their own."""
    if not desk.sessions:
        return {}
    now = desk.session(looked.session)
    after = looked.step if looked.step in steps_by_key(now) else _last_main(now)
    return {"found": zones_for(desk, looked.session, after, presenter_of(desk.course), chosen=looked.zone)}


def left_out_part(desk: Desk, looked: Looked) -> dict[str, Any]:
    """What the session has not as it is being changed, fetched on its own."""
    if not desk.sessions:
        return {}
    return {"left_out": why_left_out(desk, desk.session(looked.session), presenter_of(desk.course))}


def _last_main(plan: SessionPlan) -> str:
    """Where a new step stands when no step is open: before the closing ones."""
    steps = steps_by_key(plan)
    return next((key for key, rows in reversed(steps.items()) if rows[0].part == "main"), next(reversed(steps), ""))


def _is_changed(desk: Desk, number: int) -> bool:
    return number > desk.begun and any(edit.holds_at(number) for edit in desk.edits.edits)


def _depths(desk: Desk, number: int) -> tuple[tuple[int, str, bool], ...]:
    """How many levels of pressure the whole session may go down by hand: level, what the button sends, whether it is so now."""
    now = next((edit.value for edit in reversed(desk.edits.edits) if edit.kind == "depth" and edit.holds_at(number)), 0)
    return tuple((level, press_of(do="edit", kind="depth", value=level), level == now) for level in (0, 1, 2))
