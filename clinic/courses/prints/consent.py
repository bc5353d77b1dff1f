"""The consent sheet on A4: to be signed on paper, or a copy of what was signed, in the language in which it is read."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clinic.courses.consent_sheet import Sheet, kept_sheet
from clinic.courses.consents import ADULT, BOARD
from clinic.courses.models import Consent, ConsentWithdrawal
from clinic.courses.prints.paper import DIGEST, Paper, frame, moment
from clinic.courses.prints.typesetting import typeset
from patients.queries import age_on

# Ink of paper; the path was read by ``consents.is_a_drawing`` before it was kept.
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}"><path d="{2}" fill="none" stroke="#14231f" stroke-width="4"/></svg>'


def consent_pdf(paper: Paper, sheet: Sheet) -> bytes:
    """The sheet with lines to sign on, in the language in force, which is the sheet's (PDF/UA-1)."""
    return typeset("consent.typ", consent_data(paper, sheet))


def given_consent_pdf(paper: Paper, consent: Consent) -> bytes:
    """What was agreed to, as it was read, with who signed it and what was taken back (PDF/UA-1)."""
    return typeset("consent.typ", given_consent_data(paper, consent))


def consent_data(paper: Paper, sheet: Sheet) -> dict[str, Any]:
    """Everything that the sheet prints, in words."""
    return {**_shared(paper, sheet, paper.course.version), "standing": "", "lines": _lines(paper), "given": [], "drawn": "", "back": []}


def given_consent_data(paper: Paper, consent: Consent) -> dict[str, Any]:
    """The same for a sheet that was signed; nothing of it is made anew."""
    given = [
        f"{consent.given_by_name}, {consent.get_given_as_display()}",
        f"{date_format(consent.given_on, 'SHORT_DATE_FORMAT')}, {consent.get_way_display()}",
    ]
    return {
        **_shared(paper, kept_sheet(consent), consent.course_version),
        "standing": _("Copy for the patient"),
        "lines": [],
        "given": given,
        "drawn": DRAWN.format(*BOARD, consent.drawing) if consent.drawing else "",
        "back": [_back(each) for each in consent.withdrawals.all()],
    }


def _back(withdrawal: ConsentWithdrawal) -> str:
    told = {"day": date_format(withdrawal.withdrawn_on, "SHORT_DATE_FORMAT")}
    return _("Taken back in part on %(day)s") % told if withdrawal.zones else _("Taken back on %(day)s") % told


def _shared(paper: Paper, sheet: Sheet, version: int) -> dict[str, Any]:
    """What both have: whose sheet, its words without the sentence to sign, that sentence, and the foot of each page."""
    course, digest = paper.course, sheet.digest
    *told, agreement = sheet.sections
    foot = _("Fingerprint %(digest)s · plan version %(version)s · printed %(at)s") % {
        "digest": digest[:DIGEST], "version": version, "at": moment(timezone.now(), course),
    }  # fmt: skip
    return {
        **frame(paper, title=_("Consent to massage"), digest=digest),
        "foot": foot,
        "sections": [{"heading": section.heading, "lines": list(section.lines)} for section in told],
        "agreement": {"heading": agreement.heading, "lines": list(agreement.lines)},
        "drawn_alt": _("Drawn signature"),
    }


def _lines(paper: Paper) -> list[str]:
    """What is written by hand."""
    course = paper.course
    if age_on(course.patient, course.clinic.today()) < ADULT:
        signer = _("Name of the parent, guardian or representative")
    else:
        signer = _("Name of who signs (patient or legal representative)")
    return [signer, _("Place and date"), _("Signature"), _("Signature of who explained the sheet")]
