"""What the studio asks the database."""

from clinic.courses.studio.queries.drafts import desk_for, drafts_of, own_draft

__all__ = ["desk_for", "drafts_of", "own_draft"]
