"""What a record says about health is for those in care: every page of it, walked along the URLconf."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from clinic.audit.models import AuditLine, Look, ReadLine
from clinic.courses.models import CourseReview, MeasureValue, SessionRecord, SessionStart
from clinic.staff.access import access_of
from clinic.staff.models import Clinic, Role
from patients.care import guard, relation
from patients.care.actions import put_into_care
from patients.models import CareMember, Patient
from tests.clinic.signing.making import a_signed_paper
from tests.factories import a_course, a_member, an_actor
from tests.patients.care.scene import a_care_clinic, an_opening, client_of, nobodys_patient
from tests.trust.test_access_matrix import written
from tests.trust.walk import NOT_ABOUT_A_PATIENT, about_a_patient, takes_an_id

pytestmark = [pytest.mark.django_db, pytest.mark.same_everywhere]
CANARIES = ("Canarova", "canary-in-the-notes", "canary-likes", "canary-in-the-record", "canary-in-the-plan")
TREATING = (Role.THERAPIST, Role.DOCTOR)
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


class Page(NamedTuple):
    """One address of the record."""

    name: str
    route: str
    view: Any


def pages(patterns: Any = None, space: str = "", before: str = "") -> Iterator[Page]:
    """Every address of the URLconf that has a name."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from pages(entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space, route)
        elif isinstance(entry, URLPattern):
            yield Page(f"{space}{entry.name}", route, entry.callback)


def of_the_record() -> list[Page]:
    """Those that only people who treat may open and that name something by number, the library apart."""
    found = (page for page in pages() if guard.is_of_the_record(access_of(page.view, page.name)))
    return [page for page in found if "<" in page.route and not page.route.startswith(guard.ABOUT_NOBODY)]


def test_the_guard_knows_to_whom_every_page_of_the_record_leads() -> None:
    lost = [page.name for page in of_the_record() if not guard.way_in(page.route)[0]]
    assert not lost, f"register_way (patients.care.guard) for {', '.join(lost)}: until then nobody opens them."


def test_every_page_about_one_patient_for_those_who_treat_is_of_the_record() -> None:
    """The matrix and the guard find them in two ways: by the rows of the table, and by what the views declare."""
    treat = {Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD}
    by_rows = {name for name, row in about_a_patient().items() if set(row.roles) <= treat}
    assert by_rows == {page.name for page in of_the_record()}
    nobody = {page.name for page in pages() if takes_an_id(page.name) and page.route.startswith(guard.ABOUT_NOBODY)}
    assert all(name.startswith(tuple(NOT_ABOUT_A_PATIENT)) for name in nobody)


def test_only_opening_and_closing_are_reached_from_outside() -> None:
    assert {page.name for page in of_the_record() if getattr(page.view, "opens_outside_care", False)} == {"care:open", "care:close"}


# Lists without a number in their address say for themselves whom they show.
LISTS = {
    "courses:list": "asks open_to",
    "courses:inbox": "what waits brings every doctor into care; what was answered asks patients_open_to",
    "patients:waiting": "asks open_to",
    "day:today": "the own dates, and sessions that one began",
    "calendar:mine": "leads to the own day",
    "day:outages": "for the clinical lead",
    "editions:courses": "asks open_to",
    "editions:move-all": "asks open_to",
    "feeds:mine": "one's own calendar address",
    "feeds:mine-end": "one's own calendar address",
}


def test_every_list_for_those_who_treat_is_accounted_for() -> None:
    found = {page.name for page in pages() if guard.is_of_the_record(access_of(page.view, page.name)) and "<" not in page.route}
    library = {page.name for page in pages() if page.route.startswith(guard.ABOUT_NOBODY)}
    assert found - library == set(LISTS)


class Record(NamedTuple):
    """A patient with one row of each kind that an address can name, by the beginning of the address."""

    clinic: Clinic
    patient: Patient
    numbers: dict[str, int]

    def url(self, page: Page) -> str:
        """The address of the page in this record; what else it names besides the first number need not be there."""
        first = guard.FIRST_NUMBER.match(page.route)
        assert first, page.route
        kwargs = {name: 1 if kind == "int" else "neck-collar" for kind, name in PARAMETER.findall(page.route)}
        return reverse(page.name, kwargs={**kwargs, first["name"]: self.numbers[first["beginning"]]})


