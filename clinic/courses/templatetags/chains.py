"""Why something is in a plan, link by link. A course has thousands of such sentences, so they are put together in Python."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from django import template
from django.utils.html import conditional_escape as escaped
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clinic.courses.presentation.lines import ChainLink, Said, SourceLine

register = template.Library()


@register.simple_tag
def chain_links(chain: Iterable[ChainLink]) -> SafeString:
    """The reasons of one row, in their order."""
    return mark_safe(f'<ol class="chain">{"".join(map(_link, chain))}</ol>')  # noqa: S308  # every word is escaped below


def _link(link: ChainLink) -> str:
    language, is_protocol = get_language(), link.kind == "protocol"
    said = "".join([_said(each, is_protocol, language) for each in link.said])
    head = f'<span class="chain-kind">{escaped(link.heading)}</span>'
    return f'<li class="chain-link chain-{escaped(link.kind)}">{head}<div class="chain-said">{said}</div></li>'


# The same sentence stands in the chains of most rows. What is kept holds what a plan says of the body, and of nobody who he is.
@lru_cache(maxsize=4000)
def _said(each: Said, is_protocol: bool, _language: str | None) -> str:  # noqa: FBT001  # a key
    kinds = "chain-one" + (" chain-decides" if each.decides else "") + (" chain-repeats" if each.repeats else "")
    details = "".join(f'<p class="chain-detail">{escaped(detail)}</p>' for detail in each.details if detail)
    sources = "".join(_sources(each.sources, is_protocol=is_protocol)) if each.sources else ""
    return f'<div class="{kinds}"><p>{escaped(each.text)}</p>{details}{sources}</div>'


def _sources(sources: tuple[SourceLine, ...], *, is_protocol: bool) -> Iterator[str]:
    yield '<p class="chain-sources">'
    if is_protocol:
        words = ngettext("%(count)s source of this protocol", "%(count)s sources of this protocol", len(sources)) % {"count": len(sources)}
        yield f'<a href="#sources">{escaped(words)}</a>'
    else:
        yield f'<span class="label">{escaped(_("Source"))}</span> '
        yield "; ".join(map(_source, sources))
    yield "</p>"


def _source(source: SourceLine) -> str:
    if not source.url:
        return str(escaped(source.title))
    return f'<a href="{escaped(source.url)}" rel="noreferrer">{escaped(source.title)}</a>'
