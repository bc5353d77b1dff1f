"""Every removal is explained (invariant 17): each place and family that the stage asks for is worked, avoided or listed with its reason."""

from collections.abc import Iterator

from protocols.method.checking.body import NOWHERE
from protocols.method.checking.problems import Problem, problem
from protocols.method.checking.protocol import Protocol
from protocols.method.checking.steps import Worked
from protocols.method.plans import SessionPlan


def unexplained(plan: SessionPlan, protocol: Protocol, steps: tuple[Worked, ...]) -> Iterator[Problem]:
    """What the stage asks for and the plan neither works nor explains."""
    yield from _places(plan, protocol, steps)
    told = {row.code for row in plan.omissions if row.kind in ("family", "technique")}
    library = protocol.setting.library
    told |= {library.techniques[code].family for code in told if code in library.techniques}
    for step in steps:
        wanted = [set(profile.shares) for asked in step.may_be for profile in protocol.profiles_of(asked)]
        missing = set.intersection(*wanted) - set(step.families) - told if wanted else set()
        for family in sorted(missing):
            yield problem("family-unexplained", step.rows[0][0], family=family, zone=step.first.zone)


def _places(plan: SessionPlan, protocol: Protocol, steps: tuple[Worked, ...]) -> Iterator[Problem]:
    body = protocol.body
    worked = NOWHERE.union(*(step.covered for step in steps))
    avoided = NOWHERE.union(*(body.of_places(row.avoid) for row in plan.rows))
    listed = (body.places(row.code, row.side or "both") for row in plan.omissions if row.kind == "zone" and row.code in body.zones)
    told = worked.union(avoided, *listed)
    for place in sorted(protocol.planned - told - body.never_worked)[:1]:
        yield problem("zone-unexplained", zone=place.zone, side=place.side)
