"""Forced calm halves kneading in favour of stroking, also in a step of which a finding leaves only a zone that has a step of its own."""

from protocols.method.case import parse_case
from protocols.method.planning import plan_session
from protocols.shelf import shipped_library
from tests.method.cases import MEASURED, a_case


def test_the_remains_of_a_wider_step_are_halved_by_their_own_mix() -> None:
    library = shipped_library()
    case = a_case(
        patient={"age": 35, "sex": "female"},
        condition="post-infarction",
        stage="outpatient",
        inputs={"weeks_since_infarction": 20},
        facts={**MEASURED, "history.ivf-cycle-now": True},
        clearances={"obstetrician-note": 14, "cardiologist-note": 1},
        session={"number": 4, "of": 11},
    )
    session = plan_session(parse_case(case, library), library).session
    kneaded = [row.seconds for row in session.rows if (row.zone, row.family) == ("interscapular", "kneading")]
    rest = [row for row in session.rows if row.zone == "interscapular" and row.part == "main"]
    last = rest[-1].step
    of_the_back = sum(row.seconds for row in rest if row.step == last)
    assert kneaded == [27]
    assert kneaded[0] == 0.15 * of_the_back  # calm-rubbing-kneading: 30 % halved
