"""What keeps an edition. Nothing here is anybody's act: it belongs into the transaction of whoever needs the edition kept."""

from typing import Any

from protocols.editions.content import EditionContent, shipped_content


def keep_edition(content: EditionContent, *, editions: Any = None, parts: Any = None) -> str:
    """Keeps this edition and every part of it that is not kept yet, and gives its digest. Three queries at most; safe to repeat.

    ``editions`` and ``parts`` are the models of a migration, where it is one that keeps it.
    """
    from protocols.models import Edition, EditionPart

    editions, parts = editions or Edition, parts or EditionPart
    if editions.objects.filter(pk=content.digest).exists():
        return content.digest
    there = set(parts.objects.filter(pk__in=content.part_digests.values()).values_list("pk", flat=True))
    missing = {content.part_digests[name]: text for name, text in content.texts.items() if content.part_digests[name] not in there}
    parts.objects.bulk_create(parts(digest=digest, text=text) for digest, text in missing.items())
    editions.objects.create(
        digest=content.digest, name=content.name, library_digest=content.library_digest, parts=dict(content.part_digests)
    )
    return content.digest


def keep_shipped_edition(**_of_the_signal: Any) -> None:
    """Keeps the edition of this release: after every ``migrate``, so that courses planned with it can always be read and built again."""
    keep_edition(shipped_content())
