"""The order of steps, and of rows in a step. One function per ordering rule of ``sequencing.toml``, named by its code.

The protocol's own order is the clinical one; a rule moves a step only where that order breaks the rule. Position changes stay as few as
this order allows, because a position is kept for as long as it reaches.
"""

from collections.abc import Callable

from protocols.method.reasons import because
from protocols.method.session.draft import Draft, Session
from protocols.method.session.restricting import drop_percussion
from protocols.method.session.timing import family_seconds
from protocols.method.vocabulary import MIN_ROW_SECONDS, PARTS

Order = Callable[[Session, list[Draft]], list[Draft]]


# Steps ----------------------------------------------------------------------------------------------------------------------
def in_order(session: Session, drafts: list[Draft]) -> list[Draft]:
    """Opening, main, closing; inside the main part every ordering rule in turn."""
    drafts = sorted(drafts, key=lambda draft: PARTS.index(draft.part))
    for rule in ORDER_RULES.values():
        drafts = rule(session, drafts)
    return drafts


def healthy_before_affected(session: Session, drafts: list[Draft]) -> list[Draft]:
    """One-sided pain: of one zone the healthy side comes before the affected side (m-26, m-27)."""
    del session
    return _sorted_in_place(
        drafts,
        lambda draft: draft.step.place.zone if draft.part == "main" and draft.step.role_side in ("healthy", "affected") else None,
        lambda draft: int(draft.step.role_side == "affected"),
    )


def drainage_proximal_first(session: Session, drafts: list[Draft]) -> list[Draft]:
    """Swelling: the part above before the injured part, that before the part below (m-72, m-90)."""
    ranks = {zone: rank for rank, zone in enumerate(session.ground.setting.library.limb_order)}
    return _sorted_in_place(
        drafts,
        lambda draft: "limb" if draft.part == "main" and draft.step.role in ranks else None,
        lambda draft: ranks[draft.step.role],
    )


def _sorted_in_place(drafts: list[Draft], group: Callable[[Draft], str | None], rank: Callable[[Draft], int]) -> list[Draft]:
    """The steps of each group sorted by rank on the places that the group holds; everything else stays where it is."""
    found = list(drafts)
    groups: dict[str, list[int]] = {}
    for place, draft in enumerate(drafts):
        name = group(draft)
        if name is not None:
            groups.setdefault(name, []).append(place)
    for places in groups.values():
        for place, draft in zip(places, sorted((drafts[place] for place in places), key=rank), strict=True):
            found[place] = draft
    return found


ORDER_RULES: dict[str, Order] = {
    "healthy-before-affected": healthy_before_affected,
    "drainage-proximal-first": drainage_proximal_first,
}


# Rows -----------------------------------------------------------------------------------------------------------------------
def ready_the_first_step(session: Session, drafts: list[Draft]) -> None:
    """The session begins with stroking: a first step with percussion, or one that is also the last, needs it at both ends."""
    first = drafts[0]
    if first.sure_seconds * first.shares["stroking"] / 100 >= 2 * MIN_ROW_SECONDS + 1:
        return
    why = because("opens-with-stroking", zone=first.place.zone)
    if "percussion" in first.picks:
        drop_percussion(session, first, why)
    if len(drafts) == 1:
        for family in [family for family in first.shares if family != "stroking"]:
            first.shares["stroking"] += first.shares.pop(family)
            session.omit("family", family, None, why)


def family_order(draft: Draft, *, first: bool, last: bool) -> list[tuple[str, int]]:
    """(family, seconds) of the rows of a step: the clinical order (m-15), closed with stroking after percussion and in the last step.

    In the closing step all stroking comes last; elsewhere half of it, or all where a half would be under 15 s. A step that is first
    and last at once has stroking at both ends (``ready_the_first_step`` saw to that).
    """
    seconds = family_seconds(draft)
    if len(seconds) == 1 or not (last or "percussion" in seconds):
        return list(seconds.items())
    stroking = seconds.pop("stroking")
    after = stroking // 2
    whole = last and not first and draft.part == "closing"
    if whole or after < MIN_ROW_SECONDS:
        return [*seconds.items(), ("stroking", stroking)]
    return [("stroking", stroking - after), *seconds.items(), ("stroking", after)]
