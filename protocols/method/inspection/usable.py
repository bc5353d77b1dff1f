"""Which families a stage leaves on a zone: danger map, policy of percussion, techniques' own limits and the stage's forbid rows."""

from dataclasses import dataclass, field

from protocols.method.entries import StagePercussion, Technique, Treatment
from protocols.method.inspection.desk import Desk

AIRWAY_CLEARANCE = "history.airway-clearance-prescribed"
BREATHING_ZONES = frozenset({"chest", "back-thoracic", "hypochondrium"})
FINGERTIP = ("percussion-fingertip", "percussion-pushing")
LIGHT_PRESSURE, MUSCLE_PRESSURE = 2, 3


@dataclass(slots=True)
class Usable:
    """Answers are kept per leaf and side: the danger map is the same for all stages."""

    desk: Desk
    _open: dict[tuple[str, str], tuple[Technique, ...]] = field(default_factory=dict)

    def family(self, treatment: Treatment, zone: str, side: str, family: str) -> bool:
        """At least one technique of the family is left on at least one part of the zone (role zones: on the role itself)."""
        for part in self.parts(zone):
            if family == "breathing-assist" and not self._line(part) & BREATHING_ZONES:
                continue
            if any(self._allowed(treatment, part, side, item) for item in self._techniques(part, side) if item.family == family):
                return True
        return False

    def parts(self, zone: str) -> tuple[str, ...]:
        """Leaves that may be worked at all; a role zone stands for itself."""
        return (zone,) if zone in self.desk.library.role_zones else self.desk.library.tree.workable_leaves(zone)

    def _line(self, part: str) -> frozenset[str]:
        return frozenset({part}) if part in self.desk.library.role_zones else self.desk.library.tree.ancestors(part)

    def _techniques(self, part: str, side: str) -> tuple[Technique, ...]:
        if (part, side) not in self._open:
            techniques = self.desk.library.techniques.values()
            self._open[part, side] = tuple(item for item in techniques if not self._stopped(part, side, item))
        return self._open[part, side]

    def _stopped(self, part: str, side: str, technique: Technique) -> bool:
        library, line = self.desk.library, self._line(part)
        paired = part in library.role_zones or library.zones[part].paired
        if not line.isdisjoint(technique.never):
            return True
        for row in library.dangers.values():
            if row.extent != "zone" or line.isdisjoint(row.zones) or (paired and row.side not in ("both", side)):
                continue
            too_strong = row.pressure_max is not None and technique.pressure[0] > row.pressure_max
            if too_strong or {"all", technique.family} & set(row.barred) or technique.code in row.barred_techniques:
                return True
        return False

    def _allowed(self, treatment: Treatment, part: str, side: str, technique: Technique) -> bool:
        line = self._line(part) | {"all"}
        if technique.pressure[0] > treatment.pressure_max:
            return False
        for row in treatment.forbid:
            named = row.family in ("all", technique.family) or row.technique == technique.code
            if named and row.scope is None and row.zone in line and row.side in ("both", side):
                return False
        return technique.family != "percussion" or self._struck(treatment.percussion, part, technique)

    def _struck(self, named: StagePercussion | None, part: str, technique: Technique) -> bool:
        if named is not None and (technique.code not in named.techniques or self._line(part).isdisjoint(named.zones)):
            return False
        library = self.desk.library
        policy = (library.role_zones[part] if part in library.role_zones else library.zones[part]).percussion
        low = technique.pressure[0]
        by_policy = {
            "light": technique.light and low <= LIGHT_PRESSURE,
            "muscle": low <= MUSCLE_PRESSURE,
            "allowed": True,
            "by-part": True,
            "prescribed": named is not None and named.requires == AIRWAY_CLEARANCE,
            "fingertip": named is not None and technique.code in FINGERTIP,
        }
        return by_policy.get(policy, False)
