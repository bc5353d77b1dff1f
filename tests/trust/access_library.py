"""Who may open the pages of the library, and who may judge its entries."""

from collections.abc import Callable

from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from protocols.actions import Seen, review_entry
from protocols.reviewing import shipped_entries
from protocols.states import ReviewState
from tests.factories import a_member
from tests.trust.rows import EVERY_ROLE, Row, Thing

# protocols: the library is the same for every clinic; what a clinic said about it is not.
REVIEW = (Role.DOCTOR, Role.CLINICAL_LEAD)
ENTRY = ("rule", "em-01")
JUDGED = {"state": "accepted", "review": "0", "digest": shipped_entries()[ENTRY].digest}


def entry(code: str) -> Callable[[Clinic], Thing]:
    """An entry of the library by its code."""
    return lambda _clinic: Thing({"code": code})


def a_reviewed_entry(clinic: Clinic) -> Thing:
    """An entry that somebody of this clinic judged with words that occur nowhere else."""
    doctor = Actor(a_member(clinic=clinic, roles=(Role.DOCTOR,), full_name="Canaria Reviewcanary"), clinic, frozenset({Role.DOCTOR}))
    judged = shipped_entries()["rule", "em-02"]
    note = "canary-in-the-review"
    review_entry(entry=judged, state=ReviewState.IN_REVIEW, note=note, seen=Seen(0, judged.digest), actor=doctor)
    return Thing({"kind": judged.kind, "code": judged.code}, ("Reviewcanary", note))


LIBRARY_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "condition-entry": entry("scoliosis"),
    "rule-entry": entry("bl-03"),
    "technique-entry": entry("kneading-longitudinal"),
    "zone-entry": entry("back"),
    "supplement-entry": entry("segmental"),
    "source-entry": entry("m-27"),
    "reviewed-entry": a_reviewed_entry,
    "reviewed-listed": lambda clinic: Thing({}, a_reviewed_entry(clinic).canaries),
    "unreviewed-entry": lambda _clinic: Thing({"kind": ENTRY[0], "code": ENTRY[1]}),
}
LISTS = ("overview", "conditions", "rules", "techniques", "zones", "supplements", "measures", "documents", "sources")
LIBRARY_ROWS: dict[str, Row] = {f"library:{name}": Row(EVERY_ROLE, queries=1) for name in LISTS}
LIBRARY_ROWS |= {
    f"library:{name}": Row(EVERY_ROLE, thing=f"{name}-entry", shared=True, queries=1)
    for name in ("condition", "rule", "technique", "zone", "supplement", "source")
}
# The clinical lead is told which variant is being written of it.
LIBRARY_ROWS["library:condition"] = Row(EVERY_ROLE, thing="condition-entry", shared=True, queries=2)
LIBRARY_ROWS["library:rules"] = Row(EVERY_ROLE, queries=2)  # the lead is led to the variant of the rules
LIBRARY_ROWS |= {
    "library:review": Row(EVERY_ROLE, thing="reviewed-listed", queries=2),
    "library:review-entry": Row(EVERY_ROLE, thing="reviewed-entry", shared=True, queries=3),
    "library:review-change": Row(REVIEW, {"POST": 303}, thing="unreviewed-entry", data=JUDGED, shared=True),
}
