"""The library as one page to read: ``docs/library.md``. It is made from the data, so it cannot disagree with it."""

from protocols.handbook.page import library_page

__all__ = ["library_page"]
