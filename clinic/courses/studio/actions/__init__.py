"""What changes drafts, and what keeps them. Drafts are no record: only what is kept leaves a line in the audit."""

from clinic.courses.actions import StaleCourse
from clinic.courses.studio.actions.acting import ActRefused, StaleDraft, do_act, keep_words, redo, undo
from clinic.courses.studio.actions.keeping import Kept, NeedsReasons, keep_edits
from clinic.courses.studio.actions.settling import CHOICES, Choice, drop_draft, load_edits, settle

__all__ = [
    "CHOICES",
    "ActRefused",
    "Choice",
    "Kept",
    "NeedsReasons",
    "StaleCourse",
    "StaleDraft",
    "do_act",
    "drop_draft",
    "keep_edits",
    "keep_words",
    "load_edits",
    "redo",
    "settle",
    "undo",
]
