"""Where blows may fall, by the checker's own reading: policy of the zone, what the stage names, age, and prescribed airway clearance."""

from dataclasses import replace

import pytest

from protocols.method.checking.bars import Bars
from protocols.method.checking.protocol import Protocol
from protocols.method.findings import FamilyOut, Limits
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION
from protocols.method.setting import Setting
from tests.each import of_each
from tests.method.hand_made import WHY, a_setting, with_limits

AIRWAY = Limits(airway_clearance=True)
ATONIC = a_setting("constipation", "atonic")
SPUTUM = a_setting("chronic-bronchitis", "remission-productive")
POSTURE = a_setting("scoliosis", "postural")


def may(setting: Setting, technique: str, zone: str) -> bool:
    """Whether nothing bars the technique on the right side of a leaf zone (or on an unpaired one)."""
    bars = Bars(Protocol(setting, setting.treatment, 6), NO_ADAPTATION)
    place = Place(zone, "right" if setting.library.zones[zone].paired else "both")
    return not any(place in places for _, places in bars.of(setting.library.techniques[technique]))


@of_each(
    ("setting", "technique", "zone", "expected"),
    [
        # A stage that names percussion opens its techniques in its zones and nothing else.
        (ATONIC, "percussion-fingertip", "colon-path", True),
        (ATONIC, "percussion-cupping", "gluteal", True),
        (ATONIC, "percussion-hacking", "gluteal", False),
        (ATONIC, "percussion-tapping", "thigh-posterior", False),
        (ATONIC, "percussion-fingertip", "epigastrium", False),
        (ATONIC, "percussion-cupping", "colon-path", False),
        # Without the key a stage may use what each zone allows.
        (POSTURE, "percussion-hacking", "gluteal", True),
        (POSTURE, "percussion-hacking", "paravertebral-thoracic-upper", True),
        (POSTURE, "percussion-hacking", "interscapular", False),
        (POSTURE, "percussion-tapping", "interscapular", True),
        (POSTURE, "percussion-tapping", "paravertebral-thoracic-lower", False),
        (POSTURE, "percussion-fingertip", "epigastrium", False),
        (POSTURE, "percussion-pushing", "hypochondrium", False),
        (POSTURE, "percussion-cupping", "chest-lateral", False),
        (with_limits(POSTURE, AIRWAY), "percussion-cupping", "chest-lateral", False),
        # The chest is struck only as prescribed airway clearance.
        (SPUTUM, "percussion-cupping", "chest-lateral", False),
        (SPUTUM, "percussion-cupping", "interscapular", False),
        (with_limits(SPUTUM, AIRWAY), "percussion-cupping", "chest-lateral", True),
        (with_limits(SPUTUM, AIRWAY), "percussion-cupping", "interscapular", True),
        (with_limits(SPUTUM, AIRWAY), "percussion-hacking", "interscapular", False),
        # Age: never under 12 and from 75 but for airway clearance; light between 12 and 17 and from 65.
        (replace(POSTURE, age=11), "percussion-tapping", "gluteal", False),
        (replace(POSTURE, age=12), "percussion-tapping", "gluteal", True),
        (replace(POSTURE, age=12), "percussion-hacking", "gluteal", False),
        (replace(POSTURE, age=74), "percussion-tapping", "gluteal", True),
        (replace(POSTURE, age=75), "percussion-tapping", "gluteal", False),
        (replace(with_limits(SPUTUM, AIRWAY), age=80), "percussion-cupping", "chest-lateral", True),
        # The heart lies on the left; a finding closes what was open.
        (with_limits(POSTURE, Limits(families_out=(FamilyOut("percussion", None, WHY),))), "percussion-tapping", "gluteal", False),
        (with_limits(POSTURE, Limits(families_out=(FamilyOut("kneading", None, WHY),))), "percussion-tapping", "gluteal", True),
    ],
)
def test_blows_fall_only_where_zone_stage_age_and_findings_allow(setting, technique, zone, expected):
    assert may(setting, technique, zone) is expected


@pytest.mark.parametrize(
    ("zone", "age", "ceiling"), [("interscapular", 40, 2), ("paravertebral-thoracic-upper", 40, 3), ("gluteal", 40, 5), ("gluteal", 70, 2)]
)
def test_how_hard_a_blow_may_fall(zone, age, ceiling):
    bars = Bars(Protocol(replace(POSTURE, age=age), POSTURE.treatment, 6), NO_ADAPTATION)
    assert bars.percussion_ceiling(Place(zone, "left")) == ceiling
