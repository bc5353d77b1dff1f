"""The only ways into the audit tables, and the check that nobody found another."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from clinic.audit.chain import BrokenLine, checked_details, digest_of, first_broken
from clinic.audit.emptied import emptied_lines
from clinic.audit.erasing import is_open
from clinic.audit.models import SEALED_LOOKS, AuditLine, ChainHead, Look, ReadLine
from clinic.audit.sealing import Run, Seal, gaps_in
from clinic.audit.verifying import first_broken_seal
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from clinic.staff.recording import Refusal
from clinic.web.prepared import Prepared

# A look is sealed when it is this old: by then those with lower numbers have nearly always turned up too.
SETTLED: Final = timedelta(seconds=10)
# How long before the last seal a gap is still looked into. A request ends within a minute; whatever fills an older gap was put there.
WAITED_FOR: Final = timedelta(hours=1)
MOST_IN_A_SEAL: Final = 5000
GAPS_AT_ONCE: Final = 100
LINES_AT_ONCE: Final = 500
# Which kind of record the number after this word of an address names.
NAMED_BY: Final[Mapping[str, str]] = {"patients": "patients.patient", "courses": "courses.course", "signatures": "signing.signature"}


# Whatever is asked about every change that somebody makes, from apps above this one; each may refuse it.
Guard = Callable[[str, models.Model], object]
_guards: Final[list[Guard]] = []


def guard_changes_with(guard: Guard) -> None:
    """From now on no change by a person is recorded, and so none is made, that this refuses. Called once, when an app is ready."""
    if guard not in _guards:
        _guards.append(guard)


def record(*, actor: Actor | None, verb: str, subject: models.Model, details: dict[str, Any], clinic: Clinic | None = None) -> AuditLine:
    """Adds one line to the chain, inside the caller's transaction: both are kept or neither is.

    Call it last in the transaction, because the head of the chain stays locked until the end. ``details`` may hold
    text, whole numbers, booleans, lists and mappings of them (``TypeError`` otherwise). ``actor`` is ``None`` only for the
    installation itself (commands), which then names the clinic if there is one.
    Raises ``TransactionManagementError`` outside a transaction.
    """
    transaction.get_connection().validate_no_broken_transaction()
    for guard in _guards if actor else ():
        guard(verb, subject)
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an audit line belongs into the transaction of the change it records")
    head = _locked_head()
    line = _next_line(head, actor, verb, subject, details)
    if actor is None and clinic is not None:
        line.clinic = clinic
        line.digest = digest_of(line)
    line.save(force_insert=True)
    head.sequence, head.digest = line.sequence, line.digest
    head.save()
    return line


def record_new(*, actor: Actor, verb: str, lines: Iterable[tuple[models.Model, dict[str, Any]]]) -> int:
    """Adds one line for each of these records with their details, all in one write; says how many. The same promises as ``record``.

    Only for records that were made in this very transaction: nothing that guards records can know of them yet, so no guard is asked.
    """
    transaction.get_connection().validate_no_broken_transaction()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an audit line belongs into the transaction of the change it records")
    head, made = _locked_head(), list[AuditLine]()
    for subject, details in lines:
        made.append(_next_line(head, actor, verb, subject, details))
        head.sequence, head.digest = made[-1].sequence, made[-1].digest
    AuditLine.objects.bulk_create(made, batch_size=LINES_AT_ONCE)
    head.save()
    return len(made)


def _next_line(head: ChainHead, actor: Actor | None, verb: str, subject: models.Model, details: dict[str, Any]) -> AuditLine:
    """The line after the head of the chain, with its digest."""
    line = AuditLine(
        sequence=head.sequence + 1,
        at=timezone.now(),
        clinic=actor.clinic if actor else None,
        user=actor.user if actor else None,
        roles=_written(actor.roles) if actor else "",
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        details=checked_details(details),
        previous_digest=head.digest,
    )
    line.digest = digest_of(line)
    return line


def _locked_head() -> ChainHead:
    found: ChainHead | None = _HEAD.first()
    return found or ChainHead.objects.select_for_update().get_or_create(pk=1)[0]


def _head(_kind: str) -> models.QuerySet[ChainHead]:
    return ChainHead.objects.select_for_update().filter(pk=1)


_HEAD: Final = Prepared(_head)


# Looks ----------------------------------------------------------------------------------------------------------------------
def read_seen(*, actor: Actor, patient: models.Model, kind: str = Look.LOOKED, page: str = "") -> ReadLine:
    """Notes that the actor looked at this record about a patient, printed or exported it. Never waits for the chain.

    ``page`` is the name of the address; without it, the one that the actor asked for.
    """
    return _look(actor, subject=(patient._meta.label_lower, str(patient.pk)), kind=kind, page=page or actor.page)


def search_seen(*, actor: Actor, found: Iterable[models.Model | int]) -> ReadLine:
    """Notes whose names a search showed: the records, or their numbers.

    What was typed is not kept: it may be a name of somebody who is no patient at all.
    """
    numbers = [each if isinstance(each, int) else each.pk for each in found]
    return _look(actor, kind=Look.SEARCHED, page=actor.page, details={"found": numbers})


def note_refused(refusal: Refusal) -> ReadLine:
    """Notes an attempt that was refused. The record is the one that the address names, whether or not there is one."""
    with transaction.atomic():  # a failure here must not break a transaction around it
        return _look(
            refusal.actor,
            subject=_named(refusal),
            kind=Look.REFUSED,
            page=refusal.actor.page,
            details={"status": refusal.status, "ids": {name: str(number)[:40] for name, number in refusal.ids.items()}},
        )


def _named(refusal: Refusal) -> tuple[str, str]:
    word, _slash, rest = refusal.route.partition("/")
    if word in NAMED_BY and rest.startswith("<int:pk>/") and "pk" in refusal.ids:
        return NAMED_BY[word], str(refusal.ids["pk"])[:40]
    return "", ""


def _look(actor: Actor, *, kind: str, page: str, subject: tuple[str, str] = ("", ""), details: dict[str, Any] | None = None) -> ReadLine:
    return ReadLine.objects.create(
        clinic=actor.clinic,
        user=actor.user,
        roles=_written(actor.roles),
        subject_type=subject[0],
        subject_id=subject[1],
        kind=kind,
        page=page[:80],
        details=checked_details(details or {}),
    )


# The seal -------------------------------------------------------------------------------------------------------------------
def seal_looks() -> int:
    """Seals looks that no seal covers yet into the chain, in the order of their numbers; says how many. Safe to run twice or at once.

    The head of the chain is locked first, so that of two workers the second sees what the first has sealed. At most
    ``MOST_IN_A_SEAL`` looks and those of old gaps go into one seal: call it until it answers 0.
    """
    with transaction.atomic():
        _locked_head()
        floor, seals = recent_seals()
        through = seals[-1].through if seals else 0
        looks = [*_late(floor, seals, through), *_settled().filter(pk__gt=through).order_by("pk")[:MOST_IN_A_SEAL]]
        if looks:
            record(actor=None, verb=SEALED_LOOKS, subject=looks[-1], details=Seal.over(looks, through=through).details())
    return len(looks)


def recent_seals() -> tuple[int, Sequence[Seal]]:
    """The number up to which no look is waited for any more, and the seals made since, the oldest first."""
    lines = AuditLine.objects.filter(verb=SEALED_LOOKS).order_by("-sequence")
    newest = lines.first()
    if newest is None:
        return 0, ()
    before = lines.filter(at__lt=newest.at - WAITED_FOR).first()
    since = lines.filter(sequence__gt=before.sequence) if before else lines
    floor = Seal.from_details(before.details).through if before else 0
    return floor, [Seal.from_details(line.details) for line in reversed(since)]


def _settled() -> models.QuerySet[ReadLine]:
    return ReadLine.objects.filter(at__lte=timezone.now() - SETTLED)


def _late(floor: int, seals: Iterable[Seal], through: int) -> Iterator[ReadLine]:
    """Looks whose number is lower than one that is sealed, which were not there yet when it was."""
    gaps = list(gaps_in((run for seal in seals for run in seal.runs), above=floor, through=through))
    for start in range(0, len(gaps), GAPS_AT_ONCE):
        yield from _settled().filter(_within(gaps[start : start + GAPS_AT_ONCE])).order_by("pk")


def _within(runs: Iterable[Run]) -> Q:
    found = Q(pk__in=())
    for first, last in runs:
        found |= Q(pk__range=(first, last))
    return found


# The check ------------------------------------------------------------------------------------------------------------------
def verify_chain() -> BrokenLine | None:
    """Checks every line against its digest and its neighbour, the last one against the head, and every sealed look against its seal.

    A line without its details holds only where a signed order to erase names it. ``None`` when all holds.
    """
    with _one_moment():
        broken, sequence, digest = first_broken(AuditLine.objects.order_by("sequence").iterator(), emptied_lines())
        head = ChainHead.objects.filter(pk=1).first() or ChainHead(pk=1)
        if broken is not None:
            return broken
        if (head.sequence, head.digest) != (sequence, digest):
            return BrokenLine(sequence + 1, f"lines after {sequence} were cut off, or the head of the chain was changed")
        if is_open():
            return BrokenLine(sequence + 1, "the guard of the append-only tables was left open")
        return first_broken_seal(floor=recent_seals()[0])


@contextmanager
def _one_moment() -> Iterator[None]:
    """Every query in between sees the tables as they are now, although others go on writing."""
    begins = not connection.in_atomic_block
    with transaction.atomic():
        if begins and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _written(roles: frozenset[str]) -> str:
    return ",".join(sorted(roles))
