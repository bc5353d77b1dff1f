"""What a form showed when its page was made, so that saving it never silently takes back what somebody else saved meanwhile.

A record with a version of its own does not need this. Settings have none: the page says of each field what stood there.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django import forms
from django.http import HttpRequest
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

FIELD: Final = "seen"
_LETTERS: Final = 10


def seen_of(form: forms.BaseForm) -> str:
    """What the page keeps in a hidden field: for each field a digest of the value that is saved now."""
    return " ".join(f"{name}={_digest(form[name].initial)}" for name in _compared(form))


def is_stale(request: HttpRequest, form: forms.BaseForm) -> bool:
    """Whether a field of this form was saved by somebody else since the page was made; the form then says which, and what stands there.

    Call it in the turn of whoever saves (``clinic.staff.turns``), after the form was found valid. A page that says nothing of what it
    showed is believed. Saved once more, the page counts as having seen what it was told.
    """
    shown = dict(part.split("=", 1) for part in request.POST.get(FIELD, "").split() if "=" in part)
    changed = [name for name in _compared(form) if name in shown and shown[name] != _digest(form[name].initial)]
    if changed:
        request.seen_is_spent = True  # type: ignore[attr-defined]  # read by ``token_for_page``
        form.add_error(None, _sentence(form, changed))
    return bool(changed)


def token_for_page(request: Any, form: forms.BaseForm) -> str:
    """What stands in the hidden field: what was sent, as long as nothing was found to be stale; else what is saved now."""
    sent = request.POST.get(FIELD, "") if form.is_bound and not getattr(request, "seen_is_spent", False) else ""
    return sent or seen_of(form)


def _compared(form: forms.BaseForm) -> Iterator[str]:
    left_out: frozenset[str] = getattr(form, "not_compared", frozenset())
    return (name for name in form.fields if name not in left_out)


def _digest(value: object) -> str:
    value = sorted(map(str, value)) if isinstance(value, (list, tuple, set, frozenset)) else "" if value is None else str(value)
    return hashlib.sha256(repr(value).encode()).hexdigest()[:_LETTERS]


def _sentence(form: forms.BaseForm, names: Iterable[str]) -> str:
    said = [f"{form[name].label}: {_in_words(form, name) or '–'}" for name in names]
    words = _(
        "Somebody saved this since you opened the page. Now it is: %(values)s. What you wrote is still here; save again to put it there."
    )
    return words % {"values": get_text_list(said, _("and"))}


def _in_words(form: forms.BaseForm, name: str) -> str:
    value, field = form[name].initial, form.fields[name]
    known = {str(code): str(words) for code, words in getattr(field, "choices", ())}
    values = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    return ", ".join(known.get(str(each), str(each)) for each in values if each not in (None, ""))
