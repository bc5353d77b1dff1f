"""Who may open a session that is given, tell what happens in it, and take it over."""

from collections.abc import Callable

from clinic.staff.models import Clinic, Role
from tests.clinic.day.starting import a_start
from tests.factories import a_patient, an_actor
from tests.trust.rows import Row, Thing

TREAT = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)


def a_played_session(clinic: Clinic) -> Thing:
    """A session that is given to somebody whose name occurs nowhere else."""
    patient = a_patient(clinic=clinic, family_name="Canarova", given_name="Namecanary")
    return Thing({"pk": a_start(actor=an_actor(clinic=clinic), patient=patient).pk}, ("Canarova", "Namecanary"))


PLAYER_THINGS: dict[str, Callable[[Clinic], Thing]] = {"played-session": a_played_session}
PLAYER_ROWS: dict[str, Row] = {
    "day:player": Row(TREAT, thing="played-session", seen=True),
    "day:events": Row(TREAT, {"POST": 303}, thing="played-session"),
    "day:take-over": Row(TREAT, {"POST": 303}, thing="played-session"),
}
