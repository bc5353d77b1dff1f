"""What differs between two states of an entry of the library, in words: from the raw entries, so that unsound ones can be told too."""

from protocols.presentation.changed.entries import EntryChange, changes_in_words, heading_of
from protocols.presentation.changed.loosenings import loosening_words, loosenings_in_words

__all__ = ["EntryChange", "changes_in_words", "heading_of", "loosening_words", "loosenings_in_words"]
