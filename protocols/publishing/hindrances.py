"""Why a variant cannot be published now, or not by this doctor, in sentences, the gravest first."""

from collections.abc import Iterator, Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.staff.permissions import Actor
from clinic.web.typed import check_lines_can_be_seen
from protocols.models import Variant
from protocols.presentation.changed import heading_of
from protocols.publishing.queries import writers_of
from protocols.states import VariantState
from protocols.variants.changes import changes_of, moved_on
from protocols.variants.checking import check_variant, first_objection, names_of_variant


def publishing_hindrances(variant: Variant, actor: Actor) -> Iterator[str]:
    """Everything that keeps this doctor from signing this variant."""
    if variant.state != VariantState.AWAITING:
        yield _("This variant does not wait for a signature any more.")
        return
    if actor.user.pk in writers_of(variant):
        yield _("You wrote at this variant or sent it, so another doctor has to sign it. Ask a colleague.")
    yield from conflict_sentences(variant)
    if any(_is_unseen(text) for text in _texts((variant.title, variant.note, variant.origin, changes_of(variant)))):
        yield _("This variant holds a character that cannot be seen, so nobody can have read it. The clinical lead has to type it anew.")
    if objection := first_objection(check_variant(variant)):
        yield objection


def conflict_sentences(variant: Variant) -> Iterator[str]:
    """What another publication changed of the same entries since this variant was begun."""
    moved = moved_on(variant)
    if moved:
        names = names_of_variant(variant)
        what = "; ".join(heading_of(address, *([names] if names else [])) for address in moved)
        sentence = _(
            "Since this was begun another edition changed the same entries: %(what)s. The clinical lead has to look at them first."
        )
        yield sentence % {"what": what}


def _texts(value: object) -> Iterator[str]:
    """Every text of this data, names of values too: all of it may come to stand under a signature."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for item in value.items() for text in _texts(item))
    elif isinstance(value, list | tuple):
        yield from (text for item in value for text in _texts(item))


def _is_unseen(text: str) -> bool:
    try:
        check_lines_can_be_seen(text)
    except ValidationError as refused:
        return refused.code == "unseen"  # a text without letters is no harm here
    return False
