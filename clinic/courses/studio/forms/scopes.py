"""How far an act reaches: this session, all from it on, its phase, or all to come."""

from typing import Final

from clinic.courses.studio.desk import Desk
from protocols.method.edits import LAST_SESSION

SCOPES: Final = ("this", "onward", "phase", "all")


def scope_of(desk: Desk, session: int, scope: str) -> tuple[int, int]:
    """First and last session of a scope, looked at from ``session``; what was begun is never among them.

    What goes to the end holds for sessions too that the course may get later. An unknown word means this session alone.
    """
    if scope == "onward":
        return session, LAST_SESSION
    if scope == "all":
        return min(desk.first_to_come, session), LAST_SESSION
    if scope == "phase":
        phase = desk.session(session).phase
        same = [each.number for each in desk.sessions[desk.begun :] if each.phase == phase]
        return min(same, default=session), max(same, default=session)
    return session, session
