"""A screening in words: what it comes to, what fired, what is open, what is in the way."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.presentation.lines import (
    FindingLine,
    ObstacleLine,
    ScreeningView,
    SourceLine,
)
from clinic.courses.reasons import Speaker
from protocols.method.entries import Effect
from protocols.method.findings import Finding, Obstacle, OpenRule, Screening
from protocols.method.reasons import because
from protocols.method.vocabulary import Outcome

REFERRAL_AGE: Final = "document.referral-age-days"


class ScreeningPresenter(InOneLanguage):
    """Turns screenings into view objects in one language."""

    def screening(self, screening: Screening, outcome: str) -> ScreeningView:
        """The screening; ``outcome`` is the course's, which an empty target may have raised above the screening's."""
        asked = {item.code: _question_group(item) for item in screening.obstacles}
        lines = tuple(self._obstacle(item) for item in screening.obstacles if not asked[item.code])
        return ScreeningView(
            outcome=outcome,
            sentence=self._sentence(screening, outcome),
            findings=tuple(self._finding(finding, screening.facts) for finding in screening.findings if not finding.cleared),
            cleared=tuple(self._finding(finding, screening.facts) for finding in screening.findings if finding.cleared),
            open_rules=tuple(self._open_rule(rule) for rule in screening.open_rules),
            obstacles=tuple({line.title: line for line in reversed(lines)}.values())[::-1],
            questions_intake=self._questions(code for code, group in asked.items() if group == "intake"),
            questions_today=self._questions(code for code, group in asked.items() if group == "today"),
            advice=tuple(dict.fromkeys(self._advice(screening))),
        )

    def _questions(self, codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.names.of("facts", code, "question") for code in codes))

    def _sentence(self, screening: Screening, outcome: str) -> str:
        if screening.stage_barred is not None:
            return self.speaker.say(screening.stage_barred)
        worst = [item for item in screening.findings if item.outcome.code == outcome and item.outcome > Outcome.MODIFY]
        return " ".join(dict.fromkeys(self._named(item) for item in worst))

    def _named(self, finding: Finding) -> str:
        """The explanation speaks to the patient; with the rule's title before it, whoever treats knows what it is about."""
        return f"{self.names.of('rules', finding.rule, 'title')}: {self.names.of('rules', finding.rule, 'explanation')}"

    def _advice(self, screening: Screening) -> Iterator[str]:
        for advice in screening.advice:
            yield self.speaker.advice(advice)

    def _finding(self, finding: Finding, facts: Mapping[str, object]) -> FindingLine:
        speaker = Speaker(self.library, self.names, facts)
        lifted, cleared = (self.names.of("documents", code) if code else "" for code in (finding.may_be_lifted_by, finding.cleared_by))
        return FindingLine(
            title=self.names.of("rules", finding.rule, "title"),
            outcome=finding.outcome.code,
            explanation=self.names.of("rules", finding.rule, "explanation"),
            changes=tuple(dict.fromkeys(speaker.effect(effect) for effect in _that_change(finding, speaker))),
            ends_when=self.names.of("rules", finding.rule, "ends_when"),
            lifted_by="" if finding.cleared else lifted,
            asked=(),
            sources=self._sources(finding.sources),
            is_open=finding.outcome > Outcome.MODIFY,  # what stops a session is read without a tap
            cleared_by=cleared,
        )

    def _open_rule(self, rule: OpenRule) -> FindingLine:
        entry = self.library.rules[rule.rule]
        return FindingLine(
            title=self.names.of("rules", rule.rule, "title"),
            outcome=rule.outcome.code,
            explanation=self.names.of("rules", rule.rule, "explanation"),
            changes=(),
            ends_when="",
            lifted_by=self.names.of("documents", entry.clearance.document) if entry.clearance else "",
            asked=tuple(self.names.of("facts", code, "question") for code in rule.facts),
            sources=self._sources(entry.sources),
            is_open=False,
        )

    def _sources(self, codes: Iterable[str]) -> tuple[SourceLine, ...]:
        found = (self.library.sources.get(code) for code in codes)
        lines = tuple(SourceLine(source.title, source.address if source.address.startswith("http") else "") for source in found if source)
        return lines or (SourceLine(_("general professional knowledge"), ""),)

    def _obstacle(self, obstacle: Obstacle) -> ObstacleLine:
        if obstacle.code == REFERRAL_AGE:  # nobody knows how old a referral is that is not there: what is missing is the referral
            referral = because("document-missing", document="doctor-referral")
            return ObstacleLine("document", self.names.of("documents", "doctor-referral"), self.speaker.say(referral), is_referral=True)
        kind = {"fact": "facts", "document": "documents", "rule": "rules"}.get(obstacle.kind)
        field = {"facts": "question", "rules": "title"}.get(kind or "", "name")
        title = self.names.of(kind, obstacle.code, field) if kind else ""
        return ObstacleLine(
            obstacle.kind, title or obstacle.code, self.speaker.say(obstacle.because), is_referral=obstacle.code == "doctor-referral"
        )


def _question_group(obstacle: Obstacle) -> str:
    """``today`` or ``intake`` for an unanswered question of those forms; "" for everything else that is in the way."""
    if obstacle.kind != "fact":
        return ""
    if obstacle.code.startswith(("today.", "consent.")):
        return "today"
    return "intake" if obstacle.code.startswith(("history.", "medicine.", "intake.")) else ""


def _that_change(finding: Finding, speaker: Speaker) -> list[Effect]:
    """The effects that change this patient's plan: no advice, and of several bands of age only the patient's own."""
    return [effect for effect in finding.effects if effect.type != "advice" and speaker.is_for_this_age(effect)]
