"""Example values for the component gallery."""

from typing import Any


def samples() -> dict[str, Any]:
    return {}
