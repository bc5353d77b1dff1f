"""Invented days of a rehabilitation gym that is planned anew when somebody is ill: shifts, lunches, patients' other duties."""

from random import Random

from clinic.schedule.proposing.day_values import WHOLE_DAY, Day, DaySession, DayTherapist
from clinic.schedule.proposing.masks import span

OPENS, CLOSES, STEP = 96, 204, 2  # eight to five on a grid of ten minutes


def busy_day(*, operators: int, patients: int, seed: int) -> Day:
    """Each patient has one or two sessions of half an hour to an hour, three to five operators in question and a usual one."""
    dice = Random(seed)  # noqa: S311  # invented days, no secret
    people = tuple(_operator(dice, number) for number in range(1, operators + 1))
    skills = {person.therapist: set(dice.sample(range(4), dice.choice((2, 3, 4)))) for person in people}
    sessions: list[DaySession] = []
    for patient in range(1, patients + 1):
        sessions += _sessions(dice, patient, skills, len(sessions))
    return Day(people, (), tuple(sessions), STEP)


def _operator(dice: Random, number: int) -> DayTherapist:
    begins = OPENS + STEP * dice.choice((0, 0, 3, 6, 18))
    ends = min(max(OPENS + STEP * dice.choice((30, 36, 42, 48, 54)), begins + 48), CLOSES)
    lunch = OPENS + STEP * dice.choice((24, 27, 30))
    return DayTherapist(number, 1, span(begins, ends) & ~span(lunch, lunch + 6))


def _sessions(dice: Random, patient: int, skills: dict[int, set[int]], number: int) -> list[DaySession]:
    needed = dice.randrange(4)
    able = [each for each, has in skills.items() if needed in has] or [1]
    usual = dice.choice(able)
    chosen = set(dice.sample(able, min(len(able), dice.choice((3, 4, 5))))) | {usual}
    free = WHOLE_DAY
    for _ in range(dice.choice((0, 1, 1, 2))):
        away = OPENS + STEP * dice.randrange(48)
        free &= ~span(away, away + STEP * dice.choice((3, 6, 9)))
    return [
        DaySession(
            key=number + nth,
            patient=patient,
            cells=STEP * dice.choice((3, 3, 4, 6)),
            therapists=tuple(sorted(chosen)),
            wished=OPENS + STEP * dice.choice((dice.randrange(24), dice.randrange(27, 48))),
            usual=usual,
            free=free,
        )
        for nth in range(1 if dice.random() < 0.55 else 2)
    ]
