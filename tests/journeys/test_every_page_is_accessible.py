"""Every page, in light and dark, at the three widths where the layout differs: nothing for axe, nothing beyond the edge."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings

from clinic.courses.demo_days import plan, start_intake
from clinic.courses.demo_entries import DemoCourse
from clinic.courses.outcomes.actions.measures import Measured, keep_measures
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from tests.factories import a_document, a_member, a_referral, a_running_course, an_actor
from tests.journeys.desk import Desk
from tests.journeys.looks import ENDS, LOOKS, Colours, faults_in, faults_of, turn, unfold
from tests.journeys.patients import a_known_patient
from tests.papers import a_paper_referral, a_written_referral
from tests.schedule_factories import a_site, hours_of

EVERYTHING = (Role.ADMIN, Role.CLINICAL_LEAD)
LIBRARY = (
    "/library/", "/library/?q=neck", "/library/conditions/", "/library/conditions/osteochondrosis-lumbar/", "/library/rules/",
    "/library/rules/bl-03/", "/library/techniques/", "/library/techniques/percussion-cupping/", "/library/zones/gluteal/",
    "/library/supplements/", "/library/documents/", "/library/sources/m-27/", "/library/review/", "/library/review/rule/em-01/",
)  # fmt: skip


@pytest.fixture
def pages(anna: Actor) -> dict[str, list[str]]:
    """The address of every page, with something to show on each: those with a layout of their own, forms, and others."""
    a_member(clinic=anna.clinic, roles=EVERYTHING, user=anna.user)
    known = a_known_patient(actor=anna, age=66, has={"medicine.anticoagulant": True, "history.varicose-zones": ["calf"]})
    new = a_known_patient(actor=anna, age=10)
    start_intake(new, has={"history.stroke-weeks": 3, "history.hernia": True}, on=new.clinic.today(), actor=anna)
    on = known.clinic.today()
    course = plan(known, DemoCourse("osteochondrosis-lumbar", "remission", 10), on=on, actor=anna)
    refused = plan(known, DemoCourse("constipation", "alarm", 1), on=on, actor=anna)
    child = plan(new, DemoCourse("neck-collar", "calming", 6), on=on, actor=anna)
    running = a_running_course(actor=anna, given=2)
    for later, fatigue in ((2, 7), (0, 4)):
        said, day = [Measured("fatigue", Decimal(fatigue)), Measured("cervical-range", Decimal(90 + later))], running.planned_on
        keep_measures(course=running, said=said, measured_on=day - timedelta(days=later), on=day, actor=anna)
    note = a_document(patient=known, rules=["ca-16"], actor=anna)
    a_referral(patient=known, age_days=120, actor=anna)
    doctor = an_actor(clinic=anna.clinic, roles=(Role.DOCTOR,))
    signed = a_written_referral(patient=known, state="signed", actor=anna, doctor=doctor, zones_barred=[["calf", "left"]])
    paper = a_paper_referral(patient=known, actor=anna)
    returned = a_written_referral(patient=known, state="returned", actor=anna, doctor=doctor)
    hours_of(anna.user, site=a_site(clinic=anna.clinic))
    patient = f"/patients/{known.pk}/"
    return {
        "layouts": [
            "/patients/",
            patient,
            f"{patient}referrals/{signed.pk}/",
            f"{patient}referrals/{paper.pk}/",
            f"{patient}intake/",
            f"/patients/{new.pk}/intake/details/",
            "/courses/",
            f"/courses/{course.pk}/",
            f"/courses/{refused.pk}/",
            f"/courses/{running.pk}/",
            f"/courses/{course.pk}/today/",
            f"{patient}courses/new/scoliosis/degree-2/",
        ],
        "forms": [
            "/patients/?q=nobody",
            "/today/",
            f"/courses/{running.pk}/handover/",
            "/patients/new/",
            f"{patient}edit/",
            f"/patients/{new.pk}/",
            f"/patients/{new.pk}/intake/declaration/",
            f"{patient}documents/new/",
            f"{patient}documents/new/?kind=doctor-referral",
            f"{patient}documents/{note.pk}/withdrawn/",
            f"{patient}documents/{note.pk}/files/new/",
            f"{patient}referrals/new/?extends={signed.pk}",
            f"{patient}referrals/paper/",
            f"{patient}referrals/{returned.pk}/edit/",
            f"{patient}courses/new/",
            f"{patient}courses/new/scoliosis/",
            f"{patient}courses/new/constipation/alarm/",
            f"{patient}courses/new/osteoarthritis/remission/",
        ],
        "others": [
            f"{patient}facts/",
            f"{patient}facts/new/",
            f"{patient}facts/new/?fact=medicine.anticoagulant&fact=today.systolic",
            f"{patient}facts/medicine.anticoagulant/",
            f"{patient}intake/{known.intakes.get().pk}/",
            f"{patient}intake/link/",
            "/patients/waiting/",
            f"/courses/{course.pk}/edit/",
            f"/courses/{child.pk}/today/",
            f"/courses/{course.pk}/what-if/?fact=medicine.anticoagulant",
            f"/courses/{running.pk}/sessions/3/record/",
            f"/courses/{running.pk}/outcomes/",
            f"/records/{running.sessions.get(number=1).record.pk}/",
            f"/courses/{running.pk}/outcomes/new/?all=1",
            "/staff/",
            "/staff/new/",
            "/schedule/",
            f"/schedule/hours/{anna.user.pk}/week/",
            "/schedule/norms/",
            "/work/",
            "/first-steps/",
            "/search/?q=web",
            "/help/keys/",
            "/help/terms/",
            "/audit/",
            "/audit/reads/",
            "/clinic/",
            "/accounts/password/change/",
            "/accounts/2fa/",
        ],
    }


@pytest.mark.slow
@pytest.mark.parametrize("half", [0, 1], ids=["one half", "the other"])
def test_pages_with_a_layout_of_their_own(desk: Desk, anna: Actor, pages: dict[str, list[str]], half: int) -> None:
    check_pages(desk, anna, pages["layouts"][half::2], LOOKS)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["forms", "others"])
def test_the_other_pages(desk: Desk, anna: Actor, pages: dict[str, list[str]], part: str) -> None:
    check_pages(desk, anna, pages[part], ENDS)


def check_pages(desk: Desk, anna: Actor, paths: Iterable[str], looks: Sequence[tuple[int, Colours]]) -> None:
    """Opens each page with everything unfolded, turns it to each width and theme, and gathers what is wrong.

    A page opens in the look in which the one before it was seen last, and goes through them the other way: each turn lays out all of it.
    """
    desk.is_signed_in(anna, None)
    trouble, back = [], looks[::-1]
    turn(desk.page, *looks[0])
    for number, path in enumerate(paths):
        desk.open(path)
        unfold(desk.page)
        trouble += faults_in(desk.page, back if number % 2 else looks)
    assert not trouble, "\n".join(trouble)


# These ask how far they may scroll; what stands on the page is the same.
SCROLLING = {"calendar-keys.js", "calendar-now.js"}


def test_no_script_asks_for_the_width_or_the_theme() -> None:
    asking = re.compile(r"matchMedia|(inner|outer|client|offset)Width|prefers-color-scheme|devicePixelRatio")
    assert [
        path.name
        for path in (settings.BASE_DIR / "static/js").glob("*.js")
        if path.name not in SCROLLING and asking.search(path.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.slow
@pytest.mark.parametrize("part", [LIBRARY[::2], LIBRARY[1::2]], ids=["one half", "the other"])
def test_pages_of_the_library(desk: Desk, anna: Actor, part: tuple[str, ...]) -> None:
    a_member(clinic=anna.clinic, roles=EVERYTHING, user=anna.user)
    check_pages(desk, anna, part, ENDS)


def test_pages_for_whoever_is_not_signed_in(desk: Desk) -> None:
    trouble = []
    for path in ("/accounts/login/", "/accounts/password/reset/"):
        desk.open(path)
        trouble += faults_in(desk.page, LOOKS[:2])
    assert not trouble, "\n".join(trouble)


def test_pages_that_refuse(desk: Desk, anna: Actor) -> None:
    desk.is_signed_in(anna, None)
    with desk.watch.expecting(403, 404):
        for path in ("/patients/987654/", "/staff/", "/nowhere/"):
            desk.open(path)
            assert not faults_of(desk.page), path


def test_pages_with_mistakes_in_them(desk: Desk, anna: Actor) -> None:
    desk.is_signed_in(anna, "/patients/new/")
    desk.press("Register")
    assert not faults_of(desk.page)
    patient = a_known_patient(actor=anna)
    desk.open(f"/patients/{patient.pk}/courses/new/scoliosis/degree-2/")
    desk.press("Plan the course")
    assert not faults_of(desk.page)
