"""What a patient sees behind the link of a message, and answers, without a log-in.

Opening changes nothing, whoever opens: only a form that is sent does. Nothing of the record is shown but days, times and places. An
address that opens nothing has one and the same page, whatever is wrong with it. No limit is set on guesses: of 2^160 seals one fits.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from clinic.reminders import sources
from clinic.reminders.actions import answering as actions
from clinic.reminders.actions.answering import AnsweredAlready, NotThisDate
from clinic.reminders.answer_page import FreeTime, free_times, moment_of_stamp, place_of, sender_of, times_sent
from clinic.reminders.links import behind
from clinic.reminders.models import Answer, Message
from clinic.reminders.queries.answers import answer_to, date_now, dates_to_come, said_elsewhere
from clinic.reminders.states import AnswerKind, Channel, Kind, Purpose
from clinic.schedule.feeds import dates_file
from clinic.staff.permissions import ActionDenied, public
from clinic.web.preferences import known_language
from clinic.web.replies import see_other_address
from patients.models import Patient

ALL: Final = "all"
MOST_OFFERED: Final = 5
ABOUT_A_DATE: Final = (Kind.REMINDER_DAY, Kind.REMINDER_HOURS)
MARKS: Final = range(11)
STRONG: Final = 7  # on the scale of eleven what is called severe: nobody should wait with it until the next date


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody holds the link of a message to this patient, for this purpose."""

    message: Message
    patient: Patient
    purpose: Purpose
    token: str
    language: str
    now: datetime

    @property
    def address(self) -> str:
        """The page itself, in the language that was chosen."""
        return f"{reverse('answer:open', args=[self.token])}?language={self.language}"


LinkView = Callable[[HttpRequest, Visit], HttpResponse]


def unstored(response: HttpResponse, language: str) -> HttpResponse:
    """Kept by nobody on its way, found by no search engine.

    The address goes to no other site. Our own may see it: with no referrer at all a browser hides where a form comes from, and the
    form would be refused.
    """
    response["Cache-Control"], response["Content-Language"] = "no-store, private", language
    response["X-Robots-Tag"], response["Referrer-Policy"] = "noindex, nofollow", "same-origin"
    return response


def opens_nothing(request: HttpRequest) -> HttpResponse:
    """In the language of the browser, never the patient's, which would tell a link that is over from one that never was."""
    response = unstored(render(request, "reminders/link_over.html", status=404), get_language() or settings.LANGUAGE_CODE)
    response["Referrer-Policy"] = "no-referrer"
    return response


def by_link(view: LinkView) -> Callable[[HttpRequest, str], HttpResponse]:
    """A page for whoever holds the link of a message to a patient, in the patient's language or the one that was chosen."""

    @public
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        found = behind(token)
        if found is None or found[0].patient is None:
            return opens_nothing(request)
        message, purpose = found
        language = known_language(request.GET.get("language")) or message.language or found[0].patient.language
        with override(language):
            return unstored(view(request, Visit(message, found[0].patient, purpose, token, language, timezone.now())), language)

    return opened


