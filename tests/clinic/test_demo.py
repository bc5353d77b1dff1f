"""The demo clinic: made once through the same actions as daily work, and never let into production.

All of its patients are made by the demo itself, in test_set_up.py.
"""

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from clinic import checks
from clinic.audit.models import AuditLine
from clinic.courses import demo
from clinic.courses.demo_patients import DRAFTS
from clinic.environment import BadSetting
from clinic.staff.models import Clinic, Role, StaffRole, User

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]


def test_the_demo_has_one_clinic_and_one_person_for_each_role() -> None:
    assert demo.seed_if_empty(DRAFTS[:1])
    assert Clinic.objects.count() == 1
    assert set(StaffRole.objects.values_list("role", flat=True)) == set(Role.values)
    assert AuditLine.objects.count() >= 1 + len(Role.values)


def test_a_database_that_holds_a_clinic_is_left_alone() -> None:
    demo.seed_if_empty(DRAFTS[:1])
    assert not demo.seed_if_empty(DRAFTS[:1])
    assert User.objects.count() == len(demo.PEOPLE)


def test_the_printed_password_is_the_one_that_works_and_sessions_outlive_a_restart() -> None:
    demo.seed_if_empty(DRAFTS[:1])
    demo.set_passwords(password="first-password")
    before = User.objects.get(email=demo.address("anna")).password
    demo.set_passwords(password="first-password")
    anna = User.objects.get(email=demo.address("anna"))
    assert anna.password == before
    demo.set_passwords(password="second-password")
    anna.refresh_from_db()
    assert anna.check_password("second-password")


def test_demo_data_goes_only_into_the_demos_own_database() -> None:
    with pytest.raises(CommandError, match=r"manage\.py demo"):
        call_command("seed_demo")
    assert not Clinic.objects.exists()


@override_settings(IN_PRODUCTION=True)
def test_production_refuses_a_database_with_demo_accounts() -> None:
    checks.refuse_demo_accounts()
    demo.seed_if_empty(DRAFTS[:1])
    with pytest.raises(BadSetting, match="holds 8 demo accounts"):
        checks.refuse_demo_accounts()


def test_other_modes_do_not_mind_demo_accounts() -> None:
    demo.seed_if_empty(DRAFTS[:1])
    checks.refuse_demo_accounts()
