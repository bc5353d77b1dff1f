"""The form in the patient's hands: how staff send a link or hand over a tablet, and the only pages that open without signing in.

On those pages stands the clinic's name, the form, and what was typed into this very form; nothing else of the record.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_POST

from clinic.audit.actions import read_seen
from clinic.staff.permissions import public, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import SentDifferently, made_before, once
from clinic.web.preferences import known_language
from clinic.web.replies import see_other
from patients import actions, queries
from patients.actions import LinkOpensNothing
from patients.actions.links import ALONE
from patients.fact_fields import FactsForm
from patients.forms import ADULT_AGE, GateForm
from patients.link_forms import AloneDeclarationForm, BirthDateForm
from patients.link_mail import mail_link
from patients.models import Intake, IntakeChannel, IntakeLink, MessageConsent, Patient
from patients.permissions import REGISTER
from patients.questionnaire import facts_to_ask, gate_questions
from patients.states import IntakeState
from patients.summary import asked_questions, intake_summary
from patients.typed_pages import TooMuchTyped, fields_sent, newest_typed, show_again
from patients.views import kept_only, patient_seen
from protocols.editions.queries import library_in_force, names_in_force

VISIT: Final = "intake-link"  # in the browser's session: which link it opened, whether it knew the birth date, the language chosen
STEPS: Final = {"open": "open", "gate": "questions", "details": "details", "declaration": "declaration"}
LinkView = Callable[[HttpRequest, IntakeLink, str], HttpResponse]


# Staff -----------------------------------------------------------------------------------------------------------------------
@roles_allowed(*REGISTER)
def intake_link(request: StaffRequest, pk: int) -> HttpResponse:
    """Sending a link, ending it, and handing over the tablet."""
    patient, made = patient_seen(request, pk), ""
    if request.method == "POST":
        read_seen(actor=request.actor, patient=patient)
        try:
            made = "" if made_before(request) else _made(request, patient)
        except SentDifferently:
            made = ""
        if not made:
            messages.info(request, _("This link was made a moment ago. It is shown only once: make a new one if it was not copied."))
            return see_other("patients:intake-link", pk)
    if patient.restricted_on:
        return kept_only(request, patient)
    context = {
        "patient": patient,
        "age": queries.age_on(patient, today(request)),
        "address": made,
        "link": queries.open_link_of(patient),
        "begun": queries.open_intake(patient),
        "is_mailed": MessageConsent.Channel.EMAIL in queries.may_message(patient),
    }
    return render(request, "patients/link_staff.html", context)


def _made(request: StaffRequest, patient: Patient) -> str:
    """The address of a new link, mailed where the patient allowed it; empty where this very form has made one already."""
    made: list[str] = []

    def make() -> str:
        link, token = actions.make_intake_link(patient=patient, channel=IntakeChannel.LINK, actor=request.actor)
        made.append(request.build_absolute_uri(reverse("intake-link:open", args=[token])))
        if MessageConsent.Channel.EMAIL in queries.may_message(patient):
            mail_link(link, made[0])
        return reverse("patients:intake-link", args=[patient.pk])

    once(request, make)
    return made[0] if made else ""


@roles_allowed(*REGISTER)
@require_POST
def end_intake_link(request: StaffRequest, pk: int) -> HttpResponse:
    actions.revoke_intake_link(patient=queries.patient_or_404(request.clinic, pk), actor=request.actor)
    messages.info(request, _("The link is ended: it opens nothing any more."))
    return see_other("patients:intake-link", pk)


@roles_allowed(*REGISTER)
@require_POST
def hand_over_tablet(request: StaffRequest, pk: int) -> HttpResponse:
    """Opens the form for the patient on this device, and closes everything else on it: whoever hands it over is signed out."""
    patient = queries.patient_or_404(request.clinic, pk)
    _link, token = actions.make_intake_link(patient=patient, channel=IntakeChannel.TABLET, actor=request.actor)
    list(messages.get_messages(request))  # read, so that no sentence about a patient stays in the browser
    logout(request)
    response = see_other("intake-link:open", token)
    response["Clear-Site-Data"] = '"cache"'  # nor a page behind the Back button
    return response


# Everybody with a link ---------------------------------------------------------------------------------------------------------
def by_link(view: LinkView) -> Callable[[HttpRequest, str], HttpResponse]:
    """A page for whoever has an open link, in the patient's language. For every other address one and the same page."""

    @public
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        link = queries.link_behind(token)
        if link is None:
            return over(request, token)
        language = _language(request, link)
        try:
            with override(language):
                return unstored(view(request, link, token), language)
        except LinkOpensNothing:
            return over(request, token)

    return opened


