"""What a referral is worth on a day: its balance, whether it stands, and in what a plan goes beyond it. Computed, never stored. Pure.

This app knows no sessions. Who does (``clinic.courses``) registers how they are counted and how they were felt.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple, TypedDict

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patients.documents import liftable_rules
from patients.models import Patient, Referral
from patients.states import ReferralState
from protocols.method.clearances import REFERRAL
from protocols.method.entries import Condition
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.places import Place
from protocols.method.vocabulary import FAMILIES
from protocols.wording_codes import WORDS

# A letter, two digits, and up to two more behind a point. U is for new diseases, Z for reasons that are no disease.
ICD10: Final = re.compile(r"[A-Z]\d{2}(?:\.\d{1,2})?")
PRESSURES: Final = range(1, 5)
LONGEST_VALID_DAYS: Final = 366


class Counts(NamedTuple):
    """Sessions under a referral: given, and booked but not given yet."""

    done: int
    booked: int


class Balance(NamedTuple):
    """What is left of a referral. ``left`` is never below zero, and counts neither what was given nor what is booked."""

    authorised: int
    done: int
    booked: int
    left: int


class Felt(NamedTuple):
    """How one session was: 0-10, None where nobody asked. Pain 0 is best, comfort 10 is best."""

    day: date
    pain_before: int | None
    pain_after: int | None
    comfort: int | None


Counter = Callable[[Referral], Counts]
Outcomes = Callable[[Patient, str], Iterable[Felt]]
_counters: list[Counter] = []
_outcomes: list[Outcomes] = []


def count_with(counter: Counter) -> None:
    """From now on the sessions of a referral are counted by this one as well. Called once, when an app is ready."""
    if counter not in _counters:
        _counters.append(counter)


def tell_outcomes_with(outcomes: Outcomes) -> None:
    """From now on this one tells how sessions of a patient with a condition were felt, oldest first. Called once."""
    if outcomes not in _outcomes:
        _outcomes.append(outcomes)


def counts_of(referral: Referral) -> Counts:
    """The sessions under this referral at this moment."""
    found = [counter(referral) for counter in tuple(_counters)]
    return Counts(sum(one.done for one in found), sum(one.booked for one in found))


def outcomes_of(patient: Patient, condition: str) -> tuple[Felt, ...]:
    """How the patient's sessions with this condition were felt, oldest first."""
    return tuple(felt for outcomes in tuple(_outcomes) for felt in outcomes(patient, condition))


def balance_of(referral: Referral, *, counts: Counts) -> Balance:
    """The balance by these counts. More than was authorised can have been given elsewhere; then nothing is left, not less."""
    left = max(0, referral.session_count - counts.done - counts.booked)
    return Balance(referral.session_count, counts.done, counts.booked, left)


def state_on(referral: Referral, *, on: date, counts: Counts) -> str:
    """The state that counts on that day: what the calendar and the count have made of a signed referral, whatever is stored."""
    if referral.state not in (ReferralState.SIGNED, ReferralState.EXHAUSTED, ReferralState.EXPIRED):
        return referral.state
    if on > referral.valid_until:
        return ReferralState.EXPIRED
    return ReferralState.EXHAUSTED if counts.done >= referral.session_count else ReferralState.SIGNED


def stands_on(referral: Referral, *, on: date, counts: Counts) -> bool:
    """Whether a session may be given under it on that day, as far as dates, count and state tell."""
    return referral.valid_from <= on and state_on(referral, on=on, counts=counts) == ReferralState.SIGNED


# What is written down -------------------------------------------------------------------------------------------------------
class Words(TypedDict):
    """What a referral says. ``zones_barred`` are [zone, side]; ``valid_until`` is the last day."""

    diagnosis: str
    icd10: str
    condition: str
    stage: str
    form: str
    zones_barred: list[list[str]]
    families_barred: list[str]
    techniques_barred: list[str]
    pressure_max: int | None
    rules: list[str]
    session_count: int
    valid_from: date
    valid_until: date
    question: str


def words_of(referral: Referral) -> Words:
    """What a referral says, as it is written down."""
    return Words(**{name: getattr(referral, name) for name in Words.__annotations__})  # type: ignore[no-any-return, typeddict-item]


