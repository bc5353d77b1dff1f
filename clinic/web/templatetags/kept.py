"""``{% kept %}``: a part of a page that comes out the same again and again is drawn once and kept, with slots for what differs each time.

The frame of every page (navigation, preferences, the person's menu, the cover of a locked screen) costs more to draw than most pages hold.
"""

from collections.abc import Iterator, Mapping
from secrets import token_hex
from typing import Any, Final

from django import template
from django.conf import settings
from django.template.base import FilterExpression, NodeList, Parser, Token, token_kwargs
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

MOST: Final = 2000  # parts; about a kilobyte or two each
MARK: Final = f"\ue000{token_hex(8)}\ue000"  # no text of a page holds it, whatever somebody typed
Part = tuple[str, ...]  # words, the name of a slot, words, …

_kept: dict[tuple[Any, ...], Part] = {}


class KeptNode(template.Node):
    """Draws its content for a language and a key once; ``slots`` are names inside it whose values are put in afterwards."""

    def __init__(self, key: list[FilterExpression], slots: Mapping[str, FilterExpression], nodelist: NodeList) -> None:
        self.key, self.slots, self.nodelist = key, slots, nodelist

    def render(self, context: template.Context) -> SafeString:
        key = (get_language(), *(each.resolve(context) for each in self.key))
        part = _kept.get(key)
        if part is None:
            part = self._drawn(context)
            if not settings.DEBUG:  # whoever writes a template wants to see it
                if len(_kept) >= MOST:
                    _kept.clear()
                _kept[key] = part
        return mark_safe("".join(self._filled(part, context)))  # noqa: S308  # drawn by the template; slots are escaped

    def _drawn(self, context: template.Context) -> Part:
        with context.push(**{name: f"{MARK}{name}{MARK}" for name in self.slots}):
            return tuple(self.nodelist.render(context).split(MARK))

    def _filled(self, part: Part, context: template.Context) -> Iterator[str]:
        values = {name: conditional_escape(value.resolve(context)) for name, value in self.slots.items()}
        for place, words in enumerate(part):
            yield values[words] if place % 2 else words


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    """``{% kept "name" key … slots name=value … %}…{% endkept %}``: what it shows depends on its key, its slots and the language alone."""
    words = token.split_contents()[1:]
    place = words.index("slots") if "slots" in words else len(words)
    key = [parser.compile_filter(word) for word in words[:place]]
    slots = token_kwargs(words[place + 1 :], parser)
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(key, slots, nodelist)
