"""Who may register and who may ask about health: one table, with the sentence that everybody else reads."""

from collections.abc import Callable

import pytest

from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor
from patients.permissions import can_register, can_take_intake, check_can_register, check_can_take_intake
from tests.factories import an_actor

REGISTER = "Only a therapist, an administrator, a doctor or the clinical lead may register patients."
INTAKE = "Only a therapist, a doctor or the clinical lead may fill in an intake form."
TABLE = [
    (Role.THERAPIST, True, True),
    (Role.ADMIN, True, False),
    (Role.DOCTOR, True, True),
    (Role.CLINICAL_LEAD, True, True),
    (Role.AUDITOR, False, False),
]


def sentence_of(check: Callable[[Actor | None], None], actor: Actor | None) -> str:
    """What the check says, or "" when it lets the actor pass."""
    try:
        check(actor)
    except ActionDenied as denied:
        return denied.sentence
    return ""


def test_the_table_names_every_role() -> None:
    assert [role for role, *_rest in TABLE] == list(Role)


@pytest.mark.same_everywhere  # who may; what they may is done in each database by the tests around
@pytest.mark.django_db
@pytest.mark.parametrize(("role", "registers", "asks"), TABLE)
def test_a_role_may_do_exactly_what_the_table_says(role: Role, registers: bool, asks: bool) -> None:
    actor = an_actor(roles=(role,))
    assert (can_register(actor), can_take_intake(actor)) == (registers, asks)
    assert sentence_of(check_can_register, actor) == ("" if registers else REGISTER)
    assert sentence_of(check_can_take_intake, actor) == ("" if asks else INTAKE)


def test_nobody_may_do_nothing() -> None:
    assert not can_register(None)
    assert not can_take_intake(None)
    assert sentence_of(check_can_register, None) == REGISTER
    assert sentence_of(check_can_take_intake, None) == INTAKE
