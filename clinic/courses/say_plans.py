"""The pages of the library say plans in the words of courses."""

from clinic.courses.presentation import Presenter
from clinic.courses.presentation.differences import DifferencePresenter
from protocols.plan_words import Sayers, say_plans_with


def courses_say_plans() -> None:
    """Registers the presenters of courses with the library."""
    say_plans_with(Sayers(Presenter, DifferencePresenter))
