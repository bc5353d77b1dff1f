"""Pressure scale, families, techniques and profiles."""

from collections.abc import Mapping

from protocols.method.entries import Family, Profile, Technique
from protocols.method.inspection.desk import Desk
from protocols.method.vocabulary import FAMILIES, TEMPOS

LIGHT_PRESSURE = 2
HIGHEST_PLANNED_PRESSURE = 4


def inspect_hands(desk: Desk) -> None:
    """Ranges, bands and sums hold; every code is known; the clinical order of the families is the one that the builder uses."""
    library = desk.library
    desk.expect(tuple(library.pressure_levels) == (1, 2, 3, 4, 5), "techniques: pressure", "the scale is 1 to 5")
    desk.expect(library.family_order == FAMILIES, "sequencing: family_order", "differs from the order that sessions are built in")
    desk.expect(set(library.families) == set(FAMILIES), "techniques: family", "differs from the families that sessions are built from")
    desk.known(library.limb_order, library.role_zones, "sequencing: limb_order")
    desk.expect(library.limb_order, "sequencing: limb_order", "is empty")
    for family in library.families.values():
        _family(desk, family)
    for technique in library.techniques.values():
        _technique(desk, technique)
    for profile in library.profiles.values():
        _profile(desk, profile)


def percent_sum(shares: Mapping[str, int]) -> int:
    """Sum of the shares of a profile or stage."""
    return sum(shares.values())


def _family(desk: Desk, family: Family) -> None:
    place = f"techniques: family {family.code}"
    bands = {"calm": family.calm, "neutral": family.neutral, "tonic": family.tonic}
    for tempo, band in bands.items():
        sound = not band or (len(band) == 2 and 0 < band[0] <= band[1])
        desk.expect(sound, f"{place} {tempo}", "a band is a low and a high number a minute")
    wanted = {tempo for tempo, band in bands.items() if band} if family.counted else set(TEMPOS)
    desk.expect(set(family.tempos) == wanted, place, "tempos differ from the bands")


def _technique(desk: Desk, technique: Technique) -> None:
    library = desk.library
    place = f"techniques: technique {technique.code}"
    places = library.zones.keys() | library.role_zones.keys()
    low, high = technique.pressure
    desk.expect(1 <= low <= high <= HIGHEST_PLANNED_PRESSURE, place, "pressure is a range from 1 to 4")
    desk.expect(-2 <= technique.tone <= 2, place, "tone is -2 to 2")
    desk.expect(not technique.light or low <= LIGHT_PRESSURE, place, "light, yet it needs more than pressure 2")
    desk.expect(not set(technique.good) & set(technique.never), place, "a zone is good and never")
    desk.known([technique.family], library.families, place)
    desk.known(technique.good, places, f"{place} good")
    desk.known(technique.never, places, f"{place} never")
    desk.known(technique.sources, library.sources, f"{place} sources")
    desk.known(technique.avoid_when, library.facts, f"{place} avoid_when")
    if desk.known(technique.avoid_at, library.facts, f"{place} avoid_at"):
        for fact in technique.avoid_at:
            desk.expect(library.facts[fact].type == "zones", place, f"{fact} names no zones")


def _profile(desk: Desk, profile: Profile) -> None:
    place = f"profiles: profile {profile.code}"
    low, high = profile.pressure
    desk.known(profile.shares, desk.library.families, f"{place} shares")
    desk.known(profile.sources, desk.library.sources, f"{place} sources")
    desk.expect(percent_sum(profile.shares) == 100, place, f"shares sum to {percent_sum(profile.shares)}, not 100")
    desk.expect(all(share > 0 for share in profile.shares.values()), place, "a share is not positive")
    desk.expect(1 <= low <= high <= HIGHEST_PLANNED_PRESSURE, place, "pressure is a range from 1 to 4")
    desk.expect(profile.provenance != "sourced" or profile.sources, place, "sourced without a source")
    struck = "percussion" in profile.shares
    desk.expect(not struck or profile.tempo != "calm", place, "percussion has no calm tempo")
