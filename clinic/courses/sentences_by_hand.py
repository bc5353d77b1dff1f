"""The sentences of what was changed by hand, marked for translation. A test keeps them equal to the method's own."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

SENTENCES_BY_HAND: Final[Mapping[str, Any]] = {
    "hand-dose": _("Dose set by hand: {percent} percent of the full time (the protocol has {protocol} percent)."),
    "hand-dose-clipped": _(
        "A dose of {asked} percent was set by hand; today {percent} is the bound (the protocol has {protocol} percent)."
    ),
    "hand-load-rises": _("After a session that was shortened by hand the dose rises step by step: {percent} percent of the full time."),
    "hand-load-repeated": _("The load of session {session}, as it was set by hand, is repeated."),
    "hand-depth": _("Lighter by hand: {levels} level of pressure less in the whole session."),
    "hand-supplement-on": _("Switched on by hand: {supplement}."),
    "hand-supplement-off": _("Switched off by hand: {supplement}."),
    "hand-moved": _("Put in another order by hand: {zone}."),
    "hand-removed": _("Left out by hand: {zone} ({side})."),
    "hand-added": _("Added by hand as step {step}: {zone} ({side})."),
    "hand-minutes": _("Time set by hand: {zone} takes {seconds} s instead of {built} s."),
    "hand-minutes-family": _("Time set by hand: {family} on {zone} takes {seconds} s instead of {built} s."),
    "hand-family-left-out": _("Left out by hand: {family} on {zone}."),
    "hand-family-too-short": _("{family} on {zone} would last under 15 s after the change by hand; its time goes to stroking."),
    "hand-gives-time": _("{zone} gives time to a step that was changed by hand: now {seconds} s."),
    "hand-takes-time": _("{zone} takes the time of a step that was changed by hand: now {seconds} s."),
    "hand-technique": _("Chosen by hand on {zone}: {technique} instead of {instead}."),
    "hand-pressure": _("Pressure set by hand: level {level} on {zone}."),
    "hand-pressure-family": _("Pressure set by hand: level {level} for {family} on {zone}."),
    "hand-tempo": _("Tempo set by hand on {zone}: {tempo}."),
    "hand-aside": _("Set aside in this session: {edit}. A limit stands against it, or a rule that nobody has set aside."),
    "hand-aside-at": _("Set aside in this session: {edit} at {zone}. A limit stands against it, or a rule that nobody has set aside."),
}
# What a change is called where it is set aside.
EDIT_NAMES: Final[Mapping[str, Any]] = {
    "dose": _("the dose set by hand"),
    "depth": _("lighter work"),
    "supplement": _("the choice of supplements"),
    "move": _("the other order"),
    "minutes": _("the other time"),
    "technique": _("the other technique"),
    "pressure": _("the other pressure"),
    "tempo": _("the other tempo"),
    "remove": _("leaving out"),
    "add": _("the added step"),
}
