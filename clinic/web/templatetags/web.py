"""Tags for the layout: icons, navigation, colours. Marks of the method (families, tempo, outcomes) are in ``marks``."""

from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from django import forms, template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from clinic.web import navigation as registry
from clinic.web import once as tokens
from clinic.web import seen as what_was_seen
from clinic.web import undoing
from clinic.web.icons import svg
from clinic.web.preferences import theme_of

register = template.Library()
LONGEST_QUERY: Final = 500


@register.simple_tag
def icon(name: str, size: int = 20, label: str = "") -> SafeString:
    """A lucide icon. Without a label it is hidden from screen readers, because words stand beside it."""
    return _drawn(str(name), size, str(label))


@cache
def _drawn(name: str, size: int, label: str) -> SafeString:
    attributes = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    return mark_safe(svg(name, size, {"focusable": "false", "class": "icon", **attributes}))  # noqa: S308  # written by ElementTree


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> tuple[registry.Link, ...]:
    """The entries for whoever is signed in at this clinic; none before sign-in and on pages without a request."""
    request: HttpRequest | None = context.get("request")
    roles: frozenset[str] = getattr(request, "roles", frozenset())
    return registry.links_for(roles, request.path, getattr(request, "actor", None)) if request and roles else ()


@register.simple_tag(takes_context=True)
def back_to(context: dict[str, Any], place: str) -> str:
    """The address of a list (a URL name without numbers, or an address), with what it was narrowed to where this page was opened out of it.

    What the list was asked for stands in the ``Referer`` of the same site, so that the way back keeps it without a session or a script.
    """
    address = reverse(place) if place[:1].isalpha() else place
    request: HttpRequest | None = getattr(context, "request", None) or context.get("request")
    came = urlsplit(request.headers.get("Referer", "")) if request else None
    if request is None or came is None or came.netloc != request.get_host() or came.path != address or not came.query:
        return address
    return f"{address}?{came.query[:LONGEST_QUERY]}"


@register.simple_tag
def idle_lock_minutes() -> int:
    """After how many minutes without use a screen is locked; 0 for never."""
    minutes: int = settings.IDLE_LOCK_MINUTES
    return minutes


@register.simple_tag(takes_context=True)
def theme(context: dict[str, Any]) -> str:
    """``system``, ``light`` or ``dark``."""
    request = context.get("request")
    return theme_of(request) if request else "system"


@register.simple_tag(takes_context=True)
def seen(context: dict[str, Any], form: Any) -> SafeString:
    """The hidden field of a form of settings: what was saved when its page was made (``clinic.web.seen``)."""
    request = context.get("request")
    token = what_was_seen.token_for_page(request, form) if request else what_was_seen.seen_of(form)
    return format_html('<input type="hidden" name="{}" value="{}">', what_was_seen.FIELD, token)


@register.simple_tag(takes_context=True)
def once(context: dict[str, Any]) -> SafeString:
    """The hidden field of a form that makes something new; a view obeys it by ``clinic.staff.sending.once``."""
    return format_html('<input type="hidden" name="{}" value="{}">', tokens.FIELD, tokens.token_for_page(context["request"]))


@register.simple_tag(takes_context=True)
def csrf_field(context: dict[str, Any]) -> SafeString:
    """The hidden field of a form in a component that is drawn with nothing but its parameters."""
    request = getattr(context, "request", None) or context.get("request")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request) if request else "")


@register.filter
def undo_address(message: Message) -> str:
    """Where the button that takes back what this message tells leads; empty for one without."""
    return undoing.undo_address(message)


@register.filter
def keeps_all(form: forms.BaseForm) -> bool:
    """Whether a form that is shown again holds all that was entered. No browser fills in a file, and we no password."""
    never = (forms.PasswordInput, forms.FileInput)
    return not any(isinstance(field.widget, never) for field in form.fields.values())


@register.filter
def initials(name: object) -> str:
    """Two letters for a round mark: "Anna Weber" gives AW."""
    words = str(name).split()
    return escape("".join(word[0] for word in (words[:1] + words[1:][-1:])).upper())
