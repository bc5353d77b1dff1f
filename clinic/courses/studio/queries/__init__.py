"""What the studio asks the database."""

from clinic.courses.studio.queries.drafts import course_on_desk, desk_for, drafts_of, own_draft

__all__ = ["course_on_desk", "desk_for", "drafts_of", "own_draft"]
