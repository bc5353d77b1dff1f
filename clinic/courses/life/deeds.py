"""What people do, one deed a function: each takes a walk, does it, or is refused. Which and how often is decided in ``DEEDS``."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from clinic.courses.actions import (
    Felt,
    Lost,
    Why,
    answer_day_questions,
    ask_doctor,
    end_course,
    lose_session,
    move_course,
    pause_course,
    record_session,
    replan_course,
    request_of,
    resume_course,
    return_course,
    start_course,
    submit_course,
    transfer_course,
    undo_lost_session,
    withdraw_submission,
)
from clinic.courses.actions.after import NextDaySaid, acknowledge_reaction, answer_next_day, choose_adaptation
from clinic.courses.actions.consenting import withdraw_consent
from clinic.courses.actions.recording import Outage, add_addendum, record_outage, record_start
from clinic.courses.actions.reviewing import decide_review
from clinic.courses.actions.signing_off import refuse_course, revoke_signature, sign_course
from clinic.courses.actions.starting import start_session, take_back_start
from clinic.courses.consents import covered_by, missing_consent, newest_consent
from clinic.courses.day.actions.playing import keep_events
from clinic.courses.day.event_rules import EventSent
from clinic.courses.day.queries.playing import played_now
from clinic.courses.demo_days import agree, quiet_day
from clinic.courses.life.editions import an_edition_is_published, it_is_moved, it_is_moved_back
from clinic.courses.life.scene import word_of
from clinic.courses.life.walk import NothingToDo, Walk, attempt
from clinic.courses.models import CourseReview
from clinic.courses.pinned import library_of
from clinic.courses.proposals import proposal_for
from clinic.courses.states import AddendumReason, ChoiceReason, CourseReason, CourseState, EventKind, Reaction, SessionState, StopReason
from patients.actions import record_document, withdraw_document
from patients.questionnaire import NORMAL_REPLY, STATED, Reply

FEVER: Final = {"today.temperature-c": Reply(STATED, 38.6)}
THINNER: Final = {"medicine.anticoagulant": Reply(STATED, value=True)}
NO_THINNER: Final = {"medicine.anticoagulant": NORMAL_REPLY}
WORDS: Final = "Said on the way."


def shown(walk: Walk) -> dict[str, Any]:
    """What a page that shows the course sends along."""
    return {"course": walk.course, "on": walk.day, "version": walk.version()}


# The days -------------------------------------------------------------------------------------------------------------------
def a_night_passes(walk: Walk) -> None:
    walk.clock.morning(walk.random.choice((1, 1, 1, 2, 3)))


def weeks_pass(walk: Walk) -> None:
    walk.clock.morning(walk.random.randint(8, 30))


def an_hour_passes(walk: Walk) -> None:
    walk.clock.on(minutes=walk.random.randint(1, 40))


def todays_questions_are_quiet(walk: Walk) -> None:
    replies = quiet_day(walk.course, library_of(walk.course), on=walk.day)
    answer_day_questions(**shown(walk), replies=replies, actor=walk.actor)
    walk.told.quiet_on.add(walk.day)
    walk.told.fever_on.discard(walk.day)


def todays_questions_find_a_fever(walk: Walk) -> None:
    replies = quiet_day(walk.course, library_of(walk.course), on=walk.day, but=FEVER)
    answer_day_questions(**shown(walk), replies=replies, actor=walk.actor)
    walk.told.quiet_on.discard(walk.day)
    walk.told.fever_on.add(walk.day)


# What is told between -------------------------------------------------------------------------------------------------------
def a_fever_is_told(walk: Walk) -> None:
    walk.tell(FEVER)
    walk.told.fever_on.add(walk.day)


def a_thinner_is_told(walk: Walk) -> None:
    walk.tell(THINNER)
    walk.told.takes_a_thinner = True


def the_thinner_was_a_slip(walk: Walk) -> None:
    walk.tell(NO_THINNER)
    walk.told.takes_a_thinner = False


def a_referral_is_seen(walk: Walk) -> None:
    about: dict[str, Any] = {"kind": "doctor-referral", "issued_on": walk.day, "issued_by": "Dr Outside"}
    record_document(patient=walk.course.patient, on=walk.day, actor=walk.actor, **about)


def a_referral_is_withdrawn(walk: Walk) -> None:
    papers = walk.referrals()
    if not papers:
        raise NothingToDo
    withdraw_document(document=papers[0], reason=WORDS, actor=walk.actor)


# Plan and doctor ------------------------------------------------------------------------------------------------------------
def it_is_planned_again(walk: Walk) -> None:
    wanted = request_of(walk.course)
    wanted = replace(wanted, count=max(1, wanted.count + walk.random.choice((0, 0, 0, -1, 1))))
    replan_course(**shown(walk), wanted=wanted, actor=walk.actor)


def it_is_sent(walk: Walk) -> None:
    submit_course(**shown(walk), actor=walk.actor)


def it_is_taken_back(walk: Walk) -> None:
    withdraw_submission(**shown(walk), actor=walk.actor)


def the_doctor_signs(walk: Walk) -> None:
    if walk.course.state != CourseState.AWAITING:
        raise NothingToDo
    sign_course(course=walk.course, word=word_of(walk.course, walk.doctor), on=walk.day, actor=walk.doctor)


def the_doctor_asks_back(walk: Walk) -> None:
    return_course(**shown(walk), question=WORDS, actor=walk.doctor)


def the_doctor_refuses(walk: Walk) -> None:
    if walk.course.state != CourseState.AWAITING:
        raise NothingToDo
    refuse_course(course=walk.course, word=word_of(walk.course, walk.doctor, WORDS), on=walk.day, actor=walk.doctor)


def the_signature_is_revoked(walk: Walk) -> None:
    if walk.course.signature_id is None:
        raise NothingToDo
    revoke_signature(course=walk.course, word=word_of(walk.course, walk.doctor, WORDS), on=walk.day, actor=walk.doctor)


def the_doctor_is_asked(walk: Walk) -> None:
    ask_doctor(course=walk.course, question=f"{WORDS} {walk.key()}", actor=walk.actor)


def the_doctor_answers(walk: Walk) -> None:
    review = CourseReview.objects.filter(course=walk.course, decision="").order_by("pk").first()
    if review is None:
        raise NothingToDo
    decision = walk.random.choice(("go-on", "go-on", "go-on", "change", "stop"))
    decide_review(review=review, decision=decision, note=WORDS, on=walk.day, actor=walk.doctor)


# Consent --------------------------------------------------------------------------------------------------------------------
def the_patient_agrees(walk: Walk) -> None:
    agree(walk.course, on=walk.day, actor=walk.actor)
    walk.told.consent_is_gone = False


def consent_is_taken_back(walk: Walk) -> None:
    withdraw_consent(course=walk.course, note=WORDS, on=walk.day, actor=walk.actor)
    walk.told.consent_is_gone = True


def a_place_is_taken_back(walk: Walk) -> None:
    consent = newest_consent(walk.course)
    places = sorted(covered_by(consent, library_of(walk.course).tree).places) if consent else []
    if not places:
        raise NothingToDo
    withdraw_consent(course=walk.course, zones=(walk.random.choice(places),), on=walk.day, actor=walk.actor)


# The course -----------------------------------------------------------------------------------------------------------------
def it_is_started(walk: Walk) -> None:
    start_course(**shown(walk), actor=walk.actor)


def it_is_paused(walk: Walk) -> None:
    pause_course(**shown(walk), why=Why(CourseReason.ILLNESS), actor=walk.actor)


def it_goes_on(walk: Walk) -> None:
    resume_course(**shown(walk), actor=walk.actor)


def it_is_ended(walk: Walk) -> None:
    end_course(**shown(walk), why=Why(CourseReason.WISH), actor=walk.actor)


def it_is_thrown_away_or_brought_back(walk: Walk) -> None:
    state = CourseState.DRAFT if walk.course.state == CourseState.DISCARDED else CourseState.DISCARDED
    move_course(course=walk.course, state=state, actor=walk.actor)


def a_colleague_takes_it_on(walk: Walk) -> None:
    to = walk.random.choice((walk.scene.therapist, walk.scene.colleague))
    transfer_course(course=walk.course, therapist=to.user, version=walk.version(), actor=walk.actor)


# Sessions -------------------------------------------------------------------------------------------------------------------
def a_session_is_begun(walk: Walk) -> None:
    more: dict[str, Any] = {"key": walk.key(), "stands_in": walk.random.random() < 0.8}
    start_session(**shown(walk), number=walk.next_number(), now=walk.clock.now, actor=walk.actor, **more)


def the_start_is_taken_back(walk: Walk) -> None:
    start = walk.last_start()
    if start is None:
        raise NothingToDo
    take_back_start(start=start, note=walk.random.choice(("", WORDS)), now=walk.clock.now, actor=walk.actor)


def the_player_tells(walk: Walk) -> None:
    start = walk.last_start()
    if start is None:
        raise NothingToDo
    sent = [_event(walk, seq, rows=len(start.plan["rows"])) for seq in range(walk.random.randint(1, 4))]
    keep_events(start=start, sent=[*sent, *sent[:1]], actor=walk.actor)


def _event(walk: Walk, seq: int, *, rows: int) -> EventSent:
    kind = walk.random.choice(("paused", "resumed", "skipped", "hurt", "longer", "begun", "finished", "stopped"))
    row = walk.random.randrange(max(rows, 1))
    values: dict[str, dict[str, Any]] = {
        EventKind.SKIPPED: {"row": row, "reason": "wish"},
        EventKind.HURT: {"row": row, "zone": "trapezius-upper", "side": "left"},
        EventKind.LONGER: {"row": row, "seconds": 60},
        EventKind.BEGUN: {"row": row},
        EventKind.STOPPED: {"reason": walk.random.choice((StopReason.WISH, StopReason.DIZZY)).value},
    }
    return EventSent(walk.key(), f"{1:016x}", seq, walk.random.randrange(1_800_000), kind, values.get(EventKind(kind), {}))


def felt(walk: Walk) -> Felt:
    """How a session was: mostly good."""
    chance = walk.random
    reactions = (chance.choice((Reaction.WARMTH, Reaction.SORENESS, Reaction.WARMTH, Reaction.DIZZINESS)).value,)
    return Felt(comfort=chance.randint(3, 10), pain_before=chance.randint(0, 6), pain_after=chance.randint(0, 5),
                reactions=reactions if chance.random() < 0.4 else (), bad_reaction=chance.random() < 0.05)  # fmt: skip


def what_was_begun_is_recorded(walk: Walk) -> None:
    start = walk.open_start() or walk.last_start()
    if start is None:
        raise NothingToDo
    now = walk.clock.now
    record_start(start=start, played=played_now(start, now), felt=felt(walk), now=now, actor=walk.actor)


def a_session_is_recorded_without_the_player(walk: Walk) -> None:
    record_session(course=walk.course, number=walk.next_number(), felt=felt(walk), on=walk.day, actor=walk.actor)


def an_outage_is_entered(walk: Walk) -> None:
    outage = Outage(walk.day, walk.scene.therapist.user, "No electricity.")
    record_outage(course=walk.course, number=walk.next_number(), felt=felt(walk), outage=outage, actor=walk.actor)


def something_is_added(walk: Walk) -> None:
    if (record := walk.last_record()) is None:
        raise NothingToDo
    add_addendum(record=record, reason=AddendumReason.LATER, text=WORDS, actor=walk.actor)


def nobody_came(walk: Walk) -> None:
    state = walk.random.choice((SessionState.MISSED, SessionState.CANCELLED))
    lose_session(**shown(walk), number=walk.next_number(), lost=Lost(state), actor=walk.actor)


def somebody_came_after_all(walk: Walk) -> None:
    undo_lost_session(**shown(walk), number=walk.next_number(), note=WORDS, actor=walk.actor)


# After a session ------------------------------------------------------------------------------------------------------------
def the_next_day_is_told(walk: Walk) -> None:
    if (record := walk.last_record()) is None:
        raise NothingToDo
    said = NextDaySaid(pain=walk.random.randint(0, 8), has_skin_or_swelling=walk.random.random() < 0.1, slept_worse_or_headache=False)
    answer_next_day(record=record, answer=said, on=walk.day, actor=walk.actor)


def a_reaction_is_read(walk: Walk) -> None:
    if (record := walk.last_record()) is None:
        raise NothingToDo
    acknowledge_reaction(record=record, actor=walk.actor)


def a_proposal_is_decided(walk: Walk) -> None:
    proposal = proposal_for(walk.course).proposal
    wanted = walk.random.choice((None, replace(proposal, pressure_shift=walk.random.randint(-3, 1))))
    choose_adaptation(course=walk.course, wanted=wanted, reason=walk.random.choice(("", ChoiceReason.WISH.value)), actor=walk.actor)


# Days as they should be -----------------------------------------------------------------------------------------------------
def a_good_day(walk: Walk) -> None:
    """What a day of treatment looks like. By single deeds at random a walk would seldom come to a session."""
    attempt(walk, a_night_passes)
    if walk.told.takes_a_thinner:
        attempt(walk, the_thinner_was_a_slip)
    if walk.course.state in (CourseState.PAUSED, CourseState.SUSPENDED):
        attempt(walk, it_goes_on)
    if not walk.referrals():
        attempt(walk, a_referral_is_seen)
    if walk.random.random() < 0.7:
        attempt(walk, a_reaction_is_read)
    attempt(walk, todays_questions_are_quiet)
    if walk.course.state in (CourseState.DRAFT, CourseState.SUSPENDED):
        attempt(walk, it_is_sent)
    if walk.course.state == CourseState.AWAITING:
        attempt(walk, the_doctor_signs)
    if missing_consent(walk.course):
        attempt(walk, the_patient_agrees)
    attempt(walk, a_session_is_begun if walk.random.random() < 0.8 else a_session_is_recorded_without_the_player)


def a_session_is_given(walk: Walk) -> None:
    """Begun, played and recorded."""
    if walk.open_start() is None:
        a_good_day(walk)
    if walk.open_start() is None:
        return
    walk.clock.on(minutes=walk.random.randint(5, 50))
    attempt(walk, the_player_tells)
    attempt(walk, what_was_begun_is_recorded)


Deed = Callable[[Walk], None]
DAYS_AS_THEY_SHOULD_BE: Final = frozenset({a_good_day, a_session_is_given})  # made of other deeds, which are done or refused one by one
DEEDS: Final[dict[Deed, int]] = {
    a_session_is_given: 14, a_good_day: 8, todays_questions_are_quiet: 6, a_session_is_begun: 9, what_was_begun_is_recorded: 7,
    a_session_is_recorded_without_the_player: 3, the_player_tells: 4, the_start_is_taken_back: 2, an_outage_is_entered: 2,
    a_night_passes: 5, an_hour_passes: 2, weeks_pass: 1, todays_questions_find_a_fever: 2, a_fever_is_told: 2, a_thinner_is_told: 2,
    the_thinner_was_a_slip: 2, a_referral_is_seen: 2, a_referral_is_withdrawn: 1, it_is_planned_again: 3, it_is_sent: 3,
    it_is_taken_back: 1, the_doctor_signs: 4, the_doctor_asks_back: 1, the_doctor_refuses: 1, the_signature_is_revoked: 1,
    the_doctor_is_asked: 1, the_doctor_answers: 2, the_patient_agrees: 3, consent_is_taken_back: 1, a_place_is_taken_back: 1,
    it_is_started: 2, it_is_paused: 2, it_goes_on: 4, it_is_ended: 1, it_is_thrown_away_or_brought_back: 1, a_colleague_takes_it_on: 1,
    something_is_added: 1, nobody_came: 2, somebody_came_after_all: 2, the_next_day_is_told: 3, a_reaction_is_read: 4,
    a_proposal_is_decided: 3, an_edition_is_published: 2, it_is_moved: 3, it_is_moved_back: 1,
}  # fmt: skip
