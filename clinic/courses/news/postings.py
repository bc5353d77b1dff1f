"""What is posted to patients, each inside the transaction of the act that it is about."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from clinic.courses.models import Session, SessionMove, SessionRecord
from clinic.courses.news.moments import ASKED_FOR, OF_USE_FOR, moment_at
from clinic.reminders.actions.posting import Post, post
from clinic.reminders.models import MessageRules
from clinic.reminders.states import Kind
from clinic.staff.models import Clinic

STILL_NEWS: Final = timedelta(days=2)  # who did not come is written to by then; later it is settled by other ways


def rules_at(clinic: Clinic) -> MessageRules:
    """What the clinic has set, or the defaults. One query."""
    return MessageRules.objects.filter(clinic=clinic).first() or MessageRules(clinic=clinic)


def post_next_morning(record: SessionRecord) -> None:
    """The question about pain on the morning after a session that was given; not where that morning is over already."""
    course, now = record.session.course, timezone.now()
    due_at = moment_at(course.clinic, record.given_on + timedelta(days=1), rules_at(course.clinic).next_morning_at)
    if now >= due_at + ASKED_FOR:
        return
    about = f"record:{record.pk}"
    asked = Post(Kind.NEXT_MORNING, about, max(due_at, now), due_at + ASKED_FOR, course.patient, booking=record.session.booking)
    post([asked], clinic=course.clinic)


def post_missed(session: Session, move: SessionMove) -> None:
    """A word to who did not come, after the grace in which a slip of the finger is undone; not about a day that is long past."""
    course, now = session.course, timezone.now()
    if course.clinic.today() - move.happened_on > STILL_NEWS:
        return
    due_at = now + timedelta(minutes=rules_at(course.clinic).grace_minutes)
    about = f"session:{session.pk}"
    told = Post(Kind.MISSED, about, due_at, due_at + OF_USE_FOR, course.patient, booking=move.booking, version=move.pk)
    post([told], clinic=course.clinic)
