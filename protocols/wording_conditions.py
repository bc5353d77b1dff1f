"""Words about conditions and their stages."""

from django.utils.translation import gettext as _

# What is treated most comes first.
GROUPS = ("spine", "collar", "joints", "trauma", "nervous", "respiratory", "digestive", "cardiovascular", "prevention")


def typeset(text: str) -> str:
    """Comparison signs as people write them, not as programs do."""
    return text.replace(">=", "≥").replace("<=", "≤")


def local_word(local: str) -> str:
    """What a stage allows at the diseased place."""
    return {
        "allowed": _("Massage of the diseased place is allowed"),
        "remote-only": _("Only away from the diseased place"),
        "doctor-only": _("Only with a doctor's document"),
        "barred": _("Not massaged in this stage"),
    }[local]


def group_word(group: str) -> str:
    """The name of a group of conditions."""
    return {
        "spine": _("Spine"),
        "collar": _("Neck and collar zone"),
        "respiratory": _("Lungs and airways"),
        "digestive": _("Digestion"),
        "cardiovascular": _("Heart and blood pressure"),
        "nervous": _("Nerves"),
        "trauma": _("Injuries and operations"),
        "joints": _("Joints"),
        "prevention": _("Prevention"),
    }[group]