def over(request: HttpRequest, token: str) -> HttpResponse:
    """The link opens nothing. The browser that has sent the form a moment ago, by a double click, is thanked."""
    used = queries.used_link_behind(token) if request.method == "POST" else None
    return see_other("intake-link:thanks", token) if used and _visit(request, used).get("knows") else opens_nothing(request)


def knowing(view: LinkView) -> LinkView:
    """Only in a browser that knew the birth date; another is asked for it."""

    @wraps(view)
    def known(request: HttpRequest, link: IntakeLink, token: str) -> HttpResponse:
        return view(request, link, token) if _visit(request, link).get("knows") else see_other("intake-link:open", token)

    return known


def unstored(response: HttpResponse, language: str) -> HttpResponse:
    response["Cache-Control"], response["Content-Language"] = "no-store, private", language
    return response


def opens_nothing(request: HttpRequest) -> HttpResponse:
    """In the language of the browser, never the patient's, which would tell a link that is over from one that never was."""
    response = render(request, "patients/link_over.html", status=404)
    response["Cache-Control"] = "no-store, private"
    return response


@by_link
def birth_date(request: HttpRequest, link: IntakeLink, token: str) -> HttpResponse:
    """The first page: the clinic's name and one question."""
    if _visit(request, link).get("knows"):
        return see_other("intake-link:questions", token)
    form = BirthDateForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        left = actions.try_birth_date(token=token, born_on=form.cleaned_data["born_on"])
        if left == queries.MOST_WRONG_TRIES:
            _remember(request, link, knows=True)
            request.session.cycle_key()
            return see_other("intake-link:questions", token)
        if left == 0:
            raise LinkOpensNothing
        form.add_error(None, _wrong_date(left))
    return _page(request, link, "open", {"form": form})


def _wrong_date(left: int) -> str:
    sentence = ngettext(
        "This is not the date of birth that the clinic has. One more try is left, then ask for a new link.",
        "This is not the date of birth that the clinic has. %(count)s more tries are left.",
        left,
    )
    return sentence % {"count": left}


@by_link
@knowing
def questions(request: HttpRequest, link: IntakeLink, token: str) -> HttpResponse:
    """The gate, without the reception's own question."""
    draft, library = _draft(link), library_in_force(link.patient.clinic)
    rows = gate_questions(library, queries.person(link.patient, link.patient.clinic.today()), alone=True)
    form = GateForm(_sent(request), questions=rows, names=names_in_force(link.patient.clinic), kept=draft.gate if draft else {})
    show_again(form, newest_typed(draft, "gate", ALONE))
    if form.is_bound and form.is_valid():
        actions.keep_filled_in(token=token, gate=form.gate(), replies=queries.replies_of_draft(draft) if draft else {})
        return see_other("intake-link:details", token)
    return _page(request, link, "gate", {"form": form})


@by_link
@knowing
def details(request: HttpRequest, link: IntakeLink, token: str) -> HttpResponse:
    """What the gate opened, but for what only staff ask."""
    draft, library = _draft(link), library_in_force(link.patient.clinic)
    if draft is None or not draft.gate:
        return see_other("intake-link:questions", token)
    who, kept = queries.person(link.patient, link.patient.clinic.today()), queries.replies_of_draft(draft)
    facts = facts_to_ask(library, who, draft.gate, kept, alone=True)
    form = FactsForm(_sent(request), facts=facts, library=library, names=names_in_force(link.patient.clinic), kept=kept)
    show_again(form, newest_typed(draft, "details", ALONE))
    if not facts or (form.is_bound and form.is_valid()):
        replies = {**kept, **(form.replies() if form.is_bound and form.is_valid() else {})}
        if request.method == "POST":
            actions.keep_filled_in(token=token, gate=draft.gate, replies=replies)
        more = set(facts_to_ask(library, who, draft.gate, replies, alone=True)) - set(facts)
        return see_other("intake-link:details" if more else "intake-link:declaration", token)
    return _page(request, link, "details", {"form": form})


