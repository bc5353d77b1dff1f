"""What the pages of one variant of the rules share: the variant, its entries, its checks in short, and a change that may be refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.staff.permissions import ActionDenied
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other_address
from protocols.models import Variant
from protocols.presentation.reader import LibraryReader
from protocols.rulebook.changing import NotStricter
from protocols.rulebook.reading import Drawer, drawer_of, reader_of_clinic, reader_of_variant
from protocols.rulebook.writing import keep
from protocols.states import VariantState
from protocols.variants.checking import VariantCheck, check_variant
from protocols.variants.permissions import can_change_library
from protocols.variants.queries import variant_or_404
from protocols.views.common import library_page


@dataclass(frozen=True, eq=False)
class Desk:
    """One variant on the desk of one person."""

    request: StaffRequest
    variant: Variant

    @cached_property
    def drawer(self) -> Drawer:
        """Its entries beside those it is measured by."""
        return drawer_of(self.variant)

    @cached_property
    def reader(self) -> LibraryReader:
        """Its library in words; where it is not sound yet, that of the clinic."""
        return reader_of_variant(self.variant) or reader_of_clinic(self.request.clinic)

    @property
    def may_change(self) -> bool:
        """Whether this person may change it now."""
        return self.variant.state == VariantState.DRAFT and can_change_library(self.request.actor)

    @cached_property
    def check(self) -> VariantCheck | None:
        """What is wrong with it. All its cases take seconds to try, so only who asks for it waits."""
        return check_variant(self.variant) if "check" in self.request.GET else None

    def page(self, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
        """A page of the variant under the head of the library."""
        shared = {"variant": self.variant, "may_change": self.may_change, "check": self.check, "red": red_cases(self)}
        return library_page(self.request, "rules", f"rulebook/{template}", shared | dict(context), status=status)

    def kept(self, make: Callable[[], Mapping[str, Any]], *, said: str, then: str) -> HttpResponse | None:
        """Keeps what ``make`` gives and leads to ``then``; None with a message where that is refused.

        A form that was made of an older version is refused by the action, so that nobody's change is overwritten unseen.
        """
        text = self.request.POST.get("version", "")
        version = int(text) if text.isdecimal() and len(text) < 9 else 0
        try:
            keep(self.variant, make(), said=said, version=version, actor=self.request.actor)
        except ActionDenied as refused:
            messages.error(self.request, refused.sentence)
            return None
        except NotStricter as refused:
            messages.error(self.request, str(refused))
            return None
        except LookupError:
            messages.error(self.request, _("What was to be changed is not there any more."))
            return None
        messages.success(self.request, _("The change is kept in the draft."))
        return see_other_address(then)


def red_cases(desk: Desk) -> list[tuple[str, str]]:
    """(what it says, where it is mended) of each case that is not as expected: those of a rule on its page here, others on the bench."""
    found = []
    for case in desk.check.red if desk.check else ():
        _part, _colon, row = case.address.partition(":rule/")
        url = reverse("rulebook:rule", args=[desk.variant.pk, row]) if row else None
        found.append((case.says, url or reverse("testbench:case", args=[desk.variant.pk, case.condition, case.code])))
    return found


def desk_or_404(request: StaffRequest, pk: int, subject: str) -> Desk:
    """The variant of this subject with this number at the person's clinic. Raises ``Http404``."""
    variant = variant_or_404(request.clinic, pk)
    if variant.subject != subject:
        raise Http404
    return Desk(request, variant)
