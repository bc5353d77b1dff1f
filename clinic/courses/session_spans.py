"""Several sessions in a few words."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from django.utils.translation import ngettext


def spans(numbers: Iterable[int]) -> str:
    """Numbers with neighbours drawn together: ``1–3, 7``."""
    runs = [[number for _place, number in run] for _gap, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


def sessions_words(numbers: Sequence[int]) -> str:
    """``Sessions 4–9``."""
    return ngettext("Session %(numbers)s", "Sessions %(numbers)s", len(numbers)) % {"numbers": spans(numbers)}
