"""A plan is worked out once for one case and the same library, and anew as soon as anything of them differs."""

from dataclasses import replace

from clinic.courses.planning import _Same
from protocols.method.answers import Answers
from protocols.method.case import Case
from protocols.shelf import shipped_library

LIBRARY = shipped_library()


def a_case(**known: object) -> Case:
    condition = next(iter(LIBRARY.conditions.values()))
    stage = next(iter(condition.stages.values()))
    return Case(40, "female", condition, stage, {}, Answers(dict(known)))  # type: ignore[arg-type]  # any value, to tell them apart


def test_the_same_case_read_anew_is_the_same() -> None:
    assert _Same(a_case(fever=True), LIBRARY) == _Same(a_case(fever=True), LIBRARY)


def test_an_answer_of_another_type_makes_another_case() -> None:
    assert _Same(a_case(fever=True), LIBRARY) != _Same(a_case(fever=1), LIBRARY)
    assert _Same(a_case(weeks=1), LIBRARY) != _Same(a_case(weeks=1.0), LIBRARY)


def test_another_day_an_unknown_answer_or_another_library_is_never_taken_for_it() -> None:
    case = a_case(fever=False)
    assert _Same(case, LIBRARY) != _Same(replace(case, on=case.on.replace(day=2)), LIBRARY)
    assert _Same(case, LIBRARY) != _Same(replace(case, answers=Answers({"fever": False}, frozenset({"weeks"}))), LIBRARY)
    assert _Same(case, LIBRARY) != _Same(case, replace(LIBRARY))
