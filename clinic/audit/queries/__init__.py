"""What the pages read from the audit: changes at a clinic, looks at a clinic, and everything about one patient."""

from clinic.audit.queries.changes import (
    Choices,
    Filters,
    changes_page,
    choices_at,
    filters_from,
    names_of_people,
    shown_changes,
)
from clinic.audit.queries.looks import LookChoices, LookFilters, look_choices_at, look_filters_from, reads_page, shown_reads
from clinic.audit.queries.story import MOST_AT_ONCE, Period, Story, changes_of, looks_at, story_of, story_page, whole_story
from clinic.audit.queries.words import PAGE_SIZE, Shown, kind_of_look, role_names, subject_name

__all__ = [
    "MOST_AT_ONCE",
    "PAGE_SIZE",
    "Choices",
    "Filters",
    "LookChoices",
    "LookFilters",
    "Period",
    "Shown",
    "Story",
    "changes_of",
    "changes_page",
    "choices_at",
    "filters_from",
    "kind_of_look",
    "look_choices_at",
    "look_filters_from",
    "looks_at",
    "names_of_people",
    "reads_page",
    "role_names",
    "shown_changes",
    "shown_reads",
    "story_of",
    "story_page",
    "subject_name",
    "whole_story",
]
