"""What a patient agreed to: what the sessions to come ask for, what the newest sheet covers, and what is missing between the two."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from clinic.courses.at_hand import at_hand
from clinic.courses.gentler import gentler_techniques
from clinic.courses.models import OVER, Consent, Course
from clinic.courses.pinned import library_of, presenter_of
from clinic.courses.planning import consent_bars, leaves_of
from clinic.courses.presentation import Presenter
from clinic.courses.queries import given_sessions, sessions_to_come
from clinic.courses.signed_plans import signed_sessions
from clinic.courses.states import CourseState
from clinic.web import marks
from clinic.web.prepared import Prepared
from patients.models import Patient
from patients.queries import age_on, answers_on
from protocols.editions.queries import library_in_force
from protocols.method.places import Place
from protocols.method.plans import SessionPlan
from protocols.method.tree import ZoneTree
from protocols.method.vocabulary import Side

ADULT: Final = 18
LACKS_CAPACITY: Final = "history.lacks-capacity"
MOST_NAMED: Final = 4  # a sentence is read while the patient waits

SIDES: Final[tuple[Side, ...]] = ("both", "left", "right")

# A signature drawn on the screen: pen down (M), pen drawn (L), figures of the drawing board and blanks. Nothing else is a path here.
LONGEST_DRAWING: Final = 24_000
BOARD: Final = (600, 200)
_STROKES: Final = re.compile(r"M\d{1,3} \d{1,3}(?:[ML]\d{1,3} \d{1,3})*")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is worked: leaf places, techniques and supplements by code."""

    places: frozenset[Place]
    families: frozenset[str]
    techniques: frozenset[str]
    supplements: frozenset[str]

    def beyond(self, other: "Scope") -> "Scope":
        """What this has and the other has not."""
        return Scope(
            self.places - other.places,
            self.families - other.families,
            self.techniques - other.techniques,
            self.supplements - other.supplements,
        )

    def __bool__(self) -> bool:
        return bool(self.places or self.families or self.techniques or self.supplements)


def worked(sessions: Iterable[SessionPlan], tree: ZoneTree) -> Scope:
    """What these sessions work, all together. A row round a place does not touch that place."""
    plans = tuple(sessions)
    rows = [row for plan in plans for row in plan.rows]
    places = (leaves_of((Place(row.zone, row.side),), tree) - leaves_of(row.avoid, tree) for row in rows)
    return Scope(
        places=frozenset[Place]().union(*places),
        families=frozenset(row.family for row in rows),
        techniques=frozenset(row.technique for row in rows),
        supplements=frozenset(item.supplement for plan in plans for item in plan.supplements),
    )


def scope_of(sessions: Iterable[SessionPlan], tree: ZoneTree, *, again: Iterable[Place] = ()) -> dict[str, Any]:
    """The same for a sheet, as JSON. ``again``: places that were taken back and that the patient now agrees to once more."""
    scope = worked(sessions, tree)
    return {
        "places": [[place.zone, place.side] for place in sorted(scope.places | leaves_of(again, tree))],
        "families": sorted(scope.families),
        "techniques": sorted(scope.techniques),
        "supplements": sorted(scope.supplements),
    }


def covered_by(consent: Consent, tree: ZoneTree) -> Scope:
    """What a sheet covers. Raises ``KeyError`` for one that is not whole: never a sheet that covers nothing or everything."""
    kept = consent.scope
    places = leaves_of((Place(zone, side) for zone, side in kept["places"]), tree)
    return Scope(places, frozenset(kept["families"]), frozenset(kept["techniques"]), frozenset(kept["supplements"]))


def newest_consent(course: Course) -> Consent | None:
    """The sheet that counts: a later one stands in place of all before it."""
    return at_hand(course, _read_newest)


def _read_newest(course: Course) -> Consent | None:
    return _NEWEST.first(course=course.pk)


def _newest(_kind: str, *, course: int) -> QuerySet[Consent]:
    return Consent.objects.filter(course=course).prefetch_related("withdrawals").order_by("-pk")[:1]


_NEWEST: Final = Prepared(_newest)


def is_withdrawn(consent: Consent | None) -> bool:
    """Whether all of a sheet was taken back."""
    return consent is not None and any(not withdrawal.zones for withdrawal in consent.withdrawals.all())


def consents_of(course: Course) -> tuple[Consent, ...]:
    """Every sheet with what was taken back of it, the newest first."""
    kept = Consent.objects.filter(course=course).select_related("recorded_by").prefetch_related("withdrawals__recorded_by")
    return tuple(kept.order_by("-pk"))


def consent_or_404(course: Course, pk: int) -> Consent:
    """One sheet of this course."""
    return get_object_or_404(Consent.objects.select_related("recorded_by"), course=course, pk=pk)


def taken_back(course: Course) -> frozenset[Place]:
    """The leaf places that the patient has taken back and not allowed again."""
    return at_hand(course, _read_taken_back)


def _read_taken_back(course: Course) -> frozenset[Place]:
    tree = library_of(course).tree
    return leaves_of((place for bar in consent_bars(course, tree) for place in bar.places), tree)


def takes_consent(course: Course) -> bool:
    """Whether somebody can still agree to this course, or take it back."""
    return course.state not in (*OVER, CourseState.DISCARDED)


# What is missing ------------------------------------------------------------------------------------------------------------
def missing_consent(course: Course) -> tuple[str, ...]:
    """Why the patient's word does not cover the sessions to come, in sentences; ``()`` when it does (product.md, 2 row 9)."""
    return _missing_from(course, newest_consent(course))


