"""No question of views, queries and actions starts at the whole table of something that belongs to a clinic (F24)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings

from tests.trust.scope_lint import findings, owned_models

# What no page calls: proofs, measurements, the demo, commands, the whole installation (backups, health, clocks).
ASIDE: Final = (
    "migrations/",
    "management/",
    "proving",
    "demo",
    "/life/",
    "/faults/",
    "/bench/",
    "/benchmark/",
    "/pictures/",
    "contest",
    "/backups/",
    "/health/",
    "tasks.py",
)
CHAIN = "the chain is one for the whole installation: whoever may read of it is asked before"
ROWS = "of rows that were asked for with their clinic, by their own numbers, or made just now"
NARROWED = "a part of a question that whoever calls narrows to a clinic or a record"
WORK = "work of the clock, for all clinics in turn; no person asks"
SECRET = "whoever holds the seal of the link is the owner"
CARE = "the sources of the relation of care are read for one patient or clinic (patients.care.queries)"
JUSTIFIED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("clinic/audit/actions.py", "clinic/audit/verifying.py", "clinic/audit/append_only.py"), CHAIN),
    **dict.fromkeys(("clinic/signing/heads.py", "clinic/signing/orders.py", "clinic/signing/verifying.py"), CHAIN),
    "clinic/audit/queries/story.py:shown": ROWS,
    "clinic/courses/actions/consenting.py:withdraw_consent": ROWS,
    "clinic/courses/actions/moving.py:_course_row": ROWS,
    "clinic/courses/actions/moving.py:_patient_row": ROWS,
    "clinic/courses/actions/reviewing.py:_given": ROWS,
    "clinic/courses/again/queries/basis.py:basis_of": ROWS,
    "clinic/courses/calendar/actions/replanning.py": "the number of a task of this clinic's own work, given to the worker",
    "clinic/courses/calendar/queries/days.py:_between": "of one therapist or room, and of the clinic by an expression",
    "clinic/courses/calendar/queries/sessions.py:lost_lately": NARROWED,
    "clinic/courses/caring.py": CARE,
    "clinic/courses/day/actions/playing.py:keep_events": ROWS,
    "clinic/courses/day/queries/playing.py:_starts": NARROWED,
    "clinic/courses/inbox.py:_courses": ROWS,
    "clinic/courses/news/telling_staff.py:tell_what_waits": WORK,
    "clinic/courses/outcomes/queries/measures.py:_in_force": NARROWED,
    "clinic/courses/studio/ground.py:_ground": ROWS,
    "clinic/exchange/fhir/stories.py:referrals_behind": ROWS,
    "clinic/keeping/erasure/queries.py:overdue_page": ROWS,
    "clinic/reminders/actions/answering.py:_as_asked": SECRET,
    "clinic/reminders/actions/claiming.py:_read": WORK,
    "clinic/reminders/actions/rerouting.py": WORK,
    "clinic/reminders/actions/telling.py:keep_told": ROWS,
    "clinic/reminders/channels/mailbox.py:send_all": WORK,
    "clinic/reminders/links.py": SECRET,
    "clinic/reminders/queries/answers.py:standing_words": NARROWED,
    "clinic/reminders/queries/channels.py:_agreed": ROWS,
    "clinic/reminders/queries/due_messages.py:due_messages": WORK,
    "clinic/reminders/queries/health.py:_by_clinic": WORK,
    "clinic/reminders/queries/houses.py": ROWS,
    "clinic/staff/backends.py:_person": "the person of this very session",
    "clinic/staff/sessions.py:_session": SECRET,
    "clinic/reminders/reminding.py:_bookings_of": WORK,
    "clinic/schedule/actions/checking.py": ROWS,
    "clinic/schedule/actions/expiring.py:_end": WORK,
    "clinic/schedule/actions/placing.py": ROWS,
    "clinic/schedule/actions/taken.py:_in_the_way": "who or what is taken is taken wherever it was booked; only that is said",
    "clinic/schedule/caring.py:_booked": CARE,
    "clinic/signing/queries.py:signatures_of": NARROWED,
    "clinic/staff/ending_sessions.py:_end": ROWS,
    "clinic/staff/starting.py:check_is_first": "whoever runs the installation asks by command whether it has a clinic at all",
    "patients/actions/files.py": "the name of a file in the one folder of all clinics",
    "patients/actions/merges.py": ROWS,
    "patients/care/guard.py:to_the_kept_record": "only the number to which the address leads, before the same guard is asked about it",
    "patients/care/queries/members.py:_rows": ROWS,
    "patients/care/sources.py": CARE,
    "patients/due.py:_was_told_later": NARROWED,
    "patients/queries/answers.py:answered_since": NARROWED,
    "patients/trigrams.py": "constants of the file itself; it is kept for the whole installation, and its finds are narrowed to a clinic",
    "patients/queries/referrals.py:address_of_subject": "of a signature that was asked for with its clinic",
    "patients/queries/second_records.py:_merges": NARROWED,
}
CONTROLS = (
    "def page(request, pk): return get_object_or_404(Patient, pk=pk)",
    "def every(): return Course.objects.all()",
    "def one(pk): return Booking.objects.get(pk=pk)",
    "def around(): return Patient._base_manager.filter(clinic=1)",
    "def put_together(cursor, word): cursor.execute(f'SELECT {word}')",
    "def also(rows, word): rows.extra('a' + word)",
)


def test_every_question_starts_at_an_owner_or_says_why_not() -> None:
    root, owned = Path(settings.BASE_DIR), owned_models()
    sources = [str(path.relative_to(root)) for app in ("clinic", "patients", "protocols") for path in sorted((root / app).rglob("*.py"))]
    found = {
        each.place: each
        for source in sources
        if not any(part in source for part in ASIDE)
        for each in findings((root / source).read_text(), source, owned)
    }
    open_ones = [each for place, each in found.items() if not {place, place.partition(":")[0]} & JUSTIFIED.keys()]
    assert not open_ones, "\n".join(f"{each.place} line {each.line}: {each.what}" for each in open_ones)
    used = {part for place in found for part in (place, place.partition(":")[0])}
    assert not JUSTIFIED.keys() - used, "These reasons are needed no more."


@pytest.mark.parametrize("source", CONTROLS)
def test_a_question_without_an_owner_is_found(source: str) -> None:
    assert list(findings(source, "bad.py", owned_models()))


def test_a_question_that_starts_at_its_clinic_is_no_finding() -> None:
    good = "def of(clinic, pk): return get_object_or_404(Patient.objects.select_related('clinic'), clinic=clinic, pk=pk)"
    assert list(findings(good, "good.py", owned_models())) == []
