"""What holds at a place for a hand as for the builder: bars and ceilings of stage, age and findings, by masks of leaf places."""

from dataclasses import dataclass, field

from protocols.method.entries import Technique
from protocols.method.places import Place
from protocols.method.plans import Adaptation
from protocols.method.session.body import Body, at_least_half, body_of
from protocols.method.session.builder import lay_ground, variant_at
from protocols.method.session.draft import Ground
from protocols.method.setting import Setting


@dataclass(slots=True)
class Grounds:
    """The ground of each variant of a course, laid when it is first asked for."""

    setting: Setting
    adaptation: Adaptation
    laid: dict[str, Ground] = field(default_factory=dict)

    @property
    def body(self) -> Body:
        """The body of the library."""
        return body_of(self.setting.library)

    def at(self, number: int) -> Ground:
        """The ground that session ``number`` is built on."""
        variant = variant_at(self.setting, number)
        code = variant.code if variant else ""
        if code not in self.laid:
            self.laid[code] = lay_ground(self.setting, number, self.adaptation)
        return self.laid[code]

    def workable(self, place: Place, number: int) -> int:
        """The leaf places of a place that anything may be done on."""
        ground = self.at(number)
        return self.body.mask_at(place) & ~self.body.always_out & ~ground.protocol.out & ~ground.findings.out

    def open_to(self, technique: Technique, place: Place, number: int) -> int:
        """Where on a place a technique may be used; all that is workable where it is barred on more than half: the check says why."""
        ground, whole = self.at(number), self.workable(place, number)
        free = whole & self.body.allowed[technique.code] & ~ground.protocol.against(technique) & ~ground.findings.against(technique)
        return free if at_least_half(free, whole) else whole

    def avoided(self, place: Place, mask: int) -> tuple[Place, ...]:
        """What is left out of a place when only ``mask`` is worked; nothing where nothing would be left."""
        return self.body.grouped(self.body.mask_at(place) & ~mask) if mask else ()

    def ceiling(self, place: Place, mask: int, number: int) -> int:
        """The pressure that stage, age, danger map, findings and earlier sessions leave there; at least 1."""
        ground = self.at(number)
        caps = (cap.level for cap in (*ground.protocol.caps, *ground.findings.caps) if cap.mask & mask)
        here = self.body.mask_at(place)
        marked = min((shift for marked, shift in self.adaptation.zone_shifts if self.body.mask_at(marked) & here), default=0)
        return max(1, min(caps, default=1) + min(0, marked))