def a_record(family_name: str = "Canarova") -> Record:
    clinic = a_care_clinic("Lindenhof")
    patient = nobodys_patient(clinic, family_name=family_name, notes="canary-in-the-notes", likes="canary-likes")
    course = a_course(patient=patient, count=2)
    session, now, by = course.sessions.get(number=1), timezone.now(), course.planned_by
    about = {"started_on": clinic.today(), "started_by": by, "plan": session.plan, "plan_digest": session.digest}
    start = SessionStart.objects.create(session=session, key="a" * 32, started_at=now, **about)
    record = SessionRecord.objects.create(
        session=session, given_on=clinic.today(), recorded_at=now, recorded_by=by, note="canary-in-the-record"
    )
    review = CourseReview.objects.create(course=course, kind="question", question="canary-in-the-record", after_session=0)
    measured = {"measure": "pain", "value": 3, "words": "canary-in-the-record", "moment": "start", "measured_on": clinic.today()}
    value = MeasureValue.objects.create(course=course, edition=course.edition, by=by, **measured)
    paper = a_signed_paper(patient, "canary-in-the-plan")
    numbers = {"patients/": patient, "courses/": course, "starts/": start, "records/": record, "reviews/": review, "outcomes/": value}
    return Record(clinic, patient, {**{beginning: row.pk for beginning, row in numbers.items()}, "signatures/": paper.pk})


@pytest.fixture
def record() -> Record:
    return a_record()


@pytest.fixture
def _care_is_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """What brings people into care is tested elsewhere: here nobody is, unless somebody put them in."""
    monkeypatch.setattr(relation, "_sources", {"member": dict(relation.relations())["member"]})


def asked(client: Client, method: str, url: str) -> Any:
    return client.get(url) if method == "GET" else client.post(url, {"empty": "form"})


@pytest.mark.usefixtures("_care_is_by_hand")
def test_outside_of_care_no_page_of_the_record_opens(record: Record) -> None:
    """403 that says why and offers to open it with a reason; nothing of the record in it, nothing changed, one line of the refusal.

    The therapist looks and sends everywhere, the doctor sends what a doctor alone may send: the guard asks neither role nor method.
    """
    people = {role: a_member(clinic=record.clinic, roles=(role,)) for role in TREATING}
    clients = {role: client_of(person) for role, person in people.items()}
    faults: list[str] = []
    for page in of_the_record():
        may = access_of(page.view, page.name) or frozenset()
        role = next((role for role in TREATING if role in may), None)
        if role and not getattr(page.view, "opens_outside_care", False):
            for method in ("GET", "POST"):
                faults += [f"{page.name} {method}: {fault}" for fault in faults_outside(record, clients[role], method, page)]
    assert not faults, "\n".join(faults)
    assert not AuditLine.objects.filter(user__in=people.values()).exclude(verb="signed-in").exists()


def faults_outside(record: Record, client: Client, method: str, page: Page) -> Iterator[str]:
    last = ReadLine.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with written() as statements:
        response = asked(client, method, record.url(page))
    body = response.content.decode(errors="replace")
    if response.status_code == 405:
        return
    if response.status_code != 403 or reverse("care:open", args=[record.patient.pk]) not in body or "not in the care" not in body:
        yield f"answers {response.status_code}"
    yield from (f"shows {canary}" for canary in CANARIES if canary in body)
    if changed := [statement for statement in statements if "audit_readline" not in statement]:
        yield f"writes {changed[0][:80]}"
    lines = [(line.kind, line.page, line.details.get("status")) for line in ReadLine.objects.filter(pk__gt=last)]
    if lines != [(Look.REFUSED, page.name, 403)]:
        yield f"leaves {lines}"


