"""Checks the shape of a raw value and collects every fault, so that a case is mended in one go and not one line at a time."""

from collections.abc import Collection, Mapping, Sequence

from protocols.method.answers import Fault


def joined(field: str, key: str) -> str:
    """The name of a field inside another: ``patient`` and ``age`` give ``patient.age``."""
    return f"{field}.{key}" if field else key


def kind_of(value: object) -> str:
    """What a JSON value is, in words for a message."""
    if value is None:
        return "nothing (null)"
    names: dict[type, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list", tuple: "a list"}
    return names.get(type(value), "an object" if isinstance(value, Mapping) else type(value).__name__)


def short(value: object) -> str:
    """A value as it stands in a message: never longer than a line."""
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "..."


class Reader:
    """Each method gives the checked value, or None after noting a fault. ``faults`` holds what was found, in the order of reading."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def note(self, field: str, message: str) -> None:
        """Keeps one fault of ``field``."""
        self.faults.append(Fault(field, message))

    def mapping(self, value: object, field: str) -> Mapping[str, object] | None:
        """An object with text keys."""
        if isinstance(value, Mapping):
            return value
        self.note(field or "case", f"must be an object, not {kind_of(value)}")
        return None

    def members(self, value: object, field: str, *, required: Sequence[str], optional: Sequence[str] = ()) -> Mapping[str, object] | None:
        """An object that has every required key and no key beside the named ones. Unknown and missing keys are faults of their own."""
        found = self.mapping(value, field)
        if found is None:
            return None
        for key in required:
            if key not in found:
                self.note(joined(field, key), "is missing")
        for key in found:
            if key not in required and key not in optional:
                self.note(joined(field, key), "is not a field of a case")
        return found

    def items(self, value: object, field: str) -> Sequence[object]:
        """A list; the empty one after a fault."""
        if isinstance(value, (list, tuple)):
            return value
        self.note(field, f"must be a list, not {kind_of(value)}")
        return ()

    def whole_number(self, value: object, field: str, *, low: int, high: int) -> int | None:
        """A whole number from ``low`` to ``high``. ``true`` is no number, and neither is 4.0."""
        if not isinstance(value, int) or isinstance(value, bool):
            self.note(field, f"must be a whole number, not {kind_of(value)}")
            return None
        if low <= value <= high:
            return value
        self.note(field, f"must be from {low} to {high}, not {_digits(value)}")
        return None

    def truth(self, value: object, field: str) -> bool | None:
        """True or false, nothing that merely looks like it."""
        if isinstance(value, bool):
            return value
        self.note(field, f"must be true or false, not {kind_of(value)}")
        return None

    def code(self, value: object, field: str, *, among: Collection[str], what: str) -> str | None:
        """A code that is one of ``among``; ``what`` names the list in the message."""
        if not isinstance(value, str):
            self.note(field, f"must be text, not {kind_of(value)}")
            return None
        if value in among:
            return value
        self.note(field, f"{short(value)} is not {what}")
        return None


def _digits(value: int) -> str:
    # str() refuses integers of thousands of digits; the reader of JSON refuses them too, other callers may not.
    return short(value) if value.bit_length() < 200 else "a number of many digits"
