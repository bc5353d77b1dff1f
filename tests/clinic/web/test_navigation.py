import pytest

from clinic.web import navigation
from clinic.web.navigation import Item, links_for, register, registered


@pytest.fixture(autouse=True)
def _only_these_entries(monkeypatch):
    monkeypatch.setattr(navigation, "_items", {})
    register(
        Item("Staff", "staff-list", "users", 80, frozenset({"admin"})),
        Item("Today", "home", "sun", 10),
        Item("New", "staff-new", "plus", 90, frozenset({"admin"})),
    )


def test_entries_come_in_their_order():
    assert [item.url_name for item in registered()] == ["home", "staff-list", "staff-new"]


def test_nobody_sees_an_entry_of_another_role():
    assert [link.label for link in links_for(frozenset({"therapist"}), "/")] == ["Today"]
    assert [link.label for link in links_for(frozenset({"therapist", "admin"}), "/")] == ["Today", "Staff", "New"]


@pytest.mark.parametrize(
    ("path", "current"),
    [("/", ["Today"]), ("/staff/", ["Staff"]), ("/staff/7/roles/", ["Staff"]), ("/staff/new/", ["New"]), ("/else/", [])],
)
def test_the_entry_nearest_to_the_page_is_the_current_one(path, current):
    assert [link.label for link in links_for(frozenset({"admin"}), path) if link.is_current] == current


def test_a_page_may_belong_to_an_entry_whose_address_it_does_not_begin_with():
    register(Item("New", "staff-new", "plus", 90, frozenset({"admin"}), also=("account",)))
    for path in ("/account/", "/account/sessions/"):
        assert [link.label for link in links_for(frozenset({"admin"}), path) if link.is_current] == ["New"]


def test_a_page_about_one_thing_may_belong_to_an_entry_by_the_end_of_its_address():
    register(Item("New", "staff-new", "plus", 90, frozenset({"admin"}), ends=("/looks/",)))
    assert [link.label for link in links_for(frozenset({"admin"}), "/staff/7/looks/") if link.is_current] == ["New"]
    assert [link.label for link in links_for(frozenset({"admin"}), "/staff/7/") if link.is_current] == ["Staff"]


def test_registering_again_replaces():
    register(Item("My day", "home", "sun", 10))
    assert [str(item.label) for item in registered()].count("My day") == 1
    assert len(registered()) == 3
