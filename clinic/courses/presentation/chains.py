"""Why: the reasons of a row or of something left out, in the order in which they were decided. Nothing here decides anything."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clinic.courses.presentation.lines import ChainLink, Said, SourceLine
from clinic.courses.reasons import Speaker
from protocols.method.entries import PhaseRule, Stage
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.reasons import Reason, because

# From what is fixed for everybody to what was found in this patient. A code that no list names stands in the last group.
KINDS: Final = ("protocol", "stage", "dose", "body", "finding", "record", "hand", "other")
CODES: Final[Mapping[str, str]] = {
    "protocol": "protocol-row side-rule variant waits-for-turn opens-with-stroking opening-moved closing-moved moved-keeps-families"
    " both-sides-affected points-off supplement-chosen supplement-note",
    "stage": "stage-mode stage-forbids stage-barred stage-forbids-supplement supplement-not-in-stage supplement-stage-forbids"
    " pressure-stage pressure-stage-zone",
    "dose": "dose-phase dose-age waits-for-session step-too-short family-too-short family-waits family-unfit percussion-closed"
    " pressure-age supplement-age supplement-no-room age-bars-supplement half-gone",
    "body": "danger-spot pressure-danger percussion-unprepared percussion-policy technique-not-there no-position no-stroking"
    " pressure-too-low",
    "finding": "technique-avoids-fact supplement-avoids-fact tense-convex flaccid-concave"
    " felt-no-rule felt-not-worked felt-tense-other-side felt-flaccid-other-side kneading-halved unknown-leaves-zones-out"
    " target-gone outcome-gives-no-steps exclusion-unknown measure-missing barred-by-referral consent-withdrawn referral-caps-pressure"
    " consent-caps-pressure barred-zone-supplement",
    "record": "left-out-by-record marked-zone low-comfort hurt-marked next-day-pain bad-reaction course-suspended gap-repeat-load"
    " gap-step-back gap-reassess released-by-doctor decided-less decided-otherwise",
}
KIND_OF: Final[Mapping[str, str]] = {code: kind for kind, codes in CODES.items() for code in codes.split()}
# Translated one by one when it is asked for: a page asks for the heading of each of its links.
KIND_WORDS: Final[Mapping[str, str]] = {
    "protocol": gettext_noop("Protocol"),
    "stage": gettext_noop("Stage"),
    "dose": gettext_noop("Dose and phase"),
    "body": gettext_noop("The body"),
    "finding": gettext_noop("Finding"),
    "record": gettext_noop("Earlier sessions"),
    "hand": gettext_noop("Changed by hand"),
    "other": gettext_noop("Other reasons"),
}
FINDINGS: Final = ("rule-", "fact-", "document-")
# Said of the whole session as its dose is: on paper once, with the first row.
OF_SESSION: Final = frozenset({"stage-mode", "variant"})


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for everything in a session: the stage as ``condition/stage`` ("" where unknown), and why the dose is what it is.

    ``barred`` are families that findings leave out everywhere, with each finding's reason.
    """

    stage: str = ""
    dose: tuple[Reason, ...] = ()
    barred: tuple[tuple[str, Reason], ...] = ()


def kind_of(code: str) -> str:
    """The link of the chain that a reason belongs to: one of ``KINDS``."""
    if code.startswith("hand-"):
        return "hand"
    return "finding" if code.startswith(FINDINGS) else KIND_OF.get(code, "other")


def kind_word(kind: str) -> str:
    """The heading of a link."""
    return _(KIND_WORDS[kind])


