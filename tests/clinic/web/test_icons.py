"""Icons are read from their archive faster than their package does it, and look the same."""

import pytest
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

from clinic.web.icons import svg


@pytest.mark.same_everywhere
def test_an_icon_is_what_its_package_draws():
    about = {"focusable": "false", "role": "img", "aria-label": 'More than "this" & that'}
    for name in ("activity", "house", "zap"):
        assert svg(name, 20, about) == lucide(name, size=20, focusable="false", role="img", aria_label=about["aria-label"])


@pytest.mark.same_everywhere
def test_an_icon_that_is_not_there_is_told():
    with pytest.raises(IconDoesNotExist, match="no-such-icon"):
        svg("no-such-icon", 20, {})