@by_link
@knowing
def declaration(request: HttpRequest, link: IntakeLink, token: str) -> HttpResponse:
    """Everything answered is read once more, then sent."""
    draft, library, patient = _draft(link), library_in_force(link.patient.clinic), link.patient
    on = patient.clinic.today()
    if draft is None:
        return see_other("intake-link:questions", token)
    summary, seen = intake_summary(draft, patient, library, names_in_force(link.patient.clinic), on=on), queries.digest_of_answers(draft)
    if summary.unanswered:
        return see_other("intake-link:details" if draft.gate else "intake-link:questions", token)
    form = AloneDeclarationForm(_sent(request), seen=seen, is_child=queries.age_on(patient, on) < ADULT_AGE)
    if form.is_bound and form.is_valid():
        asked = asked_questions(draft, patient, library, names_in_force(link.patient.clinic), on=on)
        try:
            actions.submit_intake(token=token, seen=seen, asked=asked, given_by=form.cleaned_data["given_by"])
        except actions.UnreadAnswers as unread:
            form.add_error(None, unread.sentence)
        else:
            return see_other("intake-link:thanks", token)
    return _page(request, link, "declaration", {"form": form, "summary": summary, "seen": seen})


@public
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """The end, for the browser that sent the form in."""
    link = queries.used_link_behind(token)
    if link is None or not _visit(request, link).get("knows"):
        return opens_nothing(request)
    language = _language(request, link)
    with override(language):
        return unstored(_page(request, link, "thanks", {}), language)


@require_POST
@by_link
@knowing
def keep_page(request: HttpRequest, link: IntakeLink, token: str) -> HttpResponse:
    """Keeps the page as it stands, every few seconds."""
    page = request.POST.get("page", "")
    try:
        if page in ("gate", "details"):
            actions.keep_typed_alone(token=token, page=page, fields=fields_sent(request.POST))
    except TooMuchTyped:
        return HttpResponse(status=413)
    return HttpResponse(status=204)


@require_POST
@by_link
def choose_language(request: HttpRequest, link: IntakeLink, token: str) -> HttpResponse:
    """The form in another language from now on, in this browser."""
    if language := known_language(request.POST.get("language")):
        _remember(request, link, language=language)
    return see_other(f"intake-link:{STEPS.get(request.POST.get('step', ''), 'open')}", token)


# Inside ------------------------------------------------------------------------------------------------------------------------
def _draft(link: IntakeLink) -> Intake | None:
    return link.intake if link.intake and link.intake.state == IntakeState.DRAFT else None


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _visit(request: HttpRequest, link: IntakeLink) -> dict[str, Any]:
    kept = request.session.get(VISIT) or {}
    return kept if kept.get("link") == link.pk else {}


def _remember(request: HttpRequest, link: IntakeLink, **more: Any) -> None:
    request.session[VISIT] = {**_visit(request, link), "link": link.pk, **more}


def _language(request: HttpRequest, link: IntakeLink) -> str:
    return _visit(request, link).get("language") or link.patient.language


def _page(request: HttpRequest, link: IntakeLink, step: str, context: dict[str, Any]) -> HttpResponse:
    words = {"clinic": link.patient.clinic.name, "step": step, "token": request.resolver_match.kwargs["token"]}  # type: ignore[union-attr]
    context |= words | {"languages": settings.LANGUAGES, "is_tablet": link.channel == IntakeChannel.TABLET}
    status = 422 if getattr(context.get("form"), "errors", None) else 200
    return render(request, f"patients/link_{step}.html", context, status=status)
