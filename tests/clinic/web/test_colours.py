"""The colours of both themes, read from the stylesheet: enough contrast for the eye, enough difference for a colour-blind one."""

import itertools
import re
from pathlib import Path

import pytest

from protocols.method.vocabulary import FAMILIES, Outcome

THEMES = Path(__file__).parents[3] / "static" / "css" / "themes.css"
TEXT = 4.5
GRAPHIC = 3.0
# Distance in CIELAB below which two small marks look alike.
LEAST_DISTANCE = 15

GROUNDS = ("ground", "surface", "sunk", "raised")
PAIRS = (
    *((ink, ground) for ink in ("ink", "ink-soft", "link", "beat-ink") for ground in GROUNDS),
    *((f"family-{family}", ground) for family in FAMILIES for ground in GROUNDS),
    *((f"{outcome.code}-ink", f"{outcome.code}-tint") for outcome in Outcome),
    *((f"{outcome.code}-ink", "surface") for outcome in Outcome if outcome is not Outcome.EMERGENCY),
    *(("ink", f"{outcome.code}-tint") for outcome in Outcome if outcome is not Outcome.EMERGENCY),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-hover"),
    ("link", "accent-tint"),
    ("ink", "accent-tint"),
    ("rail-ink", "rail"),
    ("rail-soft", "rail"),
    ("rail-ink", "rail-on"),
    ("danger", "ground"),
    ("danger-ink", "danger"),
)
MARKS = (
    *(("line-strong", ground) for ground in GROUNDS),
    *(("focus", ground) for ground in GROUNDS),
    *(("emergency-mark", ground) for ground in GROUNDS),
    ("beat", "rail"),
)

# Machado, Oliveira and Fernandes 2009, severity 1.
SEEN_BY = {
    "all three cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanope": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranope": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}


def _blocks() -> list[dict[str, str]]:
    """The colours of each block that sets them: light, dark, and dark as the device asks."""
    bodies = re.findall(r"\{([^{}]*--ground: #[^{}]*)\}", THEMES.read_text(encoding="utf-8"))
    return [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", body)) for body in bodies]


LIGHT, DARK, DARK_BY_DEVICE = _blocks()
BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def _linear(colour: str) -> tuple[float, ...]:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return tuple(each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _lab(colour: str, eye: str) -> tuple[float, float, float]:
    rgb = [min(1, max(0, sum(a * b for a, b in zip(row, _linear(colour), strict=True)))) for row in SEEN_BY[eye]]
    rows = ((0.4339, 0.3762, 0.1899), (0.2126, 0.7152, 0.0722), (0.0177, 0.1095, 0.8729))
    x, y, z = (_cube(sum(a * b for a, b in zip(row, rgb, strict=True))) for row in rows)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube(value: float) -> float:
    return float(value ** (1 / 3)) if value > 0.008856 else 7.787 * value + 16 / 116


def test_contrast_is_computed_as_the_guidelines_say():
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@BOTH
@pytest.mark.parametrize("pair", PAIRS, ids=" on ".join)
def test_words_stand_out_from_what_they_stand_on(colours, pair):
    assert _contrast(colours[pair[0]], colours[pair[1]]) >= TEXT


@BOTH
@pytest.mark.parametrize("pair", MARKS, ids=" on ".join)
def test_lines_and_marks_stand_out_from_what_they_stand_on(colours, pair):
    assert _contrast(colours[pair[0]], colours[pair[1]]) >= GRAPHIC


@BOTH
@pytest.mark.parametrize("eye", SEEN_BY)
def test_no_two_families_look_alike_to_any_eye(colours, eye):
    seen = {family: _lab(colours[f"family-{family}"], eye) for family in FAMILIES}
    for one, other in itertools.combinations(FAMILIES, 2):
        distance = sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
        assert distance >= LEAST_DISTANCE, (one, other)


def test_dark_is_the_same_whether_chosen_or_asked_for_by_the_device():
    assert DARK == DARK_BY_DEVICE
    assert LIGHT.keys() == DARK.keys()
