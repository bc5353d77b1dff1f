"""Why a change by hand cannot hold, and who could make it possible: every problem of the checker in words of the page."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.utils.translation import gettext as _

from clinic.courses.presentation import Presenter
from clinic.courses.studio.limit_origins import Origin, Origins, side_of
from clinic.courses.studio.limit_words import LIFTED, WHY_RULES, WORDS_OF_LIMITS
from clinic.web import marks
from protocols.method.checking import Problem
from protocols.method.places import Place
from protocols.method.setting import Setting

TIMES: Final = frozenset({"seconds", "own", "dose", "ceiling", "least", "total", "protocol", "before", "cap"})


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A limit in words: what it is, where it comes from, who could lift it and how. ``code`` is the checker's."""

    sentence: str
    why: str
    lifted_by: str
    code: str


def limit_line(problem: Problem, setting: Setting, presenter: Presenter) -> LimitLine:
    """A hard limit in the presenter's language. Raises ``KeyError`` for a code without words: nobody is refused without being told."""
    return _line(problem, setting, presenter, is_soft=False)


def soft_line(problem: Problem, setting: Setting, presenter: Presenter) -> LimitLine:
    """A soft rule in the presenter's language: whoever treats lifts it with a reason."""
    return _line(problem, setting, presenter, is_soft=True)


def _line(problem: Problem, setting: Setting, presenter: Presenter, *, is_soft: bool) -> LimitLine:
    about = dict(problem.about)
    words = {name: _word(name, value, presenter) for name, value in about.items()}
    words["place"] = _place(about, presenter)
    sentence = str(WORDS_OF_LIMITS[problem.code]).format_map(words)
    origins = tuple(dict.fromkeys(_origins(problem.code, about, setting, presenter)))
    why = " ".join(dict.fromkeys(origin.why for origin in origins if origin.why))
    lifted = str(LIFTED["you"]) if is_soft else " ".join(dict.fromkeys(origin.lifted_by for origin in origins))
    return LimitLine(sentence[:1].upper() + sentence[1:], why, lifted, problem.code)


def _place(about: Mapping[str, str], presenter: Presenter) -> str:
    """The zone with its side, as far as the problem names them."""
    zone = about.get("zone", "")
    return presenter.speaker.place(Place(zone, side_of(about))) if zone in presenter.library.zones else zone


def _word(name: str, value: str, presenter: Presenter) -> str:
    if name in TIMES and value.lstrip("-").isdigit():
        return _("%(minutes)s min") % {"minutes": marks.clock(int(value))} if int(value) >= 60 else _("%(seconds)s s") % {"seconds": value}
    return presenter.speaker.word(name, value, {})


def _origins(code: str, about: Mapping[str, str], setting: Setting, presenter: Presenter) -> Iterator[Origin]:
    """Where the limit comes from: the findings, entries and rules behind it, or the rule that the code itself is."""
    found = Origins(about, setting, presenter)
    looked_up = LOOKED_UP.get(code)
    origins = tuple(looked_up(found)) if looked_up is not None else ()
    yield from origins or (_plain(code, setting, presenter),)


def _plain(code: str, setting: Setting, presenter: Presenter) -> Origin:
    """The rule behind a code that no entry or finding explains better."""
    why, lifted = RULES[code]
    stage = presenter.speaker.stage(f"{setting.condition.code}/{setting.stage.code}")
    if why.startswith("order:"):
        rule = presenter.names.of("order-rules", why.removeprefix("order:"), "rule")
        return Origin(str(WHY_RULES["order"]).format(rule=rule), str(LIFTED[lifted]))
    return Origin(str(WHY_RULES[why]).format(stage=stage), str(LIFTED[lifted]))


# What a code looks up before its plain rule is said.
LOOKED_UP: Final[Mapping[str, Callable[[Origins], Iterator[Origin]]]] = {
    "zone-excluded": Origins.places_out,
    "zone-barred": Origins.orders,
    "zone-never-worked": partial(Origins.dangers, always=True),
    "zone-unasked": Origins.question,
    "family-excluded": Origins.families_out,
    "technique-excluded": Origins.techniques_out,
    "technique-barred": Origins.orders,
    "technique-avoided": Origins.facts_against,
    "danger-map": Origins.dangers,
    "pressure-too-strong": Origins.pressure,
    "dose-too-strong": Origins.pressure,
    "kneading-not-halved": Origins.calm,
    "tempo-not-calm": Origins.calm,
    "dose-too-long": Origins.minutes,
    "supplements-over-cap": Origins.minutes,
    "supplement-excluded": Origins.supplements_out,
    "supplement-barred": Origins.orders,
    "position-excluded": Origins.positions_out,
    "may-not-start": Origins.question,
}

