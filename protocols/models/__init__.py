"""What the database keeps of the knowledge: reviews of entries, editions, and how a clinic makes its own."""

from protocols.models.editions import Edition, EditionPart, Publication
from protocols.models.reviews import EntryReview
from protocols.models.variants import Variant, VariantMove, VariantVersion

__all__ = ["Edition", "EditionPart", "EntryReview", "Publication", "Variant", "VariantMove", "VariantVersion"]
