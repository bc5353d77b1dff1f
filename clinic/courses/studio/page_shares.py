"""What the families take of a session beside what the protocol gives them, and the total beside the dose."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.courses.presentation import Presenter
from clinic.courses.presentation.sessions import family_seconds, shares_of_hundred
from clinic.web.marks import clock
from protocols.method.plans import SessionPlan
from protocols.method.vocabulary import FAMILIES


@dataclass(frozen=True, slots=True)
class Share:
    """One family: percent and minutes now, and percent by the protocol. ``x`` and ``usual_x`` are where its part of the bars begins."""

    family: str
    name: str
    clock: str
    percent: int
    usual: int
    x: int
    usual_x: int

    @property
    def is_changed(self) -> bool:
        """Whether it takes another share than the protocol gives it."""
        return self.percent != self.usual


@dataclass(frozen=True, slots=True)
class Totals:
    """The minutes of a session. ``left`` is what the dose leaves unused; bars are in thousandths of the dose."""

    total: str
    dose: str
    usual: str
    left: str
    filled: int
    words: str


def shares_of(now: SessionPlan, usual: SessionPlan, presenter: Presenter) -> tuple[Share, ...]:
    """Every family that the session or its protocol has, in the clinical order."""
    return tuple(_shares(now, usual, presenter))


def _shares(now: SessionPlan, usual: SessionPlan, presenter: Presenter) -> Iterator[Share]:
    seconds, x, usual_x = dict(family_seconds(now.rows)), 0, 0
    percents, usuals = _percents(now), _percents(usual)
    for family in FAMILIES:
        if family in percents or family in usuals:
            percent, was = percents.get(family, 0), usuals.get(family, 0)
            yield Share(family, presenter.names.of("families", family), clock(seconds.get(family, 0)), percent, was, x, usual_x)
            x, usual_x = x + percent, usual_x + was


def _percents(plan: SessionPlan) -> dict[str, int]:
    found = family_seconds(plan.rows)
    return dict(zip((family for family, _seconds in found), shares_of_hundred([each for _family, each in found]), strict=True))


def totals_of(now: SessionPlan, usual: SessionPlan) -> Totals:
    """The total of a session beside its dose."""
    dose = now.dose.seconds if now.dose else now.total_seconds
    unused = max(dose - now.total_seconds, 0)
    about = {"total": clock(now.total_seconds), "dose": clock(dose)}
    return Totals(
        total=clock(now.total_seconds),
        dose=clock(dose),
        usual=clock(usual.total_seconds),
        left=clock(unused) if unused else "",
        filled=round(1000 * now.total_seconds / max(dose, 1)),
        words=_("session %(total)s of %(dose)s") % about,
    )
