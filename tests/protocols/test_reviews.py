"""What a clinician must look at stands on one list in the order of its risk; who judged it, when and of which content is never lost."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from clinic.audit.models import AuditLine
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import ActionDenied, Actor
from protocols.actions import Seen, StaleReview, review_entry
from protocols.grounds import GROUNDS
from protocols.method.entries import Rule
from protocols.models import EntryReview
from protocols.permissions import can_review
from protocols.queries import judgement, judgements, newest_review
from protocols.reviewing import KINDS, ReviewEntry, digest_of_entry, entries_to_review, shipped_entries
from protocols.shelf import shipped_library
from protocols.states import ReviewState
from tests.factories import an_actor

SignedIn = Callable[[Any], Client]
LIBRARY = shipped_library()
ENTRY = shipped_entries()["rule", "em-01"]
OTHER = shipped_entries()["stage", "scoliosis/degree-2"]
MAY_REVIEW: Mapping[str, bool] = {
    Role.THERAPIST: False,
    Role.ADMIN: False,
    Role.DOCTOR: True,
    Role.CLINICAL_LEAD: True,
    Role.AUDITOR: False,
}


def reviewed(
    actor: Actor, entry: ReviewEntry = ENTRY, state: ReviewState = ReviewState.ACCEPTED, note: str = "", seen: Seen | None = None
) -> EntryReview:
    """A judgement by somebody who has just read the entry."""
    last = newest_review(actor.clinic, entry.key)
    seen = seen or Seen(last.pk if last else 0, entry.digest)
    return review_entry(entry=entry, state=state, note=note, seen=seen, actor=actor)


def state_at(clinic: Clinic, entry: ReviewEntry = ENTRY) -> ReviewState:
    return judgements(clinic, [entry])[entry.key].state


# The list ---------------------------------------------------------------------------------------------------------------------
def test_every_rule_stage_and_document_is_on_the_list() -> None:
    found = set(shipped_entries())
    stages = {("stage", f"{condition.code}/{stage}") for condition in LIBRARY.conditions.values() for stage in condition.stages}
    assert {("rule", code) for code in LIBRARY.rules} | stages | {("document", code) for code in LIBRARY.documents} <= found


def test_every_value_that_no_source_gives_is_on_the_list() -> None:
    found = set(shipped_entries())
    for kind, table in (("profile", LIBRARY.profiles), ("point", LIBRARY.points), ("sheet", LIBRARY.sheets)):
        rows: Mapping[str, Any] = table
        assert {(kind, code) for code, row in rows.items() if row.provenance != "sourced"} == {key for key in found if key[0] == kind}


def test_every_rule_on_which_sources_disagree_is_listed_no_later_than_for_that() -> None:
    places = tuple(GROUNDS)
    disputed = [shipped_entries()["rule", code] for code, rule in LIBRARY.rules.items() if rule.disagreement]
    assert disputed
    assert all(entry.ground.rank <= places.index("disagreement") for entry in disputed)


def test_the_riskiest_come_first() -> None:
    entries = list(shipped_entries().values())
    assert [entry.ground.rank for entry in entries] == sorted(entry.ground.rank for entry in entries)
    first = {entry.code for entry in entries if entry.ground.code == "at-once"}
    assert {"em-01", "ca-03", "va-01", "pr-01", "bl-03"} <= first
    assert entries[0].ground.code == "at-once"
    assert {entry.kind for entry in entries} == set(KINDS)


def test_an_entry_keeps_its_digest_until_its_content_changes() -> None:
    rule = LIBRARY.rules["em-01"]
    assert digest_of_entry(rule) == digest_of_entry(replace(rule))
    others: list[Rule] = [replace(rule, title="Another"), replace(rule, sources=()), replace(rule, effects=LIBRARY.rules["bl-03"].effects)]
    assert len({digest_of_entry(each) for each in [rule, *others]}) == 4


@pytest.mark.parametrize("change", [{"question": "Another question?"}, {"unknown": "open"}, {"required_when": None}])
def test_a_rule_is_open_again_when_what_it_asks_or_what_not_known_means_changes(change: Mapping[str, Any]) -> None:
    asked = replace(LIBRARY.facts["today.chest-pain"], **change)
    later = {entry.key: entry.digest for entry in entries_to_review(replace(LIBRARY, facts={**LIBRARY.facts, asked.code: asked}))}
    assert later["rule", "em-01"] != ENTRY.digest
    assert {key for key, digest in later.items() if digest != shipped_entries()[key].digest} == {("rule", "em-01")}


def test_digests_are_the_same_in_every_process() -> None:
    assert {entry.key: entry.digest for entry in entries_to_review(LIBRARY)} == {
        key: each.digest for key, each in shipped_entries().items()
    }


# Judging ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere  # who may; what they may is done in each database by the tests around
@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_only_a_doctor_and_the_clinical_lead_judge(role: Role) -> None:
    actor = an_actor(roles=(role,))
    assert can_review(actor) is MAY_REVIEW[role]
    if MAY_REVIEW[role]:
        reviewed(actor)
    else:
        with pytest.raises(ActionDenied, match="Only a doctor or the clinical lead"):
            reviewed(actor)
    assert EntryReview.objects.exists() is MAY_REVIEW[role]


def test_nobody_judges_nothing() -> None:
    assert not can_review(None)


def test_an_entry_is_open_until_somebody_looks_at_it(doctor: Actor) -> None:
    assert state_at(doctor.clinic) is ReviewState.OPEN
    reviewed(doctor, state=ReviewState.IN_REVIEW)
    assert state_at(doctor.clinic) is ReviewState.IN_REVIEW
    assert state_at(doctor.clinic, OTHER) is ReviewState.OPEN


def test_an_accepted_entry_whose_content_changes_is_open_again(doctor: Actor) -> None:
    row = reviewed(doctor)
    assert state_at(doctor.clinic) is ReviewState.ACCEPTED
    changed = replace(ENTRY, digest=digest_of_entry(replace(LIBRARY.rules["em-01"], title="Another")), edition="2027-01")
    stands = judgements(doctor.clinic, [changed])[changed.key]
    assert (stands.state, stands.last, stands.is_outdated) == (ReviewState.OPEN, row, True)
    reviewed(doctor, entry=changed)
    assert state_at(doctor.clinic, changed) is ReviewState.ACCEPTED
    assert judgement(ENTRY, newest_review(doctor.clinic, ENTRY.key)).is_outdated


def test_another_edition_with_the_same_content_leaves_a_judgement_standing(doctor: Actor) -> None:
    reviewed(doctor)
    assert state_at(doctor.clinic, replace(ENTRY, edition="2027-01")) is ReviewState.ACCEPTED


def test_a_judgement_counts_for_its_own_clinic(doctor: Actor, other_clinic: Clinic) -> None:
    reviewed(doctor)
    assert state_at(other_clinic) is ReviewState.OPEN


def test_every_judgement_is_kept_and_leaves_a_line(doctor: Actor, clinical_lead: Actor) -> None:
    reviewed(doctor, state=ReviewState.TO_CHANGE, note="The threshold is too high.")
    last = reviewed(clinical_lead)
    assert EntryReview.objects.count() == 2
    line = AuditLine.objects.get(verb="reviewed", subject_id=str(last.pk))
    assert line.details == {"entry": "rule em-01", "state": "accepted", "edition": LIBRARY.edition}
    assert line.user == clinical_lead.user
    assert (last.digest, last.edition, last.by) == (ENTRY.digest, LIBRARY.edition, clinical_lead.user)


def test_a_judgement_is_never_changed_or_taken_back(doctor: Actor) -> None:
    row = reviewed(doctor)
    for attempt in (lambda: EntryReview.objects.update(state="open"), row.delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_what_somebody_else_said_meanwhile_is_read_first(doctor: Actor, clinical_lead: Actor) -> None:
    reviewed(doctor, state=ReviewState.IN_REVIEW)
    with pytest.raises(StaleReview):
        reviewed(clinical_lead, seen=Seen(0, ENTRY.digest))
    with pytest.raises(StaleReview):
        reviewed(clinical_lead, seen=Seen(EntryReview.objects.get().pk, "0" * 64))


def test_a_wish_for_change_says_which(doctor: Actor) -> None:
    with pytest.raises(ActionDenied, match="Write what must be changed"):
        reviewed(doctor, state=ReviewState.TO_CHANGE)


# Pages ------------------------------------------------------------------------------------------------------------------------
def form_on(client: Client, entry: ReviewEntry = ENTRY) -> dict[str, str]:
    """The hidden fields of the form of an entry."""
    body = client.get(reverse("library:review-entry", args=entry.key)).content.decode()
    return dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="(once|review|digest)"[^>]*value="([^"]*)"', body))


def test_a_doctor_judges_on_the_page_and_sees_it_on_the_entry_s_own_page(signed_in: SignedIn, doctor: Actor) -> None:
    client = signed_in(doctor)
    sent = form_on(client) | {"state": "accepted", "note": "Read against c-27."}
    answer = client.post(reverse("library:review-change", args=ENTRY.key), sent)
    assert (answer.status_code, answer["Location"]) == (303, reverse("library:review-entry", args=ENTRY.key))
    assert "Accepted" in client.get(reverse("library:rule", args=["em-01"])).content.decode()
    page = client.get(answer["Location"]).content.decode()
    assert "Read against c-27." in page
    assert doctor.user.full_name in page


def test_from_an_entry_the_way_goes_on_to_the_next_open_one_in_the_order_of_the_risk(signed_in: SignedIn, doctor: Actor) -> None:
    entries, client = list(shipped_entries().values()), signed_in(doctor)
    reviewed(doctor, entry=entries[1])
    links = {entries[0]: entries[2], entries[-1]: entries[0]}
    for here, then in links.items():
        page = client.get(reverse("library:review-entry", args=here.key)).content.decode()
        assert f'href="{reverse("library:review-entry", args=then.key)}">Next open entry' in page


def test_the_same_form_twice_is_one_judgement(signed_in: SignedIn, doctor: Actor) -> None:
    client = signed_in(doctor)
    sent = form_on(client) | {"state": "accepted", "note": ""}
    assert [client.post(reverse("library:review-change", args=ENTRY.key), sent).status_code for _time in range(2)] == [303, 303]
    assert EntryReview.objects.count() == 1


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"state": "to-change", "note": ""}, "Write what must be changed."),
        ({"state": "accepted", "digest": "0" * 64}, "has changed since you opened the page"),
        ({"state": "signed"}, "Select a valid choice"),
        ({"state": "accepted", "note": "a\u202eb"}, "cannot be seen"),
        ({"state": "accepted", "review": "many"}, "Enter a whole number"),
    ],
)
def test_a_form_that_cannot_be_kept_says_why_and_keeps_the_words(
    signed_in: SignedIn, doctor: Actor, changed: dict[str, str], sentence: str
) -> None:
    client = signed_in(doctor)
    answer = client.post(reverse("library:review-change", args=ENTRY.key), form_on(client) | {"note": "kept"} | changed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not EntryReview.objects.exists()


@pytest.mark.same_everywhere
def test_whoever_may_not_judge_gets_no_form(signed_in: SignedIn, therapist: Actor) -> None:
    body = signed_in(therapist).get(reverse("library:review-entry", args=ENTRY.key)).content.decode()
    assert "For doctors and the clinical lead" in body
    assert reverse("library:review-change", args=ENTRY.key) not in body


def test_the_list_is_narrowed_by_state_and_kind(signed_in: SignedIn, doctor: Actor) -> None:
    reviewed(doctor, state=ReviewState.IN_REVIEW)
    client, url = signed_in(doctor), reverse("library:review")
    body = client.get(url, {"state": "in-review"}).content.decode()
    assert reverse("library:review-entry", args=ENTRY.key) in body
    assert body.count('class="review-row"') == 1
    body = client.get(url, {"kind": "stage"}).content.decode()
    assert reverse("library:review-entry", args=ENTRY.key) not in body
    assert 'class="review-row"' in body
    assert "No entry in this state" in client.get(url, {"state": "accepted"}).content.decode()


@pytest.mark.same_everywhere
def test_the_list_shows_how_far_the_review_is(signed_in: SignedIn, doctor: Actor) -> None:
    reviewed(doctor)
    body = re.sub(r"<[^>]+>|\s+", " ", signed_in(doctor).get(reverse("library:review")).content.decode())
    assert re.search(rf"1 +of {len(shipped_entries())} accepted", body)