def usual_last_day(library: Library, valid_from: date) -> date:
    """How long a referral is good where nobody says otherwise. Source: library, clearance-documents.toml (policy)."""
    return valid_from + timedelta(days=library.documents[REFERRAL].stage_valid_days)


def trouble_with_referral(words: Words, library: Library, *, on: date) -> dict[str, str]:
    """What keeps this from being a referral: field to sentence. ``on`` is the clinic's day."""
    return dict(_troubles(words, library, on))


def _troubles(words: Words, library: Library, on: date) -> Iterator[tuple[str, str]]:
    condition = library.conditions.get(words["condition"])
    if condition is None or words["stage"] not in condition.stages:
        yield "place", _("Choose the condition and its stage.")
    elif condition.stages[words["stage"]].treatment is None:
        yield "place", _("This stage is not massaged, so nobody can be referred for it.")
    if not words["diagnosis"].strip():
        yield "diagnosis", _("Write the diagnosis.")
    if not ICD10.fullmatch(words["icd10"]):
        yield "icd10", _("Write the code like M41.1: a letter, two digits, and after a point one or two more.")
    if not 1 <= words["session_count"] <= 60:
        yield "session_count", _("Write a number of sessions from 1 to 60.")
    yield from _dates(words, on)
    yield from _unknown_codes(words, library)


def _dates(words: Words, on: date) -> Iterator[tuple[str, str]]:
    first, last = words["valid_from"], words["valid_until"]
    if last < first:
        yield "valid_until", _("The last day lies before the first one.")
    elif last < on:
        yield "valid_until", _("The last day has passed already.")
    elif last > first + timedelta(days=LONGEST_VALID_DAYS):
        yield "valid_until", _("A referral is good for a year at most.")


def _unknown_codes(words: Words, library: Library) -> Iterator[tuple[str, str]]:
    if any(zone not in library.zones or side not in ("left", "right", "both") for zone, side in words["zones_barred"]):
        yield "zones_barred", _("Choose the zones from the list.")
    if not set(words["families_barred"]) <= set(FAMILIES):
        yield "families_barred", _("Choose the groups of techniques from the list.")
    if not set(words["techniques_barred"]) <= library.techniques.keys():
        yield "techniques_barred", _("Choose the techniques from the list.")
    if words["pressure_max"] is not None and words["pressure_max"] not in PRESSURES:
        yield "pressure_max", _("Choose a pressure from 1 to 4.")
    if not set(words["rules"]) <= {rule.code for rule in liftable_rules(library, REFERRAL)}:
        yield "rules", _("A referral cannot lift everything that is ticked.")


def doubts_about(words: Words, library: Library) -> Iterator[str]:
    """What is unusual about a referral, though it may be right: the doctor decides."""
    condition = library.conditions.get(words["condition"])
    if condition is None:
        return
    if not icd10_fits(words["icd10"], condition):
        codes = ", ".join(condition.icd10)
        yield _("The code %(code)s is not among those of this condition (%(codes)s).") % {"code": words["icd10"], "codes": codes}
    stage = condition.stages.get(words["stage"])
    if stage is not None and stage.treatment is not None and words["session_count"] > stage.treatment.sessions.max:
        yield _("The protocol gives %(max)s sessions at most in this stage.") % {"max": stage.treatment.sessions.max}


def icd10_fits(code: str, condition: Condition) -> bool:
    """Whether the code is one of the condition, a finer one below it, or a coarser one above it."""
    plain = code.replace(".", "")
    return any(plain.startswith(known.replace(".", "")) or known.startswith(f"{code}.") for known in condition.icd10)


# Scope ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Wanted:
    """What a plan would do, for comparison with a referral. ``count`` are all sessions of the course."""

    condition: str
    stage: str
    count: int
    places: frozenset[Place] = frozenset()
    families: frozenset[str] = frozenset()
    techniques: frozenset[str] = frozenset()
    pressure_max: int = 0


@dataclass(frozen=True, slots=True)
class Outside:
    """One thing in which a plan goes beyond its referral.

    ``kind``: condition | stage | count | day | zone | family | technique | pressure; ``code`` of what it is about, or "".
    """

    kind: str
    code: str
    sentence: str