@by_link
def open_link(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the link is for: the end of messages, an answer about a date, the question of the next morning, or the dates to come."""
    if visit.purpose == Purpose.STOP:
        return _stop_page(request, visit)
    if visit.message.kind in ABOUT_A_DATE and visit.message.booking is not None:
        return _date_page(request, visit)
    return _question_page(request, visit) if visit.message.kind == Kind.NEXT_MORNING else _dates_page(request, visit)


# A date ----------------------------------------------------------------------------------------------------------------------------
def _date_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method == "POST":
        return _date_answered(request, visit)
    date, answer = date_now(visit.message, visit.now), answer_to(visit.message, Purpose.ANSWER)
    is_about_now = answer is not None and date is not None and date.is_open and answer.starts_at == date.booking.starts_at
    context = {
        "date": date,
        "place": place_of(date.booking, visit.message.clinic) if date else None,
        "answer": answer,
        "is_about_now": is_about_now,
        "before": said_elsewhere(visit.message) if answer is None and date and date.is_open else None,
        "suits": free_times(answer.suits) if answer else (),
        "offered": _offered(answer, visit) if is_about_now else (),
    }
    return _page(request, visit, "date", context)


def _offered(answer: Answer | None, visit: Visit) -> list[FreeTime]:
    """Times to choose from, for who cannot come and has named none yet; nothing is held for anybody."""
    booking = visit.message.booking
    if answer is None or booking is None or answer.kind != AnswerKind.CANNOT_COME or answer.handled or answer.suits:
        return []
    return [FreeTime(day, clock) for day, clock in sorted(sources.times_for(booking, visit.now)[:MOST_OFFERED])]


def _date_answered(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Kept once. What the page showed may be over by now: then it is shown as it is."""
    said, asked = request.POST.get("answer"), moment_of_stamp(request.POST.get("for"))
    try:
        if said == AnswerKind.CONFIRMED and asked:
            actions.confirm(visit.message, asked=asked, now=visit.now)
        elif said == AnswerKind.CANNOT_COME and asked:
            actions.cannot_come(visit.message, asked=asked, now=visit.now)
        elif suits := times_sent(request.POST.getlist("suits")):
            actions.add_suits(visit.message, suits=suits, now=visit.now)
    except (AnsweredAlready, NotThisDate):
        return see_other_address(visit.address)  # which says what was answered, or where the date is now
    return see_other_address(visit.address)


# The next morning --------------------------------------------------------------------------------------------------------------------
def _question_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method == "POST":
        return _question_answered(request, visit)
    answer = answer_to(visit.message, Purpose.ANSWER)
    is_strong = answer is not None and (answer.value or 0) >= STRONG
    return _page(request, visit, "question", {"answer": answer, "is_strong": is_strong, "marks": MARKS})


def _question_answered(request: HttpRequest, visit: Visit) -> HttpResponse:
    said = request.POST.get("answer", "")
    if said not in {str(mark) for mark in MARKS}:
        return see_other_address(visit.address)
    try:
        actions.answer_pain(visit.message, pain=int(said), now=visit.now)
    except AnsweredAlready:
        return see_other_address(visit.address)
    except ActionDenied:
        return _page(request, visit, "question", {"is_closed": True}, status=409)
    return see_other_address(visit.address)


# Dates to come -----------------------------------------------------------------------------------------------------------------------
def _dates_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _page(request, visit, "dates", {"dates": [place_of(each, visit.message.clinic) for each in _to_come(visit)]})


def _to_come(visit: Visit) -> list[Any]:
    return dates_to_come(visit.patient.merged_into or visit.patient, visit.now)


@by_link
@require_safe
def calendar_of_dates(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The dates to come as a file; a calendar that has them from an e-mail renews them."""
    if visit.purpose != Purpose.ANSWER:
        return opens_nothing(request)
    clinic, name = visit.message.clinic, sender_of(visit.message).name
    places = [(each, place_of(each, clinic).words) for each in _to_come(visit)]
    file = dates_file(clinic=clinic, bookings=places, name=name, today=clinic.today())
    return HttpResponse(
        file, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="dates.ics"'}
    )


# No more messages ----------------------------------------------------------------------------------------------------------------------
def _stop_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method == "POST":
        return _stopped(request, visit)
    may, answer = actions.channels_now(visit.message), answer_to(visit.message, Purpose.STOP)
    # Whoever agreed again since may end them again, by an old message too.
    holds = answer is not None and visit.message.channel not in may
    return _page(request, visit, "stop", {"answer": answer if holds else None, "others": set(may) - {visit.message.channel}})


def _stopped(request: HttpRequest, visit: Visit) -> HttpResponse:
    said = request.POST.get("answer", "")
    if said not in (ALL, visit.message.channel):
        return see_other_address(visit.address)
    try:
        actions.stop(visit.message, channels=Channel.values if said == ALL else [said], now=visit.now)
    except AnsweredAlready:
        return see_other_address(visit.address)
    return see_other_address(visit.address)


def _page(request: HttpRequest, visit: Visit, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    sender = sender_of(visit.message)
    frame = {"clinic": sender.name, "sender": sender, "message": visit.message, "languages": settings.LANGUAGES, "token": visit.token}
    return render(request, f"reminders/link_{name}.html", frame | context, status=status)
