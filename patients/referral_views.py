"""The pages of referrals: written, sent, answered by a doctor, recorded from paper, ended."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.audit.actions import read_seen
from clinic.signing.ceremony import NotRecent, foreign_form, meaning_sent, open_ceremony, proof_from, reauthenticate
from clinic.signing.models import Meaning
from clinic.signing.reasons import keep_reason, typed_words
from clinic.staff.permissions import ActionDenied, has_role, roles_allowed
from clinic.staff.requests import StaffRequest, today, words_sent
from clinic.staff.sending import made_before, once
from clinic.web.replies import see_other, see_other_address
from patients import queries
from patients.actions import referrals as actions
from patients.actions.files import KeptFile, kept_file
from patients.forms import Files, Terms
from patients.models import Patient, Referral
from patients.queries.referrals import last_referral, referral_or_404
from patients.referral_content import content_of
from patients.referral_forms import PaperReferralForm, ReferralForm, initial_of, whole_initial_of
from patients.referral_pages import referral_page, signing_page
from patients.referral_permissions import SIGN, WRITE, can_edit_referral, can_move_referral
from patients.referrals import Words
from patients.states import ReferralState
from patients.summary import what_is_known
from patients.views import form_page, known_answers, patient_seen, who
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.clearances import REFERRAL

INBOX: Final = "courses:inbox"  # of an app above this one; from there a doctor came, and what else waits is there


# Writing --------------------------------------------------------------------------------------------------------------------
@roles_allowed(*WRITE)
def new_referral(request: StaffRequest, pk: int) -> HttpResponse:
    if address := made_before(request):
        return see_other_address(address)
    patient = patient_seen(request, pk)
    extends = _named(request, patient, "extends")
    form = ReferralForm(
        _posted(request), terms=_terms(request, patient), initial=_start(request, patient), asks_for_more=extends is not None
    )
    if form.is_bound and form.is_valid():
        try:
            return see_other_address(once(request, lambda: _written(request, patient, form, extends)))
        except ActionDenied as refused:
            form.add_error(None, refused.sentence)
    context = {"form": form, "extends": extends, "last": last_referral(patient), "is_doctor": has_role(request.actor, *SIGN)}
    return form_page(request, "patients/referral_new.html", {**context, **who(request, patient)})


def _start(request: StaffRequest, patient: Patient) -> dict[str, Any]:
    """What the form opens with: another referral, or a condition and stage that the address names."""
    like = _named(request, patient, "extends") or _named(request, patient, "like")
    place = f"{request.GET.get('condition', '')}/{request.GET.get('stage', '')}"
    return initial_of(like) if like else {"place": place}


def _named(request: StaffRequest, patient: Patient, name: str) -> Referral | None:
    number = request.GET.get(name, "")
    return referral_or_404(patient, int(number)) if number.isascii() and number.isdigit() and len(number) < 12 else None


def _written(request: StaffRequest, patient: Patient, form: ReferralForm, extends: Referral | None) -> str:
    reason, on, actor = form.cleaned_data["reason"], today(request), request.actor
    note = words_sent(request, "note")
    referral = actions.write_referral(patient=patient, on=on, extends=extends, reason=reason, actor=actor, **form.words())
    return _after_saving(request, referral, note)


def _after_saving(request: StaffRequest, referral: Referral, note: str) -> str:
    """The draft, or, where the person asked for it, sent at once; a doctor goes on to sign."""
    if "send" not in request.POST:
        messages.success(request, _("The draft is saved. The doctor does not see it until it is sent."))
        return _address("patients:referral", referral)
    actions.submit_referral(referral=referral, version=referral.version, note=note, actor=request.actor)
    if has_role(request.actor, *SIGN):
        return _address("patients:referral-sign", referral)
    messages.success(request, _("The referral lies with the doctor now."))
    return _address("patients:referral", referral)


@roles_allowed(*WRITE)
def edit_referral(request: StaffRequest, pk: int, referral: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    found = referral_or_404(patient, referral)
    if not can_edit_referral(found, request.actor):
        messages.warning(request, _("Only a draft, or a referral that came back with a question, can be changed."))
        return see_other_address(_address("patients:referral", found))
    asks_for_more = found.extends_id is not None
    initial = whole_initial_of(found)
    form = ReferralForm(_posted(request), terms=_terms(request, patient), initial=initial, asks_for_more=asks_for_more)
    if form.is_bound and form.is_valid():
        try:
            return see_other_address(_changed(request, found, form))
        except ActionDenied as refused:
            form.add_error(None, refused.sentence)
    context = {"form": form, "referral": found, "is_doctor": has_role(request.actor, *SIGN)}
    return form_page(request, "patients/referral_edit.html", {**context, **who(request, patient)})


def _changed(request: StaffRequest, found: Referral, form: ReferralForm) -> str:
    version, reason, note = form.cleaned_data["version"] or 0, form.cleaned_data["reason"], words_sent(request, "note")
    changed = actions.change_referral(
        referral=found, version=version, on=today(request), reason=reason, actor=request.actor, **form.words()
    )
    return _after_saving(request, changed, note)


@roles_allowed(*WRITE)
def paper_referral(request: StaffRequest, pk: int) -> HttpResponse:
    if address := made_before(request):
        return see_other_address(address)
    patient = patient_seen(request, pk)
    files: Files | None = request.FILES if request.method == "POST" else None
    form = PaperReferralForm(_posted(request), files, terms=_terms(request, patient), initial=_start(request, patient))
    if form.is_bound and form.is_valid():
        try:
            with kept_file(form.upload()) as file:
                return see_other_address(once(request, lambda: _recorded(request, patient, form, file)))
        except ActionDenied as refused:
            form.add_error(None, refused.sentence)
    return form_page(request, "patients/referral_paper.html", {"form": form, **who(request, patient)})


def _recorded(request: StaffRequest, patient: Patient, form: PaperReferralForm, file: KeptFile | None) -> str:
    data = form.cleaned_data
    if file is None:
        raise ActionDenied(_("Choose the scan of the paper."))
    paper = actions.SignedPaper(data["outside_doctor"], data["licence"], data["signed_on"], file)
    words: Words = form.words()
    referral = actions.record_paper_referral(patient=patient, paper=paper, on=today(request), actor=request.actor, **words)
    messages.success(request, _("The referral on paper is recorded and counts from now on."))
    return _address("patients:referral", referral)


# One referral ---------------------------------------------------------------------------------------------------------------
@roles_allowed(*WRITE)
@require_safe
def referral_detail(request: StaffRequest, pk: int, referral: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    found = referral_or_404(patient, referral)
    context = referral_page(found, names_in_force(request.clinic), on=today(request), actor=request.actor)
    return render(request, "patients/referral.html", {**context, **who(request, patient)})


@roles_allowed(*WRITE)
@require_POST
def submit_referral(request: StaffRequest, pk: int, referral: int) -> HttpResponse:
    return _obeyed(
        request, pk, referral,
        lambda found: actions.submit_referral(
            referral=found, version=found.version, note=words_sent(request, "note"), actor=request.actor
        ),
        _("The referral lies with the doctor now."),
    )  # fmt: skip


@roles_allowed(*WRITE)
@require_POST
def withdraw_referral(request: StaffRequest, pk: int, referral: int) -> HttpResponse:
    return _obeyed(
        request, pk, referral,
        lambda found: actions.withdraw_referral(referral=found, version=found.version, actor=request.actor),
        _("The referral is withdrawn."),
    )  # fmt: skip


@roles_allowed(*WRITE)
@require_POST
def take_back_paper(request: StaffRequest, pk: int, referral: int) -> HttpResponse:
    on = today(request)
    return _obeyed(
        request, pk, referral,
        lambda found: actions.take_back_paper(
            referral=found, version=found.version, reason=words_sent(request, "reason", 400), on=on, actor=request.actor
        ),
        _("The paper is taken back. No plan counts on it from now on."),
    )  # fmt: skip


@roles_allowed(*SIGN)
@require_POST
def return_referral(request: StaffRequest, pk: int, referral: int) -> HttpResponse:
    return _obeyed(
        request, pk, referral,
        lambda found: actions.return_referral(
            referral=found, version=found.version, question=words_sent(request, "question"), actor=request.actor
        ),
        _("The referral went back with your question."), then=INBOX,
    )  # fmt: skip


def _obeyed(request: StaffRequest, pk: int, number: int, deed: Callable[[Referral], Any], done: str, *, then: str = "") -> HttpResponse:
    """A button that moves a referral on: to ``then``, or to its page, where it is also told why it was not moved."""
    patient = queries.patient_or_404(request.clinic, pk)
    found = referral_or_404(patient, number)
    try:
        deed(found)
    except ActionDenied as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, done)
        if then:
            return see_other(then)
    return see_other("patients:referral", pk, number)


# The doctor's word ----------------------------------------------------------------------------------------------------------
@roles_allowed(*SIGN)
def sign_referral(request: StaffRequest, pk: int, referral: int) -> HttpResponse:
    """Everything that is signed on one page, and one deliberate act: sign, ask back, or refuse."""
    patient = patient_seen(request, pk)
    found = referral_or_404(patient, referral)
    if not can_move_referral(found, ReferralState.SIGNED, request.actor) or found.state != ReferralState.SUBMITTED:
        messages.info(request, _("This referral does not wait for a doctor."))
        return see_other("patients:referral", pk, referral)
    return _word_given(request, found, {Meaning.APPROVED: _approved, Meaning.REFUSED: _refused}, "patients/referral_sign.html")


@roles_allowed(*SIGN)
def revoke_referral(request: StaffRequest, pk: int, referral: int) -> HttpResponse:
    """The doctor takes back what was signed here, with a reason."""
    patient = patient_seen(request, pk)
    found = referral_or_404(patient, referral)
    if found.origin != Referral.Origin.HERE or not can_move_referral(found, ReferralState.REVOKED, request.actor):
        messages.info(request, _("There is nothing in force here that could be revoked."))
        return see_other("patients:referral", pk, referral)
    return _word_given(request, found, {Meaning.REVOKED: _revoked}, "patients/referral_revoke.html")


Answer = Callable[[StaffRequest, Referral, actions.DoctorsWord], str]


def _word_given(request: StaffRequest, found: Referral, answers: dict[str, Answer], template: str) -> HttpResponse:
    if request.method != "POST":
        return _signing(request, found, template)
    answer = answers.get(meaning_sent(request))
    if answer is None:
        return _signing(request, found, template, foreign_form())
    try:
        word = actions.DoctorsWord(request.POST.get("intent", ""), proof_from(request), words_sent(request, "note"))
        messages.success(request, answer(request, found, word))
    except NotRecent:
        keep_reason(request)
        return reauthenticate(request.get_full_path())
    except ActionDenied as refused:  # SeenOtherwise is one: the page shows the document as it is now
        return _signing(request, referral_or_404(found.patient, found.pk), template, refused.sentence)
    if found.written_by == request.user or Meaning.REVOKED in answers:
        return see_other("patients:referral", found.patient_id, found.pk)  # the work goes on with this patient
    return see_other(INBOX)


def _approved(request: StaffRequest, found: Referral, word: actions.DoctorsWord) -> str:
    actions.sign_referral(referral=found, version=found.version, word=word, on=today(request), actor=request.actor)
    return _("Signed. Sessions may be given under this referral from now on.")


def _refused(request: StaffRequest, found: Referral, word: actions.DoctorsWord) -> str:
    actions.refuse_referral(referral=found, version=found.version, word=word, actor=request.actor)
    return _("Refused. Whoever wrote it reads your reason.")


def _revoked(request: StaffRequest, found: Referral, word: actions.DoctorsWord) -> str:
    actions.revoke_referral(referral=found, version=found.version, word=word, on=today(request), actor=request.actor)
    return _("Revoked. No session is given under this referral any more.")


def _signing(request: StaffRequest, found: Referral, template: str, trouble: str = "") -> HttpResponse:
    names = names_in_force(request.clinic)
    if request.method == "POST":
        read_seen(actor=request.actor, patient=found.patient)  # a refused form shows the patient as well as the page does
    ceremony = open_ceremony(request, content_of(found, library_in_force(request.clinic), names))
    stated, unknown = what_is_known(found.patient, library_in_force(request.clinic), names, of_the_day=False)
    context = signing_page(found, names, on=today(request)) | {
        "ceremony": ceremony,
        **typed_words(request),
        "trouble": trouble,
        "stated": stated,
        "unknown": unknown,
    }
    return render(request, template, {**context, **who(request, found.patient)}, status=409 if trouble else 200)


# Behind them ----------------------------------------------------------------------------------------------------------------
def _posted(request: StaffRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _terms(request: StaffRequest, patient: Patient) -> Terms:
    library, names = library_in_force(request.clinic), names_in_force(request.clinic)
    return Terms(REFERRAL, library, names, known_answers(request, patient), today(request))


def _address(name: str, referral: Referral) -> str:
    return reverse(name, args=[referral.patient_id, referral.pk])
