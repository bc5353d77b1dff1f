"""Why a date is amber, why a time is not offered, and what stands in the way of a course: the proposer's codes in sentences."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.schedule.cells import clock_of
from clinic.schedule.proposing.values import CELL_MINUTES, CELLS, Reason
from clinic.schedule.states import AbsenceReason

# The rhythm and the wishes: what people may set aside for one date, in contrast to what is taken or closed.
CAN_BE_SET_ASIDE: Final = frozenset({"gap-too-short", "gap-too-long", "week-full", "weekday", "outside-wishes"})
About = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """Says reasons; ``therapists`` are names by number."""

    therapists: Mapping[int, str] = field(default_factory=dict)

    def say(self, reason: Reason) -> str:
        """One sentence."""
        return _SENTENCES[reason.code](dict(reason.about), self)

    def say_all(self, reasons: Iterable[Reason]) -> tuple[str, ...]:
        """One sentence for each, none twice."""
        return tuple(dict.fromkeys(self.say(reason) for reason in reasons))

    def name(self, about: About, key: str = "therapist") -> str:
        """Who it is about; "the therapist" where nobody is named."""
        return self.therapists.get(about.get(key) or 0) or _("the therapist")


def _days(count: int) -> str:
    return ngettext("%(count)s open day", "%(count)s open days", count) % {"count": count}


def _gap_and_ideal(about: About) -> dict[str, str]:
    return {"gap": _days(about["gap"]), "ideal": _days(about["ideal"])}


def _clock(cell: int) -> str:
    return "24:00" if cell >= CELLS else f"{clock_of(cell):%H:%M}"


def _gap_short(about: About, _words: ReasonWords) -> str:
    return _("Only %(gap)s after the session before instead of %(ideal)s.") % {
        "gap": _days(about["gap"]),
        "ideal": _days(about["ideal"]),
    }


def _gap_long(about: About, _words: ReasonWords) -> str:
    return _("%(gap)s after the session before instead of %(ideal)s.") % _gap_and_ideal(about)


def _other_therapist(about: About, words: ReasonWords) -> str:
    return _("%(name)s treats, not %(wished)s.") % {"name": words.name(about), "wished": words.name(about, "wished")}


def _other_time(about: About, _words: ReasonWords) -> str:
    return _("Begins at %(time)s; %(wished)s was wished.") % {"time": _clock(about["cell"]), "wished": _clock(about["preferred"])}


def _closed(about: About, _words: ReasonWords) -> str:
    return (
        _("The clinic is closed on that day: %(why)s.") % {"why": about["why"]}
        if about.get("why")
        else _("The clinic is closed on that day.")
    )


def _absent(about: About, words: ReasonWords) -> str:
    why = about.get("why")
    label = str(AbsenceReason(why).label).lower() if why in AbsenceReason.values else ""
    said = {"name": words.name(about), "why": label}
    return _("%(name)s is away at that time (%(why)s).") % said if label else _("%(name)s is away at that time.") % said


def _outside_horizon(about: About, _words: ReasonWords) -> str:
    said = {name: date_format(about[name], "SHORT_DATE_FORMAT") for name in ("first_on", "last_on")}
    return _("The day is outside of the time in question, %(first_on)s to %(last_on)s.") % said


def _outside_wishes(about: About, _words: ReasonWords) -> str:
    said = {"earliest": _clock(about["earliest"]), "latest": _clock(about["latest"])}
    return _("The patient wishes to come between %(earliest)s and %(latest)s.") % said


def _gap_too(about: About) -> str:
    gap = about["gap"]
    if gap < 1:
        return _("It would pass the neighbouring session, and sessions are given in their order.")
    is_after = about.get("side") == "after"
    if "min" in about:
        said = {"gap": _days(gap), "least": _days(about["min"])}
        if is_after:
            return _("Only %(gap)s before the next session; the least is %(least)s.") % said
        return _("Only %(gap)s after the session before; the least is %(least)s.") % said
    said = {"gap": _days(gap), "most": _days(about["max"])}
    if is_after:
        return _("%(gap)s before the next session; the most that keeps the effect is %(most)s.") % said
    return _("%(gap)s after the session before; the most that keeps the effect is %(most)s.") % said


def _load_full(about: About, words: ReasonWords) -> str:
    return _("The day of %(name)s is full: its massage units or hands-on minutes are used up.") % {"name": words.name(about)}


def _not_qualified(about: About, words: ReasonWords) -> str:
    said = {"name": words.name(about)}
    return _("%(name)s may not give this course: a qualification is missing, or the sex is not the wished one.") % said


def _no_therapist(about: About, _words: ReasonWords) -> str:
    if about.get("asked"):
        return _("Nobody who may give this course works on these days.")
    return _("No therapist of this clinic has the qualification that this course needs and is of the wished sex.")


def _too_few(about: About, _words: ReasonWords) -> str:
    last_on = about.get("last_on")
    said = {"fit": about["fit"], "wanted": about["wanted"], "last_on": date_format(last_on, "DATE_FORMAT") if last_on else ""}
    return _("Only %(fit)s of %(wanted)s sessions fit in until %(last_on)s.") % said


def _without(about: About, _words: ReasonWords) -> str:
    return str(_WISHES[about["wish"]]())


_WISHES: Final[Mapping[str, Callable[[], str]]] = {
    "hours": lambda: _("All dates fit at any time of the day."),
    "weekdays": lambda: _("All dates fit when any day of the week will do."),
    "same-therapist": lambda: _("All dates fit when the therapist may change."),
    "therapist": lambda: _("All dates fit with any therapist, whatever the sex."),
    "rhythm": lambda: _("All dates fit with longer gaps."),
    "last-on": lambda: _("All dates fit when the course may end later."),
}
_Sentence = Callable[[About, ReasonWords], str]
_SENTENCES: Final[Mapping[str, _Sentence]] = {
    "gap-short": _gap_short,
    "gap-long": _gap_long,
    "other-therapist": _other_therapist,
    "other-time": _other_time,
    "load-near": lambda about, words: _("After it the day of the therapist is full."),
    "beside-heavy": lambda about, words: _("Another heavy session of the therapist lies less than half an hour away."),
    "starts-late": lambda about, words: _("%(days)s pass before the first session.") % {"days": _days(about["days"])},
    "past": lambda about, words: _("This time has passed."),
    "closed": _closed,
    "outside-horizon": _outside_horizon,
    "weekday": lambda about, words: _("The patient does not wish to come on that day of the week."),
    "not-working": lambda about, words: _("%(name)s does not work at that time.") % {"name": words.name(about)},
    "absent": _absent,
    "break": lambda about, words: _("%(name)s has a break at that time.") % {"name": words.name(about)},
    "outside-wishes": _outside_wishes,
    "off-grid": lambda about, words: _("Sessions begin every %(minutes)s minutes.") % {"minutes": about["step"] * CELL_MINUTES},
    "therapist-busy": lambda about, words: _("%(name)s has another session at that time.") % {"name": words.name(about)},
    "no-room": lambda about, words: _("No room is free at that time."),
    "no-device": lambda about, words: _("No device is free at that time."),
    "patient-busy": lambda about, words: _("The patient has another appointment at that time."),
    "gap-too-short": lambda about, words: _gap_too(about),
    "gap-too-long": lambda about, words: _gap_too(about),
    "week-full": lambda about, words: _("The week has its %(count)s sessions already.") % {"count": about["per_week"]},
    "load-full": _load_full,
    "not-qualified": _not_qualified,
    "no-therapist": _no_therapist,
    "too-few-days": _too_few,
    "would-fit-without": _without,
}  # fmt: skip
