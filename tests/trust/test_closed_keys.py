"""What a list is sorted and filtered by comes from closed lists: no word of an address becomes the name of a column (F52)."""

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db.models import Q
from django.db.models.sql.query import Query
from django.urls import reverse

from clinic.proofs.fuzz_pages import read_names
from clinic.staff.models import Role, User
from patients.models import Patient
from tests.factories import a_clinic, a_member
from tests.trust.access import ROWS
from tests.trust.house import browser
from tests.trust.keys_lint import open_names, open_reads, sources

pytestmark = pytest.mark.same_everywhere

RELATIONS = "the way from a row to its patient, as the models themselves say it"
SOURCES = "what makes a relation of care, declared by the apps in lists of their own"
HERE = "a short list of names in the same function"
ASKED = "read word by word into a value of closed lists; what is on none is as if it were not there"
A_FORM = "a form: fields of its own, each validated; other words are not looked at"
# The file, and the query whose column is not written down where it is asked -> why no address can say which.
NAMES: Final = {
    "clinic/audit/belonging.py filter(**{path: [person.pk for person in people]})": RELATIONS,
    "clinic/audit/queries/story.py filter(**when)": "the bounds of a period: one name, `at`, with two lookups",
    "clinic/courses/calendar/actions/offers.py filter(**place)": HERE,
    "clinic/courses/calendar/queries/days.py filter(**narrow)": HERE,
    "clinic/courses/editions/queries/__init__.py order_by(is_concerned, '-pk')": "a `Case` of the function before it",
    "clinic/courses/models/sessions.py Q(**{f'{name}__lte': 10})": "a constraint of the table, made once",
    "clinic/courses/models/sessions.py Q(**{name: None})": "a constraint of the table, made once",
    "clinic/courses/calendar/queries/days.py filter(**{'room__site_id': site} if site else {})": HERE,
    "clinic/courses/numbers/queries/attendance.py filter(**narrow)": HERE,
    "clinic/courses/numbers/queries/courses.py filter(**narrow)": HERE,
    "clinic/courses/numbers/queries/decisions.py filter(**narrow)": HERE,
    "clinic/courses/queries.py order_by(turn, '-pk')": "a `Case` of the line before it",
    "clinic/courses/studio/ground.py order_by(f'-{field}')": "called with words of the same file",
    "clinic/exchange/importing/queries.py filter(**{f'{name}__in': some})": RELATIONS,
    "clinic/keeping/holdings.py Q(**{f'{way}__in': [person.pk for person in people]})": RELATIONS,
    "clinic/reminders/queries/channels.py filter(**{whose: given})": HERE,
    "clinic/reminders/queries/composing.py filter(**same)": HERE,
    "clinic/reminders/queries/health.py filter(**when)": "called with words of the same file",
    "clinic/reminders/queries/outbox.py RawSQL(sql, ())": "two constants of the module, written out",
    "clinic/reminders/queries/outbox.py filter(**{name: value for name, value in chosen.items() if value})": HERE,
    "clinic/schedule/actions/moving.py F(name)": HERE,
    "clinic/schedule/actions/taken.py raw(sql, [*chain(*columns.values()), *span, *chain(*windows)])": "names of the model; values apart",
    "clinic/schedule/no_overlap.py Q(**{self.resource: resource, f'{self.start}__lt': end, f'{self.end}__gt': start, self.active: True})": (
        "a constraint of the table, made once"
    ),
    "clinic/schedule/queries/as_needed.py Q(**{f'{kind}__in': numbers})": "called with words of the calendar's own two files",
    "patients/care/queries/members.py F(source.day)": SOURCES,
    "patients/care/queries/members.py F(source.user)": SOURCES,
    "patients/care/queries/members.py filter(**{source.patient: patient})": SOURCES,
    "patients/care/relation.py Q(**{f'{patient}__in': open_glass(actor.user.pk, now).order_by().values('patient')})": SOURCES,
    "patients/care/relation.py Q(**{f'{patient}__in': RawSQL(*composed)})": "what the ORM composed, with its parameters beside it",
    "patients/care/relation.py RawSQL(*composed)": "what the ORM composed, with its parameters beside it",
    "patients/care/relation.py filter(**{self.user: user})": SOURCES,
    "patients/care/relation.py filter(**{source.patient: OuterRef('pk')})": SOURCES,
    "patients/care/unusual.py F(source.patient)": SOURCES,
    "patients/care/unusual.py F(source.user)": SOURCES,
    "patients/care/unusual.py filter(**{f'{source.patient}__in': patients})": SOURCES,
    "patients/queries/finding.py RawSQL(sql, [parameter])": "a constant of patients.trigrams; what was typed is its parameter",
    "patients/restricted.py filter(**{f'{column}__isnull': False})": RELATIONS,
}
# The file, and the use of all that an address says -> what keeps its words from being more than values.
READS: Final = {
    "clinic/audit/views.py queries.filters_from(request.GET)": ASKED,
    "clinic/audit/views.py queries.look_filters_from(request.GET)": ASKED,
    "clinic/courses/again/views/planning.py request.GET.get(request.GET.get)": "two names of the same line",
    "clinic/courses/calendar/views/absent.py AbsentForm(asked=request.GET)": A_FORM,
    "clinic/courses/calendar/views/bookings.py asked_for(request.GET)": ASKED,
    "clinic/courses/calendar/views/moving.py request.GET.get(request.GET.get)": "the fields of a form",
    "clinic/courses/calendar/views/reading.py asked_for(request.GET)": ASKED,
    "clinic/courses/calendar/views/replanning.py asked_for(request.POST if request.method == 'POST' else request.GET)": ASKED,
    "clinic/courses/calendar/views/waiting.py asked_for(request.GET)": ASKED,
    "clinic/courses/compare/views/plans.py _compared(request.GET)": ASKED,
    "clinic/courses/compare/views/plans.py compare_asked(request.GET)": ASKED,
    "clinic/courses/editions/views.py difference_context(request.GET)": "the number of a session is read, nothing else",
    "clinic/courses/numbers/views/reading.py asked_for(request.GET)": ASKED,
    "clinic/courses/studio/views/ledger.py ledger_asked(request.GET)": ASKED,
    "clinic/courses/studio/views/page.py looked_at(request.GET)": ASKED,
    "clinic/courses/views/doctor.py request.POST if request.method == 'POST' else request.GET": "rules that are among those of the course",
    "clinic/courses/views/planning.py CourseForm.prefilled(request.GET)": A_FORM,
    "clinic/courses/views/reading.py request.GET.get(request.GET.get)": "two names of the same line, for screenings that are there",
    "clinic/courses/views/what_if.py Supposition(request.GET)": A_FORM,
    "clinic/proofs/proving_fuzz.py request.GET.values(request.GET.values)": "the control of a proof: a page that is wrong on purpose",
    "clinic/reminders/views/common.py request.GET.get(request.GET.get)": "a number, by names that the views of the app write down",
    "clinic/reminders/views/outbox.py asked_for(request.GET)": ASKED,
    "clinic/reminders/views/texts.py ShownBooking(request.POST if request.method == 'POST' else request.GET)": A_FORM,
    "patients/look_views.py PeriodForm(request.GET)": A_FORM,
    "patients/referral_views.py request.GET.get(request.GET.get)": "a number, by two names of the same file",
    "protocols/packs/views.py request.POST if form.is_bound else request.GET": "what is ticked again on the page; no query is made of it",
    "protocols/rulebook/views/trying.py TryForm(request.GET if is_tried else None)": A_FORM,
    "protocols/rulebook/views/trying.py request.GET.keys(request.GET.keys)": "whether anything but one word was said",
    "protocols/rulebook/views/trying.py request.GET.lists(request.GET.lists)": "said again in hidden fields; no query is made of it",
    "protocols/testbench/views/cases.py _stated(request.GET)": A_FORM,
    "protocols/testbench/views/cases.py _stated(request.GET, bench) if AGE in request.GET else row['input']": A_FORM,
    "protocols/testbench/views/cases.py AGE not in request.GET": "whether one word was said",
    "protocols/testbench/views/trying.py TriedPatient(request.GET)": A_FORM,
}
WHETHER_ANYTHING: Final = "clinic/reminders/views/outbox.py {'asked': asked"  # whether anything was said at all: a long line
PROBE: Final = "probecolumn"


