"""The one kind of failure that the set-up reports: a sentence for a person, never a traceback."""


class Trouble(Exception):
    """The set-up cannot go on; the text says why and what to do, in one sentence."""


def say(line: str) -> None:
    """One line of progress, at once even when the output is a pipe."""
    print(line, flush=True)
