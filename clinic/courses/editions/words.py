"""What another edition would change, in words: one line for everything that differs in the same way in several sessions."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clinic.courses.editions.impact import Impact
from clinic.courses.other_edition_words import forbidden_words
from clinic.courses.presentation.differences import DifferencePresenter, Named, RowGroup, RowLine, SessionDifferenceView
from clinic.courses.session_spans import sessions_words
from clinic.web.marks import clock
from clinic.web.templatetags.marks import side_word
from protocols.comparing import Planned
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.scope import growth_reason

KINDS: Final[Mapping[str, Any]] = {
    "same": gettext_lazy("Unaffected"),
    "differs": gettext_lazy("Differs"),
    "needs-signature": gettext_lazy("Needs a doctor"),
    "forbidden": gettext_lazy("Forbidden now"),
    "cannot": gettext_lazy("Cannot be moved"),
}
MOST_LINES: Final = 3  # in a list; the page of one course shows all


def summary(counts: Mapping[Any, int]) -> str:
    """``9 unaffected, 3 differ in a row or more, 2 need a doctor``; "" for none at all."""
    return ", ".join(_counted(kind, counts[kind]) for kind in KINDS if counts.get(kind))


def _counted(kind: str, count: int) -> str:
    words = {
        "same": ngettext("%(count)s unaffected", "%(count)s unaffected", count),
        "differs": ngettext("%(count)s differs in a row or more", "%(count)s differ in a row or more", count),
        "needs-signature": ngettext("%(count)s needs a doctor", "%(count)s need a doctor", count),
        "forbidden": ngettext("%(count)s does what is forbidden now", "%(count)s do what is forbidden now", count),
        "cannot": ngettext("%(count)s cannot be moved", "%(count)s cannot be moved", count),
    }
    return words[kind] % {"count": count}


class ImpactPresenter:
    """Says impacts by the names of the edition in force."""

    def __init__(self, library: Library, names: Names) -> None:
        self.library, self.names = library, names
        self.differences = DifferencePresenter(library, names)

    def lines(self, impact: Impact) -> tuple[str, ...]:
        """Everything that moving would change, the gravest first: what is forbidden, what a doctor must sign, what else differs."""
        return (*self.forbidden(impact), *self.grown(impact), *self.changes(impact), *((impact.sentence,) if impact.sentence else ()))

    def forbidden(self, impact: Impact) -> tuple[str, ...]:
        """What the plan does as it stands and the edition in force forbids."""
        said = forbidden_words(impact.forbidden, self.library, self.names)
        return tuple(_("Forbidden now: %(what)s") % {"what": line} for line in said)

    def grown(self, impact: Impact) -> tuple[str, ...]:
        """In what the new plan goes beyond what was signed, each kind of growth once."""
        first = {(each.kind, each.code, each.side): each for each in reversed(impact.grown)}
        said = (self.differences.speaker.say(growth_reason(each)) for each in reversed(first.values()))
        return tuple(_("Beyond what was signed: %(what)s") % {"what": line} for line in said)

    def changes(self, impact: Impact) -> tuple[str, ...]:
        """What differs, a line each, with the sessions in which it does."""
        if impact.difference is None or impact.before is None or impact.after is None:
            return ()
        return (*self._whole(impact.before, impact.after, impact), *self._sessions(impact))

    def _whole(self, before: Planned, after: Planned, impact: Impact) -> Iterator[str]:
        view = self.differences.course(before, after, impact.difference)  # type: ignore[arg-type]  # asked above
        for line in view.head:
            if line.is_changed and line.kind != "outcome":
                yield f"{line.label}: {line.before} → {line.after}"
        yield from (_("Found by its rules: %(what)s") % {"what": found.title} for found in view.findings_come)
        yield from (_("Not found any more: %(what)s") % {"what": found.title} for found in view.findings_go)
        yield from (_("Found with another weight: %(what)s") % {"what": found.title} for found in view.findings_changed)
        yield from (_("Must be there before a session: %(what)s") % {"what": each.name} for each in view.obstacles_come)

    def _sessions(self, impact: Impact) -> Iterator[str]:
        old, new = ({plan.number: plan for plan in each.sessions} for each in (impact.before, impact.after) if each is not None)
        found: dict[str, list[int]] = {}
        for number, differences in impact.difference.sessions if impact.difference else ():
            is_empty = not new[number].rows
            view = self.differences.one_session(old[number], new[number], differences)
            for line in [_("nothing is left to give")] if is_empty else dict.fromkeys(_session_lines(view)):
                found.setdefault(line, []).append(number)
        yield from (f"{sessions_words(numbers)}: {line}" for line, numbers in found.items())


def _session_lines(view: SessionDifferenceView) -> Iterator[str]:
    yield from (f"{line.label}: {line.before} → {line.after}" for line in view.head if line.is_changed)
    rows = [row for group in view.changed for row in group.rows]
    yield from (_row(row) for row in rows if not _is_of_time(row))
    if zones := dict.fromkeys(row.zone for row in rows if _is_of_time(row)):
        yield _("other minutes on: %(zones)s") % {"zones": "; ".join(zones)}
    yield from (_("new: %(what)s") % {"what": line} for line in _rows(view.come))
    yield from (_("gone: %(what)s") % {"what": line} for line in _rows(view.go))
    if view.order:
        yield _("another order of the steps")
    yield from (_("supplement: %(what)s") % {"what": named.name} for _change, named in view.supplements)
    yield from (_("left out: %(what)s") % {"what": _named(named)} for named in view.left_out)
    yield from (_("no longer in the list of what is left out: %(what)s") % {"what": _named(named)} for named in view.left_in)


def _rows(groups: Iterable[RowGroup]) -> Iterator[str]:
    yield from (_row(row) for group in groups for row in group.rows)


def _row(row: RowLine) -> str:
    """A zone with what is done there, and what of it changes."""
    works = ", ".join(work.technique if row.details else f"{work.technique} {clock(work.seconds)}" for work in row.works)
    details = ", ".join(f"{what} {old} → {new}" for what, old, new in row.details)
    return f"{row.zone}: {works}" + (f" ({details})" if details else "")


def _is_of_time(row: RowLine) -> bool:
    """Whether nothing but its minutes change: a step that goes gives its time to the others."""
    return [what for what, _old, _new in row.details] == [_("minutes")]


def _named(named: Named) -> str:
    return f"{named.name} ({side_word(named.side)})" if named.side else named.name
