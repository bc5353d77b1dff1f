"""The words of the pages that a newcomer meets first, each in a sentence. docs/glossary.md has all of them, for whoever builds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means here."""

    code: str
    word: str | Promise
    means: str | Promise


TERMS: Final[Sequence[Term]] = (
    Term(
        "course", _("Course"), _("All sessions planned for one patient and one condition, with one plan, one referral and one signature.")
    ),
    Term("session", _("Session"), _("One treatment with hands-on work: an opening part, a main part and a closing part.")),
    Term("condition", _("Condition"), _("What is treated. Each has its protocol in the library: stages, steps, sources and worked cases.")),
    Term(
        "stage",
        _("Stage"),
        _("How far along the illness is. It decides which techniques are used and how strongly; a barred stage gets no massage."),
    ),
    Term("part", _("Part"), _("The opening, main or closing third of one session. Pressure rises into the main part and falls after it.")),
    Term(
        "phase", _("Phase"), _("Where a session stands in its course: build-up, working or taper. The first sessions are short and light.")
    ),
    Term(
        "dose",
        _("Dose"),
        _(
            "How much one session gives: minutes, pressure and tempo. It grows by bounded steps over a course and is "
            "stepped back after a gap or a bad reaction."
        ),
    ),
    Term("zone", _("Zone"), _("A place on the body that is worked or left out, on the left, the right or both sides.")),
    Term(
        "segmental",
        _("Segmental massage"),
        _("Work on the zones that the spinal segments of an inner organ supply, beginning at the back and the lowest segment."),
    ),
    Term(
        "family",
        _("Family of techniques"),
        _(
            "Techniques of one kind, in the order of a session: stroking, rubbing, kneading, vibration and others. Each "
            "has its own colour and sign."
        ),
    ),
    Term("pressure", _("Pressure"), _("How deep the hands work, from 1 (resting on the skin) to 5. It must never hurt.")),
    Term("tempo", _("Tempo"), _("The beat of the hands: calm slows down, neutral keeps, tonic stimulates.")),
    Term(
        "comfort",
        _("Comfort"),
        _("What the patient says after a session, from 0 (unpleasant) to 10. Low comfort makes the next session gentler."),
    ),
    Term(
        "finding",
        _("Finding"),
        _(
            "What a contraindication rule found in the answers about this patient, and what it does to the plan: leaves a "
            "zone out, caps the pressure, asks a doctor, postpones, or stops."
        ),
    ),
    Term(
        "screening", _("Screening"), _("All answers of a patient checked against every contraindication rule. It is kept as it was made.")
    ),
    Term(
        "referral", _("Referral"), _("A doctor’s order for a course: diagnosis, stage, what is barred, how many sessions, and until when.")
    ),
    Term(
        "scope",
        _("Scope of a signature"),
        _(
            "What a doctor’s signature covers: places, techniques, pressure, tempo and time of each session. A plan that "
            "grows beyond it stops until it is signed again."
        ),
    ),
    Term(
        "consent",
        _("Consent"),
        _("The patient’s word to exactly the places and techniques of the plan. Whatever is new in the plan is asked for again."),
    ),
    Term("suspended", _("Suspended"), _("Nothing is given in the course until a doctor or a colleague has settled what was found.")),
    Term(
        "green-amber",
        _("Green and amber dates"),
        _("Green has everything that was wished. Amber keeps every rule but misses a wish, and says which."),
    ),
    Term("unresolved", _("Unresolved"), _("The time of a session is over and nobody has said whether the patient came.")),
    Term(
        "units",
        _("Massage units"),
        _("What a session takes out of a therapist: one unit is ten minutes of hands-on work. A day has a limit."),
    ),
    Term(
        "edition",
        _("Edition of the library"),
        _("The whole library as it stood at one moment. It never changes; a course keeps to the edition by which it was planned."),
    ),
    Term(
        "variant",
        _("Variant"),
        _("What a clinic changes in the library for itself: a draft until a doctor signs it. It can only be stricter than the release."),
    ),
    Term(
        "in-care",
        _("In care"),
        _(
            "Whoever has to do with the patient now, by a course, a date, the intake or an answer as a doctor. Others open "
            "the record only with a reason, for an hour."
        ),
    ),
)
BY_CODE: Final[Mapping[str, Term]] = {term.code: term for term in TERMS}
