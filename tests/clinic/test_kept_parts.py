"""Parts of a page that are drawn once: each language and key has its own, and what differs each time is put in afterwards."""

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.utils.translation import override

from clinic.web.templatetags import kept

PART = "{% load kept i18n %}{% kept 'part' name slots token=token %}<b>{{ name }} {% translate 'Sign out' %} {{ token }}</b>{% endkept %}"


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_kept", {})


def drawn(**values: object) -> str:
    return Template(PART).render(Context(values))


def test_it_is_drawn_once_and_its_slots_are_filled_each_time() -> None:
    assert drawn(name="Anna", token="one") == "<b>Anna Sign out one</b>"
    assert drawn(name="Anna", token="two") == "<b>Anna Sign out two</b>"
    assert len(kept._kept) == 1


def test_another_key_or_language_is_another_part() -> None:
    drawn(name="Anna", token="")
    assert drawn(name="Boris", token="") == "<b>Boris Sign out </b>"
    with override("ru"):
        assert drawn(name="Anna", token="") == "<b>Anna Выйти </b>"
    assert len(kept._kept) == 3


def test_what_is_put_in_is_escaped_and_so_is_what_is_kept() -> None:
    assert drawn(name="<i>", token="<script>") == "<b>&lt;i&gt; Sign out &lt;script&gt;</b>"


def test_nobody_types_a_slot() -> None:
    assert drawn(name="\ue000token\ue000", token="secret") == "<b>\ue000token\ue000 Sign out secret</b>"


def test_there_is_an_end_to_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    for name in ("Anna", "Boris", "Clara"):
        drawn(name=name, token="")
    assert len(kept._kept) == 1


@override_settings(DEBUG=True)
def test_whoever_writes_a_template_sees_the_change_at_once() -> None:
    drawn(name="Anna", token="")
    assert not kept._kept