class ChainMaker:
    """Builds chains in one language; a reason that many rows share is put into words once."""

    def __init__(self, library: Library, names: Names, speaker: Speaker) -> None:
        self.library, self.names, self.speaker = library, names, speaker
        self.known: dict[Reason, Said] = {}

    def of_row(self, reasons: Iterable[Reason], context: Context, *, told: Iterable[Reason] = ()) -> tuple[ChainLink, ...]:
        """The chain of a row. ``told`` are reasons that an earlier row has named; paper does not repeat them."""
        told = frozenset(told)
        every = (*reasons, *context.dose)
        return _links((kind_of(reason.code), replace(self.said(reason), repeats=reason in told)) for reason in every)

    def of_omission(self, deciding: Iterable[Reason], context: Context, *, verdict: str = "") -> tuple[ChainLink, ...]:
        """The chain of something left out: where the protocol stands, then what decided, marked as such.

        ``verdict`` is a sentence that decides where the protocol itself has nothing to leave out.
        """
        decided = [(kind_of(reason.code), replace(self.said(reason), decides=True)) for reason in deciding]
        needs_dose = any(kind == "dose" for kind, _said in decided)
        dose = [(kind_of(reason.code), self.said(reason)) for reason in context.dose if needs_dose]
        last = [("protocol", Said(verdict, decides=True))] if verdict else []
        return _links((*self._ground(context.stage), *dose, *decided, *last))

    def said(self, reason: Reason) -> Said:
        """A reason in words with what belongs to it."""
        if reason not in self.known:
            self.known[reason] = Said(self.speaker.say(reason), tuple(self._details(reason)), self._sources(reason))
        return self.known[reason]

    def _ground(self, stage: str) -> Iterator[tuple[str, Said]]:
        """Where something left out would have stood: the protocol with its provenance, and the stage."""
        found = self._stage(stage)
        if found is None or found.treatment is None:
            return
        provenance = found.treatment.provenance
        words = {"stage": self.speaker.stage(stage), "plan": self._level(provenance.plan), "minutes": self._level(provenance.minutes)}
        sources = self.library.conditions[stage.partition("/")[0]].sources
        sentence = _("The protocol %(stage)s (order %(plan)s, minutes %(minutes)s).") % words
        yield "protocol", Said(sentence, (), source_lines(self.library, sources))
        yield "stage", self.said(because("stage-mode", stage=stage, mode=found.treatment.mode))

    def _level(self, provenance: str) -> str:
        return self.speaker.word("plan", provenance, {})

    def _stage(self, code: str) -> Stage | None:
        condition, _slash, stage = code.partition("/")
        return self.library.conditions[condition].stages.get(stage) if condition in self.library.conditions else None

    def _details(self, reason: Reason) -> Iterator[str]:
        about = dict(reason.about)
        if reason.code == "stage-mode":
            yield self.names.of("stages", about["stage"], "definition") or self._goals(about["stage"])
        elif reason.code == "dose-phase":
            yield phase_in_words(next(row for row in self.library.course.phase if row.code == about["phase"]))
        elif (rule := about.get("rule")) in self.library.rules:
            yield self.names.of("rules", str(rule), "explanation")
            if ends := self.names.of("rules", str(rule), "ends_when"):
                yield _("It ends: %(when)s") % {"when": ends}

    def _goals(self, stage: str) -> str:
        return _("Goals: %(goals)s.") % {"goals": self.names.of("stages", stage, "goals")}

    def _sources(self, reason: Reason) -> tuple[SourceLine, ...]:
        codes = reason.sources or self._rule_sources(dict(reason.about).get("rule", ""))
        return source_lines(self.library, codes)

    def _rule_sources(self, rule: str) -> tuple[str, ...]:
        return self.library.rules[rule].sources if rule in self.library.rules else ()


def _links(said: Iterable[tuple[str, Said]]) -> tuple[ChainLink, ...]:
    """The links in their order; the same sentence stands once, and what decides is never lost to a plain repetition."""
    grouped: dict[str, dict[str, Said]] = {}
    for kind, words in said:
        link = grouped.setdefault(kind, {})
        if words.text not in link or words.decides:
            link[words.text] = words
    return tuple(ChainLink(kind, kind_word(kind), tuple(grouped[kind].values())) for kind in KINDS if kind in grouped)


def source_lines(library: Library, codes: Iterable[str]) -> tuple[SourceLine, ...]:
    """Title and address of each source; ``general`` knowledge has none and is left to the provenance words."""
    found = (library.sources.get(code) for code in codes)
    return tuple(SourceLine(source.title, source.address if source.address.startswith("http") else "") for source in found if source)


def phase_in_words(rule: PhaseRule) -> str:
    """What a phase of the course changes, from the rules of the course."""
    factors = " · ".join(number_format(factor) for factor in rule.minutes_factor)
    parts = [_("Rule of the phase: minutes times %(factors)s of a full session") % {"factors": factors}]
    if rule.pressure_shift:
        parts.append(_("pressure %(levels)s level less") % {"levels": -rule.pressure_shift})
    parts.append(_("percussion is open") if rule.percussion else _("no percussion"))
    return f"{', '.join(parts)}."
