"""A rule tried on answers: one of the library that the clinic works with, or one of its variants."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from clinic.staff.permissions import every_role_allowed
from clinic.staff.requests import StaffRequest
from protocols.models import Variant
from protocols.presentation.rules import rule_page
from protocols.presentation.trials import trial_of
from protocols.rulebook.forms.cases import SaysForm
from protocols.rulebook.reading import reader_of_clinic, reader_of_variant
from protocols.rulebook.views.common import Desk
from protocols.trying import SECOND_SESSION, TryForm
from protocols.variants.queries import variant_or_404
from protocols.variants.subjects import RULES
from protocols.views.common import entry_or_404, library_page


@every_role_allowed
@require_safe
def try_rule(request: StaffRequest, code: str) -> HttpResponse:
    """The form under a rule, and what the rule says to the answers in the address."""
    variant = asked_variant(request)
    reader = reader_of_variant(variant) if variant else reader_of_clinic(request.clinic)
    if reader is None:
        return library_page(request, "rules", "rulebook/unsound", {"variant": variant, "code": code})
    rule = entry_or_404(reader.library.rules, code)
    is_tried = bool(request.GET.keys() - {"variant"})
    form = TryForm(request.GET if is_tried else None, rule=rule, reader=reader)
    is_valid = is_tried and form.is_valid()
    context = {
        "rule": rule_page(rule, reader),
        "variant": variant,
        "form": form,
        "trial": trial_of(rule, form.answers(), SECOND_SESSION, reader) if is_valid else None,
        "says": SaysForm(),
        "sent": [(name, value) for name, values in request.GET.lists() for value in values if name != "variant"],
        "may_keep": is_valid and variant is not None and variant.subject == RULES and Desk(request, variant).may_change,
    }
    return library_page(request, "rules", "rulebook/try", context, status=422 if is_tried and not is_valid else 200)


def asked_variant(request: StaffRequest) -> Variant | None:
    """The variant that the address names, of this clinic. Raises ``Http404``."""
    text = request.GET.get("variant", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > 9:
        raise Http404
    return variant_or_404(request.clinic, int(text))
