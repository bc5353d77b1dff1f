"""Closures hit what is booked on their days, and a place that is still booked stays in use."""

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from clinic.audit.models import AuditLine
from clinic.schedule.actions.closures import Closing, add_closure, withdraw_closure
from clinic.schedule.actions.resources import (
    NameTaken,
    StillBooked,
    add_device,
    add_room,
    add_site,
    change_device,
    change_site,
    rename_room,
    set_in_use,
)
from clinic.schedule.actions.rules import Norm, set_norms, set_rules
from clinic.schedule.actions.wishes import Wished, set_wishes
from clinic.schedule.models import AreaNorm, Booking, Closure
from clinic.schedule.queries import bookings_hit_by_closure, figures_of, rules_of, wishes_of
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor
from tests.factories import a_patient
from tests.schedule_factories import a_booking, a_room, a_site, a_workday


def test_a_closure_hits_its_days_and_its_site(clinic: Clinic, clinic_admin: Actor) -> None:
    day, here, there = a_workday(clinic=clinic), a_room(site=a_site(clinic=clinic)), a_room(site=a_site(clinic=clinic))
    first, second = a_booking(room=here, day=day), a_booking(room=there, day=day)
    a_booking(room=here, day=day + timedelta(days=7))
    whole = add_closure(closing=Closing(day, day, "Works"), actor=clinic_admin)
    one = add_closure(closing=Closing(day, day, "Works", site=there.site), actor=clinic_admin)
    opened = add_closure(closing=Closing(day, day, "Holiday", is_open=True), actor=clinic_admin)
    hit = [list(bookings_hit_by_closure(each)) for each in (whole, one, opened)]
    assert hit == [[first, second], [second], []]
    for _twice in range(2):
        withdraw_closure(closure=whole, actor=clinic_admin)
    assert not bookings_hit_by_closure(Closure.objects.get(pk=whole.pk)).exists()
    assert AuditLine.objects.filter(verb="withdrew-closure").count() == 1


@pytest.mark.parametrize("wrong", [{"name": " "}, {"last": -1}, {"theirs": True}])
def test_a_closure_that_makes_no_sense_is_refused(clinic: Clinic, other_clinic: Clinic, clinic_admin: Actor, wrong: dict[str, Any]) -> None:
    day = clinic.today()
    site = a_site(clinic=other_clinic) if "theirs" in wrong else None
    with pytest.raises(ActionDenied):
        add_closure(closing=Closing(day, day + timedelta(days=wrong.get("last", 0)), wrong.get("name", "Works"), site), actor=clinic_admin)


def test_a_place_that_is_still_booked_stays_in_use_and_the_refusal_names_the_sessions(clinic: Clinic, clinic_admin: Actor) -> None:
    site = add_site(name="Linden", address="", actor=clinic_admin)
    room = add_room(site=site, name="Oak", actor=clinic_admin)
    device = add_device(site=site, room=room, name="Vibration", actor=clinic_admin)
    bookings = [a_booking(room=room, device=device, day=a_workday(clinic=clinic), clock=time(hour)) for hour in (9, 10, 11, 12)]
    for place in (site, room, device):
        with pytest.raises(StillBooked) as refused:
            set_in_use(place=place, in_use=False, actor=clinic_admin)
        assert list(refused.value.bookings) == bookings
        assert "4 sessions to come" in refused.value.sentence
        assert f"09:00 ({bookings[0].therapist.full_name})" in refused.value.sentence
    Booking.objects.update(starts_at="2020-01-01T10:00Z", ends_at="2020-01-01T10:30Z", free_at="2020-01-01T10:30Z", is_taken=False,
                           state="released", released_at="2020-01-01T09:00Z", release_reason="other")  # fmt: skip
    for in_use in (False, False, True):
        set_in_use(place=room, in_use=in_use, actor=clinic_admin)
        assert room.is_active is in_use
    assert AuditLine.objects.filter(verb__startswith="took-place").count() == 2


def test_names_are_used_once_and_places_of_others_are_left_alone(clinic: Clinic, clinic_admin: Actor, stranger: Actor) -> None:
    site, other = (add_site(name=name, address="", actor=clinic_admin) for name in ("Linden", "Beech"))
    room, away = add_room(site=site, name="Oak", actor=clinic_admin), add_room(site=other, name="Oak", actor=clinic_admin)
    device = add_device(site=site, room=None, name="Vibration", actor=clinic_admin)
    rename_room(room=room, name=" Elm ", actor=clinic_admin)
    change_device(device=device, room=room, name="Vibration", actor=clinic_admin)
    assert (room.name, device.room) == ("Elm", room)
    with pytest.raises(NameTaken):
        change_site(site=other, name="Linden", address="", actor=clinic_admin)
    with pytest.raises(ActionDenied, match="another site"):
        change_device(device=device, room=away, name="Vibration", actor=clinic_admin)
    with pytest.raises(ActionDenied):
        rename_room(room=room, name="Mine", actor=stranger)


def test_the_clinic_s_own_figures_take_the_place_of_the_library_s_and_give_way_again(clinic: Clinic, clinic_admin: Actor) -> None:
    set_rules(values={"turnover_minutes": 7, "grid_minutes": 10}, actor=clinic_admin)
    set_norms(norms=[Norm("collar", Decimal("2.5"), None), Norm("neck", None, 12), Norm("face", None, None)], actor=clinic_admin)
    rules = rules_of(clinic)
    found = [figures_of(rules, area, units) for area, units in [("collar", 1.5), ("neck", 1.0), ("", 1.0)]]
    assert (rules.grid_minutes, *((each.units, each.turnover_minutes) for each in found)) == (10, (2.5, 7), (1.0, 12), (1.0, 7))
    set_norms(norms=[Norm("collar", None, None)], actor=clinic_admin)
    assert list(AreaNorm.objects.values_list("area", flat=True)) == ["neck"]
    with pytest.raises(ActionDenied):
        set_norms(norms=[Norm("tail", Decimal(1), None)], actor=clinic_admin)
    with pytest.raises(ValidationError):
        set_rules(values={"grid_minutes": 7}, actor=clinic_admin)


def test_what_a_patient_wishes_is_what_was_said_last(clinic: Clinic, therapist: Actor, stranger: Actor, auditor: Actor) -> None:
    patient = a_patient(clinic=clinic)
    assert wishes_of(patient) is None
    set_wishes(patient=patient, wished=Wished((3, 1, 3), earliest=time(9)), actor=therapist)
    set_wishes(patient=patient, wished=Wished((4,), therapist=therapist.user, therapist_sex="female"), actor=therapist)
    said = wishes_of(patient)
    assert said
    assert (said.weekdays, said.earliest, said.therapist, said.therapist_sex) == ([4], None, therapist.user, "female")
    for wished, actor in ((Wished(), stranger), (Wished(), auditor), (Wished(earliest=time(9), latest=time(9)), therapist)):
        with pytest.raises(ActionDenied):
            set_wishes(patient=patient, wished=wished, actor=actor)
