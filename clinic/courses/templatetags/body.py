"""The places of a body map. Two figures have a hundred and thirty, so they are put together in Python."""

from django import template
from django.utils.html import conditional_escape as escaped
from django.utils.safestring import SafeString, mark_safe

from clinic.courses.bodymap import BodyFigure, BodyShape

register = template.Library()


@register.simple_tag
def body_places(figure: BodyFigure, prefix: str) -> SafeString:
    """Every place of one view with its title. ``prefix`` begins the ids of the patterns that fill what is not worked."""
    begins = f"{escaped(prefix)}-{escaped(figure.code)}"
    return mark_safe("".join([_place(shape, begins) for shape in figure.shapes]))  # noqa: S308  # every word is escaped below


def _place(shape: BodyShape, begins: str) -> str:
    head = f'<g class="body-place body-{escaped(shape.kind)}" data-place="{escaped(shape.place)}"><title>{escaped(shape.title)}</title>'
    path = escaped(shape.path)
    filled = f'<path d="{path}" fill="url(#{begins}-{shape.kind})" />' if shape.kind in ("out", "never") else ""
    return f'{head}<path class="body-area" d="{path}" />{filled}</g>'