def outside_scope(referral: Referral, wanted: Wanted, *, library: Library, names: Names, on: date) -> tuple[Outside, ...]:
    """Everything in which the plan goes beyond what the doctor signed, each with its sentence; ``()`` when it stays within.

    Places are compared leaf by leaf, so that a barred part of a zone is found in the whole. A barred zone that the library does not
    hold any more is told as well: nobody can say that it is not worked. Source: product.md 2, row 8.
    """
    return tuple(_outside(referral, wanted, library, names, on))


def _outside(referral: Referral, wanted: Wanted, library: Library, names: Names, on: date) -> Iterator[Outside]:
    if wanted.condition != referral.condition:
        name = names.of("conditions", referral.condition) or referral.condition
        yield Outside("condition", wanted.condition, _("The referral is for another condition: %(name)s.") % {"name": name})
    elif wanted.stage != referral.stage:
        name = names.of("stages", f"{referral.condition}/{referral.stage}") or referral.stage
        yield Outside("stage", wanted.stage, _("The referral is for another stage: %(name)s.") % {"name": name})
    if wanted.count > referral.session_count:
        about = {"wanted": wanted.count, "count": referral.session_count}
        yield Outside("count", "", _("%(wanted)s sessions are planned, and the referral is for %(count)s.") % about)
    yield from _outside_day(referral, on)
    yield from _outside_places(referral, wanted, library, names)
    for family in sorted(wanted.families & set(referral.families_barred)):
        yield Outside("family", family, _("The doctor barred this group: %(name)s.") % {"name": names.of("families", family) or family})
    for technique in sorted(wanted.techniques & set(referral.techniques_barred)):
        name = names.of("techniques", technique) or technique
        yield Outside("technique", technique, _("The doctor barred this technique: %(name)s.") % {"name": name})
    if referral.pressure_max is not None and wanted.pressure_max > referral.pressure_max:
        about = {"wanted": wanted.pressure_max, "most": referral.pressure_max}
        yield Outside("pressure", "", _("Pressure %(wanted)s is planned, and the doctor allows %(most)s at most.") % about)


def _outside_day(referral: Referral, on: date) -> Iterator[Outside]:
    if on < referral.valid_from:
        day = date_format(referral.valid_from, "SHORT_DATE_FORMAT")
        yield Outside("day", "", _("The referral is valid from %(day)s on.") % {"day": day})
    elif on > referral.valid_until:
        day = date_format(referral.valid_until, "SHORT_DATE_FORMAT")
        yield Outside("day", "", _("The referral was valid until %(day)s.") % {"day": day})


def _outside_places(referral: Referral, wanted: Wanted, library: Library, names: Names) -> Iterator[Outside]:
    known = [place for place in wanted.places if place.zone in library.zones]
    if referral.zones_barred and len(known) < len(wanted.places):
        yield Outside("zone", "", _("The plan names a zone that the library no longer has. Plan it again."))
    worked = {leaf for place in known for leaf in library.tree.leaf_places(place)}
    for zone, side in referral.zones_barred:
        if zone not in library.zones:
            yield Outside("zone", zone, _("The doctor barred a zone that the library no longer has: %(zone)s.") % {"zone": zone})
        elif worked & library.tree.leaf_places(Place(zone, side)):
            yield Outside("zone", zone, _("The doctor barred this zone: %(name)s.") % {"name": place_in_words(zone, side, library, names)})


# In words -------------------------------------------------------------------------------------------------------------------
def place_in_words(zone: str, side: str, library: Library, names: Names) -> str:
    """A zone with its side, where it has two: "calf, left"."""
    name = names.of("zones", zone) or zone
    is_paired = zone in library.zones and library.zones[zone].paired
    return f"{name}, {WORDS[side]()}" if side != "both" or is_paired else name


def balance_in_words(balance: Balance) -> str:
    """ "3 of 10 sessions left"."""
    sentence = ngettext("%(left)s of %(count)s session left", "%(left)s of %(count)s sessions left", balance.authorised)
    return sentence % {"left": balance.left, "count": balance.authorised}
