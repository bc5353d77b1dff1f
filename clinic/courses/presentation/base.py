"""What every presenter has."""

from clinic.courses.reasons import Speaker
from protocols.method.library import Library
from protocols.method.names import Names


class InOneLanguage:
    """The library, its words in one language, and who says reasons with them."""

    def __init__(self, library: Library, names: Names) -> None:
        self.library, self.names = library, names
        self.speaker = Speaker(library, names)
