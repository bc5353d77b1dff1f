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
def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the search for garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
