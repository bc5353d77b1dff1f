"""Parts of a library go out as a file and come in as drafts, after they were seen; nothing broken ever becomes a draft."""

import json
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clinic.audit.models import AuditLine
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied
from protocols.models import Variant
from protocols.packs.actions import Brought, export_pack, import_pack
from protocols.packs.difference import difference_of
from protocols.packs.format import Pack, PackEntry
from protocols.packs.queries import Wanted, pack_of
from protocols.packs.reading import BrokenPack, read_pack
from protocols.states import VariantState
from protocols.variants.actions import begin_variant, change_variant
from protocols.variants.changes import changes_of
from protocols.variants.checking import check_variant
from tests.factories import a_clinic, an_actor
from tests.protocols.packs.test_format import CALMING, ENTRIES, RULE, a_pack
from tests.protocols.publishing.desk import REVIEW_BY, published

pytestmark = pytest.mark.django_db
COLLAR = "conditions/neck-collar"
WORDS = "ru/conditions:conditions/neck-collar"


@pytest.fixture
def lead():
    return an_actor(clinic=a_clinic(name="Clinic Lindenhof"), roles=(Role.CLINICAL_LEAD,))


def entry(address: str, subject: str, **changes: Any) -> PackEntry:
    return PackEntry(address, (subject,), {**ENTRIES[address], **changes})


def gentler(**changes: Any) -> Pack:
    """A pack that other clinics would send: the collar pressed less, a graver rule, a case in other words."""
    case = "cases/neck-collar:case/collar-pressure-not-measured"
    entries = (
        entry(CALMING, COLLAR, pressure_max=2),
        entry("library/conditions/neck-collar:stage/tonic", COLLAR),
        entry(case, COLLAR, says="Nobody measured: nobody begins."),
        entry(RULE, "contraindications", explanation="Said in other words."),
        PackEntry("library/facts:fact/patient.age", (), ENTRIES["library/facts:fact/patient.age"]),
    )
    return a_pack(entries=entries, **changes)


