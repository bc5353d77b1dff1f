import pytest

from clinic.web import marks
from clinic.web.templatetags.marks import family_glyph, paired, tempo_ticks
from protocols.method.vocabulary import FAMILIES, SIDES, TEMPOS, Outcome


def test_every_outcome_has_an_icon_and_a_word_of_its_own_so_that_grey_paper_loses_nothing():
    assert list(marks.OUTCOMES) == [outcome.code for outcome in Outcome]
    assert len({mark.icon for mark in marks.OUTCOMES.values()}) == len(Outcome)
    assert len({str(mark.word) for mark in marks.OUTCOMES.values()}) == len(Outcome)


def test_every_family_has_a_glyph_of_its_own():
    assert tuple(marks.FAMILY_PATHS) == FAMILIES
    assert len(set(marks.FAMILY_PATHS.values())) == len(FAMILIES)
    assert marks.FAMILY_PATHS["rubbing"] in family_glyph("rubbing")


def test_every_tempo_and_side_of_the_method_has_a_mark():
    assert tuple(marks.TEMPOS) == tuple(marks.TEMPO_TICKS) == TEMPOS
    assert tuple(marks.SIDES) == SIDES


def test_a_brisk_tempo_has_more_strokes_than_a_calm_one():
    assert tempo_ticks("calm").count("v10") < tempo_ticks("neutral").count("v10") < tempo_ticks("tonic").count("v10")


@pytest.mark.parametrize(("seconds", "words"), [(360, "6"), (390, "6:30"), (30, "0:30"), (65, "1:05"), (0, "0")])
def test_seconds_read_as_on_a_watch(seconds, words):
    assert marks.clock(seconds) == words


def test_the_longest_session_fills_the_drawing_and_the_others_follow():
    bars = marks.dose_bars([10, 20, 5], current=2, done=1)
    assert [bar.height for bar in bars] == [28, 56, 14]
    assert [(bar.is_current, bar.is_done) for bar in bars] == [(False, True), (True, False), (False, False)]
    assert len({round(bar.y + bar.height, 6) for bar in bars}) == 1


def test_a_course_without_minutes_draws_nothing_that_breaks():
    assert marks.dose_bars([]) == ()
    assert [bar.height for bar in marks.dose_bars([0, 0])] == [0, 0]


def test_a_row_with_a_cell_too_few_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        paired(["a", "b"], ["1"])
