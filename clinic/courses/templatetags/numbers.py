"""Figures of the numbers as a page shows them."""

from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from clinic.courses.numbers.tables import Cell, Mean, Share

register = template.Library()


@register.filter
def figure(cell: Cell) -> str:
    """A share in percent, a mean to one decimal, "too few" for what is not read; words and whole numbers as they are."""
    if isinstance(cell, Share | Mean) and cell.is_few:
        return _("too few")
    if isinstance(cell, Share):
        return "–" if cell.percent is None else f"{number_format(cell.percent, 0)} %"
    if isinstance(cell, Mean):
        return "–" if cell.shown is None else number_format(cell.shown, 1)
    if isinstance(cell, Decimal):
        return number_format(cell.normalize(), use_l10n=True, force_grouping=True, decimal_pos=0 if cell == cell.to_integral() else 1)
    return number_format(cell, 0, force_grouping=True) if isinstance(cell, int) else str("" if cell is None else cell)


@register.filter
def plain(value: float) -> str:
    """A number for a drawing: with a point, whatever the language."""
    return f"{value:g}"
