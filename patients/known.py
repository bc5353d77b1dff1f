"""Everything known of a patient, fact by fact: grouped as the intake form asks it, with who said so, and beside what a form says now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from patients.models import FactAnswer, Intake, Patient
from patients.queries import answered_since, newest_replies, person, replies_of_draft
from patients.questionnaire import UNKNOWN, Reply, completed, day_facts, intake_facts
from patients.summary import reply_in_words
from protocols.method.library import Library
from protocols.method.names import Names

TODAY: Final = "today"
CONSENT: Final = "consent"  # what was agreed to is asked in its own place, with the plan at hand


@dataclass(frozen=True, slots=True)
class KnownFact:
    """One fact as it is known now, or as it was answered once."""

    code: str
    question: str
    answer: str
    kept: FactAnswer
    is_unknown: bool
    is_no: bool

    @property
    def source(self) -> str:
        """Who gave the answer, and how."""
        if self.kept.how == FactAnswer.How.TYPED and self.kept.given_by == "patient":
            return self.kept.get_how_display()
        return f"{giver_word(self.kept.given_by)}, {self.kept.get_how_display()}"


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts under one question of the form: what is so or unknown, and every plain "no"."""

    title: str
    facts: tuple[KnownFact, ...]
    denied: tuple[KnownFact, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One answer of a form that the patient sent in. ``state``: changed | new | same | newer, which is answered anew since then."""

    question: str
    answer: str
    before: KnownFact | None
    state: str


def giver_word(code: str) -> str:
    """Who gave an answer."""
    words = {
        "patient": _("the patient"), "guardian": _("a parent or guardian"), "doctor": _("a doctor"), "staff": _("staff"),
        "merged": _("two records"),
    }  # fmt: skip
    return words.get(code, code)


def known_fact(library: Library, names: Names, answer: FactAnswer) -> KnownFact:
    """One kept answer in words. A fact that has left the library keeps its code and its bare value."""
    reply = Reply(answer.reply, answer.value)
    is_known = answer.fact in library.facts
    words = reply_in_words(library, names, answer.fact, reply) if is_known else str(answer.value)
    question = names.of("facts", answer.fact, "question") if is_known else answer.fact
    return KnownFact(answer.fact, question, words, answer, reply.reply == UNKNOWN, reply.reply != UNKNOWN and not reply.holds)


def known_facts(patient: Patient, library: Library, names: Names) -> tuple[FactGroup, ...]:
    """The newest answer to every fact that was ever answered, as the form groups them; day questions and the rest last."""
    titles = {code: names.of("intake", gate, "question") for code, gate in group_of_facts(library).items()}
    groups: dict[str, list[KnownFact]] = {}
    newest = newest_replies(patient)
    order = {code: place for place, code in enumerate((*intake_facts(library.intake), *day_facts(library.intake)))}
    for code in sorted(newest, key=lambda code: order.get(code, len(order))):
        title = titles.get(code) or (_("Asked or measured before a session") if code in order else _("Other"))
        groups.setdefault(title, []).append(known_fact(library, names, newest[code]))
    return tuple(
        FactGroup(title, tuple(one for one in facts if not one.is_no), tuple(one for one in facts if one.is_no))
        for title, facts in groups.items()
    )


def group_of_facts(library: Library) -> dict[str, str]:
    """Fact code -> the gate question under which it stands; a follow-up stands under the question of the fact before it."""
    found = {code: row.code for row in (*library.intake.gate, *library.intake.staff) for code in row.opens}
    for _pass in library.intake.follow_up:
        for row in library.intake.follow_up:
            under = next((found[before] for before in row.after if before in found), None)
            if under:
                found |= {code: under for code in row.opens if code not in found}
    return found


def recordable(library: Library) -> tuple[str, ...]:
    """Facts that staff may record one by one, in the order of the forms: everything asked but consent and what is seen in an emergency."""
    observed = {code for row in library.intake.observed for code in row.opens}
    asked = [code for code in (*intake_facts(library.intake), *day_facts(library.intake)) if code not in observed]
    by_a_doctor = [code for code, fact in library.facts.items() if fact.asked == "record" and code.startswith("history.")]
    return tuple(code for code in (*asked, *by_a_doctor) if CONSENT not in code)


def fact_choices(library: Library, names: Names) -> dict[str, tuple[tuple[str, str], ...]]:
    """The facts that staff may record, by title of their group: (code, question) each. Readings come first: they are new most often."""
    under, of_a_day = group_of_facts(library), frozenset(day_facts(library.intake))
    readings, before_a_session = _("Readings"), _("Asked before a session")
    found: dict[str, list[tuple[str, str]]] = {readings: []}
    found |= {names.of("intake", code, "question"): [] for code in dict.fromkeys(under.values())} | {before_a_session: []}
    for code in recordable(library):
        of_the_form = names.of("intake", under[code], "question") if code in under else _("Other")
        of_the_day = readings if library.facts[code].asked == "measured" else before_a_session
        found.setdefault(of_the_day if code in of_a_day else of_the_form, []).append((code, names.of("facts", code, "question")))
    return {title: tuple(facts) for title, facts in found.items() if facts}


def compared(intake: Intake, library: Library, names: Names, *, on: date) -> tuple[Compared, ...]:
    """What the patient answered alone beside what was known before: changes first, then what is new, then what is as it was.

    A plain "no" to what nobody has ever asked says nothing new and is left out.
    """
    known, newer, typed = newest_replies(intake.patient), answered_since(intake), replies_of_draft(intake)
    said = completed(library, person(intake.patient, on), intake.gate, typed)
    # What nobody asked the patient is unknown so far: staff ask it now.
    given = {code: reply for code, reply in said.items() if code in typed or reply.reply != UNKNOWN}
    lines = (_compared(library, names, code, reply, known, newer) for code, reply in given.items())
    order = ("newer", "changed", "new", "same")
    return tuple(sorted((line for line in lines if line), key=lambda line: order.index(line.state)))


def _compared(
    library: Library, names: Names, code: str, reply: Reply, known: Mapping[str, FactAnswer], newer: Iterable[str]
) -> Compared | None:
    before = known_fact(library, names, known[code]) if code in known else None
    is_same = before is not None and (before.kept.reply, before.kept.value) == (reply.reply, reply.value)
    is_no = reply.reply != UNKNOWN and not reply.holds
    if is_no and (before is None or before.is_no):
        return None
    state = "new" if before is None else "same" if is_same else "newer" if code in newer else "changed"
    return Compared(names.of("facts", code, "question"), reply_in_words(library, names, code, reply), before, state)
