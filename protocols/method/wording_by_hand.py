"""English sentences of what was changed by hand in a plan, by reason code."""

from collections.abc import Mapping

SENTENCES_BY_HAND: Mapping[str, str] = {
    # The curve
    "hand-dose": "Dose set by hand: {percent} percent of the full time (the protocol has {protocol} percent).",
    "hand-dose-clipped": "A dose of {asked} percent was set by hand; today {percent} is the bound (the protocol has {protocol} percent).",
    "hand-load-rises": "After a session that was shortened by hand the dose rises step by step: {percent} percent of the full time.",
    "hand-load-repeated": "The load of session {session}, as it was set by hand, is repeated.",
    "hand-depth": "Lighter by hand: {levels} level of pressure less in the whole session.",
    "hand-supplement-on": "Switched on by hand: {supplement}.",
    "hand-supplement-off": "Switched off by hand: {supplement}.",
    # One step
    "hand-moved": "Put in another order by hand: {zone}.",
    "hand-removed": "Left out by hand: {zone} ({side}).",
    "hand-added": "Added by hand as step {step}: {zone} ({side}).",
    "hand-minutes": "Time set by hand: {zone} takes {seconds} s instead of {built} s.",
    "hand-minutes-family": "Time set by hand: {family} on {zone} takes {seconds} s instead of {built} s.",
    "hand-family-left-out": "Left out by hand: {family} on {zone}.",
    "hand-family-too-short": "{family} on {zone} would last under 15 s after the change by hand; its time goes to stroking.",
    "hand-gives-time": "{zone} gives time to a step that was changed by hand: now {seconds} s.",
    "hand-takes-time": "{zone} takes the time of a step that was changed by hand: now {seconds} s.",
    "hand-technique": "Chosen by hand on {zone}: {technique} instead of {instead}.",
    "hand-pressure": "Pressure set by hand: level {level} on {zone}.",
    "hand-pressure-family": "Pressure set by hand: level {level} for {family} on {zone}.",
    "hand-tempo": "Tempo set by hand on {zone}: {tempo}.",
    # What cannot hold today
    "hand-aside": "Set aside in this session: {edit}. A limit stands against it, or a rule that nobody has set aside.",
    "hand-aside-at": "Set aside in this session: {edit} at {zone}. A limit stands against it, or a rule that nobody has set aside.",
}

# What a change is called where it is set aside.
EDIT_NAMES: Mapping[str, str] = {
    "dose": "the dose set by hand",
    "depth": "lighter work",
    "supplement": "the choice of supplements",
    "move": "the other order",
    "minutes": "the other time",
    "technique": "the other technique",
    "pressure": "the other pressure",
    "tempo": "the other tempo",
    "remove": "leaving out",
    "add": "the added step",
}
