"""What an erasure removes. Nobody may be asked here any more: every action that calls this has asked. Inside its transaction only."""

import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from django.db import models, transaction
from django.db.models import F, QuerySet

from clinic.audit.erasing import erasing
from clinic.keeping.erasure.queries import letters_about, lines_about, signatures_about
from clinic.keeping.holdings import Goes, holding, in_order_of_removal
from clinic.keeping.models import Erasure
from clinic.reminders.models import Message
from clinic.reminders.states import DropReason, MessageState
from clinic.signing.actions import carry_out_order
from clinic.signing.content import Content, Section
from clinic.signing.models import Signature
from clinic.signing.orders import KIND
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from patients.actions.people import LONGEST_GIVEN
from patients.models import Attachment, Patient
from patients.stored_files import remove

STONE: Final = "Erased record"
WORDS_REMOVED: Final = "…"  # a database rule wants words of why
NOBODY: Final[dict[str, Any]] = {
    "family_name": STONE, "given_name": "", "middle_name": "", "born_on": date(1900, 1, 1), "sex": "female", "phone": "", "likes": "",
    "email": "", "language": "en", "guardian_name": "", "guardian_phone": "", "notes": "", "died_on": None, "search_key": "",
}  # fmt: skip
NO_CONTACTS: Final = {"phone": "", "email": "", "guardian_phone": "", "likes": "", "search_key": ""}
NO_WORDS: Final[dict[str, Any]] = {"sent_to": "", "fields": {}, "subject": "", "body": "", "last_error": ""}


def restrict(people: Sequence[Patient], on: date) -> dict[str, int]:
    """Removes at once what no duty keeps, and marks the record; answers how many rows went, by table."""
    removed = {"reminders.mailboxletter": letters_about(people, people[0].clinic).delete()[0]}
    with erasing():
        for each in in_order_of_removal():
            if each.goes == Goes.AT_ONCE:
                removed[each.label] = _delete(each.rows_at_once(people))
    _silence(people)
    _mark(people, restricted_on=on, **NO_CONTACTS)
    return {label: count for label, count in removed.items() if count}


def erase(people: Sequence[Patient], on: date, *, erasure: Erasure, method: str, actor: Actor) -> tuple[dict[str, int], Signature]:
    """Removes everything about these people, one patient with merged records, by a signed order; answers how many rows went, by table.

    What the chains of signatures and of the audit need stays without its content. Uploaded files go when the transaction is kept.
    """
    clinic = people[0].clinic
    entries, lines = signatures_about(people, clinic), lines_about(people, clinic)
    files = list(Attachment.objects.filter(patient__in=people).values_list("stored_as", flat=True))
    removed = {"reminders.mailboxletter": letters_about(people, clinic).delete()[0]}
    with erasing():
        for each in in_order_of_removal():
            removed[each.label] = _delete(each.rows(people))
        content = _content_of(erasure, people)
        order = carry_out_order(content=content, entries=entries, lines=lines, method=method, actor=actor)
    _mark(people, restricted_on=on, erased_on=on, **NOBODY)
    _go_on_after_the_cards_of(people, clinic)
    for person in people:
        Patient.objects.filter(pk=person.pk).update(card_number=f"erased-{person.pk}")
    Erasure.objects.filter(patient__in=people).update(words=WORDS_REMOVED)
    Erasure.objects.filter(patient__in=people).exclude(answer="").update(answer=WORDS_REMOVED)
    for name in files:
        transaction.on_commit(partial(remove, name), robust=True)
    kept = {"signing.signature": len(entries), "audit.auditline": len(lines)}
    return {label: count for label, count in {**removed, **kept}.items() if count}, order


def _go_on_after_the_cards_of(people: Sequence[Patient], clinic: Clinic) -> None:
    """The number itself is forgotten; only that the count of new cards is past it stays."""
    plain = (int(each.card_number) for each in people if re.fullmatch(rf"[0-9]{{1,{LONGEST_GIVEN}}}", each.card_number))
    highest = max(plain, default=0)
    Clinic.objects.filter(pk=clinic.pk, erased_up_to_card__lt=highest).update(erased_up_to_card=highest)


def _content_of(erasure: Erasure, people: Sequence[Patient]) -> Content:
    """What is ordered: numbers only, so that the order itself tells nothing about the patient."""
    body = {"erasure": erasure.pk, "patients": [person.pk for person in people]}
    words = Section("Order to erase", (f"Everything about patient {people[0].pk} is removed (erasure {erasure.pk}).",))
    return Content(KIND, f"{Erasure._meta.label_lower}:{erasure.pk}", 1, body, (words,))


def _silence(people: Sequence[Patient]) -> None:
    """Messages keep that they were sent, and nothing of what they said or where they went. Those that wait are not needed any more."""
    theirs = holding(Message._meta.label_lower).rows(people)
    waiting = theirs.filter(state=MessageState.WAITING)
    waiting.update(state=MessageState.DROPPED, drop_reason=DropReason.NO_CONSENT, next_at=None, claim="")
    failed = theirs.filter(state=MessageState.FAILED)
    failed.update(state=MessageState.DROPPED, drop_reason=DropReason.OVER)
    theirs.update(**NO_WORDS)


def _mark(people: Sequence[Patient], **values: Any) -> None:
    """Past ``save``, which would make the keys of the names anew."""
    Patient.objects.filter(pk__in=[person.pk for person in people]).update(version=F("version") + 1, **values)


def _delete(rows: QuerySet[models.Model]) -> int:
    # PROTECT holds for everybody else: rows go here with all that points to them, in their order, and the database checks at the end.
    return rows.order_by()._raw_delete(rows.db)  # noqa: SLF001
