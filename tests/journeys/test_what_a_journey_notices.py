"""The watch over a browser tells what failed, and keeps quiet about a page that was left before its fragment came."""

import pytest

from tests.journeys.conftest import Watch


class _NoPage:
    def on(self, _event: str, _told: object) -> None:
        """Nobody calls: the test says itself what the browser said."""


def _trouble(*lines: str) -> list[str]:
    watch = Watch(_NoPage())  # type: ignore[arg-type]  # a page that says nothing of its own
    for line in lines:
        watch._said("error", line)
    return watch.trouble


def test_a_page_left_before_its_fragment_came_is_no_trouble() -> None:
    assert _trouble("htmx:afterRequest, [object HTMLDivElement]", "htmx:sendAbort, [object HTMLDivElement]") == []


@pytest.mark.parametrize("reason", ["htmx:sendError", "htmx:timeout", "htmx:swapError", "htmx:onLoadError"])
def test_a_fragment_that_failed_is_told(reason: str) -> None:
    assert _trouble("htmx:afterRequest, [object HTMLDivElement]", f"{reason}, [object HTMLDivElement]") == [
        f"console: {reason}, [object HTMLDivElement]"
    ]