def told_by(lint: Callable[[ast.AST], Iterator[str]], *, if_it_says: str) -> set[str]:
    """What the lint tells of every file in which one of these words stands at all."""
    root, said = Path(settings.BASE_DIR), re.compile(if_it_says)
    texts = ((path.relative_to(root), path.read_text()) for path in sources(root))
    return {f"{path} {told}" for path, text in texts if said.search(text) for told in lint(ast.parse(text))}


def test_every_column_that_is_not_written_down_where_it_is_asked_has_its_reason() -> None:
    assert told_by(open_names, if_it_says=r"\*\*|order_by\([^\")]|\bF\(|raw\(|extra\(|RawSQL|distinct\([^)]") == set(NAMES)


def test_every_use_of_all_that_an_address_says_has_its_reason() -> None:
    assert {told for told in told_by(open_reads, if_it_says=r"\.GET\b") if not told.startswith(WHETHER_ANYTHING)} == set(READS)


@pytest.mark.parametrize(
    "wrong",
    [
        "def page(request):\n    return rows.order_by(request.GET['sort'])",
        "def page(request):\n    order = request.GET.get('sort', 'pk')\n    return rows.order_by(order)",
        "def page(sort):\n    return rows.order_by(f'-{sort}')",
        "def page(request):\n    return rows.filter(**request.GET.dict())",
        "def page(request):\n    chosen = {}\n    chosen[request.GET['by']] = 1\n    return rows.filter(**chosen)",
        "def page(name):\n    return Q(**{name: 1})",
        "def page(sql):\n    return rows.raw(sql)",
    ],
)
def test_a_column_that_somebody_else_names_is_told(wrong: str) -> None:
    assert list(open_names(ast.parse(wrong)))


