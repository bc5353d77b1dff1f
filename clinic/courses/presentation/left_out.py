"""What the protocol has and a session has not, by what is missing. Nothing here decides anything."""

from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.presentation.chains import ChainMaker, Context, kind_of, kind_word
from clinic.courses.presentation.lines import LeftOut
from protocols.method.plans import Omission, SessionPlan
from protocols.method.reasons import Reason, because
from protocols.method.vocabulary import FAMILIES

NAME_KINDS: Final = {
    "zone": "zones",
    "family": "families",
    "technique": "techniques",
    "supplement": "supplements",
    "position": "positions",
}  # fmt: skip
OF_PATIENT: Final = frozenset({"finding", "record", "other"})
Key = tuple[str, str, str]


class LeftOutLister:
    """Gathers the omissions of a session under what is missing."""

    def __init__(self, maker: ChainMaker) -> None:
        self.maker, self.library, self.names, self.speaker = maker, maker.library, maker.names, maker.speaker

    def of(self, plan: SessionPlan, context: Context) -> tuple[LeftOut, ...]:
        """Everything that is missing: first because of this patient, then what is gone altogether, then what is missing in places."""
        grouped: dict[Key, dict[Reason, None]] = {}
        for item in plan.omissions:
            side = item.side if item.kind == "zone" and item.side in ("left", "right") else ""
            grouped.setdefault((item.kind, item.code, side), {})[item.because] = None
        # What the phase leaves out today a finding may leave out for good: without it somebody would wait for it in vain.
        for family, reason in context.barred:
            if ("family", family, "") in grouped and _is_nowhere(plan, "family", family):
                grouped["family", family, ""][reason] = None
        found = [self._one(key, tuple(reasons), plan, context) for key, reasons in grouped.items()]
        found += self._never_planned(plan, context)
        return tuple(sorted(found, key=lambda line: (not line.of_patient, not line.nowhere)))

    def name(self, item: Omission) -> str:
        """What is missing, in words."""
        return self._name(item.kind, item.code)

    def _name(self, kind: str, code: str) -> str:
        if kind == "session":
            return _("The whole session")
        if kind == "step":
            return _("Step %(number)s") % {"number": code}
        return self.names.of(NAME_KINDS[kind], code) or self.names.of("role-zones", code) or code

    def _one(self, key: Key, reasons: tuple[Reason, ...], plan: SessionPlan, context: Context) -> LeftOut:
        kind, code, side = key
        deciding = [kind_of(reason.code) for reason in reasons]
        return LeftOut(
            kind=kind,
            family=self._family(kind, code),
            name=self._name(kind, code),
            side=side,
            decided_by=self._decided_by(reasons),
            nowhere=_is_nowhere(plan, kind, code),
            of_patient=any(each in OF_PATIENT for each in deciding),
            because=tuple(dict.fromkeys(self.speaker.say(reason) for reason in reasons)),
            chain=self.maker.of_omission(reasons, context),
        )

    def _family(self, kind: str, code: str) -> str:
        if kind == "technique" and code in self.library.techniques:
            return self.library.techniques[code].family
        return code if kind == "family" else ""

    def _decided_by(self, reasons: Iterable[Reason]) -> str:
        """The titles of the rules that decided, or the headings of their kinds."""
        words = (
            self.names.of("rules", dict(reason.about).get("rule", ""), "title") or kind_word(kind_of(reason.code)) for reason in reasons
        )
        return ", ".join(dict.fromkeys(words))

    def _never_planned(self, plan: SessionPlan, context: Context) -> Iterator[LeftOut]:
        """Families that the stage itself does not use: without this line nobody would find out why they are missing."""
        told = {row.family for row in plan.rows} | {item.code for item in plan.omissions if item.kind == "family"}
        if not plan.rows or not context.stage:
            return
        condition, _slash, code = context.stage.partition("/")
        treatment = self.library.conditions[condition].stages[code].treatment
        barred = {row.family for row in treatment.forbid if row.zone == "all"} if treatment else set()
        for family in FAMILIES:
            if family not in told:
                yield self._unused(family, context, forbidden=family in barred or "all" in barred)

    def _unused(self, family: str, context: Context, *, forbidden: bool) -> LeftOut:
        ban = (because("stage-forbids", stage=context.stage, zone="all"),) if forbidden else ()
        verdict = "" if forbidden else _("No step of this stage's protocol uses it in this session.")
        return LeftOut(
            kind="family",
            family=family,
            name=self.names.of("families", family),
            side="",
            decided_by=kind_word("stage" if forbidden else "protocol"),
            nowhere=True,
            of_patient=False,
            because=tuple(self.speaker.say(reason) for reason in ban) or (verdict,),
            chain=self.maker.of_omission(ban, context, verdict=verdict),
        )


def _is_nowhere(plan: SessionPlan, kind: str, code: str) -> bool:
    """Whether the session has none of it: a family or technique that is missing on some zones is not gone."""
    if kind == "family":
        return code not in {row.family for row in plan.rows}
    return kind != "technique" or code not in {row.technique for row in plan.rows}
