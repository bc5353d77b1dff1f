"""What the page of a next course says of last time: how it ended, what is carried over and why, when it may be repeated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic.courses.again.progression import CarryLine, Ending
from clinic.courses.again.queries.basis import Basis, FallenReferral
from clinic.courses.again.repeating import RepeatRule
from clinic.courses.edit_words import edit_words
from clinic.courses.presentation import Presenter
from clinic.courses.screening_words import News, answers_in_words, difference_in_words
from clinic.courses.screenings import difference
from patients.questionnaire import intake_facts
from protocols.method.edits import Edit, Edits
from protocols.method.findings import Screening

AGAINST: Final[Mapping[str, Any]] = {
    "ended-early": gettext_lazy("it was ended early"),
    "few-sessions": gettext_lazy("fewer than two sessions were recorded"),
    "low-comfort": gettext_lazy("the comfort was low"),
    "comfort-unknown": gettext_lazy("nobody asked for the comfort"),
    "next-day-pain": gettext_lazy("the pain rose by the next morning"),
    "next-day-unknown": gettext_lazy("nobody asked for the pain of the next morning"),
    "bad-reaction": gettext_lazy("there was a bad reaction"),
    "hurt-marked": gettext_lazy("a place hurt"),
    "course-suspended": gettext_lazy("something happened after a session that holds a course up"),
}
WHY: Final[Mapping[str, Any]] = {
    "as-last-time": gettext_lazy("as last time"),
    "ended-well": gettext_lazy("not taken along: the last course ended well, so the protocol's own load is tried again"),
    "still-careful": gettext_lazy("taken along: it is not known that the last course ended well"),
    "build-up": gettext_lazy("not taken along: a new course begins with the build-up of the protocol"),
    "too-short": gettext_lazy("not taken along: this course has no such session"),
}
FALLEN: Final[Mapping[str, Any]] = {
    "expired": gettext_lazy("The last referral was valid until %(day)s."),
    "exhausted": gettext_lazy("The last referral covers no more sessions."),
    "not-yet": gettext_lazy("A referral begins only on %(first)s."),
    "not-signed": gettext_lazy("A referral is written, but no doctor has signed it: %(state)s."),
    "broken": gettext_lazy("The signature of the last referral does not hold."),
}


@dataclass(frozen=True, slots=True)
class Carried:
    """One change of last time as a line with its tick."""

    number: int
    words: str
    why: str
    is_ticked: bool
    is_aside: bool = False  # a limit of today keeps it from holding in some session


@dataclass(frozen=True, slots=True)
class RepeatLine:
    """One rule about beginning again. ``is_early``: the first day that is asked for comes before it."""

    sentence: str
    is_early: bool


def ending_words(ending: Ending) -> str:
    """How the last course ended, in a sentence."""
    if ending.is_well:
        return _("It ended well: comfort and the next morning of its last two sessions were as they should be.")
    return _("It did not clearly end well: %(what)s.") % {"what": "; ".join(str(AGAINST.get(code, code)) for code in ending.against)}


def carried_lines(
    lines: Iterable[CarryLine], ticked: frozenset[int], edits: Edits, presenter: Presenter, aside: Iterable[Edit]
) -> tuple[Carried, ...]:
    """The changes by hand of last time, line by line. ``aside`` are those that a limit of today sets aside, as cut to the course."""
    kept = {_about(edit) for edit in aside}
    return tuple(
        Carried(line.number, edit_words(line.edit, presenter, edits), str(WHY[line.why]), line.number in ticked, _about(line.edit) in kept)
        for line in lines
    )


def _about(edit: Edit) -> tuple[object, ...]:
    """What an edit is, but for the last session that it holds for."""
    return edit.kind, edit.first, edit.step, edit.family, edit.value, edit.code, edit.after


def fallen_words(fallen: FallenReferral) -> str:
    """Why no referral stands, in a sentence."""
    referral = fallen.referral
    days = {"day": date_format(referral.valid_until, "SHORT_DATE_FORMAT"), "first": date_format(referral.valid_from, "SHORT_DATE_FORMAT")}
    return str(FALLEN[fallen.why]) % (days | {"state": referral.get_state_display()})


def repeat_lines(rules: Iterable[RepeatRule], basis: Basis, first_on: Any) -> tuple[RepeatLine, ...]:
    """What the library says about beginning again, with who may lift it."""
    return tuple(RepeatLine(_repeat(rule, basis), rule.is_early(first_on)) for rule in rules)


def _repeat(rule: RepeatRule, basis: Basis) -> str:
    about = {"days": rule.days, "first": date_format(rule.first_on, "SHORT_DATE_FORMAT")}
    lifted = ""
    if basis.referred_on is not None:
        lifted = _("The referral of %(day)s was written since: that is the doctor's word.") % {
            "day": date_format(basis.referred_on, "SHORT_DATE_FORMAT")
        }
    sentences = {
        "zone": ngettext(
            "The same zone is not started again before %(days)s day without a doctor's note, so from %(first)s on.",
            "The same zone is not started again before %(days)s days without a doctor's note, so from %(first)s on.",
            rule.days,
        ),
        "stage": ngettext(
            "The protocol repeats this stage after %(days)s day, so from %(first)s on.",
            "The protocol repeats this stage after %(days)s days, so from %(first)s on.",
            rule.days,
        ),
        "reassess": _("The protocol does not repeat this stage: it is looked at anew, and a doctor decides about the stage."),
    }
    if rule.is_lifted:
        return f"{sentences[rule.code] % about} {lifted}"
    lifts = "" if rule.code == "reassess" else _("A doctor lifts it by a referral written after the last course.")
    return f"{sentences[rule.code] % about} {lifts}".strip()


# What changed ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Since:
    """What differs from the last screening of the last course. ``answers`` are (question, then, now) of the record."""

    news: News
    answers: tuple[tuple[str, str, str], ...]

    @property
    def is_nothing(self) -> bool:
        """Nothing was found, nothing passed, and the record says what it said."""
        return not (self.news.new or self.news.gone or self.news.changed or self.answers)


def since_then(basis: Basis, now: Screening, presenter: Presenter) -> Since | None:
    """What changed since the last course; None without one. What only a day's answers can tell is not called gone: it is asked."""
    if basis.screened is None or basis.last is None:
        return None
    found = difference(basis.screened, now)
    open_now = {rule.rule for rule in now.open_rules}
    lasting = frozenset(intake_facts(presenter.library.intake))
    quiet = replace(
        found,
        gone=tuple(each for each in found.gone if each.rule not in open_now),
        facts=tuple(row for row in found.facts if row[0] in lasting),
    )
    news = difference_in_words(quiet, presenter, since=basis.last.planned_at)
    return Since(news, tuple(answers_in_words(quiet, presenter)))
