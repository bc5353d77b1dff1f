"""What lets the suite do the same work once instead of thousands of times; no test sees a difference (loaded by tests/conftest.py)."""

import gc
from collections.abc import Iterator

import pytest
from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_listed_once() -> Iterator[None]:
    """Every test client starts the middleware anew, and WhiteNoise would walk through all static files each time."""
    original, listings = WhiteNoiseMiddleware.add_files_from_finders, {}

    def remembered(middleware: WhiteNoiseMiddleware) -> None:
        key = (
            middleware.static_prefix,
            middleware.max_age,
            tuple(map(str, settings.STATICFILES_DIRS)),
            settings.STORAGES["staticfiles"]["BACKEND"],
        )
        if key not in listings:
            original(middleware)
            listings[key] = dict(middleware.files)
        middleware.files.update(listings[key])

    WhiteNoiseMiddleware.add_files_from_finders = remembered
    yield
    WhiteNoiseMiddleware.add_files_from_finders = original


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Slow tests come first in the share of each process: one that began last would keep the others waiting for nothing.

    Shares are equal parts of the list, as the distribution by ``worksteal`` cuts it.
    """
    shares = getattr(config, "workerinput", {}).get("workercount", 1)
    slow = [item for item in items if item.get_closest_marker("slow")]
    quick = [item for item in items if not item.get_closest_marker("slow")]
    ends = [len(quick) * number // shares for number in range(shares + 1)]
    items[:] = [item for number in range(shares) for item in (*slow[number::shares], *quick[ends[number] : ends[number + 1]])]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the search for garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
