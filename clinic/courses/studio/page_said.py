"""What an act changed, in one line for whoever does not see the page: the steps of the session that was looked at, and its total."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.courses.pinned import presenter_of
from clinic.courses.presentation import Presenter
from clinic.courses.studio.desk import Desk
from clinic.courses.studio.page_shares import totals_of
from clinic.courses.studio.page_steps import steps_by_key, zone_words
from clinic.web.marks import PRESSURES, TEMPOS, clock
from protocols.method.plans import Row, SessionPlan

MOST = 2  # things named one by one: a listener cannot skim


def said_of(was: Desk, now: Desk, number: int) -> str:
    """One line. "" where there is nothing that could have changed."""
    if not (now.sessions and was.sessions and number <= len(now.sessions)):
        return ""
    before, after = was.session(number), now.session(number)
    told = [*_changes(before, after, presenter_of(now.course))] if _dose(before) == _dose(after) else []
    told += _elsewhere(was, now, number)
    named = told[:MOST] if len(told) <= MOST + 1 else [*told[:MOST], _("and %(count)s more") % {"count": len(told) - MOST}]
    missing = len(now.needs_reasons)
    reasons = [ngettext("%(count)s reason is missing", "%(count)s reasons are missing", missing) % {"count": missing}] if missing else []
    return "; ".join([*named, totals_of(after, now.built[number - 1]).words, *reasons]) + "."


def _dose(plan: SessionPlan) -> int:
    """Where the dose itself has changed every step has, and naming them tells nobody anything."""
    return plan.dose.seconds if plan.dose else 0


def _changes(before: SessionPlan, after: SessionPlan, presenter: Presenter) -> Iterator[str]:
    then, now = steps_by_key(before), steps_by_key(after)
    for key, rows in now.items():
        name = zone_words(presenter, rows[0])
        if key not in then:
            yield _("%(step)s added") % {"step": name}
        elif change := _change(then[key], rows, presenter):
            yield f"{name} {change}"
    yield from (_("%(step)s left out") % {"step": zone_words(presenter, rows[0])} for key, rows in then.items() if key not in now)
    both = [key for key in now if key in then]
    if both != [key for key in then if key in now]:
        yield _("the order has changed")


def _change(then: tuple[Row, ...], now: tuple[Row, ...], presenter: Presenter) -> str:
    was, seconds = (sum(row.seconds for row in rows) for rows in (then, now))
    if was != seconds:
        return f"{clock(was)} → {clock(seconds)}"
    if (level := max(row.pressure for row in now)) != (old := max(row.pressure for row in then)):
        return f"{PRESSURES[old]} → {PRESSURES[level]}"
    if then[0].tempo != now[0].tempo:
        return f"{TEMPOS[then[0].tempo]} → {TEMPOS[now[0].tempo]}"
    gone = [row.technique for row in now if row.technique not in {each.technique for each in then}]
    return presenter.names.of("techniques", gone[0]) if gone else ""


def _elsewhere(was: Desk, now: Desk, number: int) -> Iterator[str]:
    """How many other sessions have changed too."""
    pairs = zip(was.sessions, now.sessions, strict=False)
    others = sum(then.rows != after.rows for then, after in pairs if then.number != number)
    if others:
        yield ngettext("%(count)s other session too", "%(count)s other sessions too", others) % {"count": others}
