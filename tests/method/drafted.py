"""Steps and sessions put together by hand from single values, to look at one rule of ``protocols.method.session`` at a time."""

from types import SimpleNamespace
from typing import Any

from protocols.method.places import Place
from protocols.method.reasons import Reason, because
from protocols.method.session.draft import Draft, Pick

CALF = Place("calf", "left")


class Telling:
    """Stands for a session: keeps what is left out, and has what a test gives it."""

    def __init__(self, **given: Any) -> None:
        self.left_out: list[tuple[str, str, str]] = []
        self.lost: list[Any] = []
        self.lifted: dict[str, float] = {}
        for name, value in given.items():
            setattr(self, name, value)

    def omit(self, kind: str, code: str, _side: object, because: Reason) -> None:
        self.left_out.append((kind, code, because.code))

    def omit_place(self, place: Place, because: Reason) -> None:
        self.left_out.append(("zone", place.zone, because.code))

    def lose(self, step: Any) -> None:
        self.lost.append(step)


def simple(**values: Any) -> Any:
    return SimpleNamespace(**values)


def why(code: str) -> Reason:
    return because(code)


def a_pick(mask: int = 1, pressure: int = 2, family: str = "stroking", code: str = "one") -> Pick:
    return Pick(simple(code=code, family=family, pressure=(1, 3)), mask, pressure)


def a_draft(seconds: float = 100, *, part: str = "main", level: int = 3, base: int = 1, row: int = 0, **shares: Any) -> Draft:
    """A step of the calf with these shares and a pick for each of them."""
    step = simple(row=row, place=CALF, role="calf", role_side="", minutes=5.0, profile="deep", part=part, family_from={}, because=())
    picks = {family: a_pick(family=family) for family in shares}
    return Draft(
        step, part, CALF, seconds, base, base, level, "calm", level, "calm", dict(shares), picks, seconds=int(seconds),  # type: ignore[arg-type]
    )  # fmt: skip
