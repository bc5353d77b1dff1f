"""The consent sheet made from a plan, in the patient's language: what is done and where, what is left out and why, what rights one has.

The words are kept with the consent exactly as they were read; nothing that was signed is ever written anew from a plan.
Source: product.md 4 (Consent): techniques, parts worked and left out, contraindications, both names, asked anew when they change.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic.courses.consents import ADULT, named_places, scope_of, worked
from clinic.courses.models import Consent, Course
from clinic.courses.pinned import presenter_of
from clinic.courses.planning import leaves_of
from clinic.courses.presentation import Presenter
from clinic.courses.presentation.chains import kind_of
from clinic.courses.presentation.left_out import OF_PATIENT
from clinic.courses.queries import records_of, screening_of, sessions_to_come
from clinic.web import marks
from patients.models import Patient
from patients.queries import age_on
from protocols.method.findings import Screening
from protocols.method.places import Place
from protocols.method.plans import SessionPlan

# Zones that are named by themselves: with their parts, on both sides (product.md 4: sensitive areas).
SENSITIVE: Final = ("chest-anterior", "lower-abdomen", "groin", "gluteal", "sacrum", "thigh-medial", "axilla", "face")
IN_PLAIN_WORDS: Final[dict[str, str | Promise]] = {
    "stroking": gettext_lazy("Stroking: the hands glide over the skin."),
    "rubbing": gettext_lazy("Rubbing: the hands move the skin to and fro over what lies beneath it."),
    "kneading": gettext_lazy("Kneading: muscles are gripped, lifted and pressed."),
    "vibration": gettext_lazy("Vibration: the hands tremble or shake gently."),
    "percussion": gettext_lazy("Percussion: short, springy taps with the fingers or hands."),
    "breathing-assist": gettext_lazy("Help with breathing: the hands on the ribs go along with your breath."),
    "points": gettext_lazy("Work on points: a finger presses small spots for a while."),
}


@dataclass(frozen=True, slots=True)
class SheetSection:
    """One part of the sheet."""

    heading: str
    lines: tuple[str, ...]

    @property
    def mark(self) -> str:
        """A short digest by which a page tells which parts have changed since it was opened."""
        return _digest([self.heading, *self.lines])[:8]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to agree to: its words in ``language``, what it covers, and the digest of both, which binds a word to what was read."""

    language: str
    sections: tuple[SheetSection, ...]
    scope: dict[str, Any]
    still_works: tuple[str, ...]  # places taken back that the plan works nevertheless: nobody can agree to it before it is planned again

    @property
    def digest(self) -> str:
        return _digest({"language": self.language, "sections": self.stored(), "scope": self.scope})

    @property
    def is_empty(self) -> bool:
        """Whether the plan gives nothing that somebody could agree to."""
        return not self.scope["techniques"] and not self.scope["supplements"]

    def stored(self) -> list[dict[str, Any]]:
        """The words as they are kept with a consent."""
        return [{"heading": section.heading, "lines": list(section.lines)} for section in self.sections]

    def marks(self) -> str:
        """The digests of all parts, for the page."""
        return ".".join(section.mark for section in self.sections)


def sheet_of(course: Course, *, again: Iterable[Place] = (), barred: frozenset[Place] = frozenset()) -> Sheet:
    """The sheet of the sessions to come. ``barred`` places were taken back; those ``again`` names the patient may allow once more."""
    allowed, sessions = tuple(again), sessions_to_come(course)
    language = course.patient.language if course.patient.language in dict(settings.LANGUAGES) else course.clinic.language
    with translation.override(language):
        presenter = presenter_of(course, language)
        tree = presenter.library.tree
        still = (worked(sessions, tree).places & barred) - leaves_of(allowed, tree)
        sections = tuple(_Words(course, presenter, sessions, allowed).all())
        return Sheet(language, sections, scope_of(sessions, tree, again=allowed), tuple(named_places(still, presenter)))


def kept_sections(consent: Consent) -> tuple[SheetSection, ...]:
    """A sheet as it was read."""
    return tuple(SheetSection(section["heading"], tuple(section["lines"])) for section in consent.sections)


def kept_sheet(consent: Consent) -> Sheet:
    """The whole sheet as it was read; its digest is the fingerprint that was on it."""
    return Sheet(consent.language, kept_sections(consent), consent.scope, ())