def uploaded(pack: Pack | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("pack.json", pack if isinstance(pack, bytes) else pack.as_bytes(), "application/json")


# Out ----------------------------------------------------------------------------------------------------------------------------
def test_the_whole_edition_goes_out_and_is_read_back_as_it_is_here(lead):
    pack = export_pack(wanted=Wanted("edition"), actor=lead)
    assert {row.address: row.content for row in pack.entries} == ENTRIES
    assert read_pack(pack.as_bytes()) == pack == pack_of(lead.clinic, Wanted("edition"))
    line = AuditLine.objects.latest("sequence")
    assert (line.verb, line.details["sha256"], line.details["entries"]) == ("exported-pack", pack.sum, len(ENTRIES))


@pytest.mark.same_everywhere
def test_a_chosen_protocol_takes_its_cases_words_and_sources_along_and_nothing_else(lead):
    pack = pack_of(lead.clinic, Wanted("choice", conditions=("neck-collar",), rules=("ca-04",), name="Collar"))
    addresses = {row.address for row in pack.entries}
    assert {CALMING, WORDS, RULE, "rule-cases/heart-pressure:rule/ca-04", "ru/contraindications:contraindications/ca-04"} <= addresses
    assert {subject for row in pack.entries for subject in row.subjects} == {COLLAR, "contraindications"}
    assert sum(address.startswith("library/contraindications") for address in addresses) == 1
    assert {"m-23", "m-58"} <= {source.id for source in pack.sources}
    assert (pack.changed, pack.review_by, pack.clinic) == ((), "2027-11-30", "Clinic Lindenhof")


@pytest.mark.same_everywhere
def test_a_variant_goes_out_with_what_it_changes_and_no_name_of_a_person(lead):
    variant = begin_variant(subject=COLLAR, title="Gentler", actor=lead)
    change_variant(variant=variant, changes={CALMING: {**ENTRIES[CALMING], "pressure_max": 2}}, said="less", version=1, actor=lead)
    variant.refresh_from_db()
    pack = pack_of(lead.clinic, Wanted("variant", variant, name="Gentler"))
    assert [(row.address, row.subjects, row.content["pressure_max"]) for row in pack.entries] == [(CALMING, (COLLAR,), 2)]
    assert pack.changed == (CALMING,)
    assert lead.user.full_name.encode() not in pack.as_bytes()


@pytest.mark.same_everywhere
def test_what_is_nothing_is_not_written_and_a_therapist_writes_nothing(lead):
    with pytest.raises(ActionDenied, match="nothing to write"):
        export_pack(wanted=Wanted("own"), actor=lead)
    with pytest.raises(ActionDenied, match="Only the clinical lead and doctors"):
        export_pack(wanted=Wanted("edition"), actor=an_actor(clinic=lead.clinic))
    assert not AuditLine.objects.filter(verb="exported-pack").exists()


@pytest.mark.same_everywhere
def test_a_doctor_gets_the_file_by_the_form(lead, signed_in):
    doctor = signed_in(an_actor(clinic=lead.clinic, roles=(Role.DOCTOR,)))
    assert b"Write a pack" in doctor.get(reverse("packs:export")).content
    assert b"Bring a pack in" not in doctor.get(reverse("packs:export")).content
    sent = {"what": "choice", "conditions": ["scoliosis"], "name": "Our scoliosis"}
    answer = doctor.post(reverse("packs:export"), sent)
    assert answer["Content-Disposition"].startswith('attachment; filename="tactus-our-scoliosis-')
    assert read_pack(answer.content).name == "Our scoliosis"
    assert doctor.post(reverse("packs:export"), {"what": "choice"}).status_code == 422


# The difference -------------------------------------------------------------------------------------------------------------------
@pytest.mark.same_everywhere
def test_a_pack_is_told_entry_by_entry_beside_the_edition_in_force(lead):
    found = difference_of(gentler(), lead.clinic)
    collar, rules = found.subjects
    assert (collar.subject, collar.counts, collar.unchanged) == (COLLAR, {"added": 0, "changed": 2, "removed": 0}, 1)
    assert any("3" in line and "2" in line for line in collar.words[0].lines)
    assert (rules.subject, rules.counts["changed"], rules.unchanged) == ("contraindications", 1, 0)
    assert (found.fixed_same, found.fixed_other, found.unknown) == (1, (), ())
    assert [*found.takes] == [COLLAR, "contraindications"]


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_what_is_not_sound_or_looser_is_told_and_only_the_sound_can_be_taken(lead):
    broken = a_pack(
        entries=(entry(CALMING, COLLAR, positions=["nowhere"]), entry(RULE, "contraindications", effects=ENTRIES[RULE]["effects"][1:]))
    )
    collar, rules = difference_of(broken, lead.clinic).subjects
    assert collar.faults
    assert not collar.can_take
    assert rules.can_take
    assert rules.loosened


@pytest.mark.same_everywhere
def test_what_belongs_to_no_clinic_or_to_another_subject_is_left_out(lead):
    rows = (
        PackEntry("library/facts:fact/patient.age", (), {"code": "patient.age"}),
        PackEntry("library/facts:fact/patient.sex", (COLLAR,), {"code": "patient.sex"}),
        PackEntry(RULE, (COLLAR,), {"code": "ca-04"}),
        PackEntry("library/conditions/plague:name", ("conditions/plague",), "Plague"),
    )
    found = difference_of(a_pack(entries=rows), lead.clinic)
    (collar,) = found.subjects
    assert (collar.takes, len(collar.left), found.unknown) == ({}, 2, ("conditions/plague",))
    assert len(found.fixed_other) == 1
    assert found.takes == {}


# In -----------------------------------------------------------------------------------------------------------------------------
def test_a_pack_is_looked_at_and_its_chosen_parts_become_drafts(lead, signed_in):
    browser = signed_in(lead)
    shown = browser.post(reverse("packs:import"), {"pack": uploaded(gentler())})
    assert shown.status_code == 200
    assert not Variant.objects.exists()
    for words in (shown, browser.get(reverse("packs:export")), browser.get(reverse("packs:import"))):
        assert words.content.count(b'method="post"') == words.content.count(b"csrfmiddlewaretoken")
    taken = browser.post(reverse("packs:take"), {"seal": shown.context["seal"], "subject": [COLLAR]})
    variant = Variant.objects.get()
    assert (taken.status_code, taken["Location"]) == (303, reverse("variants:variant", args=[variant.pk]))
    assert (variant.subject, variant.state, variant.title) == (COLLAR, VariantState.DRAFT, "Gentler collar")
    assert variant.origin == f"Gentler collar ({gentler().sum[:12]})"
    assert changes_of(variant)[CALMING]["pressure_max"] == 2
    assert len(changes_of(variant)) == 2
    line = AuditLine.objects.latest("sequence")
    assert (line.verb, line.details["drafts"]) == ("imported-pack", {COLLAR: variant.pk})


def test_an_open_variant_is_told_and_never_overwritten(lead):
    variant = begin_variant(subject=COLLAR, title="Ours", actor=lead)
    found = difference_of(gentler(), lead.clinic)
    assert found.subjects[0].open_variant == variant
    assert [*found.takes] == ["contraindications"]
    takes = {COLLAR: {CALMING: ENTRIES[CALMING] | {"pressure_max": 1}}, "contraindications": found.takes["contraindications"]}
    imported = import_pack(brought=Brought("Gentler", "f" * 64, takes), actor=lead)
    assert [draft.subject for draft in imported.drafts] == ["contraindications"]
    assert imported.refused[0][0] == COLLAR
    variant.refresh_from_db()
    assert (variant.changes, Variant.objects.count()) == ("{}", 2)


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
def test_a_seal_of_somebody_else_of_another_edition_or_a_forged_one_makes_nothing(lead, signed_in):
    browser = signed_in(lead)
    seal = browser.post(reverse("packs:import"), {"pack": uploaded(gentler())}).context["seal"]
    other = signed_in(an_actor(clinic=lead.clinic, roles=(Role.CLINICAL_LEAD,)))
    for somebody, sent in ((other, seal), (browser, seal[:-1] + "x"), (browser, ""), (browser, "{}")):
        assert somebody.post(reverse("packs:take"), {"seal": sent, "subject": [COLLAR]}).status_code == 303
    assert browser.post(reverse("packs:take"), {"seal": seal}).status_code == 303  # nothing was chosen
    assert not Variant.objects.exists()


@pytest.mark.same_everywhere  # words of a page; what they tell is read from each database by the tests around
def test_more_than_a_form_can_carry_is_told_and_not_cut(lead, signed_in, monkeypatch):
    monkeypatch.setattr("protocols.packs.forms.MOST_SEALED", 100)
    shown = signed_in(lead).post(reverse("packs:import"), {"pack": uploaded(gentler())})
    assert (shown.status_code, shown.context["seal"]) == (200, "")
    assert b"too much to take at once" in shown.content


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
@pytest.mark.parametrize("data", [b"", b"{}", b"\xff", a_pack().as_bytes()[:-40], a_pack().as_bytes().replace(b"relaxing", b"deeper")])
def test_a_broken_file_is_refused_with_its_reasons(lead, signed_in, data):
    answer = signed_in(lead).post(reverse("packs:import"), {"pack": uploaded(data)})
    assert answer.status_code == 422
    assert b"Nothing of this file can be used" in answer.content
    assert signed_in(lead).post(reverse("packs:import"), {}).status_code == 422


@pytest.mark.same_everywhere  # refused before anything is kept; what is taken is kept in each database by the tests around
def test_no_pack_of_nonsense_fails_the_page_or_becomes_a_draft(lead):
    """Whoever writes packs with a program can have right sums over anything."""
    chance = Random("nonsense")  # noqa: S311
    for _ in range(8):
        pack = a_pack(entries=tuple(_nonsense(chance, row) for row in gentler().entries))
        try:
            read = read_pack(pack.as_bytes())
        except BrokenPack:
            continue
        found = difference_of(read, lead.clinic)
        assert all(not part.can_take or not part.faults for part in found.subjects)
        assert json.dumps([[*change.lines] for part in found.subjects for change in part.words])


def _nonsense(chance: Random, row: PackEntry) -> PackEntry:
    """The entry with one of its values, or all of it, replaced by something of another kind."""
    anything: Any = chance.choice((None, True, -1, 1.5, "", "x", [], [[]], [None], {}, {"code": 1}, [{"zone": []}], 10**30))
    if chance.random() < 0.3 or not isinstance(row.content, dict):
        return PackEntry(row.address, row.subjects, anything)
    return PackEntry(row.address, row.subjects, {**row.content, chance.choice(list(row.content)): anything})


@pytest.mark.same_everywhere
def test_the_example_of_the_documentation_can_be_taken_and_its_cases_hold(lead):
    pack = read_pack((settings.BASE_DIR / "docs" / "examples" / "gentler-collar.json").read_bytes())
    (collar,) = difference_of(pack, lead.clinic).subjects
    assert collar.can_take
    assert not collar.loosened
    (draft,) = import_pack(brought=Brought(pack.name, pack.sum, {COLLAR: collar.takes}), actor=lead).drafts
    check = check_variant(draft)
    assert check.is_publishable, (check.faults, check.loosened, check.red)


def test_what_one_clinic_published_goes_to_another_and_becomes_the_same_entry_there(lead):
    published(lead)
    pack = export_pack(wanted=Wanted("own", name="Ours"), actor=lead)
    assert [(row.address, row.subjects) for row in pack.entries] == [(CALMING, (COLLAR,))]
    assert (pack.base.name, pack.shipped.name, pack.changed, pack.review_by) == ("2026-11.1", "2026-11", (CALMING,), REVIEW_BY.isoformat())
    assert difference_of(pack, lead.clinic).takes == {}  # here it is so already
    other = an_actor(clinic=a_clinic(), roles=(Role.CLINICAL_LEAD,))
    takes = difference_of(read_pack(pack.as_bytes()), other.clinic).takes
    (draft,) = import_pack(brought=Brought(pack.name, pack.sum, takes), actor=other).drafts
    assert changes_of(draft) == {CALMING: ENTRIES[CALMING] | {"pressure_max": 2}}
    assert draft.clinic == other.clinic
