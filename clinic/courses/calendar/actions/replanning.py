"""A day planned anew: asked for, carried out by the worker, stopped, and confirmed by a person."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Final

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.courses.calendar.actions.rehoming import Rehomed, done_before, rehome_sessions
from clinic.courses.calendar.optimising import cost_now, plan_around, present, steps_of
from clinic.courses.calendar.queries.replanning import DayAsked, day_asked
from clinic.courses.calendar.rehoming import Step
from clinic.courses.calendar.slots import move_to
from clinic.courses.models import Replanning
from clinic.schedule.permissions import check_can_manage_schedule
from clinic.schedule.proposing import Budget, replan_day
from clinic.schedule.proposing.day_values import Day, DayPlace, DayPlan, least_cost
from clinic.schedule.proposing.optimise import Progress, is_available, optimise_day
from clinic.schedule.states import BookingReason
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor

ROUNDS: Final = 2500
SECONDS: Final = 60.0  # measured: days of 17 therapists and 78 patients are proven in less
GIVEN_UP: Final = timedelta(minutes=10)
LOOKED_EVERY: Final = 0.5  # seconds from one look at the button "stop" to the next


def ask_replanning(*, day: date, now: datetime, actor: Actor) -> Replanning:
    """Writes down that this day is to be planned anew. Denied for a day without sessions that could move, and while one is under way."""
    check_can_manage_schedule(actor)
    asked = day_asked(actor.clinic, day, now=now)
    if asked is None:
        raise ActionDenied(_("On this day there is no session that could move."))
    with transaction.atomic():
        Clinic.objects.select_for_update(no_key=True).get(pk=actor.clinic.pk)  # of two who ask at one moment the second is told
        # A worker that was killed leaves its run behind; it must not stand in the way for ever.
        left = Replanning.objects.filter(clinic=actor.clinic, over_at=None, asked_at__lt=now - GIVEN_UP)
        left.update(over_at=now, state=Replanning.State.FAILED)
        if Replanning.objects.filter(clinic=actor.clinic, day=day, over_at=None).exists():
            raise ActionDenied(_("This day is being planned already."))
        begun = {str(pk): each.sequence for pk, each in asked.bookings.items()}
        return Replanning.objects.create(
            clinic=actor.clinic, day=day, begun=begun, asked_by=actor.user, cost_before=cost_now(asked.day, asked.booked)
        )


def stop_replanning(*, replanning: Replanning, actor: Actor) -> None:
    """The run ends soon, with the best that it has found. One that is over stays as it is."""
    check_can_manage_schedule(actor)
    Replanning.objects.filter(pk=replanning.pk, clinic=actor.clinic, over_at=None).update(should_stop=True)


def run_replanning(*, pk: int, now: datetime) -> None:
    """Carries a run out; for the worker. A second time it does nothing. Moves nothing."""
    if not Replanning.objects.filter(pk=pk, state=Replanning.State.WAITING).update(state=Replanning.State.RUNNING):
        return
    run, found = Replanning.objects.select_related("clinic").get(pk=pk), None
    try:
        asked = day_asked(run.clinic, run.day, now=now)
        found = None if asked is None else _planned(run, asked)
    finally:
        over = {"over_at": timezone.now(), "state": Replanning.State.FAILED}
        if found is not None:
            plan, bound = found
            places = {str(key): [place.cell, place.therapist, place.room] for key, place in plan.places.items()}
            over |= {"state": Replanning.State.DONE, "places": places, "cost": plan.cost, "bound": min(bound, plan.cost)}
        Replanning.objects.filter(pk=pk).update(**over)


def _planned(run: Replanning, asked: DayAsked) -> tuple[DayPlan, int]:
    """The plan, and what none can cost less than: proven by the extra where it is installed, else a plain lower bound."""
    should_stop = _asked_to_stop(run.pk)
    stand = present(asked.day, asked.booked)

    def own(day: Day) -> DayPlan:
        keys = {each.key for each in day.sessions}
        return replan_day(day, Budget(ROUNDS, is_over=should_stop), {key: place for key, place in stand.items() if key in keys})

    plan = plan_around(asked.day, asked.booked, own)
    if not is_available() or should_stop():
        return plan, least_cost(asked.day)
    best = optimise_day(asked.day, plan, seconds=SECONDS, should_stop=should_stop, progress=lambda each: _tell(run.pk, each))
    return (plan if best.plan.unplaced else best.plan), best.bound


def _asked_to_stop(pk: int) -> Callable[[], bool]:
    looked = [monotonic(), 0.0]

    def should_stop() -> bool:
        if not looked[1] and monotonic() - looked[0] > LOOKED_EVERY:
            looked[0] = monotonic()
            looked[1] = float(Replanning.objects.filter(pk=pk, should_stop=True).exists())
        return bool(looked[1])

    return should_stop


def _tell(pk: int, progress: Progress) -> None:
    """Called by a thread of its own, whose connection nobody else would close."""
    try:
        Replanning.objects.filter(pk=pk).update(cost=progress.cost, bound=progress.bound, seconds=round(progress.seconds))
    finally:
        connection.close()


def steps_of_run(run: Replanning, asked: DayAsked) -> tuple[Step, ...]:
    """What would move. Raises ``ActionDenied`` when the day has changed since it was asked."""
    if {str(pk): each.sequence for pk, each in asked.bookings.items()} != run.begun:
        raise ActionDenied(_("The bookings of this day have changed since. Plan the day anew."))
    places = {int(key): DayPlace(*place) for key, place in run.places.items()}
    return steps_of({each.session.booking: each.session for each in asked.booked}, places, asked.sites)


def confirm_replanning(*, replanning: Replanning, now: datetime, actor: Actor) -> str:
    """Moves the sessions as the run proposes, all or none; answers the key of the confirmation. A second time it changes nothing."""
    check_can_manage_schedule(actor)
    key, request = f"rd{replanning.pk}", {"replanning": str(replanning.pk)}
    if done_before(key=key, asked=request, actor=actor) is not None:
        return key
    asked = day_asked(replanning.clinic, replanning.day, now=now)
    if asked is None or replanning.state != Replanning.State.DONE:
        raise ActionDenied(_("The bookings of this day have changed since. Plan the day anew."))
    steps = steps_of_run(replanning, asked)
    moves = [Rehomed(move_to(asked.bookings[step.session.booking], step.slot), BookingReason.OTHER.value) for step in steps]
    calls = [each for pk, each in asked.bookings.items() if str(pk) not in replanning.places]
    rehome_sessions(key=key, asked=request, moves=moves, calls=calls, actor=actor)
    return key