class _Words:
    """The sections, in the language in force."""

    def __init__(self, course: Course, presenter: Presenter, sessions: tuple[SessionPlan, ...], again: tuple[Place, ...]) -> None:
        self.course, self.presenter, self.sessions, self.again = course, presenter, sessions, again
        self.names, self.screening = presenter.names, screening_of(course)
        self.tree = presenter.library.tree
        self.scope = worked(sessions, self.tree)

    def all(self) -> Iterator[SheetSection]:
        yield SheetSection(_("What is planned"), tuple(self._planned()))
        yield SheetSection(_("How it is done"), tuple(self._how()))
        yield SheetSection(_("Where you are massaged"), tuple(named_places(self.scope.places, self.presenter)))
        if sensitive := self.scope.places & leaves_of((Place(zone, "both") for zone in SENSITIVE), self.tree):
            yield SheetSection(_("Sensitive areas among them"), (*named_places(sensitive, self.presenter), *_sensitive_words()))
        if self.again:
            yield SheetSection(_("What you allow again"), tuple(named_places(leaves_of(self.again, self.tree), self.presenter)))
        yield SheetSection(_("What is left out, and why"), tuple(self._left_out()) or (_("Nothing is left out because of your answers."),))
        yield SheetSection(_("What we found in your answers"), tuple(self._found()) or (_("Nothing that limits the massage."),))
        yield SheetSection(_("What you may feel"), _felt_words())
        yield SheetSection(_("Your rights"), _rights_words())
        yield SheetSection(_("Who gives the massage"), tuple(self._who()))
        yield SheetSection(_("Your agreement"), (agreement_words(self.course.patient, self.course),))

    def _planned(self) -> Iterator[str]:
        yield f"{self.presenter.condition(self.course)}, {self.presenter.stage(self.course)}"
        count, given = len(self.sessions), records_of(self.course).count()
        yield ngettext("%(count)s massage session", "%(count)s massage sessions", count) % {"count": count}
        if given:
            yield _("Sessions given before this sheet: %(count)s") % {"count": given}
        minutes = sorted({round(session.total_seconds / 60) for session in self.sessions if session.total_seconds})
        if minutes:
            span = f"{minutes[0]}–{minutes[-1]}" if len(minutes) > 1 else str(minutes[0])
            yield _("Each takes %(span)s minutes of hands-on work.") % {"span": span}

    def _how(self) -> Iterator[str]:
        for family, plain in IN_PLAIN_WORDS.items():
            codes = sorted({row.technique for session in self.sessions for row in session.rows if row.family == family})
            if codes:
                named = ", ".join(self.names.of("techniques", code) or code for code in codes)
                yield _("%(plain)s Professional terms: %(named)s.") % {"plain": plain, "named": named}
        strongest = max((row.pressure for session in self.sessions for row in session.rows), default=0)
        if strongest:
            yield _("The pressure is at most: %(pressure)s.") % {"pressure": marks.PRESSURES[strongest]}
        for code in sorted(self.scope.supplements):
            name, method = self.names.of("supplements", code), self.names.of("supplements", code, "method")
            yield _("In addition: %(name)s (%(method)s).") % {"name": name, "method": method}

    def _left_out(self) -> Iterator[str]:
        """Zones of the protocol that this patient does without: each reason once, with everything that is missing for it."""
        found: dict[str, dict[Place, None]] = {}
        for item in (item for session in self.sessions for item in session.omissions if item.kind == "zone"):
            if kind_of(item.because.code) in OF_PATIENT and item.code in self.tree.zones:
                found.setdefault(self.presenter.speaker.say(item.because), {})[Place(item.code, item.side or "both")] = None
        for because, places in found.items():
            yield f"{'; '.join(named_places(leaves_of(places, self.tree), self.presenter))}. {because}"

    def _found(self) -> Iterator[str]:
        """What speaks against a massage or limits it, in the words that the library has for the patient."""
        for finding in self.screening.findings:
            title, told = (self.names.of("rules", finding.rule, field) for field in ("title", "explanation"))
            lifted = _("A doctor's document allows it.") if finding.cleared else ""
            yield " ".join(part for part in (f"{title}. {told}", lifted) if part)
        if _has_open_questions(self.screening):
            yield _("Some questions are still open. What depends on them is not done before they are answered.")

    def _who(self) -> Iterator[str]:
        giver = self.course.therapist or self.course.planned_by
        yield f"{giver.full_name}, {self.course.clinic.name}"
        yield _("If somebody else gives a session, you are told before it.")


def _has_open_questions(screening: Screening) -> bool:
    return any(obstacle.kind == "fact" and not obstacle.code.startswith(("today.", "consent.")) for obstacle in screening.obstacles)


def _sensitive_words() -> tuple[str, ...]:
    return (
        _("Only what is being worked is uncovered, and only for as long as it takes."),
        _("You can have any of these areas left out, before or during a session, and somebody you trust may be in the room."),
    )


def _felt_words() -> tuple[str, ...]:
    return (
        _("Warmth and redness of the skin, heaviness or tiredness are usual and pass within a few hours."),
        _("Muscles may be sore for a day or two; a small bruise is possible. Say so at the next session."),
        _("Say at once if something hurts, if you feel dizzy, sick or short of breath, or if anything feels numb. The massage is stopped."),
        _("Massage eases complaints; that it helps in your case cannot be promised. It does not replace a doctor's treatment."),
    )


def _rights_words() -> tuple[str, ...]:
    return (
        _("You can stop the massage at any moment, without giving a reason."),
        _("You can take back this consent at any time, for the whole course or for single parts of the body. A word is enough."),
        _("That has no disadvantage for you: what you do not want is simply not done."),
        _("If something new is to be added – a part of the body, a technique, a device – you are asked again first."),
        _("You can ask questions at any time, and you get a copy of this sheet if you want one."),
    )


def agreement_words(patient: Patient, course: Course) -> str:
    """The sentence above the signature. For a child it is said by whoever signs."""
    if age_on(patient, course.planned_on) < ADULT:
        words = _("I have read this sheet and could ask my questions. I agree to the massage described here for %(name)s.")
        return words % {"name": patient.full_name}
    return _("I have read this sheet and could ask my questions. I agree to the massage described here.")


def _digest(content: Any) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
