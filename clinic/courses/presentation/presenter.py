"""Courses in words."""

from django.utils.translation import gettext as _

from clinic.courses.models import Course
from clinic.courses.presentation.chains import source_lines
from clinic.courses.presentation.lines import SourceLine
from clinic.courses.presentation.screening import ScreeningPresenter
from clinic.courses.presentation.sessions import SessionPresenter
from clinic.courses.queries import screening_of


class Presenter(ScreeningPresenter, SessionPresenter):
    """Turns plans into view objects in one language."""

    def condition(self, course: Course) -> str:
        """The condition's name."""
        return self.names.of("conditions", course.condition)

    def stage(self, course: Course) -> str:
        """The stage's name."""
        return self.names.of("stages", f"{course.condition}/{course.stage}")

    def stop_rules(self, course: Course) -> tuple[str, ...]:
        """What ends a session at once: the words for every session, then those of the stage."""
        treatment = self.library.conditions[course.condition].stages[course.stage].treatment
        wanted = ("any", *(treatment.stop_sets if treatment else ()))
        return tuple(dict.fromkeys(line for code in wanted for line in self.names.lines("stop-sets", code, "stop")))

    def sources(self, course: Course) -> tuple[SourceLine, ...]:
        """What the protocol of the course was made from."""
        return source_lines(self.library, self.library.conditions[course.condition].sources)

    def blocking(self, course: Course) -> list[str]:
        """What stands in the way of the start, for the card: questions of the day as one line."""
        view = self.screening(screening_of(course), course.outcome)
        lines = [line.because for line in view.obstacles]
        if view.questions_intake:
            lines.append(_("Questions of the intake form are open (%(count)s).") % {"count": len(view.questions_intake)})
        if view.questions_today:
            lines.append(_("Today's questions are not all answered (%(count)s open).") % {"count": len(view.questions_today)})
        return list(dict.fromkeys(lines))
