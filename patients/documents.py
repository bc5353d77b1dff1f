"""What a clearance document can do by the library: which rules it may lift, which stages ask for it, how long it holds. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NotRequired, TypedDict

from django.utils.translation import gettext as _

from patients.models import Document
from protocols.method.answers import Answers
from protocols.method.entries import Rule
from protocols.method.library import Library
from protocols.method.truth import Evidence, decide, facts_of
from protocols.method.vocabulary import Outcome

REFERRAL_AGE: Final = "document.referral-age-days"
OLDEST_DAYS: Final = 3650  # the age of a referral is known up to ten years


class Paper(TypedDict):
    """What stands on a document: its kind, its date, who issued it, its own last day if it has one, the codes of the rules it lifts."""

    kind: str
    issued_on: date
    issued_by: str
    words: NotRequired[str]
    valid_until: NotRequired[date | None]
    rules: NotRequired[Iterable[str]]


def liftable_rules(library: Library, kind: str) -> tuple[Rule, ...]:
    """The rules that a document of this kind may name, in the order of the library.

    Left out are those that no document lifts, and those about the age of the referral itself, which it answers by being there.
    """
    return tuple(rule for rule in _answered(library, kind) if not _is_about_its_age(rule))


def is_called_for(rule: Rule, answers: Answers, library: Library) -> bool:
    """Whether the rule holds by these answers: a document that lifts it would change this patient's plan."""
    return decide(rule.when, Evidence(answers.known, answers.unknown, library.facts, library.tree)) is True


def rules_of_its_age(library: Library, kind: str) -> frozenset[str]:
    """The rules that ask for a current document of this kind: each one answers them, whatever it names."""
    return frozenset(rule.code for rule in _answered(library, kind) if _is_about_its_age(rule))


def _answered(library: Library, kind: str) -> Iterator[Rule]:
    for rule in library.rules.values():
        terms = rule.clearance
        if terms and terms.document == kind and terms.lifts != "nothing" and rule.outcome is not Outcome.EMERGENCY:
            yield rule


def _is_about_its_age(rule: Rule) -> bool:
    return REFERRAL_AGE in facts_of(rule.when)


def is_needed_by_stages(library: Library, kind: str) -> bool:
    """Whether some stage or variant asks for such a document, or every therapeutic course does: it counts without naming a rule."""
    return kind in _needed(library) or bool(rules_of_its_age(library, kind))


def _needed(library: Library) -> frozenset[str | None]:
    treatments = [stage.treatment for condition in library.conditions.values() for stage in condition.stages.values() if stage.treatment]
    of_variants = (variant.needs_document for treatment in treatments for variant in treatment.variants)
    return frozenset(treatment.needs_document for treatment in treatments) | frozenset(of_variants)


def kinds_to_record(library: Library) -> tuple[str, ...]:
    """The kinds of document that do anything, in the order of the library."""
    return tuple(kind for kind in library.documents if is_needed_by_stages(library, kind) or liftable_rules(library, kind))


def last_day(document: Document, library: Library) -> date:
    """The last day on which the document does anything: of its days for a stage and for each rule that it names, the longest.

    Never after the day that stands on the paper itself.
    """
    days = [last_day_for(document, library.rules[code]) for code in document.rules if lifts(library, document.kind, code)]
    if document.kind in library.documents and is_needed_by_stages(library, document.kind):
        days.append(document.issued_on + timedelta(days=library.documents[document.kind].stage_valid_days))
    return _at_most(document, max(days, default=document.issued_on))


def last_day_for(document: Document, rule: Rule) -> date:
    """The last day on which the document lifts this rule."""
    return _at_most(document, document.issued_on + timedelta(days=rule.clearance.valid_days if rule.clearance else 0))


def _at_most(document: Document, day: date) -> date:
    return day if document.valid_until is None else min(day, document.valid_until)


def lifts(library: Library, kind: str, code: str) -> bool:
    """Whether a document of this kind may lift this rule by the present edition."""
    return any(rule.code == code for rule in _answered(library, kind))


def trouble_with(paper: Paper, library: Library, *, on: date) -> dict[str, str]:
    """What keeps this from being a document: field name to a sentence. ``on`` is the clinic's day."""
    kind, age = paper["kind"], (on - paper["issued_on"]).days
    rules = frozenset(paper.get("rules", ()))
    if kind not in kinds_to_record(library):
        return {"kind": _("Choose which document it is.")}
    found = {}
    if age < 0:
        found["issued_on"] = _("The date of the document lies in the future. Check it.")
    elif age > OLDEST_DAYS:
        found["issued_on"] = _("The document is older than ten years. Check the year.")
    until = paper.get("valid_until")
    if until is not None and until < paper["issued_on"]:
        found["valid_until"] = _("The document is over before it was issued. Check both dates.")
    if not paper["issued_by"].strip():
        found["issued_by"] = _("Write who issued the document.")
    if rules - {rule.code for rule in liftable_rules(library, kind)}:
        found["rules"] = _("This document cannot lift everything that is ticked. Tick only what it names.")
    elif not rules and not is_needed_by_stages(library, kind):
        found["rules"] = _("Tick what the document allows: it lifts only what it names.")
    return found
