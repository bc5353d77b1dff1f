"""What of a failure may stand in a log: its kind and its place. What it says may hold an address or a text."""

from traceback import extract_tb


def kind_and_place(wrong: BaseException) -> str:
    """For example "KeyError at sources.py:71"."""
    last = next(iter(reversed(extract_tb(wrong.__traceback__))), None)
    return f"{type(wrong).__name__} at {last.filename.rpartition('/')[2]}:{last.lineno}" if last else type(wrong).__name__
