"""Words of the library's pages for codes that the library gives no name in English."""

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

Table = Mapping[str, Callable[[], str]]

KIND_NAMES: Final[Table] = {
    "condition": lambda: _("Conditions"),
    "stage": lambda: _("Stages"),
    "rule": lambda: _("Rules"),
    "technique": lambda: _("Techniques"),
    "profile": lambda: _("Mixes of techniques"),
    "zone": lambda: _("Zones"),
    "danger": lambda: _("Danger map"),
    "position": lambda: _("Positions"),
    "area": lambda: _("Procedure areas"),
    "supplement": lambda: _("Supplementary methods"),
    "point": lambda: _("Points"),
    "document": lambda: _("Documents"),
    "measure": lambda: _("Measures"),
    "sheet": lambda: _("Home sheets"),
    "source": lambda: _("Sources"),
}
KIND_OF_ONE: Final[Table] = {
    "condition": lambda: _("Condition"),
    "stage": lambda: _("Stage"),
    "rule": lambda: _("Rule"),
    "technique": lambda: _("Technique"),
    "profile": lambda: _("Mix of techniques"),
    "danger": lambda: _("Danger place"),
    "position": lambda: _("Position"),
    "area": lambda: _("Procedure area"),
    "supplement": lambda: _("Supplementary method"),
    "point": lambda: pgettext("on the body", "Point"),
    "document": lambda: _("Document"),
    "sheet": lambda: _("Home sheet"),
}
PROVENANCE: Final[Table] = {
    "sourced": lambda: pgettext("where a value comes from", "sourced"),
    "derived": lambda: pgettext("where a value comes from", "derived"),
    "general": lambda: pgettext("where a value comes from", "general"),
}
VALUES: Final[Table] = {
    "plan": lambda: _("Zones and their order"),
    "profiles": lambda: _("Mixes of techniques"),
    "minutes": lambda: _("Minutes"),
    "sessions": lambda: _("Sessions"),
    "cadence": lambda: _("Pace"),
    "repeat": lambda: _("Repeat"),
    "positions": lambda: _("Positions"),
    "units": lambda: _("Units"),
    "pressure": lambda: _("Pressure"),
}
UNKNOWN: Final[Table] = {
    "blocks": lambda: _("Where it must be asked, no session starts without an answer."),
    "yes": lambda: _("Counts as yes."),
    "zones-out": lambda: _("The zones in question are left out; the session may start."),
    "ask": lambda: _("The rule stays open: no session starts until this is answered or a doctor's document clears the rule."),
    "open": lambda: _("The rule stays open as a question and the plan is made without it: the therapist decides."),
}
LIFTS: Final[Table] = {
    "block": lambda: _("The session may start; what the rule changes in the plan stays."),
    "effects": lambda: _("The session may start, and what the rule changes in the plan falls too."),
    "nothing": lambda: _("Nothing: the document is recorded, the rule ends only as it says itself."),
}
PERCUSSION: Final[Table] = {
    "never": lambda: _("never struck"),
    "light": lambda: _("only techniques marked light, at pressure 2 at most"),
    "muscle": lambda: _("on the muscle only, never on the spine, at pressure 3 at most"),
    "allowed": lambda: _("allowed"),
    "prescribed": lambda: _("only as prescribed airway clearance"),
    "fingertip": lambda: _("only with the fingertips, and only where a stage names it"),
    "by-part": lambda: _("only those of its parts that allow it"),
}
TONES: Final[Mapping[int, Callable[[], str]]] = {
    -2: lambda: _("strongly calming"),
    -1: lambda: _("calming"),
    0: lambda: _("neutral"),
    1: lambda: _("tonic"),
    2: lambda: _("strongly tonic"),
}
GROUND_WORDS: Final[Table] = {
    "at-once": lambda: _("Emergencies, blood pressure, clots, pregnancy and blood thinners: a miss here harms at once."),
    "at-all": lambda: _("Stages of which it must be decided whether they may be massaged at all."),
    "blows": lambda: _("Stages that name blows of their own: the one place where the library is not the strictest of its sources."),
    "heart-and-brain": lambda: _("Weeks, positions and ceilings of pressure after an infarction or a stroke."),
    "absolute": lambda: _("Rules that forbid massage: what a document leaves of them, and which nothing lifts."),
    "fresh-injury": lambda: _("Stages that work the injured segment, which rules exclude while it is fresh."),
    "disagreement": lambda: _("Rules on which the sources disagree; the stricter value stands."),
    "barred": lambda: _("Stages that are not massaged: when massage begins again."),
    "with-document": lambda: _("Stages that need a doctor's document, or leave the diseased place alone."),
    "curves": lambda: _("Scoliosis: which side is toned and which is stretched."),
    "implied": lambda: _("Conditions that answer a question of the screening by themselves: each such answer is a judgement."),
    "days": lambda: _("How many days a document holds: policy, published nowhere."),
    "rule-general": lambda: _("Rules that rest in part on general knowledge, without a page that was read."),
    "stage-general": lambda: _("Stages with values from general knowledge."),
    "stage-derived": lambda: _("Stages with derived values."),
    "mix": lambda: _("Mixes of techniques that no source gives, the most used first."),
    "danger": lambda: _("Danger places from general knowledge."),
    "hands": lambda: _("Techniques, methods and points from general knowledge."),
    "reach": lambda: _("What the hands reach in each position."),
    "norm": lambda: _("Procedure areas and home sheets that are not read from a source."),
    "rule-sourced": lambda: _("Rules read in sources: was it understood rightly?"),
}
BANDS: Final[Table] = {
    "first": lambda: _("First"),
    "next": lambda: pgettext("order of reviews", "Next"),
    "then": lambda: _("Then"),
}


def said(table: Table, code: str) -> str:
    """The word for a code. Raises ``KeyError`` for a code without one: a page must not show half a sentence."""
    return table[code]()


def upper_first(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
