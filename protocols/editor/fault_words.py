"""What the checks of the library say of a stage, in the language of the page. What is not known here is told as the check says it."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from protocols.presentation.reader import LibraryReader

Say = Callable[[Mapping[str, str]], str]
SAYS: Final[tuple[tuple[str, Say], ...]] = (
    (
        r"steps take (?P<total>[\d.]+) min, not (?P<full>[\d.]+)",
        lambda found: _("The steps take %(total)s minutes, and a full session is %(full)s.") % found,
    ),
    (
        r"(?P<full>\d+) min for (?P<units>[\d.]+) units",
        lambda found: _("A full session of %(full)s minutes does not fit %(units)s massage units.") % found,
    ),
    (
        r".*profile (?P<profile>\S+) begins above pressure (?P<level>\d)",
        lambda found: _("The mix “%(profile)s” begins above pressure %(level)s, which is the highest here.") % found,
    ),
    (
        r"opens with (?P<share>\d+) % stroking",
        lambda found: _("The first step has only %(share)s %% of stroking: a session opens with 70 %% at least.") % found,
    ),
    (
        r"closes with (?P<share>\d+) % stroking",
        lambda found: _("The last step has only %(share)s %% of stroking: a session closes with 70 %% at least.") % found,
    ),
    (r"does not go from opening to closing", lambda _found: _("The first step must be an opening, the last a closing.")),
    (r"parts are mixed", lambda _found: _("Opening, main and closing steps are mixed: put them in their order.")),
    (r"no steps", lambda _found: _("There is no step left.")),
    (
        r"step (?P<number>\d+) .*: (?P<family>\S+) of (?P<profile>\S+) is barred there",
        lambda found: _("Step %(number)s: “%(family)s” of the mix “%(profile)s” is not allowed there. Take another mix.") % found,
    ),
    (r"step (?P<number>\d+) .*the zone has no sides", lambda found: _("Step %(number)s: the zone has no sides.") % found),
    (r"more than half of the main work is missing in session 1", lambda _found: _("Half of the main work must be there in session 1.")),
    (r"from_session: not within the shortest course", lambda _found: _("A step begins after the end of the shortest course.")),
    (r"minutes do not rise from first over full to max", lambda _found: _("The minutes must rise: first session, full session, at most.")),
    (r"sessions do not rise from min over usual to max", lambda _found: _("The sessions must rise: at least, usually, at most.")),
    (r"a limb is not worked from near to far", lambda _found: _("A limb is worked from the trunk outwards: put its steps in that order.")),
    (r"(?P<zone>\S+): affected before healthy", lambda found: _("%(zone)s: the healthy side is worked before the affected one.") % found),
    (r"(?P<place>.*?):? ?the translation is missing", lambda _found: _("A translation into Russian is missing.")),
    (
        r"(?P<place>.*?):? ?numbers differ: (?P<numbers>.*)",
        lambda found: _("Other numbers in English than in Russian: %(numbers)s.") % found,
    ),
    (r"(?P<place>.*?):? ?blank on one side only", lambda _found: _("A text is empty in one of the two languages.")),
    (
        r"(?P<place>.*?):? ?(?P<russian>\d+) texts for (?P<english>\d+)",
        lambda found: _("%(english)s lines in English, %(russian)s in Russian.") % found,
    ),
    (r"no position, or one that is used and forbidden", lambda _found: _("A position is used and forbidden at once, or none is left.")),
    (r"pressure levels do not rise to the stage's highest", lambda _found: _("The pressure of the course goes above that of the stage.")),
)
PATTERNS: Final = tuple((re.compile(pattern), say) for pattern, say in SAYS)
KINDS: Final[Mapping[str, str]] = {"profile": "profiles", "family": "families"}


def fault_words(sentence: str, reader: LibraryReader) -> str:
    """A fault in the language of the page; "" for one that is only known as the check says it (in English)."""
    for pattern, say in PATTERNS:
        if found := pattern.fullmatch(sentence):
            return say({name: _named(name, text, reader) for name, text in found.groupdict().items()})
    return ""


def _named(name: str, text: str, reader: LibraryReader) -> str:
    if name == "zone":
        return reader.zone(text)
    return (reader.names.of(KINDS[name], text) or text) if name in KINDS else text
