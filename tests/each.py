"""One test for one rule, asked of every case: for tests so small that each costs less than what pytest does around it."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

PARAM = type(pytest.param())


def of_each(names: str | tuple[str, ...], cases: Iterable[Any], ids: Any = None) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Like ``pytest.mark.parametrize``, but one test: it goes through all cases, and names each that failed with what was wrong.

    For functions of the cases alone: what fixtures give would be shared by all. ``ids`` is read as there; without cases it fails.
    """
    listed = list(cases)
    assert not any(isinstance(case, PARAM) and case.marks for case in listed), "one of many cases has no mark of its own"
    keys = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)

    def one_for_all(test: Callable[..., None]) -> Callable[[], None]:
        def asked_of_each() -> None:
            failed: list[Exception] = []
            for number, case in enumerate(listed):
                try:
                    test(*_values(case, len(keys)))
                except Exception as fault:  # told below, with all others
                    fault.add_note(f"{', '.join(keys)}: {_named(ids, number, case)}")
                    failed.append(fault)
            if failed:
                raise ExceptionGroup(f"{len(failed)} of {len(listed)} cases", failed)
            assert listed, "nothing to ask"

        asked_of_each.__name__, asked_of_each.__doc__, asked_of_each.__module__ = test.__name__, test.__doc__, test.__module__
        asked_of_each.__qualname__ = test.__qualname__
        return asked_of_each

    return one_for_all


def _values(case: Any, count: int) -> tuple[Any, ...]:
    if isinstance(case, PARAM):
        return tuple(case.values)
    return (case,) if count == 1 else tuple(case)


def _named(ids: Any, number: int, case: Any) -> str:
    if isinstance(case, PARAM):
        return str(case.id)
    if callable(ids):
        return str(ids(case))
    return str(case) if ids is None else str(list(ids)[number])