@pytest.mark.parametrize(
    "right",
    [
        "def page():\n    return rows.order_by('-pk')",
        "def page(up):\n    order = ('a', 'pk') if up else ('-a', '-pk')\n    return rows.order_by(*order)",
        "def page(day):\n    when = {'day': day}\n    return rows.filter(**when).values_list(*COLUMNS)",
        "def page():\n    return rows.order_by(F('a').asc(nulls_last=True))",
    ],
)
def test_a_column_that_is_written_down_is_not_told(right: str) -> None:
    assert not list(open_names(ast.parse(right)))


def test_reading_one_word_is_not_told_and_handing_all_on_is() -> None:
    assert not list(open_reads(ast.parse("def page(request):\n    return request.GET.get('q', ''), request.GET['a'], 'b' in request.GET")))
    wrong = "def page(request, name):\n    return request.GET.get(name), rows(request.GET)"
    assert set(open_reads(ast.parse(wrong))) == {"request.GET.get(request.GET.get)", "rows(request.GET)"}


# What is really asked -----------------------------------------------------------------------------------------------------------
@contextmanager
def named_columns() -> Iterator[set[str]]:
    """The names with the probe in them that reach a query in between, be it to filter, to sort or to read."""
    found: set[str] = set()
    to_path = Query.names_to_path

    def noting(query: Query, names: list[str], *more: Any, **others: Any) -> Any:
        found.update(name for name in names if PROBE in name)
        return to_path(query, names, *more, **others)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Query, "names_to_path", noting)
        yield found


def without_a_record() -> list[str]:
    """Every page of the staff that takes no number and is shown at once."""
    return sorted(name for name, row in ROWS.items() if row.answers.get("GET") == 200 and not row.library and takes_nothing(name))


def takes_nothing(name: str) -> bool:
    try:
        return bool(reverse(name))
    except Exception:  # it needs a number or a word
        return False


@pytest.mark.django_db
def test_a_key_or_value_that_no_list_has_is_answered_and_never_names_a_column() -> None:
    asks = browser(a_member(clinic=a_clinic(), roles=Role.values)).ask
    known = [(name, f"-user__{PROBE}") for name in sorted({*read_names(), "sort", "order", "order_by", "o", "by"})]
    unknown = [(key, "1") for key in (PROBE, f"{PROBE}__gte", f"clinic__{PROBE}", f"-{PROBE}")]
    words = urlencode(known + unknown)
    with named_columns() as named:
        answers = {name: asks("GET", f"{reverse(name)}?{words}").status_code for name in without_a_record()}
    assert not named
    assert len(answers) > 30
    assert {name: status for name, status in answers.items() if status not in {200, 302, 303, 404, 422}} == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "careless",
    [
        lambda: Patient.objects.order_by(f"-{PROBE}"),
        lambda: Patient.objects.filter(**{f"clinic__{PROBE}": 1}),
        lambda: Patient.objects.filter(~Q(**{PROBE: 1})),
        lambda: User.objects.values(*[PROBE]),
    ],
)
def test_a_name_that_does_reach_a_query_would_be_seen(careless: Callable[[], Any]) -> None:
    with named_columns() as named, pytest.raises(Exception, match=PROBE):
        careless()
    assert named