@pytest.mark.usefixtures("_care_is_by_hand")
def test_in_care_and_with_the_record_opened_the_guard_lets_everybody_pass(record: Record) -> None:
    inside, opened = (an_actor(clinic=record.clinic, roles=(role,)) for role in TREATING)
    CareMember.objects.create(patient=record.patient, user=inside.user, added_by=record.patient.registered_by)
    an_opening(record.patient, opened)
    faults = []
    for page in of_the_record():
        first, way = guard.FIRST_NUMBER.match(page.route), guard.way_in(page.route)[1]
        for actor in (inside, opened):
            number = record.numbers[first["beginning"]] if first else 0
            standing = guard.standing_by(actor, way, number) if way else None
            if standing is None or standing.patient != record.patient.pk or not standing.may_open:
                faults.append(f"{page.name}: {actor.roles} {standing}")
    assert not faults, "\n".join(faults)


@pytest.mark.usefixtures("_care_is_by_hand")
def test_pages_of_the_record_open_in_care_and_close_at_the_next_request(record: Record) -> None:
    names = ("patients:facts", "patients:intake", "courses:new")
    of_course = ("day:handover", "courses:screenings", "studio:history", "outcomes:course")
    urls = [reverse(name, args=[record.patient.pk]) for name in names]
    urls += [reverse(name, args=[record.numbers["courses/"]]) for name in of_course]
    actor, lead = an_actor(clinic=record.clinic), an_actor(clinic=record.clinic, roles=(Role.CLINICAL_LEAD,))
    client, member = client_of(actor.user), put_into_care(patient=record.patient, user=actor.user, actor=lead)
    assert {client.get(url).status_code for url in urls} == {200}
    CareMember.objects.filter(pk=member.pk).update(removed_at=timezone.now(), removed_by=lead.user)
    assert {client.get(url).status_code for url in urls} == {403}
    assert client_of(lead.user).get(urls[0]).status_code == 200


@pytest.mark.usefixtures("_care_is_by_hand")
def test_a_page_costs_one_question_more_than_where_everybody_may_read(record: Record, max_queries: Any) -> None:
    actor = an_actor(clinic=record.clinic)
    CareMember.objects.create(patient=record.patient, user=actor.user, added_by=record.patient.registered_by)
    client = client_of(actor.user)
    for name, number, more in (
        ("patients:facts", "patients/", 1),
        ("courses:screenings", "courses/", 1),
        ("signing:entry", "signatures/", 3),
    ):
        url = reverse(name, args=[record.numbers[number]])
        Clinic.objects.update(record_access="every-treater")
        with max_queries(100) as before:
            client.get(url)
        Clinic.objects.update(record_access="care-team")
        with max_queries(100) as after:
            client.get(url)
        assert len(after) <= len(before) + more, name


@pytest.mark.usefixtures("_care_is_by_hand")
def test_what_is_not_there_and_what_is_of_another_clinic_stays_unknown(record: Record) -> None:
    stranger, outsider = client_of(a_member(clinic=a_care_clinic("Rosengarten"))), client_of(a_member(clinic=record.clinic))
    for name, kind in (
        ("patients:facts", "patients/"),
        ("courses:detail", "courses/"),
        ("day:record", "records/"),
        ("signing:entry", "signatures/"),
    ):
        assert stranger.get(reverse(name, args=[record.numbers[kind]])).status_code == 404
        assert outsider.get(reverse(name, args=[987654])).status_code == 404


@pytest.mark.usefixtures("_care_is_by_hand")
def test_a_second_record_leads_to_the_kept_one_and_is_guarded_as_that(record: Record) -> None:
    second = nobodys_patient(record.clinic, merged_into=record.patient)
    actor = an_actor(clinic=record.clinic)
    assert client_of(actor.user).get(reverse("patients:facts", args=[second.pk])).status_code == 403
    CareMember.objects.create(patient=record.patient, user=actor.user, added_by=record.patient.registered_by)
    assert client_of(actor.user).get(reverse("patients:facts", args=[second.pk])).status_code == 303


def test_a_page_of_the_record_whose_address_leads_nowhere_is_closed(monkeypatch: pytest.MonkeyPatch, record: Record) -> None:
    monkeypatch.delitem(guard._ways, "patients/")
    response = client_of(a_member(clinic=record.clinic)).get(reverse("patients:facts", args=[record.patient.pk]))
    assert (response.status_code, b"Nobody may open this page." in response.content) == (403, True)
