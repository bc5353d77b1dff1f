"""Take care: what the hands must know before the first row of a card: places with their side, findings, advice, the note."""

from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.bodymap import highest
from clinic.courses.models import Course
from clinic.courses.prints.paper import Paper, with_side
from clinic.courses.queries import screening_of
from clinic.courses.reasons import Speaker
from protocols.method.entries import Effect
from protocols.method.findings import Finding, PlacesOut, Screening
from protocols.method.places import Place

EXCLUDES: Final = "rule-excludes-zone"
# A question is open, the referral bars the place, or the patient withdrew consent to it.
WITHOUT_FINDING: Final = ("unknown-leaves-zones-out", "barred-by-referral", "consent-withdrawn")


class LoudSpeaker(Speaker):
    """Says sides as paper says them: ``calf – LEFT``."""

    def place(self, place: Place) -> str:
        """A zone with its side in capitals; a zone on both sides without one."""
        return with_side(self.names.of("zones", place.zone), place.side)


def take_care(paper: Paper) -> list[str]:
    """What bars or limits places, by finding and with the side; then what else was found, the advice, and the patient's note."""
    course, screening = paper.course, screening_of(paper.course)
    placed = {finding.rule: _in_places(paper, finding, screening) for finding in screening.findings}
    titles = {finding.rule: paper.presenter.names.of("rules", finding.rule, "title") for finding in screening.findings}
    lines = [" ".join((f"{titles[rule]}.", *said)) for rule, said in placed.items() if said]
    others = [titles[finding.rule] for finding in screening.findings if not placed[finding.rule] and not finding.cleared]
    advice = paper.presenter.screening(screening, course.outcome).advice
    return list(dict.fromkeys([*lines, *without_finding(paper, screening), *_in_a_line(others), *advice, *_note(course)]))


def _in_places(paper: Paper, finding: Finding, screening: Screening) -> list[str]:
    """What a finding changes in some places only. One that a document lifted may still bar some."""
    speaker = LoudSpeaker(paper.presenter.library, paper.presenter.names, screening.facts)
    out = [bar for bar in screening.limits.places_out if bar.because.code == EXCLUDES and dict(bar.because.about)["rule"] == finding.rule]
    # The places themselves, not the effect's words: a vein takes everything below it along.
    barred = [_("Not worked: %(zones)s") % {"zones": places} for places in _in_a_line(_places(out, speaker), ", ")]
    told = (speaker.effect(effect) for effect in finding.effects if _is_in_places(effect) and speaker.is_for_this_age(effect))
    return [f"{words}." for words in dict.fromkeys((*barred, *told))]


def _is_in_places(effect: Effect) -> bool:
    """Whether an effect limits named places and its own words are needed for it."""
    if effect.type == "exclude-zones" or (effect.type == "exclude-zones-from" and effect.scope != "spot"):
        return False
    return effect.type not in ("advice", "require-measure") and bool(effect.zones or effect.fact or effect.zones_from)


def _places(bars: Iterable[PlacesOut], speaker: Speaker) -> list[str]:
    places = frozenset[Place]().union(*(bar.places for bar in bars))
    return [speaker.place(place) for place in highest(places, speaker.library.tree)]


def without_finding(paper: Paper, screening: Screening) -> Iterator[str]:
    """Places that are out and that no finding names, with the reason."""
    speaker = LoudSpeaker(paper.presenter.library, paper.presenter.names)
    for bar in screening.limits.places_out:
        if bar.because.code in WITHOUT_FINDING:
            yield " ".join((speaker.say(bar.because), *_in_a_line(_places([bar], speaker), ", ")))


def _in_a_line(words: list[str], between: str = " · ") -> list[str]:
    """One line, or none where there are no words."""
    return [between.join(dict.fromkeys(words))] if words else []


def _note(course: Course) -> list[str]:
    return [f"{_('Note')}: {course.patient.notes.strip()}"] if course.patient.notes.strip() else []