def _missing_from(course: Course, consent: Consent | None) -> tuple[str, ...]:
    if consent is None:
        return (_("The patient has not agreed to this course yet."),)
    if is_withdrawn(consent):
        return (_("The patient has taken back consent to this course. Nothing is given without a new one."),)
    tree, plans = library_of(course).tree, sessions_to_come(course)
    coming, agreed = worked(plans, tree), covered_by(consent, tree)
    if coming.techniques - agreed.techniques and coming.families <= agreed.families:
        coming = replace(coming, techniques=coming.techniques - _only_gentler(course, plans))
    return tuple(_beyond(coming, agreed, taken_back(course), presenter_of(course)))


def _only_gentler(course: Course, coming: tuple[SessionPlan, ...]) -> frozenset[str]:
    """Techniques that are only done with less, within the session that was signed; without a signature, within one that was given."""
    tree = library_of(course).tree
    signed = signed_sessions(course.signature) if course.signature is not None else None
    given = given_sessions(course) if signed is None else ()
    found, wider = set[str](), set[str]()
    for plan in coming:
        covering = given if signed is None else [each for each in signed if each.number == plan.number]
        gentler = gentler_techniques(plan, covering, tree)
        found |= gentler
        wider |= {row.technique for row in plan.rows} - gentler
    return frozenset(found - wider)


def works_where_taken_back(course: Course) -> bool:
    """Whether the sessions to come still work what the patient has taken back: then the plan changes first, and nobody is asked again."""
    barred = taken_back(course)
    return bool(barred and worked(sessions_to_come(course), library_of(course).tree).places & barred)


def _beyond(coming: Scope, agreed: Scope, barred: frozenset[Place], presenter: Presenter) -> Iterator[str]:
    if still := coming.places & barred:
        what = _in_a_line(named_places(still, presenter))
        yield _("Consent was taken back for %(what)s, and the plan still works there. Plan again.") % {"what": what}
    new = coming.beyond(agreed)
    if new:
        what = _in_a_line(_named(new, presenter))
        yield _("Ask for consent again, this is new in the plan: %(what)s.") % {"what": what}


def _named(scope: Scope, presenter: Presenter) -> Iterator[str]:
    """What is new in words. A family is new only with a technique of its own, which says more."""
    yield from named_places(scope.places, presenter)
    for kind in ("techniques", "supplements"):
        yield from (presenter.names.of(kind, code) or code for code in sorted(getattr(scope, kind)))


def _in_a_line(words: Iterable[str]) -> str:
    found = list(words)
    more = len(found) - MOST_NAMED
    named = "; ".join(found[:MOST_NAMED])
    return _("%(named)s, and %(count)s more") % {"named": named, "count": more} if more > 0 else named


def named_places(places: frozenset[Place], presenter: Presenter) -> list[str]:
    """Leaf places in as few words as they take, each with its side. A zone is named only where every part of it is meant.

    A picture may call the front of the chest worked when all is worked but what nobody works; who agrees must not read more than is done.
    """
    tree, found = presenter.library.tree, list[Place]()
    left = {place for place in places if place.zone in tree.zones}
    strange = sorted(places - left)
    for zone in sorted(tree.zones, key=lambda code: len(tree.ancestors(code))):
        for side in SIDES:
            atoms = tree.leaf_places(Place(zone, side))
            if atoms <= left:
                left -= atoms
                found.append(Place(zone, side))
    order = list(tree.zones)
    found.sort(key=lambda place: (order.index(place.zone), place.side))
    return [place_words(place, presenter) for place in (*found, *strange)]


def place_words(place: Place, presenter: Presenter) -> str:
    """``shoulder blade, left``; a zone in the middle of the body without a side."""
    name, zone = presenter.names.of("zones", place.zone) or place.zone, presenter.library.tree.zones.get(place.zone)
    return f"{name}, {marks.SIDES[place.side]}" if zone is None or zone.paired else name


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """What the page of a course says about consent."""

    newest: Consent | None
    missing: tuple[str, ...]
    back: tuple[str, ...]  # parts of the body that were taken back
    is_withdrawn: bool
    takes: bool
    plans_first: bool  # what was taken back is still planned: no new sheet before the plan leaves it out


def consent_line(course: Course) -> ConsentLine:
    """Who agreed to the course, what was taken back and what is missing."""
    takes, newest, back = takes_consent(course), newest_consent(course), taken_back(course)
    return ConsentLine(
        newest=newest,
        missing=_missing_from(course, newest) if takes else (),
        back=tuple(named_places(back, presenter_of(course))),
        is_withdrawn=is_withdrawn(newest),
        takes=takes,
        plans_first=takes and bool(back) and not is_withdrawn(newest) and works_where_taken_back(course),
    )


# Who agrees -----------------------------------------------------------------------------------------------------------------
def who_may_agree(patient: Patient, on: date) -> tuple[str, ...]:
    """Who can give or take back consent for this patient on that day, the usual one first: nobody under 18 agrees alone."""
    if age_on(patient, on) < ADULT:
        return (Consent.As.GUARDIAN, Consent.As.REPRESENTATIVE)
    if answers_on(patient, library_in_force(patient.clinic), on).known.get(LACKS_CAPACITY) is True:
        return (Consent.As.REPRESENTATIVE,)
    return (Consent.As.PATIENT, Consent.As.REPRESENTATIVE)


def is_a_drawing(path: str) -> bool:
    """Whether a text is a signature as the board draws it and nothing else. "" is none."""
    if len(path) > LONGEST_DRAWING or not _STROKES.fullmatch(path):
        return False
    figures = [int(figure) for figure in re.findall(r"\d+", path)]
    return all(across <= BOARD[0] and down <= BOARD[1] for across, down in zip(figures[::2], figures[1::2], strict=True))
