"""Who may read the editions of a clinic, who signs a variant, and who brings an earlier edition back."""

from collections.abc import Callable

from clinic.staff.models import Clinic, Role
from protocols.editions.content import shipped_digest
from protocols.models import Variant
from tests.protocols.publishing.desk import a_lead, a_sent, published
from tests.trust.rows import EVERY_ROLE, Row, Thing

CANARIES = ("canary-in-the-title", "canary-in-the-note")


def a_waiting(clinic: Clinic) -> Thing:
    """A variant that lies with the doctor, with words found nowhere else."""
    variant = a_sent(a_lead(clinic), note=CANARIES[1])
    Variant.objects.filter(pk=variant.pk).update(title=CANARIES[0])
    return Thing({"pk": variant.pk}, CANARIES)


def a_draft_of(clinic: Clinic) -> Thing:
    """The same as a draft."""
    thing = a_waiting(clinic)
    Variant.objects.filter(pk=thing.kwargs["pk"]).update(state="draft")
    return thing


def an_own_edition(clinic: Clinic) -> Thing:
    """An edition that this clinic published, and no other has."""
    publication = published(a_lead(clinic))
    Variant.objects.filter(pk=publication.variant_id).update(title=CANARIES[0])
    return Thing({"digest": publication.edition_id}, CANARIES[:1])


PUBLISH_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "waiting-variant": a_waiting,
    "draft-variant": a_draft_of,
    "own-edition": an_own_edition,
    "own-edition-listed": lambda clinic: Thing({}, an_own_edition(clinic).canaries),
    "shipped-edition": lambda _clinic: Thing({"digest": shipped_digest()}),
}
PUBLISH_ROWS: dict[str, Row] = {
    # The document with who wrote and sent it, its moves, and who signs.
    "publishing:sign": Row((Role.DOCTOR,), {"GET": 200, "POST": 409}, thing="waiting-variant", queries=16),
    "publishing:return": Row((Role.DOCTOR,), {"POST": 409}, thing="waiting-variant"),
    "publishing:moved": Row((Role.CLINICAL_LEAD,), {"GET": 200, "POST": 409}, thing="draft-variant"),
    "publishing:editions": Row(EVERY_ROLE, thing="own-edition-listed", queries=8),
    "publishing:edition": Row(EVERY_ROLE, thing="own-edition", queries=10),
    "publishing:again": Row((Role.CLINICAL_LEAD,), {"POST": 303}, thing="shipped-edition", shared=True),
    "publishing:release": Row(EVERY_ROLE, queries=4),
}