# Each code: where it comes from (a key of WHY_RULES, or ``order:`` and a rule of sequencing.toml), and who lifts it (a key of LIFTED).
RULES: Final[Mapping[str, tuple[str, str]]] = {
    **dict.fromkeys(
        (
            "unknown-code", "total-differs", "dose-mismatch", "position-not-listed", "row-unexplained", "zone-unexplained",
            "family-unexplained", "refused-without-reason", "outcome-too-mild", "side-wrong", "technique-of-other-family",
            "replanned-differs", "rows-scattered", "nothing-worked",
        ),
        ("own-fault", "not-here"),
    ),
    **dict.fromkeys(("step-too-short", "row-too-short"), ("clock", "not-here")),
    **dict.fromkeys(("step-stretched", "family-stretched", "place-overworked", "part-stretched"), ("stretch", "nobody")),
    **dict.fromkeys(
        (
            "zone-not-planned", "family-not-planned", "family-too-early", "tempo-not-planned", "supplement-not-planned",
            "position-not-allowed",
        ),
        ("protocol", "stage"),
    ),
    **dict.fromkeys(("pressure-above-protocol", "dose-above-protocol"), ("course-point", "stage")),
    **dict.fromkeys(("stage-forbids", "breathing-not-here"), ("stage", "stage")),
    **dict.fromkeys(("technique-never", "breathing-place", "zone-never-worked", "danger-map"), ("never", "nobody")),
    **dict.fromkeys(
        ("pressure-outside-technique", "kneading-at-level-1", "tempo-unfit", "supplement-dose", "segmental-order"), ("fit", "choice")
    ),
    **dict.fromkeys(("percussion-policy", "percussion-strong"), ("policy", "nobody")),
    **dict.fromkeys(("purpose-gone", "purpose-halved", "target-gone", "session-shortened"), ("purpose", "not-here")),
    **dict.fromkeys(("not-stroking-first", "not-stroking-last", "opens-without-stroking", "closes-without-stroking"),
                    ("order:opens-and-closes-with-stroking", "nobody")),
    **dict.fromkeys(("percussion-last", "percussion-unprepared"), ("order:percussion-prepared", "nobody")),
    **dict.fromkeys(("family-order", "family-twice"), ("order:family-order", "nobody")),
    **dict.fromkeys(("part-order", "part-missing"), ("parts", "nobody")),
    **dict.fromkeys(("rows-under-refusal", "may-not-start"), ("outcome", "screening")),
    **dict.fromkeys(
        ("zone-excluded", "family-excluded", "technique-excluded", "position-excluded", "supplement-excluded"), ("outcome", "screening")
    ),
    **dict.fromkeys(("technique-avoided", "supplement-avoided"), ("outcome", "facts")),
    **dict.fromkeys(("kneading-not-halved", "tempo-not-calm"), ("stage", "stage")),
    **dict.fromkeys(("zone-barred", "technique-barred", "supplement-barred"), ("outcome", "both")),
    "zone-local-barred": ("sore-place", "stage"),
    "zone-unasked": ("outcome", "answer"),
    "technique-left-out": ("earlier", "session"),
    "percussion-closed": ("phase", "nobody"),
    "percussion-age": ("policy", "age"),
    "pressure-too-strong": ("ceiling", "nobody"),
    "dose-too-strong": ("ceiling", "nobody"),
    "over-dose": ("full", "time"),
    "points-off": ("stage", "supplement"),
    "dose-too-long": ("full", "nobody"),
    "dose-too-short": ("half", "nobody"),
    "curve-jump": ("ladder", "before"),
    "supplements-over-cap": ("cap", "screening"),
    "healthy-before-affected": ("order:healthy-before-affected", "nobody"),
    "proximal-first": ("order:drainage-proximal-first", "nobody"),
    "limbs-before-back": ("order:back-before-limbs", "nobody"),
    "tone-before-relax": ("order:relax-before-tone", "nobody"),
    "regions-many": ("order:two-regions", "nobody"),
    "position-does-not-reach": ("reach", "choice"),
    "position-changes": ("pace", "nobody"),
}  # fmt: skip
